"""Every SQL statement about packages that peers collect, and peers that are fetched from."""

from datetime import datetime

from sqlalchemy import Connection, or_, select

from tipbridge.sharing.exchange.model import OutboxState
from tipbridge.sharing.exchange.tables import outbox, peers


def waiting_for(db: Connection, peer_id: str, *, limit: int) -> list[str]:
    """The packages that wait for a peer and that nobody sends now, oldest first; held."""
    query = (
        select(outbox.c.package_id)
        .where(outbox.c.state == OutboxState.QUEUED.value, outbox.c.peer_id == peer_id)
        .order_by(outbox.c.queued_at, outbox.c.package_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(db.execute(query).scalars())


def fetch_due(db: Connection, *, now: datetime, before: datetime) -> list[str]:
    """The peers from which packages are fetched and that were not asked since `before`."""
    due = peers.update().where(
        peers.c.fetches,
        peers.c.url.is_not(None),
        or_(peers.c.fetched_at.is_(None), peers.c.fetched_at <= before),
    )
    return list(db.execute(due.values(fetched_at=now).returning(peers.c.node_id)).scalars())
