"""What a file was found to hold: its digests, its hashes, and those of an archive's members."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.knowledge.hashes.files.kinds import Content
from tipbridge.knowledge.hashes.hashing import PictureHashes, VideoHashes

FIRST_LOOKS = frozenset({"fast", "key-frames"})
"""The lanes of triage: what they flag is hashed again."""
CONTENT_CLOSED = "box-closed"
"""The reason when no box stands: digests are told, nothing is decoded."""
CHANGED = "changed"
"""The reason when a file became another while it was read: its digests and hashes would be of two."""
UNREADABLE = "unreadable"
"""The reason when the machine does not give a file out: it has no digests either, so no parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something of a file that has no hash, or was not opened, and why.

    Shape: `path` is that of the member within its archives, empty for the file itself; `what` is
    a Content, `member`, or `file` for one that was not read; `count` is of entries left out at once, before their names were read.
    """

    path: tuple[str, ...]
    what: str
    reason: str
    detail: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file, or a member of an archive, and what it hashes to.

    Shape: `path` is empty for the file itself; `notes` are what is odd about a member.
    """

    path: tuple[str, ...]
    content: Content
    digests: Digests
    picture: PictureHashes | None = None
    video: VideoHashes | None = None
    notes: tuple[str, ...] = ()

    @property
    def lane(self) -> str | None:
        """How its hash came about; nothing where it has none."""
        found = self.picture or self.video
        return None if found is None else found.lane

    @property
    def is_first_look(self) -> bool:
        """Whether it was hashed in a lane of triage alone."""
        return self.lane in FIRST_LOOKS


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHashes:
    """All that one file hashes to.

    Shape: the file itself is the first part, an archive's members follow; every entry of an
    archive is a part, one of `folders`, or left out. `again` says that a first look flagged it and
    these are the hashes of the reference lanes.
    """

    name: str
    parts: tuple[Part, ...]
    folders: int = 0
    unlisted_bytes: int = 0
    left_out: tuple[LeftOut, ...] = ()
    again: bool = False

    @property
    def is_first_look(self) -> bool:
        """Whether anything of it was hashed in a lane of triage alone."""
        return any(part.is_first_look for part in self.parts)

    @property
    def itself(self) -> Part:
        """The file, without what it holds."""
        return self.parts[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """One hash by which something of a file may be near to an entry.

    Shape: `by` says which of its hashes it is. Unit: quality 0 to 100.
    """

    by: str
    pdq: bytes = field(repr=False)
    quality: int | None = None


def left_of(parts: Iterable[LeftOut]) -> int:
    """How many things were left out."""
    return sum(each.count for each in parts)
