"""Every SQL statement about what systems take over."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    ScalarSelect,
    Tuple,
    and_,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert

from tipbridge.sharing.referral.life.model import WITHDRAWALS
from tipbridge.sharing.referral.life.tables import referral_sayings
from tipbridge.sharing.referral.model import Direction
from tipbridge.sharing.referral.system.tables import referral_takings
from tipbridge.sharing.referral.tables import referrals


def _version() -> ColumnElement[int]:
    """1, and one more for each withdrawal about a received referral, whoever said it."""
    came = (
        select(func.count())
        .where(
            referral_sayings.c.referral_id == referrals.c.id,
            referral_sayings.c.word.in_([word.value for word in WITHDRAWALS]),
        )
        .scalar_subquery()
    )
    return (came + 1).cast(Integer)


def waiting_for(
    db: Connection, staff_id: str, *, limit: int, after: str | None = None
) -> list[tuple[str, int]]:
    """Ids and versions of the received referrals that this account has not taken over, oldest
    first; those after one of this id, whether that still waits or not.
    """
    version = _version()
    taken = and_(
        referral_takings.c.referral_id == referrals.c.id,
        referral_takings.c.staff_id == staff_id,
    )
    query = (
        select(referrals.c.id, version.label("version"))
        .join(referral_takings, taken, isouter=True)
        .where(
            referrals.c.direction == Direction.IN.value,
            or_(referral_takings.c.version.is_(None), referral_takings.c.version < version),
            *([] if after is None else [_place(referrals) > _place_of(after)]),
        )
        .order_by(referrals.c.opened_at, referrals.c.id)
        .limit(limit)
    )
    return [(row.id, row.version) for row in db.execute(query)]


def _place(table: FromClause) -> Tuple:
    return tuple_(table.c.opened_at, table.c.id)


def _place_of(referral_id: str) -> ScalarSelect[Any]:
    one = referrals.alias("one")
    return select(one.c.opened_at, one.c.id).where(one.c.id == referral_id).scalar_subquery()


def version_of(db: Connection, referral_id: str) -> int:
    """The version of a referral."""
    query = select(_version()).where(referrals.c.id == referral_id)
    return db.execute(query).scalar_one()


def note_taken(
    db: Connection, referral_id: str, staff_id: str, *, version: int, at: datetime
) -> None:
    """Keep that this account took a referral over at this version; an older one changes nothing."""
    query = insert(referral_takings).values(
        referral_id=referral_id, staff_id=staff_id, version=version, at=at
    )
    newer = query.excluded.version > referral_takings.c.version
    db.execute(
        query.on_conflict_do_update(
            index_elements=[referral_takings.c.referral_id, referral_takings.c.staff_id],
            set_={"version": query.excluded.version, "at": query.excluded.at},
            where=newer,
        )
    )
