"""Every SQL statement about hand-overs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from tipbridge.police.cases.handing.model import HandOver, HandOverGround, HandOverState
from tipbridge.police.cases.handing.tables import case_handovers

_NAMES = (
    "id", "case_id", "number", "from_unit", "to_unit", "ground", "words", "state",
    "offered_by", "offered_at",
)  # fmt: skip
_DECIDED = ("state", "decided_by", "decided_at", "answer")


def insert_offer(db: Connection, offer: HandOver) -> bool:
    """Offer a case; false while another offer of it is open."""
    values = {name: getattr(offer, name) for name in _NAMES}
    query = insert(case_handovers).values(values).on_conflict_do_nothing()
    return db.execute(query).rowcount == 1


def settle_offer(db: Connection, offer: HandOver, *, was: HandOverState) -> bool:
    """Write down what became of an offer; false when it stood otherwise."""
    query = case_handovers.update().where(
        case_handovers.c.id == offer.id, case_handovers.c.state == was.value
    )
    return db.execute(query.values({n: getattr(offer, n) for n in _DECIDED})).rowcount == 1


def lapse_offers(db: Connection, case_id: str, *, by: str, at: datetime) -> None:
    """Let the open offer of a case lapse, answered or not."""
    standing = (HandOverState.OFFERED.value, HandOverState.ACCEPTED.value)
    query = case_handovers.update().where(
        case_handovers.c.case_id == case_id, case_handovers.c.state.in_(standing)
    )
    values = {"state": HandOverState.LAPSED.value, "decided_by": by, "decided_at": at}
    db.execute(query.values(values))


def offer_by_id(db: Connection, offer_id: str) -> HandOver | None:
    """An offer that the actor sees: of a case of theirs, or to a unit of theirs."""
    query = select(case_handovers).where(case_handovers.c.id == offer_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _to_offer(row)


def offers(db: Connection, case_id: str | None = None) -> list[HandOver]:
    """The offers that the actor sees, newest first."""
    query = select(case_handovers)
    if case_id is not None:
        query = query.where(case_handovers.c.case_id == case_id)
    order = (case_handovers.c.offered_at.desc(), case_handovers.c.id.desc())
    return [_to_offer(row) for row in db.execute(query.order_by(*order)).mappings()]


def _to_offer(row: Mapping[Any, Any]) -> HandOver:
    values = dict(row)
    values["ground"] = HandOverGround(row["ground"])
    values["state"] = HandOverState(row["state"])
    return HandOver(**values)
