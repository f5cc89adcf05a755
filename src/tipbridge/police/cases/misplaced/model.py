"""Strikes and moves of notes and documents."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class EntryKind(StrEnum):
    """What is struck out or goes to another case. Closed."""

    NOTE = "note"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """That a note or document does not belong where it stands, and why.

    Shape: the entry itself stays readable; with `restored_at` the strike no longer stands.
    """

    id: str
    case_id: str
    kind: EntryKind
    entry_id: str
    because: str = field(repr=False)
    struck_by: str
    struck_at: datetime
    restored_by: str | None = None
    restored_at: datetime | None = None
    restored_because: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """That a note or document stood in this case and went to another one, and why.

    Shape: what it says is in the other case alone, and is erased with that; `person_id` is whom
    a note was about here. With `undone_at` it came back.
    """

    id: str
    case_id: str
    person_id: str | None
    to_case: str
    kind: EntryKind
    entry_id: str
    because: str = field(repr=False)
    moved_by: str
    moved_at: datetime
    undone_by: str | None = None
    undone_at: datetime | None = None
    undone_because: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLine:
    """A move with the other case's number, for those who see both; others are told no id either."""

    move: Move
    number: str | None
