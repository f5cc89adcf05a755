"""Every SQL statement about how long referrals are kept."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.sharing.referral.keeping.model import Days, KeptReferral, Need
from tipbridge.sharing.referral.keeping.tables import kept_referrals
from tipbridge.sharing.referral.model import Direction, State
from tipbridge.sharing.referral.tables import referrals

_C = kept_referrals.c
_THERE = frozenset({State.DELIVERED, State.ACKNOWLEDGED, State.RECEIVED, State.RECALLED})
_ALL = select(*_C, referrals.c.peer_id, referrals.c.direction, referrals.c.state).join(
    referrals, referrals.c.id == _C.referral_id
)
_REVIEWS = _ALL.where(
    referrals.c.direction == Direction.IN.value, _C.finding.is_(None), _C.deleted_at.is_(None)
).order_by(_C.review_at, _C.referral_id)
_PROOFS = _ALL.where(
    referrals.c.direction == Direction.OUT.value,
    referrals.c.state.in_(sorted(_THERE)),
    _C.ended_at.is_(None),
).order_by(_C.proof_due_at, _C.referral_id)


def insert_days(db: Connection, referral_id: str, agreement_id: str, days: Days) -> None:
    """Keep the days of a referral; again changes nothing."""
    values = {
        "referral_id": referral_id,
        "agreement_id": agreement_id,
        "review_at": days.review_at,
        "keep_until": days.keep_until,
        "proof": days.proof,
        "proof_due_at": days.proof_due_at,
    }
    db.execute(upsert(kept_referrals).values(values).on_conflict_do_nothing())


def kept_of(db: Connection, referral_id: str, *, hold: bool = False) -> KeptReferral | None:
    """The days of a referral; None where its agreement sets none."""
    query = _ALL.where(_C.referral_id == referral_id)
    held = query.with_for_update(of=kept_referrals) if hold else query
    row = db.execute(held).mappings().one_or_none()
    return None if row is None else _to_kept(row)


def reviews_due(db: Connection, now: datetime, *, limit: int) -> list[KeptReferral]:
    """Received referrals whose day of review has come and at which nobody looked."""
    rows = db.execute(_REVIEWS.where(_C.review_at <= now).limit(limit)).mappings()
    return [_to_kept(row) for row in rows]


def proofs_owed(db: Connection, now: datetime, *, limit: int) -> list[KeptReferral]:
    """Sent referrals whose receiver owes the word that they were deleted, or says what keeps them."""
    rows = db.execute(_PROOFS.where(_C.proof_due_at < now).limit(limit)).mappings()
    return [_to_kept(row) for row in rows]


def count_due(db: Connection, now: datetime) -> int:
    """How many reviews and proofs are due."""
    proofs = _PROOFS.where(_C.proof_due_at < now, _C.held_at.is_(None))
    queries = (_REVIEWS.where(_C.review_at <= now), proofs)
    counted = (select(func.count()).select_from(each.order_by(None).subquery()) for each in queries)
    return sum(int(db.execute(each).scalar_one()) for each in counted)


def keep_finding(db: Connection, referral_id: str, finding: Need, *, by: str, at: datetime) -> None:
    """Keep what a review found."""
    values = {"finding": finding.value, "reviewed_by": by, "reviewed_at": at}
    _set(db, referral_id, values)


def lapsed(db: Connection, now: datetime, *, limit: int) -> list[KeptReferral]:
    """Received referrals whose time is over, and that no case is known to keep; the oldest first."""
    over = or_(_C.keep_until <= now, _C.finding == Need.NOT_NEEDED.value)
    query = _ALL.where(
        referrals.c.direction == Direction.IN.value,
        _C.deleted_at.is_(None),
        _C.held_at.is_(None),
        over,
    )
    rows = db.execute(query.order_by(_C.keep_until, _C.referral_id).limit(limit)).mappings()
    return [_to_kept(row) for row in rows]


def ending(db: Connection, *, limit: int) -> list[KeptReferral]:
    """Received referrals whose parts are gone, and whose keys were not yet seen to be."""
    query = _ALL.where(_C.deleted_at.is_not(None), _C.ended_at.is_(None))
    rows = db.execute(query.order_by(_C.deleted_at, _C.referral_id).limit(limit)).mappings()
    return [_to_kept(row) for row in rows]


def erase_parts(db: Connection, referral_id: str) -> int | None:
    """Erase what a received referral brought; how many rows, None while a case keeps it."""
    rows = int(db.execute(select(func.tb_erase_referral(referral_id))).scalar_one())
    return None if rows < 0 else rows


def mark_held(db: Connection, referral_id: str, at: datetime) -> None:
    """Note that a case keeps it by its own law."""
    _set(db, referral_id, {"held_at": at})


def mark_deleted(db: Connection, referral_id: str, at: datetime) -> None:
    """Note that its parts are gone."""
    _set(db, referral_id, {"deleted_at": at})


def mark_ended(db: Connection, referral_id: str, at: datetime) -> None:
    """Note that nothing of it can be read any more."""
    _set(db, referral_id, {"ended_at": at})


def _set(db: Connection, referral_id: str, values: Mapping[str, object]) -> None:
    db.execute(kept_referrals.update().where(_C.referral_id == referral_id).values(values))


def _to_kept(row: RowMapping) -> KeptReferral:
    return KeptReferral(
        referral_id=row["referral_id"],
        peer_id=row["peer_id"],
        direction=Direction(row["direction"]),
        arrived=row["state"] in _THERE,
        agreement_id=row["agreement_id"],
        days=Days(
            review_at=row["review_at"],
            keep_until=row["keep_until"],
            proof=row["proof"],
            proof_due_at=row["proof_due_at"],
        ),
        finding=None if row["finding"] is None else Need(row["finding"]),
        reviewed_by=row["reviewed_by"],
        reviewed_at=row["reviewed_at"],
        held_at=row["held_at"],
        deleted_at=row["deleted_at"],
        ended_at=row["ended_at"],
    )
