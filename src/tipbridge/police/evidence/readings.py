"""What stands of a pass before it has a digest, and which of its readings it is at."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Reading(StrEnum):
    """Which reading of its source a pass is at. Closed."""

    BEFORE = "digest-before"
    LISTING = "listing"
    FILES = "entries"
    AFTER = "digest-after"
    LISTING_AFTER = "listing-after"
    """A folder has no digest; it is listed again."""


LISTINGS = frozenset({Reading.LISTING, Reading.LISTING_AFTER})
"""Readings of which nobody knows how long they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingMark:
    """How far one reading of a source had come. Unit: bytes of the source."""

    pass_id: str
    reading: Reading
    began_at: datetime
    at: datetime
    bytes_read: int
    size_bytes: int

    @property
    def is_listing(self) -> bool:
        """Whether its length is unknown."""
        return self.reading in LISTINGS

    @property
    def bytes_per_second(self) -> float | None:
        """The rate since it began; None while nothing is known, and for what was kept before."""
        seconds = (self.at - self.began_at).total_seconds()
        return self.bytes_read / seconds if seconds > 0 and self.bytes_read > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """How long it takes at that rate; None while nothing is known."""
        rate = self.bytes_per_second
        return None if rate is None else max(0, self.size_bytes - self.bytes_read) / rate


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """Who says that a pass is not gone on with, and why."""

    at: datetime
    by: str
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A source that is opened to be examined; the pass that comes of it has its id.

    Shape: `custody` is the digest of the event that it added to the chain of custody.
    """

    id: str
    exhibit_id: str
    at: datetime
    examiner: str
    tool: str
    source: str = field(repr=False)
    custody: str | None = None
    now: ReadingMark | None = None
    given_up: GivenUp | None = None
