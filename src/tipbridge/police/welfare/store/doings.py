"""Every SQL statement about talks, follow-ups and coercive steps."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, select

from tipbridge.police.welfare.model import (
    FollowUp,
    FollowUpKind,
    StepTaken,
    Talk,
)
from tipbridge.police.welfare.rows import (
    to_follow_up,
    to_step,
    to_talk,
)
from tipbridge.police.welfare.tables import (
    coercive_steps,
    welfare_follow_ups,
    welfare_talks,
)


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


def take_back_talk(
    db: Connection, welfare_id: str, talk_id: str, *, by: str, at: datetime, because: str
) -> bool:
    """Say that a talk counts no more; says whether the record had it and it stood."""
    table = welfare_talks
    query = table.update().where(
        table.c.id == talk_id, table.c.welfare_id == welfare_id, table.c.taken_back_at.is_(None)
    )
    values = {"taken_back_by": by, "taken_back_at": at, "taken_back_because": because}
    return db.execute(query.values(values)).rowcount == 1


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
        table.c.id == follow_id, table.c.welfare_id == welfare_id, *_waiting()
    )
    kind = db.execute(query.values(done_on=on, done_by=by).returning(table.c.kind)).scalar()
    return None if kind is None else FollowUpKind(kind)


def drop_follow_up(
    db: Connection, welfare_id: str, follow_id: str, *, by: str, on: date, because: str
) -> bool:
    """Say that something promised won't be done; says whether the record had it open."""
    table = welfare_follow_ups
    query = table.update().where(
        table.c.id == follow_id, table.c.welfare_id == welfare_id, *_waiting()
    )
    values = {"dropped_by": by, "dropped_on": on, "dropped_because": because}
    return db.execute(query.values(values)).rowcount == 1


def _waiting() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    table = welfare_follow_ups.c
    return table.done_on.is_(None), table.dropped_on.is_(None)


def follow_ups_waiting(db: Connection, welfare_ids: Collection[str]) -> list[FollowUp]:
    """What was promised in records and is still to be done, soonest first."""
    table = welfare_follow_ups.c
    query = select(welfare_follow_ups).where(table.welfare_id.in_(welfare_ids), *_waiting())
    rows = db.execute(query.order_by(table.due_on, table.id)).mappings()
    return [to_follow_up(row) for row in rows]


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
