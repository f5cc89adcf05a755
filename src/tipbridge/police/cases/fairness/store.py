"""Every SQL statement about origins, favours, the defence and corrections."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, exists, or_, select
from sqlalchemy.dialects.postgresql import insert

from tipbridge.police.cases.fairness.model import (
    CaseOrigin,
    Correction,
    DefenceRequest,
    Origin,
    StaffFavour,
    Target,
    Telling,
    ToldState,
)
from tipbridge.police.cases.fairness.tables import (
    case_corrections,
    case_defence,
    case_favours,
    case_origins,
    correction_sendings,
    correction_tellings,
)


def insert_origin(db: Connection, origin: Origin) -> None:
    """Keep why staff opened a case."""
    names = [column.name for column in case_origins.c]
    db.execute(case_origins.insert().values({name: getattr(origin, name) for name in names}))


def origin_of(db: Connection, case_id: str) -> Origin | None:
    """Why staff opened a case; None for one that a referral opened."""
    query = select(case_origins).where(case_origins.c.case_id == case_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else Origin(**{**row, "origin": CaseOrigin(row["origin"])})


def insert_favour(db: Connection, favour: StaffFavour) -> None:
    """Keep a fact in somebody's favour."""
    names = [column.name for column in case_favours.c]
    db.execute(case_favours.insert().values({name: getattr(favour, name) for name in names}))


def favours_of(db: Connection, case_id: str) -> list[StaffFavour]:
    """What staff recorded in anybody's favour, oldest first."""
    query = select(case_favours).where(case_favours.c.case_id == case_id)
    order = (case_favours.c.recorded_at, case_favours.c.id)
    return [StaffFavour(**row) for row in db.execute(query.order_by(*order)).mappings()]


def insert_request(db: Connection, request: DefenceRequest) -> None:
    """Keep what the defence asks for."""
    names = [column.name for column in case_defence.c]
    db.execute(case_defence.insert().values({name: getattr(request, name) for name in names}))


def answer_request(db: Connection, request_id: str, answer: str, *, by: str, at: datetime) -> bool:
    """Keep what the defence was told; false when it was told before."""
    query = case_defence.update().where(
        case_defence.c.id == request_id, case_defence.c.answered_at.is_(None)
    )
    return db.execute(query.values(answer=answer, answered_by=by, answered_at=at)).rowcount == 1


def requests_of(db: Connection, case_id: str) -> list[DefenceRequest]:
    """What the defence asked for in a case, oldest first."""
    query = select(case_defence).where(case_defence.c.case_id == case_id)
    order = (case_defence.c.recorded_at, case_defence.c.id)
    return [DefenceRequest(**row) for row in db.execute(query.order_by(*order)).mappings()]


def insert_correction(db: Connection, correction: Correction) -> bool:
    """Keep that somebody was the wrong person, or was not; false when that was said before."""
    values = {each.name: getattr(correction, each.name) for each in fields(Correction)}
    query = insert(case_corrections).values(values).on_conflict_do_nothing()
    return db.execute(query).rowcount == 1


def end_correction(db: Connection, correction_id: str, at: datetime) -> None:
    """Keep that a correction was wrong itself and stands no more."""
    query = case_corrections.update().where(case_corrections.c.id == correction_id)
    db.execute(query.values(taken_back_at=at))


def correction_by_id(db: Connection, correction_id: str) -> Correction | None:
    """A correction in a case that the actor sees."""
    query = select(case_corrections).where(case_corrections.c.id == correction_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _to_correction(row)


def correction_about(db: Connection, person_id: str) -> Correction | None:
    """The correction of somebody that stands; there is at most one."""
    table = case_corrections.c
    query = select(case_corrections).where(
        table.person_id == person_id, table.taken_back_at.is_(None), table.undoes.is_(None)
    )
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _to_correction(row)


def corrections_of(db: Connection, case_id: str) -> list[Correction]:
    """Who in a case was the wrong person, and who was not after all."""
    query = select(case_corrections).where(case_corrections.c.case_id == case_id)
    rows = db.execute(query.order_by(case_corrections.c.id)).mappings()
    return [_to_correction(row) for row in rows]


def note_sending(db: Connection, correction: Correction, referral_id: str, at: datetime) -> None:
    """Note that a correction was sent back along a referral."""
    query = insert(correction_sendings).values(
        correction_id=correction.id,
        referral_id=referral_id,
        case_id=correction.case_id,
        sent_at=at,
    )
    db.execute(query.on_conflict_do_nothing())


def sendings_of(db: Connection, correction_id: str) -> list[tuple[str, datetime]]:
    """Along which referrals a correction was sent, and when."""
    table = correction_sendings.c
    query = select(table.referral_id, table.sent_at).where(table.correction_id == correction_id)
    rows = db.execute(query.order_by(table.referral_id)).mappings()
    return [(row["referral_id"], row["sent_at"]) for row in rows]


def insert_telling(db: Connection, telling: Telling) -> bool:
    """Keep whom staff tell; false when they are told already."""
    values = {each.name: getattr(telling, each.name) for each in fields(Telling)}
    query = insert(correction_tellings).values(values).on_conflict_do_nothing()
    return db.execute(query).rowcount == 1


def tellings_of(db: Connection, correction_id: str) -> list[Telling]:
    """Whom staff tell of a correction, in the order in which they were found."""
    table = correction_tellings.c
    query = select(correction_tellings).where(table.correction_id == correction_id)
    rows = db.execute(query.order_by(table.told_at, table.id)).mappings()
    return [_to_telling(row) for row in rows]


def telling_of_task(db: Connection, task_id: str) -> Telling | None:
    """The telling for which a task was opened."""
    query = select(correction_tellings).where(correction_tellings.c.task_id == task_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _to_telling(row)


def update_telling(db: Connection, telling: Telling) -> None:
    """Keep what somebody answered."""
    names = ("state", "words", "noted_at", "noted_by")
    query = correction_tellings.update().where(correction_tellings.c.id == telling.id)
    db.execute(query.values({name: getattr(telling, name) for name in names}))


def unchased(db: Connection, now: datetime, patience: timedelta) -> list[Correction]:
    """Corrections for which patience is over and nobody looked yet whether all acknowledged.

    Shape: but for those taken back, which is told in their turn. Once looked at, again when it is over for somebody who was named later, and when
    somebody could not be reached since.
    """
    chased_at, telling = case_corrections.c.chased_at, correction_tellings.c
    named_later = and_(
        telling.state != ToldState.ACKNOWLEDGED.value,
        telling.told_at < now - patience,
        telling.told_at >= chased_at - patience,
    )
    failed = and_(telling.state == ToldState.FAILED.value, telling.noted_at >= chased_at)
    changed = exists(
        select(telling.id).where(
            telling.correction_id == case_corrections.c.id, or_(named_later, failed)
        )
    )
    query = select(case_corrections).where(
        case_corrections.c.made_at < now - patience,
        case_corrections.c.taken_back_at.is_(None),
        or_(chased_at.is_(None), changed),
    )
    rows = db.execute(query.order_by(case_corrections.c.id).with_for_update()).mappings()
    return [_to_correction(row) for row in rows]


def note_chased(db: Connection, correction_id: str, at: datetime) -> None:
    """Note that it was looked whether everyone acknowledged a correction."""
    query = case_corrections.update().where(case_corrections.c.id == correction_id)
    db.execute(query.values(chased_at=at))


def _to_correction(row: Mapping[Any, Any]) -> Correction:
    names = [each.name for each in fields(Correction)]
    return Correction(**{name: row[name] for name in names})


def _to_telling(row: Mapping[Any, Any]) -> Telling:
    values: dict[str, Any] = {each.name: row[each.name] for each in fields(Telling)}
    values |= {"target": Target(row["target"]), "state": ToldState(row["state"])}
    return Telling(**values)
