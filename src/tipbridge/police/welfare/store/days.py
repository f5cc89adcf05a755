"""Every SQL statement about the days that records must keep."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, false, func, literal, or_, select, union
from sqlalchemy.dialects.postgresql import insert

from tipbridge.police.welfare.model import (
    Clock,
    ClockStep,
)
from tipbridge.police.welfare.rows import (
    to_clock,
)
from tipbridge.police.welfare.tables import (
    welfare_clocks,
    welfare_follow_ups,
    welfare_records,
)


def add_clock(db: Connection, clock: Clock) -> None:
    """Add a day that a record must keep, once for each step and round."""
    query = insert(welfare_clocks).values(
        welfare_id=clock.welfare_id,
        step=clock.step.value,
        due_on=clock.due_on,
        citation=clock.citation,
        mark=clock.mark.value,
        round=clock.round,
        again_from=clock.again_from,
    )
    db.execute(query.on_conflict_do_nothing())


def replace_clocks(
    db: Connection, welfare_id: str, steps: Iterable[ClockStep] = ClockStep, *, at: datetime
) -> int:
    """Let days of a record count no more; they stay as they were. The rounds until now."""
    table, named = welfare_clocks, [step.value for step in steps]
    query = table.update().where(table.c.welfare_id == welfare_id, table.c.replaced_at.is_(None))
    db.execute(query.where(table.c.step.in_(named)).values(replaced_at=at))
    last = select(func.max(table.c.round)).where(table.c.welfare_id == welfare_id)
    return db.execute(last).scalar_one() or 0


def clocks_of(db: Connection, welfare_ids: Collection[str]) -> list[Clock]:
    """The days that records must keep, soonest first."""
    table = welfare_clocks.c
    query = select(welfare_clocks).where(
        table.welfare_id.in_(welfare_ids), table.replaced_at.is_(None)
    )
    rows = db.execute(query.order_by(table.due_on, table.step)).mappings()
    return [to_clock(row) for row in rows]


def clocks_replaced(db: Connection, welfare_id: str) -> list[Clock]:
    """The days of a record from before it was opened again, the first ones first."""
    table = welfare_clocks.c
    query = select(welfare_clocks).where(
        table.welfare_id == welfare_id, table.replaced_at.is_not(None)
    )
    rows = db.execute(query.order_by(table.round, table.due_on, table.step)).mappings()
    return [to_clock(row) for row in rows]


def meet_clocks(
    db: Connection, welfare_id: str, met: Mapping[ClockStep, date], *, earlier_too: bool = False
) -> None:
    """Say that steps were done; the first day stands.

    Shape: what was done before a record opened again meets none of its new days, unless
    `earlier_too`.
    """
    table = welfare_clocks
    for step, on in met.items():
        query = table.update().where(
            table.c.welfare_id == welfare_id,
            table.c.step == step.value,
            table.c.met_on.is_(None),
            table.c.replaced_at.is_(None),
            or_(table.c.again_from.is_(None), table.c.again_from <= on, literal(earlier_too)),
        )
        db.execute(query.values(met_on=on))


def unmeet_clock(
    db: Connection, welfare_id: str, step: ClockStep, *, since: date = date.min
) -> bool:
    """Say that a step was not done after all, where it counts as done from a day on."""
    table = welfare_clocks
    query = table.update().where(
        table.c.welfare_id == welfare_id,
        table.c.step == step.value,
        table.c.met_on >= since,
        table.c.replaced_at.is_(None),
    )
    return db.execute(query.values(met_on=None)).rowcount == 1


def _passed(
    of_record: ColumnElement[str], due_on: ColumnElement[date], before: Mapping[str, date]
) -> ColumnElement[bool]:
    """Of open records, what has a day that passed: `before` is today by jurisdiction."""
    record = welfare_records.c
    there = [(record.jurisdiction == where) & (due_on < today) for where, today in before.items()]
    return and_(of_record == record.id, record.closed_at.is_(None), or_(false(), *there))


def _late(before: Mapping[str, date]) -> ColumnElement[bool]:
    """Clocks of open records whose day passed undone."""
    clock = welfare_clocks.c
    passed = _passed(clock.welfare_id, clock.due_on, before)
    return and_(passed, clock.met_on.is_(None), clock.replaced_at.is_(None))


def miss_clocks(db: Connection, *, before: Mapping[str, date], at: datetime) -> int:
    """Mark the days of open records that passed; how many were not marked yet."""
    table = welfare_clocks
    query = table.update().where(table.c.missed_at.is_(None), _late(before))
    return db.execute(query.values(missed_at=at)).rowcount


def count_late(db: Connection, before: Mapping[str, date]) -> int:
    """How many open records that the actor sees have let a day pass, of a promise too."""
    promise = welfare_follow_ups.c
    kept = and_(promise.done_on.is_(None), promise.dropped_on.is_(None))
    passed = _passed(promise.welfare_id, promise.due_on, before)
    query = union(
        select(welfare_clocks.c.welfare_id).where(_late(before)),
        select(promise.welfare_id).where(passed, kept),
    )
    return len(db.execute(query).all())
