"""Every SQL statement about agreements."""

import functools
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.knowledge.agreements.document import load_agreement
from tipbridge.knowledge.agreements.model import Agreement, Purpose, Suspension
from tipbridge.knowledge.agreements.pausing.store import told_of
from tipbridge.knowledge.agreements.tables import (
    agreement_keys,
    agreement_signatures,
    agreement_suspensions,
    agreement_suspensions_told,
    agreements,
)

_SIGNERS = (
    select(func.array_agg(agreement_signatures.c.node_id))
    .where(agreement_signatures.c.sha256 == agreements.c.sha256)
    .where(agreement_signatures.c.ended_at.is_(None))
    .scalar_subquery()
)
_PAUSED = (
    select(func.count())
    .where(agreement_suspensions.c.sha256 == agreements.c.sha256)
    .scalar_subquery()
)
_TOLD = (
    select(func.count())
    .where(agreement_suspensions_told.c.sha256 == agreements.c.sha256)
    .scalar_subquery()
)
_READ = select(
    agreements.c.sha256,
    agreements.c.canonical,
    agreements.c.replaced_at,
    agreements.c.withdrawn_at,
    _SIGNERS.label("signers"),
    _PAUSED.label("paused"),
    _TOLD.label("told"),
)
_SUSPENSIONS = (
    select(*agreement_suspensions.c)
    .where(agreement_suspensions.c.sha256 == bindparam("sha256"))
    .order_by(agreement_suspensions.c.starts_at)
)
_OLDEST_FIRST = _READ.order_by(agreements.c.added_at, agreements.c.sha256)
_BY_SHA256 = _READ.where(agreements.c.sha256 == bindparam("sha256"))
_BETWEEN = _OLDEST_FIRST.where(
    agreements.c.sender == bindparam("sender"),
    agreements.c.receiver == bindparam("receiver"),
    agreements.c.purpose == bindparam("purpose"),
)
_KEY = select(agreement_keys.c.key_id, agreement_keys.c.sealed).where(
    agreement_keys.c.sha256 == bindparam("sha256")
)
_KEEP_OUT = text("SELECT pg_advisory_xact_lock(hashtext('agreements.add'))")


def lock_adding(db: Connection) -> None:
    """Let one addition at a time look for overlaps."""
    db.execute(_KEEP_OUT)


def insert(
    db: Connection, agreement: Agreement, canonical: bytes, *, at: datetime, by: str
) -> None:
    """Keep an agreement with its canonical bytes."""
    db.execute(
        agreements.insert().values(
            sha256=agreement.sha256,
            canonical=canonical,
            sender=agreement.terms.sender,
            receiver=agreement.terms.receiver,
            purpose=agreement.terms.purpose.value,
            added_at=at,
            added_by=by,
        )
    )


def mark_replaced(db: Connection, sha256: str, *, by: str, at: datetime) -> None:
    """Say that a later version takes this one's place from `at`."""
    query = agreements.update().where(agreements.c.sha256 == sha256)
    db.execute(query.values(replaced_at=at, replaced_by=by))


def mark_standing(db: Connection, sha256: str) -> None:
    """Say that no later version takes this one's place any more."""
    query = agreements.update().where(agreements.c.sha256 == sha256)
    db.execute(query.values(replaced_at=None, replaced_by=None))


def mark_withdrawn(db: Connection, sha256: str, *, by: str, at: datetime) -> None:
    """Say that a draft is not to be signed any more."""
    query = agreements.update().where(agreements.c.sha256 == sha256)
    db.execute(query.values(withdrawn_at=at, withdrawn_by=by))


def by_sha256(db: Connection, sha256: str) -> Agreement | None:
    """The agreement of this name."""
    row = db.execute(_BY_SHA256, {"sha256": sha256}).mappings().one_or_none()
    return None if row is None else _to_agreement(db, row)


def between(db: Connection, sender: str, receiver: str, purpose: Purpose) -> list[Agreement]:
    """All agreements for one direction and purpose, oldest first."""
    which = {"sender": sender, "receiver": receiver, "purpose": purpose.value}
    return [_to_agreement(db, row) for row in db.execute(_BETWEEN, which).mappings().all()]


def everything(db: Connection) -> list[Agreement]:
    """All agreements, oldest first."""
    return [_to_agreement(db, row) for row in db.execute(_OLDEST_FIRST).mappings().all()]


def canonical_of(db: Connection, sha256: str) -> bytes | None:
    """The exact bytes that both parties sign."""
    query = select(agreements.c.canonical).where(agreements.c.sha256 == sha256)
    return db.execute(query).scalar_one_or_none()


def insert_signature(
    db: Connection, sha256: str, node_id: str, envelope: bytes, *, at: datetime, by: str
) -> None:
    """Keep a party's signature; one that counts stays, another one takes the place of one that does not."""
    values = {"envelope": envelope, "kept_at": at, "kept_by": by}
    query = upsert(agreement_signatures).values(sha256=sha256, node_id=node_id, **values)
    ended = agreement_signatures.c.ended_at.is_not(None)
    db.execute(
        query.on_conflict_do_update(
            index_elements=["sha256", "node_id"], set_={**values, "ended_at": None}, where=ended
        )
    )


def signatures_since(db: Connection, node_id: str, since: datetime) -> list[tuple[str, bytes]]:
    """The signatures of a party that were kept from a moment on and count, by agreement."""
    kept = agreement_signatures.c
    query = select(kept.sha256, kept.envelope).where(
        kept.node_id == node_id, kept.kept_at >= since, kept.ended_at.is_(None)
    )
    return [(row.sha256, row.envelope) for row in db.execute(query.order_by(kept.sha256))]


def ever_signed(db: Connection, sha256: str) -> set[str]:
    """The parties that ever signed an agreement, those whose signature counts no more included."""
    kept = agreement_signatures.c
    return set(db.execute(select(kept.node_id).where(kept.sha256 == sha256)).scalars())


def end_signature(db: Connection, sha256: str, node_id: str, *, at: datetime) -> None:
    """Let a party's signature count no more."""
    db.execute(
        agreement_signatures.update()
        .where(agreement_signatures.c.sha256 == sha256, agreement_signatures.c.node_id == node_id)
        .values(ended_at=at)
    )


def replaced_by(db: Connection, sha256: str) -> str | None:
    """The version that took this one's place."""
    query = select(agreements.c.replaced_by).where(agreements.c.sha256 == sha256)
    return db.execute(query).scalar_one_or_none()


def insert_suspension(db: Connection, sha256: str, pause: Suspension) -> None:
    """Keep that an agreement allows nothing from a moment on."""
    db.execute(
        agreement_suspensions.insert().values(
            sha256=sha256,
            starts_at=pause.starts_at,
            ends_at=pause.ends_at,
            reason=pause.reason,
            suspended_by=pause.by,
        )
    )


def lift_suspension(
    db: Connection, sha256: str, starts_at: datetime, *, at: datetime, by: str
) -> None:
    """Say when a suspension ended; one that never began ends where it would have begun."""
    query = agreement_suspensions.update().where(
        agreement_suspensions.c.sha256 == sha256, agreement_suspensions.c.starts_at == starts_at
    )
    db.execute(query.values(ends_at=max(at, starts_at), lifted_by=by))


def key_of(db: Connection, sha256: str) -> tuple[str, bytes] | None:
    """The vault group and the sealed key of an agreement's hashes; None while none was needed."""
    row = db.execute(_KEY, {"sha256": sha256}).one_or_none()
    return None if row is None else (row.key_id, row.sealed)


def insert_key(db: Connection, sha256: str, *, key_id: str, sealed: bytes, at: datetime) -> None:
    """Keep the key of an agreement's hashes; it never changes."""
    db.execute(
        agreement_keys.insert().values(sha256=sha256, key_id=key_id, sealed=sealed, made_at=at)
    )


def known_keys(db: Connection, key_ids: Collection[str]) -> set[str]:
    """Those of these vault groups that hold an agreement's key."""
    query = select(agreement_keys.c.key_id).where(agreement_keys.c.key_id.in_([*key_ids]))
    return set(db.execute(query).scalars())


def _to_agreement(db: Connection, row: RowMapping) -> Agreement:
    found = _agreement(row["canonical"])
    return replace(
        found,
        sha256=row["sha256"],
        replaced_at=row["replaced_at"],
        withdrawn_at=row["withdrawn_at"],
        signed_by=frozenset(row["signers"] or ()),
        suspensions=_suspensions(db, row["sha256"]) if row["paused"] else (),
        told=told_of(db, row["sha256"]) if row["told"] else (),
    )


def _suspensions(db: Connection, sha256: str) -> tuple[Suspension, ...]:
    return tuple(
        Suspension(
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            by=row["suspended_by"],
            reason=row["reason"],
        )
        for row in db.execute(_SUSPENSIONS, {"sha256": sha256}).mappings()
    )


@functools.lru_cache(maxsize=256)
def _agreement(canonical: bytes) -> Agreement:
    """The stored document is what counts, not columns; the same bytes are read once."""
    return load_agreement(canonical)[0]
