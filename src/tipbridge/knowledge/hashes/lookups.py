"""What is asked of lists and what is answered: all to analysts, hit or no hit to providers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tipbridge.knowledge.hashes.model import (
    Confidence,
    DigestKind,
    Handling,
    ListPurpose,
    Scheme,
)
from tipbridge.knowledge.hashes.probing import ProbingRule

RADIUS, MOST_RADIUS = 31, 47
MOST_ITEMS = 5_000
MOST_HITS = 100
"""Entries shown for one item; where more are near, the nearest, and "too many"."""
LOOKED_AT = 1_000
"""Of too many entries near to one hash so many are looked at, the nearest."""
MOST_READ = 100_000
"""Entries read for one request, of which those to be shown are taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One file that is asked about, by whichever of its digests are known.

    Shape: `ref` is the caller's own word for it; `quality` is that of the PDQ hash. Of a blank
    picture (quality below 50) the PDQ hash is not compared.
    """

    digests: Mapping[DigestKind, bytes]
    ref: str | None = None
    quality: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchHit:
    """One entry of a list that a file matches, with where it comes from and how near it is.

    Unit: `distance_bits` is 0 for an equal digest.
    """

    list_name: str
    version: int
    purpose: ListPurpose
    owner: str
    handling: Handling
    scheme: Scheme
    kind: DigestKind
    entry: str
    item: str | None
    frame: int | None
    classification: str | None
    confidence: Confidence
    votes_in_favour: int
    votes_against: int
    distance_bits: int
    valid_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What an analyst is told of one file, the nearest entries first.

    Shape: `too_many` when more entries are near than are shown, and on which lists; of equal
    frames of one item then one stands for all. `too_blank` when the picture says too little to
    be compared.
    """

    ref: str | None
    hits: tuple[MatchHit, ...] = ()
    too_many: bool = False
    too_many_on: tuple[str, ...] = ()
    too_blank: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Answers in the order they were asked for, and lists that could not be looked into."""

    answers: tuple[Matched, ...]
    not_searched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldHit:
    """All that a provider is told of a hit: which list, and what class."""

    list_name: str
    classification: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a provider is told of one file."""

    ref: str | None
    hits: tuple[ToldHit, ...] = ()
    too_blank: bool = False

    @property
    def hit(self) -> bool:
        """Whether it is known."""
        return bool(self.hits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a provider is told of several files; lists not looked into are only counted."""

    answers: tuple[Told, ...]
    not_searched: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Word that a provider's questions look like probing, and whether somebody looked."""

    id: str
    provider: str
    rule: ProbingRule
    at: datetime
    lookups: int
    seen_at: datetime | None
    seen_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """Rows of one index that one query touches, before anything is known of them.

    Shape: `rows` are pairs of a row number and a distance; of too many near ones the nearest, and
    of each class the nearest.
    """

    rows: tuple[tuple[int, int], ...] = field(default=())
    too_many: bool = False
