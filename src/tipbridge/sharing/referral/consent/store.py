"""Every SQL statement about consents."""

from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, literal, select
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.knowledge.agreements.model import Purpose
from tipbridge.sharing.referral.consent.messages import answer_document, read_answer
from tipbridge.sharing.referral.consent.model import (
    Aim,
    Answer,
    Ask,
    Consent,
    ConsentState,
    Place,
    Use,
)
from tipbridge.sharing.referral.consent.tables import consents

_ALL = select(*consents.c)


def insert_consent(db: Connection, consent: Consent) -> bool:
    """Keep a consent that is asked for; false when its id is taken."""
    ask = consent.ask
    query = upsert(consents).values(
        id=ask.id,
        place=consent.place.value,
        use=ask.aim.use.value,
        recipient=ask.aim.recipient,
        purpose=ask.aim.purpose.value,
        originator=ask.originator,
        asker=ask.asker,
        unit_id=consent.unit_id,
        restricted=consent.restricted,
        members=list(consent.members),
        peer_id=consent.peer_id,
        referral_id=consent.referral_id,
        package_id=consent.package_id,
        along_id=consent.along_id,
        state=consent.state.value,
        asked_at=consent.asked_at,
        asked_by=consent.asked_by,
    )
    found = db.execute(query.on_conflict_do_nothing().returning(literal(1)))
    return found.one_or_none() is not None


def consent_by_id(db: Connection, id_: str, *, hold: bool = False) -> Consent | None:
    """The consent of this id; `hold` keeps others from changing it until the end."""
    query = _ALL.where(consents.c.id == id_)
    row = db.execute(query.with_for_update() if hold else query).mappings().one_or_none()
    return None if row is None else _to_consent(row)


def consents_of(db: Connection, referral_id: str) -> list[Consent]:
    """The consents asked about a referral, oldest first."""
    query = _ALL.where(consents.c.referral_id == referral_id)
    ordered = query.order_by(consents.c.asked_at, consents.c.id)
    return [_to_consent(row) for row in db.execute(ordered).mappings()]


def consents_newest(db: Connection, *, limit: int, offset: int = 0) -> list[Consent]:
    """Consents whichever way, newest first."""
    query = _ALL.order_by(consents.c.asked_at.desc(), consents.c.id.desc())
    return [_to_consent(row) for row in db.execute(query.limit(limit).offset(offset)).mappings()]


def count_waiting(db: Connection) -> int:
    """How many consents wait for an answer of this node."""
    query = select(func.count()).where(
        consents.c.state == ConsentState.OPEN.value, consents.c.place == Place.OURS.value
    )
    return int(db.execute(query).scalar_one())


def keep_answer(db: Connection, answer: Answer, *, at: datetime, by: str) -> None:
    """Keep how a consent was answered."""
    state = ConsentState.GRANTED if answer.granted else ConsentState.REFUSED
    query = consents.update().where(consents.c.id == answer.id)
    said = answer_document(answer)
    db.execute(query.values(state=state.value, answer=said, answered_at=at, answered_by=by))


def _to_consent(row: RowMapping) -> Consent:
    return Consent(
        ask=Ask(
            id=row["id"],
            aim=Aim(
                use=Use(row["use"]), recipient=row["recipient"], purpose=Purpose(row["purpose"])
            ),
            originator=row["originator"],
            asker=row["asker"],
        ),
        place=Place(row["place"]),
        unit_id=row["unit_id"],
        restricted=row["restricted"],
        members=tuple(row["members"]),
        peer_id=row["peer_id"],
        referral_id=row["referral_id"],
        package_id=row["package_id"],
        along_id=row["along_id"],
        state=ConsentState(row["state"]),
        answer=None if row["answer"] is None else read_answer(row["answer"]),
        asked_at=row["asked_at"],
        asked_by=row["asked_by"],
        answered_at=row["answered_at"],
        answered_by=row["answered_by"],
    )
