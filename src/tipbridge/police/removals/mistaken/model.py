"""Entries in the history of a place, and that one was recorded by mistake."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What may be taken back now: a state, a check, a reply or the place; `what` is its word."""

    id: str
    at: datetime
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """Who took an entry back, when and why; the entry stays in the history and counts nowhere."""

    at: datetime
    by: str
    because: str = field(repr=False)
