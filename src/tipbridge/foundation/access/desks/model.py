"""Desks of units and turns of duty at them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class DeskTask(StrEnum):
    """What a desk is for. Closed."""

    RECEPTION = "reception"
    IDENTIFICATION = "identification"
    CHILD_PROTECTION = "child-protection"
    REMOVALS = "removals"
    LIAISON = "liaison-desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where a unit can be reached for one task."""

    id: str
    unit_id: int
    code: str
    name: str
    task: DeskTask
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyTurn:
    """When a member of staff is on duty at a desk."""

    id: str
    desk_id: str
    staff_id: str
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnTurn:
    """A turn that was wrong: whose it was, and who said so, when and why."""

    username: str
    turn: DutyTurn
    by: str
    at: datetime
    because: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLine:
    """A desk with its unit and who is, or will be, on duty there.

    Shape: `withdrawn` are the turns that were taken back, latest first, whenever they were.
    """

    desk: Desk
    unit: str
    turns: tuple[tuple[str, DutyTurn], ...]
    on_duty: tuple[str, ...]
    withdrawn: tuple[WithdrawnTurn, ...] = ()
