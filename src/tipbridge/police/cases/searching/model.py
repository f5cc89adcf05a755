"""A search: what was sought, why, and what was found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class FoundKind(StrEnum):
    """What a search can find. Closed."""

    CASE = "case"
    PERSON = "person"
    IDENTIFIER = "identifier"
    NOTE = "note"
    FACT = "fact"
    ITEM = "item"
    SEIZED = "on-an-exhibit"
    DEMAND = "demand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What a search looks for: words (a digest is one), the same without spaces, normal forms of
    identifiers, and numbers as they are written on things.
    """

    words: str = field(repr=False)
    squeezed: str = field(repr=False)
    values: tuple[str, ...] = field(repr=False)
    codes: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing found, in a case that the searcher sees.

    Shape: `likeness` is 1 for an exact find, less for one that only contains or resembles.
    """

    kind: FoundKind
    case_id: str
    number: str
    person_id: str | None
    position: int | None
    text: str = field(repr=False)
    likeness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One search as it is kept with the case that it was made for.

    Shape: `found_count` is None for anybody but the searcher: it counts what the searcher saw.
    """

    id: str
    case_id: str
    grounds: str = field(repr=False)
    sought: str = field(repr=False)
    found_count: int | None
    searched_by: str
    searched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """What a search found: the likest lines, and how many there are of each kind."""

    search: Search
    number: str
    found: tuple[Found, ...]
    counts: Mapping[FoundKind, int]
