"""Every SQL statement about what this node let a peer send."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.knowledge.agreements.model import CoveredOffence, DataClass, Purpose
from tipbridge.sharing.exchange.model import Grant
from tipbridge.sharing.exchange.tables import asked_classes, grants

_GRANT = select(*grants.c).where(grants.c.request_id == bindparam("id"))
_ASKED = select(asked_classes.c.package_id, asked_classes.c.data_class).where(
    asked_classes.c.peer_id == bindparam("peer"),
    asked_classes.c.package_id.in_(bindparam("packages", expanding=True)),
)


def insert_grant(db: Connection, grant: Grant) -> None:
    """Let packages under this granted request in; again changes nothing."""
    db.execute(
        upsert(grants)
        .values(
            request_id=grant.request_id,
            peer_id=grant.peer_id,
            purpose=grant.purpose.value,
            granted_at=grant.granted_at,
            ends_at=grant.ends_at,
            allowed=sorted(data_class.value for data_class in grant.allowed),
            offences=sorted(offence.value for offence in grant.offences),
        )
        .on_conflict_do_nothing()
    )


def end_grant(db: Connection, request_id: str, at: datetime) -> None:
    """Let nothing more in under this grant, if it had not ended before."""
    db.execute(
        grants.update()
        .where(grants.c.request_id == request_id, grants.c.ends_at > at)
        .values(ends_at=at)
    )


def grant_by_id(db: Connection, request_id: str) -> Grant | None:
    """The grant of this request."""
    row = db.execute(_GRANT, {"id": request_id}).one_or_none()
    if row is None:
        return None
    return Grant(
        request_id=row.request_id,
        peer_id=row.peer_id,
        purpose=Purpose(row.purpose),
        granted_at=row.granted_at,
        ends_at=row.ends_at,
        allowed=frozenset(map(DataClass, row.allowed)),
        offences=frozenset(map(CoveredOffence, row.offences)),
    )


def note_asked(
    db: Connection, peer_id: str, package_id: str, data_class: DataClass, at: datetime
) -> None:
    """Keep that a peer was asked for this class of data, for want of it in a package of its."""
    row = {
        "peer_id": peer_id,
        "package_id": package_id,
        "data_class": data_class.value,
        "asked_at": at,
    }
    db.execute(upsert(asked_classes).values(row).on_conflict_do_nothing())


def asked_of(
    db: Connection, peer_id: str, packages: Collection[str]
) -> frozenset[tuple[str, DataClass]]:
    """The classes of data that a peer was asked for, each with which of these packages lacked it."""
    if not packages:
        return frozenset()
    rows = db.execute(_ASKED, {"peer": peer_id, "packages": [*packages]})
    return frozenset((row.package_id, DataClass(row.data_class)) for row in rows)
