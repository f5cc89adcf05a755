"""Every SQL statement about peers' keys."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, select

from tipbridge.foundation.identity.card import NodeCard, parse_card
from tipbridge.sharing.exchange.tables import inbox, peers
from tipbridge.sharing.exchange.trusting.model import PeerKey
from tipbridge.sharing.exchange.trusting.tables import peer_keys

_ALL = select(
    peer_keys.c.card,
    peer_keys.c.pinned_at,
    peer_keys.c.vouched_by,
    peer_keys.c.revoked_from,
).order_by(peer_keys.c.pinned_at, peer_keys.c.key_id)
_OF_NODE = _ALL.where(peer_keys.c.node_id == bindparam("node"))


def insert_key(db: Connection, card: bytes, key: PeerKey) -> None:
    """Pin a key of a peer."""
    db.execute(
        peer_keys.insert().values(
            key_id=key.key_id,
            node_id=key.card.node_id,
            card=card,
            pinned_at=key.pinned_at,
            vouched_by=key.vouched_by,
        )
    )


def follow(db: Connection, node_id: str, card: bytes) -> None:
    """Seal to another card of a peer from now on."""
    db.execute(peers.update().where(peers.c.node_id == node_id).values(card=card))


def revoke(db: Connection, key_id: str, *, since: datetime, at: datetime, by: str) -> None:
    """Let nothing count that was signed with a key from a moment on."""
    changed = {"revoked_from": since, "revoked_at": at, "revoked_by": by}
    db.execute(peer_keys.update().where(peer_keys.c.key_id == key_id).values(changed))


def all_keys(db: Connection) -> list[PeerKey]:
    """Every key that was ever pinned, oldest first."""
    return _keys(db, _ALL, {})


def keys_of(db: Connection, node_id: str) -> list[PeerKey]:
    """Every key that was ever pinned for a peer, oldest first."""
    return _keys(db, _OF_NODE, {"node": node_id})


def signed_card(db: Connection, key_id: str) -> bytes | None:
    """The card, signed by its own node, that was pinned with a key."""
    query = select(peer_keys.c.card).where(peer_keys.c.key_id == key_id)
    card: bytes | None = db.execute(query).scalar_one_or_none()
    return card


def received_since(db: Connection, since: datetime) -> list[tuple[str, str]]:
    """The packages that came from a moment on, oldest first, and who sent each."""
    query = (
        select(inbox.c.package_id, inbox.c.sender)
        .where(inbox.c.received_at >= since)
        .order_by(inbox.c.received_at, inbox.c.package_id)
    )
    return [(row.package_id, row.sender) for row in db.execute(query)]


def _keys(db: Connection, query: Select[*tuple[Any, ...]], which: dict[str, str]) -> list[PeerKey]:
    return [_to_key(row) for row in db.execute(query, which).mappings()]


def _to_key(row: RowMapping) -> PeerKey:
    card: NodeCard = parse_card(row["card"])
    return PeerKey(
        card=card,
        pinned_at=row["pinned_at"],
        vouched_by=row["vouched_by"],
        revoked_from=row["revoked_from"],
    )
