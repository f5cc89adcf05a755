"""Files and digests that are matched against the node's lists, and by whom."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tipbridge.knowledge.hashes.model import ListPurpose

MARK = "tbs"
"""How a scanner's token begins, so that one that leaks is known for what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanner:
    """One of the platform's own services, which may have files matched here."""

    id: str
    name: str
    unit_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerLine:
    """A scanner as staff see it."""

    id: str
    name: str
    added_at: datetime
    used_at: datetime | None
    ended_at: datetime | None
    asked: int
    hits: int


class Sign(StrEnum):
    """What looks like probing. Closed."""

    TOO_MANY = "too-many"
    """More was asked in a minute than is allowed."""
    DIGESTS_WITHOUT_FILES = "digests-without-files"
    """Hit upon hit for bare digests: somebody walks through a list, and has no files."""
    SAME_HIT_AGAIN = "same-hit-again"
    """One known file again and again: somebody tries how it could pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """What a scanner asked lately.

    Shape: `asked` in the last minute; `bare_hits` and `most_repeats` (of one hit) in the last
    hour.
    """

    asked: int
    bare_hits: int
    most_repeats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A sign of probing that a person has not looked at yet, or has."""

    id: str
    scanner_name: str
    sign: Sign
    at: datetime
    seen_at: datetime | None
    grounds: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanLine:
    """One scan in the list: counts only."""

    id: str
    by_name: str | None
    at: datetime
    asked: int
    hits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OnList:
    """What the asker learns of a hit: which list, its class, its purpose. Never a distance."""

    list: str
    purpose: ListPurpose
    mark: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came of one file or digest; a hit has a draft, which is no accusation.

    Shape: `kept` says that what was offered lies with a new draft, which the asker need not
    learn of.
    """

    name: str | None = field(repr=False)
    lists: tuple[OnList, ...] = ()
    draft: str | None = None
    drafted_before: bool = False
    kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What came of a scan; when it was refused for its rate, nothing was looked up.

    Shape: `not_searched` are lists whose index files are not there yet, so that nothing was compared
    with them by likeness; of those a service is told how many it may know of, `told_unsearched`.
    """

    found: tuple[Found, ...] = ()
    not_searched: tuple[str, ...] = ()
    told_unsearched: int = 0
    wait_seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Who may scan, what was scanned lately, and what looks like probing."""

    scanners: tuple[ScannerLine, ...]
    scans: tuple[ScanLine, ...]
    alarms: tuple[Alarm, ...]
