"""Every SQL statement of the exchange."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    Connection,
    RowMapping,
    Select,
    Text,
    any_,
    bindparam,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.foundation.identity.card import parse_card
from tipbridge.foundation.storage.rows import insert_rows
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.knowledge.agreements.model import Purpose
from tipbridge.sharing.exchange.model import (
    Basis,
    BasisKind,
    Incoming,
    OutboxState,
    Outgoing,
    PackageKind,
    Peer,
    RelayedReceipt,
)
from tipbridge.sharing.exchange.tables import (
    inbox,
    outbox,
    peers,
    relayed_receipts,
    sequences,
)

# Built once: building a statement anew costs more than running it.
_PEERS = select(
    peers.c.card,
    peers.c.url,
    peers.c.collected,
    peers.c.fetches,
    peers.c.mutual,
    peers.c.added_at,
    peers.c.added_by,
).order_by(peers.c.node_id)
_PEER_BY_ID = _PEERS.where(peers.c.node_id == bindparam("id"))
_NEXT_SEQUENCE = (
    upsert(sequences)
    .values(
        peer_id=bindparam("peer_id"),
        basis_kind=bindparam("basis_kind"),
        basis_id=bindparam("basis_id"),
        last=1,
    )
    .on_conflict_do_update(
        index_elements=["peer_id", "basis_kind", "basis_id"],
        set_={"last": sequences.c.last + 1},
    )
    .returning(sequences.c.last)
)
_OUTBOX, _INBOX = select(*outbox.c), select(*inbox.c)
_OUTGOING_BY_ID = _OUTBOX.where(outbox.c.package_id == bindparam("id"))
_OUTGOING_TO_SEND = _OUTGOING_BY_ID.with_for_update(skip_locked=True)
_OUTGOING_TOGETHER = (
    _OUTBOX.where(outbox.c.package_id == any_(bindparam("ids", type_=ARRAY(Text))))
    .order_by(outbox.c.queued_at, outbox.c.package_id)
    .with_for_update(skip_locked=True)
)
_OUTGOING_BY_STATEMENT = _OUTBOX.where(
    outbox.c.statement_sha256 == any_(bindparam("sha256s", type_=ARRAY(Text)))
).limit(1)
_INCOMING_BY_ID = _INBOX.where(inbox.c.package_id == bindparam("id"))
_WITHDRAWALS = (
    select(inbox.c.package_id)
    .where(inbox.c.about == bindparam("about"), inbox.c.kind == PackageKind.RECALL.value)
    .order_by(inbox.c.received_at, inbox.c.package_id)
)
_INSERT_OUTGOING = outbox.insert()
_CHANGE_OUTGOING = outbox.update().where(outbox.c.package_id == bindparam("which"))
_SETTLE = _CHANGE_OUTGOING.values(
    state=bindparam("state"),
    attempts=outbox.c.attempts + 1,
    last_outcome=bindparam("last_outcome"),
    receipt=bindparam("receipt"),
    settled_at=bindparam("settled_at"),
)
_COUNT_QUEUED = select(func.count()).where(outbox.c.state == OutboxState.QUEUED.value)
_RELAY = upsert(relayed_receipts).on_conflict_do_nothing().returning(literal(1))
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('exchange.inbox'), hashtext(:id))")


def insert_peer(db: Connection, card: bytes, peer: Peer) -> None:
    """Pin a card."""
    db.execute(
        peers.insert().values(
            node_id=peer.card.node_id,
            card=card,
            url=peer.url,
            collected=peer.collected,
            fetches=peer.fetches,
            mutual=peer.mutual,
            added_at=peer.added_at,
            added_by=peer.added_by,
        )
    )


def set_way(db: Connection, peer: Peer) -> None:
    """Reach a pinned peer by another way from now on."""
    way = {
        "url": peer.url,
        "collected": peer.collected,
        "fetches": peer.fetches,
        "mutual": peer.mutual,
    }
    db.execute(peers.update().where(peers.c.node_id == peer.card.node_id).values(way))


def peer_by_id(db: Connection, node_id: str) -> Peer | None:
    """The pinned peer of this id."""
    found = _peers(db, _PEER_BY_ID, {"id": node_id})
    return found[0] if found else None


def all_peers(db: Connection) -> list[Peer]:
    """All pinned peers, by id."""
    return _peers(db, _PEERS, {})


def _peers(db: Connection, query: Select[*tuple[Any, ...]], which: dict[str, str]) -> list[Peer]:
    return [
        Peer(
            card=parse_card(row.card),
            url=row.url,
            collected=row.collected,
            fetches=row.fetches,
            mutual=row.mutual,
            added_at=row.added_at,
            added_by=row.added_by,
        )
        for row in db.execute(query, which)
    ]


def next_sequence(db: Connection, peer_id: str, basis: Basis) -> int:
    """The next number for this recipient and basis; others wait until this transaction ends."""
    which = {"peer_id": peer_id, "basis_kind": basis.kind.value, "basis_id": basis.id}
    return int(db.execute(_NEXT_SEQUENCE, which).scalar_one())


def insert_outgoing(db: Connection, package: Outgoing) -> None:
    """Put a package in the outbox."""
    db.execute(
        _INSERT_OUTGOING,
        {
            "package_id": package.package_id,
            "peer_id": package.recipient,
            "kind": package.kind.value,
            "basis_kind": package.basis.kind.value,
            "basis_id": package.basis.id,
            "purpose": package.purpose.value,
            "about": package.about,
            "sequence": package.sequence,
            "statement_sha256": package.statement_sha256,
            "key_id": package.key_id,
            "header": sealed_document(package.header),
            "files": [sealed_document(file) for file in package.files],
            "ends_at": package.ends_at,
            "state": package.state.value,
            "queued_at": package.queued_at,
            "attempts": package.attempts,
            "next_attempt_at": package.next_attempt_at,
        },
    )


def outgoing_by_id(db: Connection, package_id: str) -> Outgoing | None:
    """The sent or waiting package of this id."""
    return _one_outgoing(db, _OUTGOING_BY_ID, {"id": package_id})


def outgoing_by_statement(db: Connection, statement_sha256s: Iterable[str]) -> Outgoing | None:
    """The package whose statement is one of these."""
    return _one_outgoing(db, _OUTGOING_BY_STATEMENT, {"sha256s": list(statement_sha256s)})


def lock_for_sending(db: Connection, package_id: str) -> Outgoing | None:
    """The package, held by this transaction; None when another one is sending it now."""
    return _one_outgoing(db, _OUTGOING_TO_SEND, {"id": package_id})


def lock_together(db: Connection, package_ids: Iterable[str]) -> list[Outgoing]:
    """These packages, oldest first, held by this transaction, without what another one is sending."""
    found = db.execute(_OUTGOING_TOGETHER, {"ids": list(package_ids)}).mappings()
    return [_to_outgoing(row) for row in found]


def queued_under(db: Connection, basis: Basis) -> list[str]:
    """The packages that wait under a basis, oldest first."""
    query = (
        select(outbox.c.package_id)
        .where(
            outbox.c.state == OutboxState.QUEUED.value,
            outbox.c.basis_kind == basis.kind.value,
            outbox.c.basis_id == basis.id,
        )
        .order_by(outbox.c.queued_at, outbox.c.package_id)
    )
    return list(db.execute(query).scalars())


def outgoing_newest(db: Connection, *, limit: int) -> list[Outgoing]:
    """The newest packages to peers."""
    query = _OUTBOX.order_by(outbox.c.queued_at.desc(), outbox.c.package_id.desc())
    return [_to_outgoing(row) for row in db.execute(query.limit(limit)).mappings()]


def known_keys(db: Connection, key_ids: Collection[str]) -> set[str]:
    """Those of these key ids that belong to a package."""
    found: set[str] = set()
    for table in (outbox, inbox):
        query = select(table.c.key_id).where(
            table.c.key_id == any_(literal([*key_ids], ARRAY(Text)))
        )
        found.update(db.execute(query).scalars())
    return found


def count_queued(db: Connection) -> int:
    """How many packages wait for an attempt or for its end."""
    return int(db.execute(_COUNT_QUEUED).scalar_one())


def count_queued_by_peer(db: Connection) -> dict[str, int]:
    """How many packages wait for each peer that has any."""
    query = (
        select(outbox.c.peer_id, func.count().label("number"))
        .where(outbox.c.state == OutboxState.QUEUED.value)
        .group_by(outbox.c.peer_id)
    )
    return {row.peer_id: row.number for row in db.execute(query)}


def lease_due(db: Connection, *, now: datetime, until: datetime, limit: int) -> list[str]:
    """The packages that are due at `now` (machine time), set aside until `until`."""
    due = (
        select(outbox.c.package_id)
        .where(outbox.c.state == OutboxState.QUEUED.value, outbox.c.next_attempt_at <= now)
        .order_by(outbox.c.next_attempt_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    query = (
        outbox.update()
        .where(outbox.c.package_id.in_(due.scalar_subquery()))
        .values(next_attempt_at=until)
        .returning(outbox.c.package_id)
    )
    return list(db.execute(query).scalars())


def note_attempt(
    db: Connection, package_id: str, *, outcome: str, next_attempt_at: datetime
) -> None:
    """One more attempt that did not settle the package."""
    db.execute(
        outbox.update()
        .where(outbox.c.package_id == package_id)
        .values(
            attempts=outbox.c.attempts + 1, last_outcome=outcome, next_attempt_at=next_attempt_at
        )
    )


def settle(
    db: Connection,
    package_id: str,
    *,
    state: OutboxState,
    outcome: str,
    at: datetime,
    receipt: bytes | None = None,
) -> None:
    """The package needs no further attempt."""
    ended = {"state": state.value, "last_outcome": outcome, "receipt": receipt, "settled_at": at}
    db.execute(_SETTLE, {"which": package_id, **ended})


def note_content(db: Connection, package_id: str, content_sha256: str) -> None:
    """Keep the digest of the package's bytes from its first building."""
    db.execute(_CHANGE_OUTGOING, {"which": package_id, "content_sha256": content_sha256})


def requeue(db: Connection, package_id: str, *, next_attempt_at: datetime) -> None:
    """Try a package again that failed."""
    again = {"state": OutboxState.QUEUED.value, "next_attempt_at": next_attempt_at}
    db.execute(_CHANGE_OUTGOING, {"which": package_id, **again, "settled_at": None})


def insert_relayed(db: Connection, receipt: RelayedReceipt, envelope_sha256: str) -> bool:
    """Keep the final receiver's receipt; false, and nothing changed, when it is here already."""
    kept = db.execute(
        _RELAY,
        {
            "package_id": receipt.package_id,
            "envelope_sha256": envelope_sha256,
            "signer": receipt.signer,
            "envelope": receipt.envelope,
            "verified": receipt.verified,
            "kept_at": receipt.kept_at,
        },
    )
    return kept.one_or_none() is not None


def relayed_for(db: Connection, package_id: str) -> list[RelayedReceipt]:
    """The final receivers' receipts that came back for a package."""
    query = (
        select(
            relayed_receipts.c.package_id,
            relayed_receipts.c.signer,
            relayed_receipts.c.envelope,
            relayed_receipts.c.verified,
            relayed_receipts.c.kept_at,
        )
        .where(relayed_receipts.c.package_id == package_id)
        .order_by(relayed_receipts.c.kept_at, relayed_receipts.c.envelope_sha256)
    )
    return [RelayedReceipt(**row) for row in db.execute(query).mappings()]


def one_receipt_at_a_time(db: Connection, package_id: str) -> None:
    """Let one transaction at a time receive packages of this id."""
    db.execute(_ONE_AT_A_TIME, {"id": package_id})


def insert_incoming(db: Connection, package: Incoming) -> None:
    """Put a received package in the inbox."""
    insert_together(db, [package])


def insert_together(db: Connection, packages: Iterable[Incoming]) -> None:
    """Put received packages in the inbox."""
    rows = [
        {
            "package_id": package.package_id,
            "sender": package.sender,
            "kind": package.kind.value,
            "basis_kind": package.basis.kind.value,
            "basis_id": package.basis.id,
            "purpose": package.purpose.value,
            "about": package.about,
            "sequence": package.sequence,
            "sent_at": package.sent_at,
            "received_at": package.received_at,
            "content_sha256": package.content_sha256,
            "key_id": package.key_id,
            "header": sealed_document(package.header),
            "files": {label: sealed_document(file) for label, file in package.files.items()},
            "receipt": package.receipt,
        }
        for package in packages
    ]
    insert_rows(db, inbox, rows)


def incoming_by_id(db: Connection, package_id: str) -> Incoming | None:
    """The received package of this id."""
    row = db.execute(_INCOMING_BY_ID, {"id": package_id}).mappings().one_or_none()
    return None if row is None else _to_incoming(row)


def incoming_newest(db: Connection, *, limit: int) -> list[Incoming]:
    """The newest packages from peers."""
    query = _INBOX.order_by(inbox.c.received_at.desc(), inbox.c.package_id.desc())
    return [_to_incoming(row) for row in db.execute(query.limit(limit)).mappings()]


def withdrawals_about(db: Connection, package_id: str) -> list[str]:
    """The received packages that take back something of this one, in the order they came."""
    return list(db.execute(_WITHDRAWALS, {"about": package_id}).scalars())


def received_sequences(db: Connection) -> list[tuple[str, Basis, list[int]]]:
    """For each sender and basis, the sequence numbers that have arrived."""
    query = (
        select(
            inbox.c.sender,
            inbox.c.basis_kind,
            inbox.c.basis_id,
            func.array_agg(inbox.c.sequence).label("numbers"),
        )
        .group_by(inbox.c.sender, inbox.c.basis_kind, inbox.c.basis_id)
        .order_by(inbox.c.sender, inbox.c.basis_kind, inbox.c.basis_id)
    )
    return [
        (row["sender"], _basis(row), list(row["numbers"])) for row in db.execute(query).mappings()
    ]


def sealed_document(sealed: Sealed) -> dict[str, object]:
    """A reference into the vault as JSON."""
    return {
        "key_id": sealed.key_id,
        "file_id": sealed.file_id,
        "wrapped_key": sealed.wrapped_key.hex(),
        "size_bytes": sealed.size_bytes,
    }


def read_sealed(document: Mapping[str, Any]) -> Sealed:
    """The reference that `sealed_document` wrote."""
    return Sealed(
        key_id=document["key_id"],
        file_id=document["file_id"],
        wrapped_key=bytes.fromhex(document["wrapped_key"]),
        size_bytes=document["size_bytes"],
    )


def _basis(row: RowMapping) -> Basis:
    return Basis(kind=BasisKind(row["basis_kind"]), id=row["basis_id"])


def _one_outgoing(
    db: Connection, query: Select[Any], which: Mapping[str, object]
) -> Outgoing | None:
    row = db.execute(query, which).mappings().one_or_none()
    return None if row is None else _to_outgoing(row)


def _to_outgoing(row: RowMapping) -> Outgoing:
    return Outgoing(
        package_id=row["package_id"],
        recipient=row["peer_id"],
        kind=PackageKind(row["kind"]),
        basis=_basis(row),
        purpose=Purpose(row["purpose"]),
        about=row["about"],
        sequence=row["sequence"],
        statement_sha256=row["statement_sha256"],
        key_id=row["key_id"],
        header=read_sealed(row["header"]),
        files=tuple(read_sealed(item) for item in row["files"]),
        ends_at=row["ends_at"],
        state=OutboxState(row["state"]),
        queued_at=row["queued_at"],
        attempts=row["attempts"],
        next_attempt_at=row["next_attempt_at"],
        last_outcome=row["last_outcome"],
        content_sha256=row["content_sha256"],
        receipt=row["receipt"],
        settled_at=row["settled_at"],
    )


def _to_incoming(row: RowMapping) -> Incoming:
    files = cast("dict[str, dict[str, Any]]", row["files"])
    return Incoming(
        package_id=row["package_id"],
        sender=row["sender"],
        kind=PackageKind(row["kind"]),
        basis=_basis(row),
        purpose=Purpose(row["purpose"]),
        about=row["about"],
        sequence=row["sequence"],
        sent_at=row["sent_at"],
        received_at=row["received_at"],
        content_sha256=row["content_sha256"],
        key_id=row["key_id"],
        header=read_sealed(row["header"]),
        files={label: read_sealed(item) for label, item in files.items()},
        receipt=row["receipt"],
    )
