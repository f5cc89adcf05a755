"""Every SQL statement about approvals, and whether there are enough."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, DateTime, ForeignKey, Table, Text, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.foundation.access.approvals.model import Given
from tipbridge.foundation.access.store import person_of, serving
from tipbridge.foundation.access.tables import staff
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.storage.tables import metadata

approvals = Table(
    "approvals",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("content_sha256", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("staff.id"), primary_key=True),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    Column("approved_at", DateTime(timezone=True), nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What an approval is for: a kind of act, its subject, and the SHA-256 of exactly what leaves."""

    kind: str
    subject: str
    content_sha256: str


def approve(db: Connection, bound: Bound, *, staff_id: str, at: datetime) -> None:
    """Keep that this member of staff approves; a second time, or by another account, adds nothing."""
    query = upsert(approvals).values(
        kind=bound.kind,
        subject=bound.subject,
        content_sha256=bound.content_sha256,
        person_id=person_of(db, staff_id),
        staff_id=staff_id,
        approved_at=at,
    )
    db.execute(query.on_conflict_do_nothing())


def people_of(db: Connection, bound: Bound) -> frozenset[str]:
    """The people who approved exactly this content, ever; another content has none of them."""
    query = select(approvals.c.person_id).where(
        approvals.c.kind == bound.kind,
        approvals.c.subject == bound.subject,
        approvals.c.content_sha256 == bound.content_sha256,
    )
    return frozenset(db.execute(query).scalars())


def people_who_may(db: Connection, bound: Bound, roles: Collection[Role]) -> frozenset[str]:
    """Those of them who may still approve: whose access did not end, and who have a role for it."""
    return serving(db, people_of(db, bound), roles)


def approvals_of(db: Connection, bound: Bound) -> list[tuple[str, datetime]]:
    """Who approved exactly this content, by account, and when; oldest first."""
    table = approvals.c
    query = select(table.staff_id, table.approved_at).where(
        table.kind == bound.kind,
        table.subject == bound.subject,
        table.content_sha256 == bound.content_sha256,
    )
    rows = db.execute(query.order_by(table.approved_at, table.staff_id))
    return [(row.staff_id, row.approved_at) for row in rows]


def given_newest(db: Connection, *, limit: int, offset: int = 0) -> list[Given]:
    """Contents that were approved, the last approved first."""
    which = (approvals.c.kind, approvals.c.subject, approvals.c.content_sha256)
    last = func.max(approvals.c.approved_at)
    query = (
        select(
            *which,
            func.count(approvals.c.person_id.distinct()).label("people"),
            func.array_agg(staff.c.username).label("given_by"),
            last.label("last_at"),
        )
        .join(staff, staff.c.id == approvals.c.staff_id)
        .group_by(*which)
        .order_by(last.desc(), *which)
    )
    return [
        Given(
            kind=row.kind,
            subject=row.subject,
            content_sha256=row.content_sha256,
            people=row.people,
            given_by=tuple(sorted(row.given_by)),
            last_at=row.last_at,
        )
        for row in db.execute(query.limit(limit).offset(offset))
    ]
