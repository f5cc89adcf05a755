"""Every SQL statement about consents."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    ARRAY,
    Connection,
    RowMapping,
    Text,
    bindparam,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.knowledge.agreements.model import Purpose
from tipbridge.sharing.exchange.model import Basis, BasisKind
from tipbridge.sharing.referral.consent.messages import answer_document, marks_said, read_answer
from tipbridge.sharing.referral.consent.model import (
    Aim,
    Answer,
    Ask,
    Consent,
    ConsentState,
    Place,
    Road,
    Use,
)
from tipbridge.sharing.referral.consent.tables import consents

_ALL = select(*consents.c)
_ROADS = text("""
    WITH hops AS (
        SELECT referral_id, hop, sender,
               (array_agg(value) FILTER (WHERE label = 'release/' || sender))[1] AS said
          FROM referral_parts WHERE referral_id = ANY (:ids) GROUP BY referral_id, hop, sender)
    SELECT r.id, r.basis_kind, r.basis_id, r.purpose,
           array_agg(h.sender ORDER BY h.hop) AS senders, array_agg(h.said ORDER BY h.hop) AS said
      FROM referrals r JOIN hops h ON h.referral_id = r.id
     WHERE r.direction = 'in' AND r.state <> 'recalled'
     GROUP BY r.id ORDER BY r.id
""").bindparams(bindparam("ids", type_=ARRAY(Text)))


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


def granted_to(db: Connection, recipient: str) -> dict[str, list[Consent]]:
    """The consents granted to let something go on to a peer, by the referral they are about."""
    query = _ALL.where(
        consents.c.use == Use.ONWARD.value,
        consents.c.recipient == recipient,
        consents.c.state == ConsentState.GRANTED.value,
    )
    found: dict[str, list[Consent]] = {}
    for row in db.execute(query.order_by(consents.c.asked_at, consents.c.id)).mappings():
        found.setdefault(row["referral_id"], []).append(_to_consent(row))
    return found


def roads(db: Connection, referral_ids: Collection[str]) -> list[Road]:
    """By which senders received referrals came, and what each said of its marks; no recalled one."""
    return [
        Road(
            referral_id=row.id,
            basis=None
            if row.basis_kind is None
            else Basis(kind=BasisKind(row.basis_kind), id=row.basis_id),
            purpose=Purpose(row.purpose),
            marks=marks_said(zip(row.senders, row.said, strict=True)),
        )
        for row in db.execute(_ROADS, {"ids": [*referral_ids]})
    ]


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
