"""Every SQL statement about packages that peers collect, and peers that are fetched from."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select

from tipbridge.sharing.exchange.model import OutboxState
from tipbridge.sharing.exchange.tables import outbox, peers

_WAITING = (
    select(outbox.c.package_id)
    .where(outbox.c.state == OutboxState.QUEUED.value, outbox.c.peer_id == bindparam("peer"))
    .order_by(outbox.c.handed_at.nulls_first(), outbox.c.queued_at, outbox.c.package_id)
    .with_for_update(skip_locked=True)
)
_NEXT = _WAITING.limit(1)


def next_for(db: Connection, peer_id: str) -> str | None:
    """The package that waits for a peer, that nobody sends now and that is next; held.

    Shape: the oldest of those that were never handed out, then the one handed out longest ago:
    one that its peer fails to take comes again, and holds up no other.
    """
    found: str | None = db.execute(_NEXT, {"peer": peer_id}).scalar_one_or_none()
    return found


def waiting_for(db: Connection, peer_id: str) -> list[str]:
    """All packages that wait for a peer and that nobody sends now; held."""
    return list(db.execute(_WAITING, {"peer": peer_id}).scalars())


def note_handed(db: Connection, package_id: str, at: datetime) -> None:
    """A package was handed out, by machine time."""
    db.execute(outbox.update().where(outbox.c.package_id == package_id).values(handed_at=at))


def fetch_due(db: Connection, *, now: datetime, before: datetime) -> list[str]:
    """The peers from which packages are fetched and that were not asked since `before`."""
    due = peers.update().where(
        peers.c.fetches,
        peers.c.url.is_not(None),
        or_(peers.c.fetched_at.is_(None), peers.c.fetched_at <= before),
    )
    return list(db.execute(due.values(fetched_at=now).returning(peers.c.node_id)).scalars())
