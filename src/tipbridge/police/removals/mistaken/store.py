"""Every SQL statement about entries that were taken back."""

from sqlalchemy import Connection, Table

from tipbridge.police.removals.mistaken.model import Mistake
from tipbridge.police.removals.tables import (
    removal_checks,
    removal_replies,
    removal_steps,
    removals,
)


def take_back_place(db: Connection, removal_id: str, mistake: Mistake) -> None:
    """Mark a place as noted by mistake."""
    _mark(db, removals, removal_id, mistake)


def take_back_step(db: Connection, step_id: str, mistake: Mistake) -> None:
    """Mark a change of state as recorded by mistake."""
    _mark(db, removal_steps, step_id, mistake)


def take_back_cause(db: Connection, cause_id: str, mistake: Mistake) -> None:
    """Mark what showed a state, a check or a reply, as recorded by mistake."""
    for table in (removal_checks, removal_replies):
        _mark(db, table, cause_id, mistake)


def _mark(db: Connection, table: Table, entry_id: str, mistake: Mistake) -> None:
    query = table.update().where(table.c.id == entry_id, table.c.taken_back_at.is_(None))
    db.execute(
        query.values(
            taken_back_at=mistake.at, taken_back_by=mistake.by, taken_back_because=mistake.because
        )
    )
