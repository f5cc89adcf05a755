"""Every SQL statement about case-by-case requests."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    bindparam,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.knowledge.agreements.model import CoveredOffence, DataClass, Purpose
from tipbridge.sharing.referral.messages import answer_document, read_answer
from tipbridge.sharing.referral.model import (
    Direction,
    ReleaseRequest,
    RequestAnswer,
    RequestState,
)
from tipbridge.sharing.referral.tables import (
    release_requests,
)

# Built once: building a statement anew costs more than running it.
_REQUEST = select(*release_requests.c)
_REQUEST_BY_ID = _REQUEST.where(release_requests.c.id == bindparam("id"))
_REQUEST_BY_PACKAGE = _REQUEST.where(
    release_requests.c.package_id == bindparam("id")
).with_for_update()
_REQUESTS_OF = _REQUEST.where(release_requests.c.referral_id == bindparam("id")).order_by(
    release_requests.c.opened_at, release_requests.c.id
)


def insert_request(db: Connection, request: ReleaseRequest) -> bool:
    """Keep a case-by-case request; false when its id is taken."""
    query = (
        upsert(release_requests)
        .values(
            id=request.id,
            direction=request.direction.value,
            unit_id=request.unit_id,
            restricted=request.restricted,
            members=list(request.members),
            peer_id=request.peer_id,
            referral_id=request.referral_id,
            purpose=request.purpose.value,
            offences=[offence.value for offence in request.offences],
            incident_on=request.incident_on,
            state=request.state.value,
            package_id=request.package_id,
            opened_at=request.opened_at,
            opened_by=request.opened_by,
        )
        .on_conflict_do_nothing()
    )
    return db.execute(query.returning(literal(1))).one_or_none() is not None


def request_by_id(db: Connection, id_: str, *, hold: bool = False) -> ReleaseRequest | None:
    """The request of this id."""
    query = _REQUEST_BY_ID.with_for_update() if hold else _REQUEST_BY_ID
    return _one_request(db, query, id_)


def request_by_package(db: Connection, package_id: str) -> ReleaseRequest | None:
    """The request that was asked in this package."""
    return _one_request(db, _REQUEST_BY_PACKAGE, package_id)


def requests_newest(db: Connection, *, limit: int, offset: int = 0) -> list[ReleaseRequest]:
    """Requests both ways, newest first."""
    query = _REQUEST.order_by(release_requests.c.opened_at.desc(), release_requests.c.id.desc())
    return [_to_request(row) for row in db.execute(query.limit(limit).offset(offset)).mappings()]


def requests_of(db: Connection, referral_id: str) -> list[ReleaseRequest]:
    """The requests that were opened for a referral, oldest first."""
    return [_to_request(row) for row in db.execute(_REQUESTS_OF, {"id": referral_id}).mappings()]


def keep_answer(db: Connection, id_: str, answer: RequestAnswer, *, at: datetime, by: str) -> None:
    """Keep how a request was answered."""
    state = RequestState.GRANTED if answer.granted else RequestState.REFUSED
    db.execute(
        release_requests.update()
        .where(release_requests.c.id == id_)
        .values(state=state.value, answer=answer_document(answer), answered_at=at, answered_by=by)
    )


def withdraw_grant(db: Connection, id_: str, why: str | None, *, at: datetime, by: str) -> None:
    """Keep that a request or its grant was taken back; how it was answered stays."""
    db.execute(
        release_requests.update()
        .where(release_requests.c.id == id_)
        .values(
            state=RequestState.WITHDRAWN.value,
            withdrawn_at=at,
            withdrawn_by=by,
            withdrawn_why=why,
        )
    )


def keep_choice(db: Connection, id_: str, chosen: Collection[DataClass]) -> None:
    """Keep which classes its asker releases by a request, at most."""
    named = sorted(data_class.value for data_class in chosen)
    query = release_requests.update().where(release_requests.c.id == id_)
    db.execute(query.values(chosen=named))


def open_since(db: Connection, direction: Direction) -> list[datetime]:
    """Since when each request of this direction is open."""
    query = select(release_requests.c.opened_at).where(
        release_requests.c.state == RequestState.OPEN.value,
        release_requests.c.direction == direction.value,
    )
    return list(db.execute(query).scalars())


def note_released(db: Connection, id_: str, at: datetime) -> None:
    """Keep when a granted request was first used."""
    query = release_requests.update().where(
        release_requests.c.id == id_, release_requests.c.released_at.is_(None)
    )
    db.execute(query.values(released_at=at))


def _one_request(db: Connection, query: Select[Any], id_: str) -> ReleaseRequest | None:
    row = db.execute(query, {"id": id_}).mappings().one_or_none()
    return None if row is None else _to_request(row)


def _to_request(row: RowMapping) -> ReleaseRequest:
    return ReleaseRequest(
        id=row["id"],
        direction=Direction(row["direction"]),
        unit_id=row["unit_id"],
        restricted=row["restricted"],
        members=tuple(row["members"]),
        peer_id=row["peer_id"],
        referral_id=row["referral_id"],
        purpose=Purpose(row["purpose"]),
        offences=tuple(CoveredOffence(offence) for offence in row["offences"]),
        incident_on=row["incident_on"],
        state=RequestState(row["state"]),
        package_id=row["package_id"],
        answer=None if row["answer"] is None else read_answer(row["answer"]),
        opened_at=row["opened_at"],
        opened_by=row["opened_by"],
        answered_at=row["answered_at"],
        answered_by=row["answered_by"],
        released_at=row["released_at"],
        chosen=None if row["chosen"] is None else frozenset(map(DataClass, row["chosen"])),
        withdrawn_at=row["withdrawn_at"],
        withdrawn_by=row["withdrawn_by"],
        withdrawn_why=row["withdrawn_why"],
    )
