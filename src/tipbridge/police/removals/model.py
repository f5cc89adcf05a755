"""Removal records: each known address of material, and where its removal stands."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class RemovalState(StrEnum):
    """Where the removal of one address stands. Closed."""

    KNOWN = "known"
    NOTICE_SENT = "notice-sent"
    REMOVED = "removed"
    REFUSED = "refused"
    REAPPEARED = "reappeared"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalStep:
    """One change of a removal's state."""

    state: RemovalState
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """One address of material in a case, and its state with all changes, oldest first."""

    id: str
    case_id: str
    referral_id: str
    label: str
    address: str = field(repr=False)
    state: RemovalState
    noted_at: datetime
    changed_at: datetime
    steps: tuple[RemovalStep, ...] = ()
