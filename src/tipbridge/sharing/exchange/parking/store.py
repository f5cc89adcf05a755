"""Every SQL statement about messages that failed for good."""

from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.sharing.exchange.model import RECALLED, OutboxState, PackageKind
from tipbridge.sharing.exchange.parking.model import Parked
from tipbridge.sharing.exchange.parking.tables import parked_packages
from tipbridge.sharing.exchange.tables import inbox, outbox

_OPEN = parked_packages.c.ended_at.is_(None)
_END = parked_packages.update().where(parked_packages.c.package_id == bindparam("which"), _OPEN)
_REFUSED = outbox.c.state == OutboxState.REFUSED.value
_ENDED = and_(outbox.c.state == OutboxState.LAPSED.value, outbox.c.last_outcome != RECALLED)


def park(db: Connection, package_id: str, *, reason: str, at: datetime) -> None:
    """Keep that a received package could not be followed, once more if it was parked before."""
    again = {"reason": reason, "tries": parked_packages.c.tries + 1, "ended_at": None}
    query = upsert(parked_packages).values(
        package_id=package_id, reason=reason, tries=1, parked_at=at
    )
    db.execute(query.on_conflict_do_update(index_elements=["package_id"], set_=again))


def end(db: Connection, package_id: str, at: datetime) -> None:
    """A package that was parked has been followed; nothing when it was not parked."""
    db.execute(_END, {"which": package_id, "ended_at": at})


def is_parked(db: Connection, package_id: str) -> bool:
    """Whether a received package waits for staff."""
    query = select(literal(1)).where(parked_packages.c.package_id == package_id, _OPEN)
    return db.execute(query).one_or_none() is not None


def parked_in(db: Connection, *, limit: int) -> list[Parked]:
    """Received packages that wait for staff, newest first."""
    row = parked_packages.c
    query = (
        select(row.package_id, inbox.c.sender, inbox.c.kind, row.reason, row.tries, row.parked_at)
        .join(inbox, inbox.c.package_id == row.package_id)
        .where(_OPEN)
        .order_by(row.parked_at.desc(), row.package_id.desc())
    )
    return [
        Parked(
            package_id=found.package_id,
            peer_id=found.sender,
            kind=PackageKind(found.kind),
            incoming=True,
            reason=found.reason,
            tries=found.tries,
            at=found.parked_at,
        )
        for found in db.execute(query.limit(limit))
    ]


def parked_out(db: Connection, *, limit: int) -> list[Parked]:
    """Packages that their peer refused or that lapsed in the queue, newest first."""
    row = outbox.c
    query = (
        select(
            row.package_id,
            row.peer_id,
            row.kind,
            row.state,
            row.last_outcome,
            row.attempts,
            row.settled_at,
        )
        .where(or_(_REFUSED, _ENDED))
        .order_by(row.settled_at.desc(), row.package_id.desc())
    )
    return [
        Parked(
            package_id=found.package_id,
            peer_id=found.peer_id,
            kind=PackageKind(found.kind),
            incoming=False,
            lapsed=found.state == OutboxState.LAPSED.value,
            reason=found.last_outcome,
            tries=found.attempts,
            at=found.settled_at,
        )
        for found in db.execute(query.limit(limit))
    ]


def count_parked(db: Connection, *, lapsed_since: datetime) -> int:
    """How many packages wait for staff, both ways; of lapsed ones those since a moment."""
    waits = or_(_REFUSED, and_(_ENDED, outbox.c.settled_at >= lapsed_since))
    sent = select(func.count()).select_from(outbox).where(waits).scalar_subquery()
    came = select(func.count()).select_from(parked_packages).where(_OPEN).scalar_subquery()
    return int(db.execute(select(sent + came)).scalar_one())
