"""The files of an E01 set whose names do not say so, found by the numbers that they bear."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from tipbridge.police.evidence.errors import NoImage
from tipbridge.police.evidence.sources.ewf_sections import HEAD_BYTES, SIGNATURE

_READING = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
_SECTION_BYTES, _MOST_FILES = 76, 20_000


def segments_beside(path: Path) -> list[Path]:
    """An E01's first file and those that follow it in its folder; anything else alone.

    Shape: a number that no file there bears has a name that is not there.
    Errors: NoImage for a file that is not the first, or where two files bear one number.
    """
    number, goes_on = _about(path)
    if number == 0 or (number == 1 and not goes_on):
        return [path]
    if number > 1:
        raise NoImage(f"it is segment {number} of an E01; name its first file")
    found: dict[int, Path] = {1: path}
    for other in _files(path):
        of = _about(other)[0]
        if of < 2:
            continue
        if of in found:
            names = f"{found[of].name} and {other.name}"
            raise NoImage(f"{names} both say that they are segment {of}; put each set in a folder")
        found[of] = other
    last = max(2, *found)
    return [
        found.get(each, path.with_name(f"{path.name}.segment-{each}"))
        for each in range(1, last + 1)
    ]


def _files(path: Path) -> Iterator[Path]:
    """The files beside it, in the order of their names. Errors: NoImage for too many."""
    found = sorted(path.parent.iterdir())
    if len(found) > _MOST_FILES:
        raise NoImage(
            f"its folder holds {len(found)} entries, of {_MOST_FILES} at most the E01's other files"
            " are found; put the set in a folder"
        )
    yield from (each for each in found if each.name != path.name)


def _about(path: Path) -> tuple[int, bool]:
    """Which segment of an E01 a file is, 0 for none, and whether another follows."""
    try:
        handle = os.open(path, _READING)
    except OSError:  # said when it is opened, or no file of the set
        return 0, False
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or about.st_size < HEAD_BYTES + _SECTION_BYTES:
            return 0, False
        head = os.pread(handle, HEAD_BYTES, 0)
        tail = os.pread(handle, _SECTION_BYTES, about.st_size - _SECTION_BYTES)
    except OSError:
        return 0, False
    finally:
        os.close(handle)
    if head[: len(SIGNATURE)] != SIGNATURE:
        return 0, False
    return int.from_bytes(head[9:11], "little"), tail[:5] == b"next\0"
