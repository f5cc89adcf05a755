"""Every SQL statement of the welfare room."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, false, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert

from tipbridge.police.welfare.model import (
    Clock,
    ClockStep,
    FollowUp,
    FollowUpKind,
    Standing,
    StepTaken,
    Talk,
    Welfare,
)
from tipbridge.police.welfare.rows import (
    standing_values,
    to_clock,
    to_follow_up,
    to_standing,
    to_step,
    to_talk,
    to_welfare,
    welfare_values,
)
from tipbridge.police.welfare.tables import (
    coercive_steps,
    welfare_clocks,
    welfare_follow_ups,
    welfare_records,
    welfare_standings,
    welfare_talks,
)


def insert_record(db: Connection, welfare: Welfare, clocks: Iterable[Clock]) -> bool:
    """Open a child's record with its clocks; says whether there was none yet."""
    query = insert(welfare_records).values(welfare_values(welfare)).on_conflict_do_nothing()
    if db.execute(query).rowcount != 1:
        return False
    db.execute(welfare_standings.insert().values(standing_values(welfare)))
    for clock in clocks:
        add_clock(db, clock)
    return True


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


def update_record(db: Connection, welfare: Welfare) -> None:
    """Write down what is now known, and of it what the case sees."""
    values = welfare_values(welfare)
    db.execute(welfare_records.update().where(welfare_records.c.id == welfare.id).values(values))
    standing = standing_values(welfare)
    query = welfare_standings.update().where(welfare_standings.c.welfare_id == welfare.id)
    db.execute(query.values(contacted_on=standing["contacted_on"], closed_at=standing["closed_at"]))


def record_by_id(db: Connection, welfare_id: str) -> Welfare | None:
    """One record, kept from changes by others until this work ends."""
    query = select(welfare_records).where(welfare_records.c.id == welfare_id).with_for_update()
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else to_welfare(row)


def records_of(db: Connection, case_id: str) -> list[Welfare]:
    """The records of a case that the actor sees, oldest first."""
    table = welfare_records.c
    query = select(welfare_records).where(table.case_id == case_id)
    rows = db.execute(query.order_by(table.opened_at, table.id)).mappings()
    return [to_welfare(row) for row in rows]


def open_records(db: Connection) -> list[Welfare]:
    """Every open record that the actor sees, oldest first."""
    table = welfare_records.c
    query = select(welfare_records).where(table.closed_at.is_(None))
    rows = db.execute(query.order_by(table.opened_at, table.id)).mappings()
    return [to_welfare(row) for row in rows]


def standing_of(db: Connection, person_id: str) -> Standing | None:
    """What the case sees of somebody's record."""
    query = select(welfare_standings).where(welfare_standings.c.person_id == person_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else to_standing(row)


def standings_of(db: Connection, case_id: str) -> list[Standing]:
    """What the case sees of its records."""
    table = welfare_standings.c
    query = select(welfare_standings).where(table.case_id == case_id)
    rows = db.execute(query.order_by(table.opened_at, table.welfare_id)).mappings()
    return [to_standing(row) for row in rows]


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


def set_removal_waits(db: Connection, welfare_id: str, *, waits: bool) -> None:
    """Say whether a request for removal was written and has yet to go out."""
    table = welfare_standings
    query = table.update().where(
        table.c.welfare_id == welfare_id, table.c.removal_waits.is_not(waits)
    )
    db.execute(query.values(removal_waits=waits))


def open_jurisdictions(db: Connection) -> list[str]:
    """Whose law the open records that the actor sees are under."""
    record = welfare_records.c
    query = select(record.jurisdiction).where(record.closed_at.is_(None)).distinct()
    return list(db.execute(query).scalars())


def _late(before: Mapping[str, date]) -> ColumnElement[bool]:
    """Clocks of open records whose day passed undone: `before` is today by jurisdiction."""
    clock, record = welfare_clocks.c, welfare_records.c
    there = [
        (record.jurisdiction == where) & (clock.due_on < today) for where, today in before.items()
    ]
    return and_(
        clock.welfare_id == record.id,
        record.closed_at.is_(None),
        clock.met_on.is_(None),
        clock.replaced_at.is_(None),
        or_(false(), *there),
    )


def miss_clocks(db: Connection, *, before: Mapping[str, date], at: datetime) -> int:
    """Mark the days of open records that passed; how many were not marked yet."""
    table = welfare_clocks
    query = table.update().where(table.c.missed_at.is_(None), _late(before))
    return db.execute(query.values(missed_at=at)).rowcount


def insert_talk(db: Connection, talk: Talk) -> None:
    """Write down a talk."""
    db.execute(
        welfare_talks.insert().values(
            id=talk.id,
            welfare_id=talk.welfare_id,
            talk_with=talk.talk_with.value,
            on=talk.on,
            why=None if talk.why is None else talk.why.value,
            by=talk.by,
        )
    )


def talks_of(db: Connection, welfare_id: str) -> list[Talk]:
    """The talks of a record, oldest first."""
    table = welfare_talks.c
    query = select(welfare_talks).where(table.welfare_id == welfare_id)
    return [to_talk(row) for row in db.execute(query.order_by(table.on, table.id)).mappings()]


def insert_follow_up(db: Connection, each: FollowUp) -> None:
    """Write down something promised."""
    db.execute(
        welfare_follow_ups.insert().values(
            id=each.id, welfare_id=each.welfare_id, kind=each.kind.value, due_on=each.due_on
        )
    )


def finish_follow_up(
    db: Connection, welfare_id: str, follow_id: str, *, by: str, on: date
) -> FollowUpKind | None:
    """Say that something promised is done; says what, None where the record had it not open."""
    table = welfare_follow_ups
    query = table.update().where(
        table.c.id == follow_id, table.c.welfare_id == welfare_id, table.c.done_on.is_(None)
    )
    kind = db.execute(query.values(done_on=on, done_by=by).returning(table.c.kind)).scalar()
    return None if kind is None else FollowUpKind(kind)


def follow_ups_of(db: Connection, welfare_id: str) -> list[FollowUp]:
    """What was promised, soonest first."""
    table = welfare_follow_ups.c
    query = select(welfare_follow_ups).where(table.welfare_id == welfare_id)
    rows = db.execute(query.order_by(table.due_on, table.id)).mappings()
    return [to_follow_up(row) for row in rows]


def insert_step(db: Connection, taken: StepTaken) -> None:
    """Write down a coercive step."""
    db.execute(
        coercive_steps.insert().values(
            id=taken.id,
            case_id=taken.case_id,
            person_id=taken.person_id,
            step=taken.step.value,
            on=taken.on,
            contacted=taken.contacted,
            grounds=taken.grounds,
            by=taken.by,
            at=taken.at,
        )
    )


def steps_about(db: Connection, person_id: str) -> list[StepTaken]:
    """The coercive steps on somebody, oldest first."""
    table = coercive_steps.c
    query = select(coercive_steps).where(table.person_id == person_id)
    rows = db.execute(query.order_by(table.on, table.id)).mappings()
    return [to_step(row) for row in rows]


def steps_of(db: Connection, case_id: str) -> list[StepTaken]:
    """The coercive steps of a case, oldest first."""
    table = coercive_steps.c
    query = select(coercive_steps).where(table.case_id == case_id)
    rows = db.execute(query.order_by(table.on, table.id)).mappings()
    return [to_step(row) for row in rows]


def count_late(db: Connection, before: Mapping[str, date]) -> int:
    """How many open records that the actor sees have let a day pass."""
    query = select(welfare_clocks.c.welfare_id).where(_late(before)).distinct()
    return len(db.execute(query).all())
