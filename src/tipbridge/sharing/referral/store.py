"""Every SQL statement about referrals, their parts, steps and feedback."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    bindparam,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.foundation.access.tables import units
from tipbridge.foundation.storage.rows import insert_rows
from tipbridge.knowledge.agreements.model import CoveredOffence, DataClass, Form, Part, Purpose
from tipbridge.sharing.exchange.model import Basis, BasisKind, SaltedPart
from tipbridge.sharing.referral.messages import answer_document, read_answer
from tipbridge.sharing.referral.model import (
    Alike,
    Direction,
    Feedback,
    Origin,
    Referral,
    ReleaseRequest,
    RequestAnswer,
    RequestState,
    Source,
    SourceKind,
    State,
    Step,
    StepName,
)
from tipbridge.sharing.referral.tables import (
    referral_feedback,
    referral_parts,
    referral_steps,
    referrals,
    release_requests,
)

# Built once: building a statement anew costs more than running it.
_REFERRAL, _REQUEST = select(*referrals.c), select(*release_requests.c)
_INSERT_REFERRAL = referrals.insert()
_CHANGE_REFERRAL = referrals.update().where(referrals.c.id == bindparam("which"))
_REFERRAL_BY_ID = _REFERRAL.where(referrals.c.id == bindparam("id"))
_REFERRAL_BY_PACKAGE = _REFERRAL.where(referrals.c.package_id == bindparam("id"))
_HELD = {each: each.with_for_update() for each in (_REFERRAL_BY_ID, _REFERRAL_BY_PACKAGE)}
_REFERRALS_OF_SOURCE = _REFERRAL.where(
    referrals.c.source_kind == bindparam("kind"), referrals.c.source_id == bindparam("id")
).order_by(referrals.c.opened_at, referrals.c.id)
_REQUEST_BY_ID = _REQUEST.where(release_requests.c.id == bindparam("id"))
_REQUEST_BY_PACKAGE = _REQUEST.where(
    release_requests.c.package_id == bindparam("id")
).with_for_update()
_REQUESTS_OF = _REQUEST.where(release_requests.c.referral_id == bindparam("id")).order_by(
    release_requests.c.opened_at, release_requests.c.id
)
_PARTS_OF = (
    select(
        referral_parts.c.label,
        referral_parts.c.data_class,
        referral_parts.c.form,
        referral_parts.c.value,
        referral_parts.c.salt,
        referral_parts.c.hop,
    )
    .where(referral_parts.c.referral_id == bindparam("id"))
    .order_by(referral_parts.c.label)
)
_SENDERS_OF = (
    select(referral_parts.c.hop, referral_parts.c.sender)
    .where(referral_parts.c.referral_id == bindparam("id"))
    .distinct()
    .order_by(referral_parts.c.hop)
)
_STEPS_OF = (
    select(referral_steps.c.step, referral_steps.c.node_id, referral_steps.c.at)
    .where(referral_steps.c.referral_id == bindparam("id"))
    .order_by(referral_steps.c.at, referral_steps.c.step, referral_steps.c.node_id)
)
_FEEDBACK_OF = (
    select(
        referral_feedback.c.feedback_id,
        referral_feedback.c.direction,
        referral_feedback.c.sender,
        referral_feedback.c.outcome,
        referral_feedback.c.at,
        referral_feedback.c.facts,
        referral_feedback.c.package_id,
    )
    .where(referral_feedback.c.referral_id == bindparam("id"))
    .order_by(referral_feedback.c.at, referral_feedback.c.feedback_id)
)
_OTHER = referral_parts.alias("other")
_ALIKE = (
    select(
        referral_parts.c.label,
        _OTHER.c.referral_id,
        _OTHER.c.label.label("other_label"),
    )
    .join(_OTHER, (_OTHER.c.value == referral_parts.c.value) & (_OTHER.c.form == Form.KEYED.value))
    .where(
        referral_parts.c.referral_id == bindparam("id"),
        referral_parts.c.form == Form.KEYED.value,
        _OTHER.c.referral_id != referral_parts.c.referral_id,
    )
    .order_by(referral_parts.c.label, _OTHER.c.referral_id, _OTHER.c.label)
)
_UNIT_CODES = select(units.c.id, units.c.code)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('referral.receive'), hashtext(:id))")


def insert_referral(db: Connection, referral: Referral) -> None:
    """Keep a new referral."""
    basis, source = referral.basis, referral.source
    db.execute(
        _INSERT_REFERRAL,
        {
            "id": referral.id,
            "direction": referral.direction.value,
            "unit_id": referral.unit_id,
            "restricted": referral.restricted,
            "members": list(referral.members),
            "peer_id": referral.peer_id,
            "source_kind": source.kind.value if source else None,
            "source_id": source.id if source else None,
            "origin": referral.origin.value,
            "purpose": referral.purpose.value,
            "offences": [offence.value for offence in referral.offences],
            "state": referral.state.value,
            "basis_kind": basis.kind.value if basis else None,
            "basis_id": basis.id if basis else None,
            "channel": referral.channel,
            "package_id": referral.package_id,
            "decision": referral.decision,
            "name_withheld": referral.name_withheld,
            "opened_at": referral.opened_at,
            "opened_by": referral.opened_by,
        },
    )


def referral_by_id(db: Connection, id_: str, *, hold: bool = False) -> Referral | None:
    """The referral of this id; `hold` keeps others from changing it until the end."""
    return _one(db, _REFERRAL_BY_ID, id_, hold=hold)


def referral_by_package(db: Connection, package_id: str, *, hold: bool = False) -> Referral | None:
    """The referral that left or came in this package."""
    return _one(db, _REFERRAL_BY_PACKAGE, package_id, hold=hold)


def one_at_a_time(db: Connection, package_id: str) -> None:
    """Let one transaction at a time take this package in."""
    db.execute(_LOCK, {"id": package_id})


def referrals_newest(
    db: Connection, *, direction: Direction | None, limit: int, offset: int = 0
) -> list[Referral]:
    """Referrals, newest first."""
    query = _REFERRAL.order_by(referrals.c.opened_at.desc(), referrals.c.id.desc())
    if direction is not None:
        query = query.where(referrals.c.direction == direction.value)
    rows = db.execute(query.limit(limit).offset(offset)).mappings()
    return [_to_referral(row) for row in rows]


def referrals_of_source(db: Connection, source: Source) -> list[Referral]:
    """All referrals that took their parts from this source, oldest first."""
    found = db.execute(_REFERRALS_OF_SOURCE, {"kind": source.kind.value, "id": source.id})
    return [_to_referral(row) for row in found.mappings()]


def count_in_state(db: Connection, states: Iterable[State]) -> int:
    """How many referrals wait in one of these states."""
    query = select(func.count()).where(referrals.c.state.in_([state.value for state in states]))
    return int(db.execute(query).scalar_one())


def keep_decision(
    db: Connection,
    id_: str,
    *,
    state: State,
    decision: Mapping[str, object],
    basis: Basis | None,
    channel: str | None,
    name_withheld: bool,
    offences: Iterable[CoveredOffence],
) -> None:
    """Keep what was decided about a release."""
    db.execute(
        _CHANGE_REFERRAL,
        {
            "which": id_,
            "state": state.value,
            "decision": decision,
            "basis_kind": basis.kind.value if basis else None,
            "basis_id": basis.id if basis else None,
            "channel": channel,
            "name_withheld": name_withheld,
            "offences": [offence.value for offence in offences],
        },
    )


def keep_release(db: Connection, id_: str, package_id: str) -> None:
    """Say in which package a referral leaves."""
    released = {"state": State.RELEASED.value, "package_id": package_id}
    db.execute(_CHANGE_REFERRAL, {"which": id_, **released})


def set_state(db: Connection, id_: str, state: State) -> None:
    """Say where a referral stands."""
    db.execute(_CHANGE_REFERRAL, {"which": id_, "state": state.value})


def place(
    db: Connection, id_: str, *, unit_id: int, restricted: bool, members: Iterable[str]
) -> bool:
    """Say which unit a referral belongs to; false when there is none to be seen."""
    placed = {"unit_id": unit_id, "restricted": restricted, "members": list(members)}
    return db.execute(_CHANGE_REFERRAL, {"which": id_, **placed}).rowcount == 1


def insert_parts(
    db: Connection, id_: str, parts: Iterable[SaltedPart], senders: tuple[str, ...]
) -> None:
    """Keep the parts of a received referral."""
    rows = [
        {
            "referral_id": id_,
            "label": item.part.label,
            "data_class": item.part.data_class.value,
            "form": item.part.form.value,
            "value": item.part.value,
            "salt": item.salt,
            "hop": item.hop,
            "sender": senders[item.hop],
        }
        for item in parts
    ]
    insert_rows(db, referral_parts, rows)


def parts_of(db: Connection, id_: str) -> list[SaltedPart]:
    """The parts of a received referral, by label."""
    return [_to_part(row) for row in db.execute(_PARTS_OF, {"id": id_}).mappings()]


def alike(db: Connection, id_: str) -> list[Alike]:
    """Parts of other referrals that the actor sees, with the same keyed hash, by label."""
    return [Alike(**row) for row in db.execute(_ALIKE, {"id": id_}).mappings()]


def senders_of(db: Connection, id_: str) -> tuple[str, ...]:
    """Who committed the parts of a received referral, by hop."""
    return tuple(row.sender for row in db.execute(_SENDERS_OF, {"id": id_}))


def note_steps(db: Connection, id_: str, steps: Iterable[Step]) -> None:
    """Keep when steps were taken; the first time of each counts."""
    rows = [
        {"referral_id": id_, "step": each.name.value, "node_id": each.node_id, "at": each.at}
        for each in steps
    ]
    insert_rows(db, referral_steps, rows, or_not=True)


def steps_of(db: Connection, id_: str) -> list[Step]:
    """The steps of a referral, oldest first."""
    return [
        Step(name=StepName(row.step), node_id=row.node_id, at=row.at)
        for row in db.execute(_STEPS_OF, {"id": id_})
    ]


def insert_feedback(db: Connection, id_: str, feedback: Feedback, at: datetime) -> bool:
    """Keep a feedback; false when it is here already."""
    query = (
        upsert(referral_feedback)
        .values(
            referral_id=id_,
            feedback_id=feedback.feedback_id,
            direction=feedback.direction.value,
            sender=feedback.sender,
            outcome=feedback.outcome,
            at=feedback.at,
            facts=dict(feedback.facts),
            package_id=feedback.package_id,
            kept_at=at,
        )
        .on_conflict_do_nothing()
        .returning(literal(1))
    )
    return db.execute(query).one_or_none() is not None


def has_feedback(db: Connection, id_: str, feedback_id: str) -> bool:
    """Whether this feedback is kept for the referral."""
    query = select(literal(1)).where(
        referral_feedback.c.referral_id == id_, referral_feedback.c.feedback_id == feedback_id
    )
    return db.execute(query).one_or_none() is not None


def outcomes_told(
    db: Connection, ids: Collection[str], *, direction: Direction
) -> list[tuple[str, str]]:
    """Referral and outcome of all feedback on these, one way, oldest first."""
    row = referral_feedback.c
    asked = (
        select(row.referral_id, row.outcome)
        .where(row.referral_id.in_([*ids]), row.direction == direction.value)
        .order_by(row.at, row.feedback_id)
    )
    return [(found.referral_id, found.outcome) for found in db.execute(asked)]


def feedback_of(db: Connection, id_: str) -> list[Feedback]:
    """What was said to become of a referral, oldest first."""
    return [
        Feedback(
            feedback_id=row.feedback_id,
            direction=Direction(row.direction),
            sender=row.sender,
            outcome=row.outcome,
            at=row.at,
            facts=cast("dict[str, Any]", row.facts),
            package_id=row.package_id,
        )
        for row in db.execute(_FEEDBACK_OF, {"id": id_})
    ]


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


def count_open_requests(db: Connection) -> int:
    """How many requests of peers wait for an answer."""
    query = select(func.count()).where(
        release_requests.c.state == RequestState.OPEN.value,
        release_requests.c.direction == Direction.IN.value,
    )
    return int(db.execute(query).scalar_one())


def keep_answer(db: Connection, id_: str, answer: RequestAnswer, *, at: datetime, by: str) -> None:
    """Keep how a request was answered."""
    state = RequestState.GRANTED if answer.granted else RequestState.REFUSED
    db.execute(
        release_requests.update()
        .where(release_requests.c.id == id_)
        .values(state=state.value, answer=answer_document(answer), answered_at=at, answered_by=by)
    )


def note_released(db: Connection, id_: str, at: datetime) -> None:
    """Keep when a granted request was first used."""
    query = release_requests.update().where(
        release_requests.c.id == id_, release_requests.c.released_at.is_(None)
    )
    db.execute(query.values(released_at=at))


def unit_codes(db: Connection) -> dict[int, str]:
    """The units' codes by id."""
    return {row.id: row.code for row in db.execute(_UNIT_CODES)}


def _one(db: Connection, query: Select[Any], id_: str, *, hold: bool) -> Referral | None:
    found = db.execute(_HELD[query] if hold else query, {"id": id_})
    row = found.mappings().one_or_none()
    return None if row is None else _to_referral(row)


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
    )


def _to_part(row: RowMapping) -> SaltedPart:
    part = Part(
        label=row["label"],
        value=row["value"],
        data_class=DataClass(row["data_class"]),
        form=Form(row["form"]),
    )
    return SaltedPart(part=part, salt=row["salt"], hop=row["hop"])


def _to_referral(row: RowMapping) -> Referral:
    kind, basis_kind = row["source_kind"], row["basis_kind"]
    return Referral(
        id=row["id"],
        direction=Direction(row["direction"]),
        unit_id=row["unit_id"],
        restricted=row["restricted"],
        members=tuple(row["members"]),
        peer_id=row["peer_id"],
        source=Source(kind=SourceKind(kind), id=row["source_id"]) if kind else None,
        origin=Origin(row["origin"]),
        purpose=Purpose(row["purpose"]),
        offences=tuple(CoveredOffence(offence) for offence in row["offences"]),
        state=State(row["state"]),
        basis=Basis(kind=BasisKind(basis_kind), id=row["basis_id"]) if basis_kind else None,
        channel=row["channel"],
        package_id=row["package_id"],
        decision=row["decision"],
        name_withheld=row["name_withheld"],
        opened_at=row["opened_at"],
        opened_by=row["opened_by"],
    )
