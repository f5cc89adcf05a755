"""A place where material is up, and what staff can do about it now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tipbridge.police.removals.model import CheckOutcome, ComparisonOutcome, Removal
from tipbridge.sharing.notices.model import NoticeStep

LOOK_WHILE_UP = timedelta(days=7)
"""How often somebody looks at a place that no check tells of: set by each agency."""
LOOK_AFTER_GONE = tuple(timedelta(days=days) for days in (7, 28, 90, 180, 365))
"""When somebody looks whether what went came back there: days since it went."""
LOOK_GRACE = timedelta(days=1)
"""What the checker has after each of these, before it is staff's."""


TOLD_BY_CHECK = frozenset(
    {
        CheckOutcome.ANSWERS,
        CheckOutcome.GONE,
        CheckOutcome.BLOCKED_HERE,
        CheckOutcome.SENT_ON,
    }
)
TOLD_BY_FILE = frozenset({ComparisonOutcome.SAME, ComparisonOutcome.OTHER, ComparisonOutcome.GONE})
"""What a check or a comparison tells of a place; any other outcome tells nothing."""


class ToDo(StrEnum):
    """What is to be done about a place. Closed."""

    ASK = "ask"
    BRING = "bring-by-hand"
    SEND_AGAIN = "send-again"
    LOOK = "look-by-hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is to be done, with which notice, and since when; looking needs no notice."""

    todo: ToDo
    step: NoticeStep | None
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UpPlace:
    """A place where material is not known to be gone, or is to be looked for; `due`: what to do."""

    removal: Removal
    due: Due | None
