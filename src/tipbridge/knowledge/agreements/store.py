"""Every SQL statement about agreements."""

import functools
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, select, text

from tipbridge.knowledge.agreements.document import load_agreement
from tipbridge.knowledge.agreements.model import Agreement, Purpose
from tipbridge.knowledge.agreements.tables import agreements

_READ = select(agreements.c.canonical, agreements.c.replaced_at)
_OLDEST_FIRST = _READ.order_by(agreements.c.added_at, agreements.c.sha256)
_BY_SHA256 = _READ.where(agreements.c.sha256 == bindparam("sha256"))
_BETWEEN = _OLDEST_FIRST.where(
    agreements.c.sender == bindparam("sender"),
    agreements.c.receiver == bindparam("receiver"),
    agreements.c.purpose == bindparam("purpose"),
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


def by_sha256(db: Connection, sha256: str) -> Agreement | None:
    """The agreement of this name."""
    row = db.execute(_BY_SHA256, {"sha256": sha256}).mappings().one_or_none()
    return None if row is None else _to_agreement(row)


def between(db: Connection, sender: str, receiver: str, purpose: Purpose) -> list[Agreement]:
    """All agreements for one direction and purpose, oldest first."""
    which = {"sender": sender, "receiver": receiver, "purpose": purpose.value}
    return [_to_agreement(row) for row in db.execute(_BETWEEN, which).mappings()]


def everything(db: Connection) -> list[Agreement]:
    """All agreements, oldest first."""
    return [_to_agreement(row) for row in db.execute(_OLDEST_FIRST).mappings()]


def _to_agreement(row: RowMapping) -> Agreement:
    return replace(_agreement(row["canonical"]), replaced_at=row["replaced_at"])


@functools.lru_cache(maxsize=256)
def _agreement(canonical: bytes) -> Agreement:
    """The stored document is what counts, not columns; the same bytes are read once."""
    return load_agreement(canonical)[0]
