"""Every SQL statement about desks and turns of duty."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from tipbridge.foundation.access.desks.model import Desk, DeskTask, DutyTurn, WithdrawnTurn
from tipbridge.foundation.access.desks.tables import desks, duty_turns
from tipbridge.foundation.access.tables import staff


def insert_desk(db: Connection, desk: Desk) -> bool:
    """Keep a desk; false when its code is taken."""
    query = insert(desks).values(
        id=desk.id,
        unit_id=desk.unit_id,
        code=desk.code,
        name=desk.name,
        task=desk.task.value,
        contact=desk.contact,
    )
    return db.execute(query.on_conflict_do_nothing()).rowcount == 1


def all_desks(db: Connection) -> list[Desk]:
    """Every desk, by code."""
    return [
        Desk(
            id=row["id"],
            unit_id=row["unit_id"],
            code=row["code"],
            name=row["name"],
            task=DeskTask(row["task"]),
            contact=row["contact"],
        )
        for row in db.execute(select(desks).order_by(desks.c.code)).mappings()
    ]


def insert_turn(db: Connection, turn: DutyTurn) -> None:
    """Keep a turn of duty."""
    db.execute(
        duty_turns.insert().values(
            id=turn.id,
            desk_id=turn.desk_id,
            staff_id=turn.staff_id,
            from_at=turn.from_at,
            until_at=turn.until_at,
        )
    )


def turns_after(db: Connection, at: datetime) -> list[tuple[str, DutyTurn]]:
    """The turns that are not over, with whose they are, in order of time."""
    query = (
        select(staff.c.username, duty_turns)
        .join(staff, staff.c.id == duty_turns.c.staff_id)
        .where(duty_turns.c.until_at > at, staff.c.active, duty_turns.c.withdrawn_at.is_(None))
        .order_by(duty_turns.c.from_at, duty_turns.c.id)
    )
    return [(row["username"], _to_turn(row)) for row in db.execute(query).mappings()]


def turn_by_id(db: Connection, turn_id: str) -> tuple[DutyTurn, bool] | None:
    """A turn, held until this work ends, and whether it was withdrawn."""
    query = select(duty_turns).where(duty_turns.c.id == turn_id).with_for_update()
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else (_to_turn(row), row["withdrawn_at"] is not None)


def withdraw_turn(db: Connection, turn_id: str, *, by: str, at: datetime, because: str) -> None:
    """Keep that a turn was wrong."""
    query = duty_turns.update().where(duty_turns.c.id == turn_id)
    db.execute(query.values(withdrawn_by=by, withdrawn_at=at, because=because))


def withdrawn_turns(db: Connection) -> list[WithdrawnTurn]:
    """The turns that were withdrawn, latest first."""
    by = staff.alias()
    query = (
        select(
            staff.c.username,
            func.coalesce(by.c.username, duty_turns.c.withdrawn_by).label("name"),
            duty_turns,
        )
        .join(staff, staff.c.id == duty_turns.c.staff_id)
        .outerjoin(by, by.c.id == duty_turns.c.withdrawn_by)
        .where(duty_turns.c.withdrawn_at.is_not(None))
        .order_by(duty_turns.c.withdrawn_at.desc(), duty_turns.c.id)
    )
    return [
        WithdrawnTurn(
            username=row["username"],
            turn=_to_turn(row),
            by=row["name"],
            at=row["withdrawn_at"],
            because=row["because"],
        )
        for row in db.execute(query).mappings()
    ]


def on_duty(db: Connection, unit_id: int, at: datetime) -> tuple[str, ...]:
    """The user names of those who are on duty at a unit's desks at a moment."""
    query = (
        select(staff.c.username)
        .join(duty_turns, duty_turns.c.staff_id == staff.c.id)
        .join(desks, desks.c.id == duty_turns.c.desk_id)
        .where(desks.c.unit_id == unit_id, staff.c.active)
        .where(duty_turns.c.from_at <= at, duty_turns.c.until_at > at)
        .where(duty_turns.c.withdrawn_at.is_(None))
        .distinct()
        .order_by(staff.c.username)
    )
    return tuple(db.execute(query).scalars())


def _to_turn(row: Mapping[Any, Any]) -> DutyTurn:
    return DutyTurn(
        id=row["id"],
        desk_id=row["desk_id"],
        staff_id=row["staff_id"],
        from_at=row["from_at"],
        until_at=row["until_at"],
    )
