"""What the walled reader says of a medium."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

NOWHERE = 1 << 62
"""The first byte of what has none: behind everything."""


MOST_PATH_CHARACTERS = 4096
"""No system opens a longer one; names of bytes that are no text grow to four times their length."""

PACKED_BY_MACOS = "its system packed it (decmpfs) in a way that can't be unpacked"


class EntryKind(StrEnum):
    """Where the bytes of an entry lie. Closed."""

    FILE = "file"
    STREAM = "stream"
    """An alternate stream, or a resource fork."""
    STRUCTURE = "structure"
    """What the file system needs for itself, as the Sleuth Kit names it."""
    SLACK = "slack"
    """The rest of the last block behind a file's end."""
    REST = "rest"
    """What no file that exists lies on: free space and structures."""
    CARVED = "carved"
    """What begins and ends as a picture or a film does, in slack or in the rest."""
    MEMBER = "member"
    """A file within an archive, however deep."""


class EntryState(StrEnum):
    """Whether a file exists or is deleted. Closed. What is deleted may be overwritten."""

    PRESENT = "present"
    DELETED = "deleted"


class EntryFault(StrEnum):
    """Why an entry is not processed. Closed."""

    SYMBOLIC_LINK = "symbolic-link"
    SPECIAL_FILE = "special-file"
    NAME_ONLY = "name-only"
    """A deleted name that leads nowhere any more."""
    NAME_REUSED = "name-reused"
    """A deleted name whose record another file uses now."""
    CONTENT_INCOMPLETE = "content-incomplete"
    NOTHING_STORED = "nothing-stored"
    """A sparse file of zeros, none of which is on the medium."""
    PACKED_BY_SYSTEM = "packed-by-system"
    """Its content stands packed in a stream of its own (Windows, CompactOS), which is not unpacked."""
    LARGER_THAN_MEDIUM = "larger-than-medium"
    SOURCE_TOO_SHORT = "source-too-short"
    UNREADABLE_FOLDER = "unreadable-folder"
    NO_STREAM = "no-stream"
    """A record that has no content of its own: an index, or what is left of a deleted one."""
    ENCRYPTED_FILE = "encrypted-file"
    ENCRYPTED_VOLUME = "encrypted-volume"
    LOST_PARTITION = "lost-partition"
    """A file system that no partition table names; what it lists is processed."""
    UNKNOWN_FILE_SYSTEM = "unknown-file-system"
    NOTHING_WRITTEN = "nothing-written"
    """A volume that holds one byte, all zeros or all ones, from its begin to its end."""
    JOURNAL_NOT_REPLAYED = "journal-not-replayed"
    """A file system whose journal holds changes that were not written to their places."""
    NOT_LET_GO_OF = "not-let-go-of"
    """A file system that was pulled out or cut from power before all was written."""
    UNREADABLE = "unreadable"
    READER_KILLED = "reader-killed"
    MEMBER_LEFT_OUT = "member-left-out"
    """Something of an archive that was not opened; the detail says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Times of a file as its file system has them; FAT keeps local time without a zone.

    Unit: nanoseconds since 1970, 0 where there is none.
    """

    modified: int = 0
    accessed: int = 0
    created: int = 0
    changed: int = 0


NO_TIMES = Times()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing on a medium that has bytes, or the reason why they are not had.

    Shape: `runs` are byte ranges of the medium (offset -1: zeros that are not stored); `record`
    and `attribute` name it in the file system that begins at `volume`, for what runs can't say;
    without `attribute` the runs are its content.
    Unit: bytes.
    """

    path: str
    kind: EntryKind
    state: EntryState
    size: int
    volume: int
    runs: tuple[tuple[int, int], ...] = ()
    record: int | None = None
    attribute: tuple[int, int] | None = None
    times: Times = NO_TIMES
    fault: EntryFault | None = None
    detail: str = ""
    reach: int = 0

    @property
    def first_byte(self) -> int:
        """Where its first stored byte lies; behind everything for what lies nowhere."""
        return next((offset for offset, _ in self.runs if offset >= 0), NOWHERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a listing stands: at a file system (by its first byte), or at one of its folders.

    Shape: volume -1 is the partition table.
    """

    volume: int
    folder: int | None = None


TABLE = Place(volume=-1)


def shortened(path: str) -> str:
    """A path as long as one may be; a longer one keeps its begin, its end and its digest."""
    if len(path) <= MOST_PATH_CHARACTERS:
        return path
    digest, each = hashlib.sha256(path.encode()).hexdigest(), MOST_PATH_CHARACTERS // 2 - 80
    left = len(path) - 2 * each
    return f"{path[:each]}...[{left} characters left out, SHA-256 {digest}]...{path[-each:]}"
