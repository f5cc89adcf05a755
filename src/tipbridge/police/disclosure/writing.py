"""A bundle made: sealed files first, then what is signed over all of them.

What is read again is on record before a byte of it is; what is signed is given out once it is on
record that it left, and never before.
"""

import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tipbridge.foundation.work import Work
from tipbridge.police.disclosure import actions
from tipbridge.police.disclosure.model import LaidFile
from tipbridge.police.disclosure.sealing import seal_into

Units = Callable[[], AbstractContextManager[Work]]
"""Opens a unit of work of whoever writes."""
_PIECE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A bundle: its files, and those that lie sealed below a folder already."""

    files: Mapping[str, bytes]
    laid: Mapping[str, LaidFile]

    @property
    def count(self) -> int:
        """How many files it has."""
        return len(self.files) + len(self.laid)

    @property
    def size_bytes(self) -> int:
        """How long they are together."""
        return sum(map(len, self.files.values())) + sum(
            each.size_bytes for each in self.laid.values()
        )


def make_bundle(
    units: Units, disclosure_id: str, folder: Path, *, moved: Mapping[str, str] | None = None
) -> Made:
    """Make an approved bundle; what leaves sealed is below `folder` then.

    Errors: those of `begin_sealing` and `write_disclosure`; NotAsFound; FolderUnwritable.
    """
    with units() as work:
        wanted = actions.begin_sealing(work, disclosure_id, moved=moved)
    laid = seal_into(folder, wanted)
    with units() as work:
        files = actions.write_disclosure(work, disclosure_id, laid)
    return Made(files=files, laid=laid)


def as_tar(name: str, made: Made, folder: Path) -> Iterator[bytes]:
    """The files below one folder of an archive, in the order of paths, in pieces."""
    sizes = {path: len(data) for path, data in made.files.items()}
    sizes |= {path: each.size_bytes for path, each in made.laid.items()}
    for path, size in sorted(sizes.items()):
        about = tarfile.TarInfo(f"{name}/{path}")
        about.size = size
        yield about.tobuf()
        if path in made.laid:
            with (folder / path).open("rb") as file:
                yield from iter(lambda: file.read(_PIECE_BYTES), b"")
        else:
            yield made.files[path]
        yield bytes(-size % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)
