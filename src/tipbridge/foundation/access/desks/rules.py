"""Pure decisions about desks, turns and agencies."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tipbridge.foundation.access.desks.model import DutyTurn
from tipbridge.foundation.access.model import Unit
from tipbridge.foundation.base.errors import Conflict, Invalid

LONGEST_TURN = timedelta(days=7)
"""A turn that is longer is a mistake of the hand: a rota names who is really there."""


def check_turn(from_at: datetime, until_at: datetime) -> None:
    """Refuse a turn that ends before it begins, or that nobody can serve.

    Errors: Invalid naming what is allowed.
    """
    if not timedelta(0) < until_at - from_at <= LONGEST_TURN:
        raise Invalid(f"A turn ends after it begins, and lasts {LONGEST_TURN.days} days at most.")


def check_withdrawal(turn: DutyTurn, now: datetime, *, withdrawn: bool) -> None:
    """Refuse to take a turn back that is over, or that was taken back.

    Errors: Conflict.
    """
    if withdrawn:
        raise Conflict("This turn was withdrawn before; it reaches nobody.", id=turn.id)
    if turn.until_at <= now:
        until = f"{turn.until_at:%Y-%m-%dT%H:%M}"
        raise Conflict(
            f"This turn ended at {until} UTC; only one that is not over is withdrawn.", id=turn.id
        )


def agency_of(units: Iterable[Unit], unit_id: int) -> str | None:
    """The agency that a unit belongs to: its own, else that of the next unit above it."""
    by_id = {unit.id: unit for unit in units}
    unit = by_id.get(unit_id)
    while unit is not None:
        if unit.agency:
            return unit.agency
        unit = None if unit.parent_id is None else by_id.get(unit.parent_id)
    return None
