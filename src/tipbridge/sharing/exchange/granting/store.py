"""Every SQL statement about what this node let a peer send."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.knowledge.agreements.model import CoveredOffence, DataClass, Purpose
from tipbridge.sharing.exchange.model import Grant
from tipbridge.sharing.exchange.tables import asked_classes, grants

_GRANT = select(*grants.c).where(grants.c.request_id == bindparam("id"))
_ASKED = select(asked_classes.c.data_class).where(asked_classes.c.peer_id == bindparam("peer"))


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


def note_asked(db: Connection, peer_id: str, data_class: DataClass, at: datetime) -> None:
    """Keep that this class of data was asked of a peer; the first time counts."""
    row = {"peer_id": peer_id, "data_class": data_class.value, "asked_at": at}
    db.execute(upsert(asked_classes).values(row).on_conflict_do_nothing())


def asked_of(db: Connection, peer_id: str) -> frozenset[DataClass]:
    """The classes of data that were ever asked of a peer."""
    return frozenset(DataClass(word) for word in db.execute(_ASKED, {"peer": peer_id}).scalars())
