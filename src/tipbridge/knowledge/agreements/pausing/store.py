"""Every SQL statement about suspensions that were told, and those that were said from here."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.knowledge.agreements.model import Suspension
from tipbridge.knowledge.agreements.tables import agreement_suspensions, agreement_suspensions_told

_told = agreement_suspensions_told.c
# A party has one open suspension at a time: one of which the end was not heard ends with the next.
_NEXT = func.lead(_told.starts_at).over(partition_by=_told.node_id, order_by=_told.starts_at)
_TOLD = (
    select(
        _told.starts_at,
        func.coalesce(_told.ends_at, _NEXT).label("ends_at"),
        _told.node_id.label("by"),
        _told.reason,
    )
    .where(_told.sha256 == bindparam("sha256"))
    .order_by(_told.node_id, _told.starts_at)
)


def told_of(db: Connection, sha256: str) -> tuple[Suspension, ...]:
    """What the other party told of its suspensions of an agreement, oldest first, however it came."""
    return tuple(Suspension(**row) for row in db.execute(_TOLD, {"sha256": sha256}).mappings())


def keep_told(
    db: Connection, sha256: str, pause: Suspension, *, package_id: str, at: datetime
) -> bool:
    """Keep what a party told; false when it says nothing new: it came before, or its end did."""
    ended = {"ends_at": pause.ends_at, "package_id": package_id, "kept_at": at}
    query = upsert(agreement_suspensions_told).values(
        sha256=sha256, node_id=pause.by, starts_at=pause.starts_at, reason=pause.reason, **ended
    )
    changed = query.on_conflict_do_update(
        index_elements=["sha256", "node_id", "starts_at"],
        set_=ended,
        where=agreement_suspensions_told.c.ends_at.is_(None) & query.excluded.ends_at.is_not(None),
    )
    kept = db.execute(changed.returning(agreement_suspensions_told.c.sha256))
    return kept.one_or_none() is not None


def said_in(db: Connection, sha256: str) -> dict[datetime, tuple[str | None, str | None]]:
    """In which packages each own suspension and its end were said, by when it starts."""
    own = agreement_suspensions.c
    query = select(own.starts_at, own.said_in, own.end_said_in).where(own.sha256 == sha256)
    return {row.starts_at: (row.said_in, row.end_said_in) for row in db.execute(query)}


def note_said(db: Connection, sha256: str, pause: Suspension, package_id: str) -> None:
    """An own suspension was said in this package; its end, where it has one."""
    own = agreement_suspensions.c
    query = agreement_suspensions.update().where(
        own.sha256 == sha256, own.starts_at == pause.starts_at
    )
    name = "said_in" if pause.ends_at is None else "end_said_in"
    db.execute(query.values({name: package_id}))
