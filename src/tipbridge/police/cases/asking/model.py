"""Asking whether other cases of this node know of the same account, number, device or file."""

from dataclasses import dataclass, field
from datetime import datetime

from tipbridge.police.cases.model import IdentifierKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """That another case holds the same.

    Shape: `unit_id` is whom to talk to; None is a restricted case, of which nothing more is
    said here: its own list was told who asked.
    """

    kind: IdentifierKind
    unit_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One question of a case to all others of the node; unanswered until the worker did."""

    id: str
    case_id: str
    grounds: str = field(repr=False)
    asked_by: str
    asked_at: datetime
    answered_at: datetime | None = None
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HitLine:
    """A hit as a page shows it: the unit's name and who is on duty there."""

    kind: IdentifierKind
    unit: str | None
    on_duty: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingView:
    """A question with its answer."""

    asking: Asking
    lines: tuple[HitLine, ...]
