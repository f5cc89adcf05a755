"""An entry of an archive, as its reader hands it on."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field

from tipbridge.foundation.box.archives.model import Note, Skip

_NAME_CHARACTERS = 255
codecs.lookup("cp437")  # read now: inside the box its code could not be opened any more
_NEVER_IN_A_NAME = frozenset(map(chr, [*range(32), 127]))


@dataclass(slots=True, kw_only=True)
class Entry:
    """One entry: a folder, or something to read, or why it can't be read.

    Shape: `packed_bytes` is what the member takes up in the archive; `size_bytes` and `checksum`
    are what the archive claims of it.
    """

    name: str
    folder: bool = False
    skip: Skip | None = None
    detail: str = ""
    packed_bytes: int = 0
    size_bytes: int | None = None
    checksum: int | None = None
    content: Iterator[bytes] = field(default_factory=lambda: iter(()))
    notes: set[Note] = field(default_factory=set[Note])
    count: int = 1


def named(raw: bytes, *, encoding: str = "utf-8") -> tuple[str, set[Note]]:
    """A name that can be shown, and what is odd about it: it is a label, never a place."""
    notes = set[Note]()
    try:
        name = raw.decode(encoding)
    except UnicodeDecodeError:
        name = raw.decode("utf-8", "backslashreplace")
        notes.add(Note.NAME)
    parts = raw.replace(b"\\", b"/").split(b"/")
    if b".." in parts or not parts[0] or parts[0].endswith(b":"):
        notes.add(Note.PATH)
    shown = "".join("\N{REPLACEMENT CHARACTER}" if c in _NEVER_IN_A_NAME else c for c in name)
    if shown != name or len(shown) > _NAME_CHARACTERS:
        notes.add(Note.NAME)
    return shown.encode("utf-8", "replace").decode()[:_NAME_CHARACTERS], notes
