"""Every SQL statement of the removals room."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from tipbridge.police.removals.model import Removal, RemovalState, RemovalStep
from tipbridge.police.removals.tables import removal_steps, removals


def insert_removal(db: Connection, removal: Removal) -> bool:
    """Note an address of material, once for each case; says whether it is new."""
    query = insert(removals).values(
        id=removal.id,
        case_id=removal.case_id,
        referral_id=removal.referral_id,
        label=removal.label,
        address=removal.address,
        state=removal.state.value,
        noted_at=removal.noted_at,
        changed_at=removal.changed_at,
    )
    return db.execute(query.on_conflict_do_nothing()).rowcount == 1


def add_step(db: Connection, step_id: str, removal: Removal, step: RemovalStep) -> None:
    """Write a change of state, and the state itself."""
    db.execute(
        removal_steps.insert().values(
            id=step_id,
            removal_id=removal.id,
            case_id=removal.case_id,
            state=step.state.value,
            at=step.at,
            by=step.by,
        )
    )
    query = removals.update().where(removals.c.id == removal.id)
    db.execute(query.values(state=step.state.value, changed_at=step.at))


def removal_by_id(db: Connection, removal_id: str) -> Removal | None:
    """One removal, kept from changes by others until this work ends."""
    query = select(*removals.c).where(removals.c.id == removal_id).with_for_update()
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _to_removal(row, ())


def removals_of(db: Connection, case_id: str) -> list[Removal]:
    """The removals of a case with their steps, in the order they were noted."""
    steps: dict[str, list[RemovalStep]] = {}
    table = removal_steps.c
    found = select(table.removal_id, table.state, table.at, table.by).where(
        table.case_id == case_id
    )
    for row in db.execute(found.order_by(table.at, table.id)).mappings():
        step = RemovalStep(state=RemovalState(row["state"]), at=row["at"], by=row["by"])
        steps.setdefault(row["removal_id"], []).append(step)
    query = select(*removals.c).where(removals.c.case_id == case_id)
    rows = db.execute(query.order_by(removals.c.noted_at, removals.c.id)).mappings()
    return [_to_removal(row, tuple(steps.get(row["id"], ()))) for row in rows]


def _to_removal(row: Mapping[Any, Any], steps: tuple[RemovalStep, ...]) -> Removal:
    return Removal(
        id=row["id"],
        case_id=row["case_id"],
        referral_id=row["referral_id"],
        label=row["label"],
        address=row["address"],
        state=RemovalState(row["state"]),
        noted_at=row["noted_at"],
        changed_at=row["changed_at"],
        steps=steps,
    )
