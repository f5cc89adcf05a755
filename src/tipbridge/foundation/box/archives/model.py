"""What an archive may cost, what was found in it, and why something was left out."""

from dataclasses import dataclass, field
from enum import StrEnum

MEBIBYTE = 1024 * 1024


class Kind(StrEnum):
    """Archives that are walked."""

    ZIP = "zip"
    TAR = "tar"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"


class Skip(StrEnum):
    """Why a member was not read, or an archive in an archive not opened. Closed."""

    ENCRYPTED = "encrypted"
    UNSUPPORTED = "unsupported"
    DAMAGED = "damaged"
    OVERLAP = "overlap"
    OUTSIDE = "outside"
    NO_CONTENT = "no-content"
    COUNT = "count"
    BYTES = "bytes"
    RATIO = "ratio"
    TIME = "time"
    DEPTH = "depth"
    NESTED_SIZE = "nested-size"


class Note(StrEnum):
    """What is odd about a member that was read. Closed."""

    CHECKSUM = "checksum"
    SIZE_LIES = "size-lies"
    HEADERS_DIFFER = "headers-differ"
    PATH = "path"
    NAME = "name"
    TRAILING = "trailing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """The budgets of one archive, over everything nested in it.

    Unit: `ratio` is bytes out for each byte in, and counts for a member from `ratio_from_bytes`
    on; `depth` is 1 for an archive that holds no other; `seconds` of waiting.
    """

    members: int = 10_000
    bytes: int = 512 * MEBIBYTE
    ratio: int = 200
    ratio_from_bytes: int = MEBIBYTE
    depth: int = 4
    nested_bytes: int = 128 * MEBIBYTE
    source_bytes: int = 256 * MEBIBYTE
    seconds: float = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Left out: `count` members at once when the budget ended before their names were read."""

    path: tuple[str, ...]
    reason: Skip
    detail: str = ""
    count: int = 1


@dataclass(slots=True, kw_only=True)
class Listing:
    """All that was found. Every entry of every archive is a member, a folder or skipped."""

    kind: Kind
    entries: int = 0
    folders: int = 0
    members: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    skipped: list[Skipped] = field(default_factory=list[Skipped])
    unopened: list[Skipped] = field(default_factory=list[Skipped])
    unlisted_bytes: int = 0
    """Bytes of archives that no entry names: hidden, or left from an older state."""


class Left(Exception):
    """Raised to leave one member, or one archive, out."""

    def __init__(self, reason: Skip, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail
