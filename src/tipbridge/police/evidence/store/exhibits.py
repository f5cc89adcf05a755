"""Exhibits and their custody; row-level security follows the case."""

from collections.abc import Iterable

from sqlalchemy import Connection, RowMapping, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from tipbridge.police.cases.tables import cases
from tipbridge.police.evidence.model import (
    CustodyEvent,
    CustodyFault,
    CustodyKind,
    Exhibit,
    ExhibitKind,
    Seizure,
)
from tipbridge.police.evidence.tables import exhibit_custody, exhibits

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('evidence.custody'), hashtext(:exhibit_id))")


def case_found(db: Connection, case: str) -> tuple[str, str] | None:
    """Id and number of the case that the actor sees under this id or number."""
    query = select(cases.c.id, cases.c.number).where(
        or_(cases.c.id == case, cases.c.number == case)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else (row.id, row.number)


def lock_exhibit(db: Connection, exhibit_id: str) -> None:
    """Let one event at a time join an exhibit's chain."""
    db.execute(_LOCK, {"exhibit_id": exhibit_id})


def insert_exhibit(db: Connection, exhibit: Exhibit) -> bool:
    """Keep an exhibit; False when the case has one of that mark."""
    query = insert(exhibits).values(
        id=exhibit.id,
        case_id=exhibit.case_id,
        mark=exhibit.mark,
        kind=exhibit.kind.value,
        description=exhibit.description,
        identifiers=exhibit.identifiers,
        seized_place=exhibit.seizure.place,
        seized_authority=exhibit.seizure.authority,
        seized_at=exhibit.seizure.at,
        seized_by=exhibit.seizure.by,
        added_at=exhibit.added_at,
    )
    done = db.execute(query.on_conflict_do_nothing(index_elements=["case_id", "mark"]))
    return done.rowcount == 1


def exhibit_by_id(db: Connection, exhibit_id: str) -> tuple[Exhibit, str] | None:
    """An exhibit that the actor sees, and its case's number."""
    query = select(exhibits, cases.c.number).join(cases).where(exhibits.c.id == exhibit_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else (_to_exhibit(row), row["number"])


def exhibits_of(db: Connection, case_id: str | None) -> list[tuple[Exhibit, str]]:
    """The exhibits that the actor sees, of one case or of all, with the case's number."""
    query = select(exhibits, cases.c.number).join(cases)
    if case_id is not None:
        query = query.where(exhibits.c.case_id == case_id)
    rows = db.execute(query.order_by(exhibits.c.added_at.desc(), exhibits.c.mark)).mappings()
    return [(_to_exhibit(row), row["number"]) for row in rows]


def _to_exhibit(row: RowMapping) -> Exhibit:
    return Exhibit(
        id=row["id"],
        case_id=row["case_id"],
        mark=row["mark"],
        kind=ExhibitKind(row["kind"]),
        description=row["description"],
        identifiers=row["identifiers"],
        seizure=Seizure(
            place=row["seized_place"],
            authority=row["seized_authority"],
            at=row["seized_at"],
            by=row["seized_by"],
        ),
        added_at=row["added_at"],
    )


def insert_custody(db: Connection, exhibit_id: str, event: CustodyEvent) -> None:
    """Add an event to an exhibit's chain."""
    db.execute(
        exhibit_custody.insert().values(
            exhibit_id=exhibit_id,
            position=event.position,
            kind=event.kind.value,
            at=event.at,
            giver=event.giver,
            taker=event.taker,
            reason=event.reason,
            faults=[fault.value for fault in event.faults],
            recorded_by=event.recorded_by,
            recorded_at=event.recorded_at,
            salt=event.salt,
            digest=event.digest,
            detail=event.detail,
        )
    )


def custody_of(db: Connection, exhibit_ids: Iterable[str]) -> dict[str, list[CustodyEvent]]:
    """The chains of custody of these exhibits, each in its order."""
    table = exhibit_custody.c
    query = select(exhibit_custody).where(table.exhibit_id.in_(list(exhibit_ids)))
    found: dict[str, list[CustodyEvent]] = {}
    for row in db.execute(query.order_by(table.exhibit_id, table.position)).mappings():
        found.setdefault(row["exhibit_id"], []).append(
            CustodyEvent(
                position=row["position"],
                kind=CustodyKind(row["kind"]),
                at=row["at"],
                giver=row["giver"],
                taker=row["taker"],
                reason=row["reason"],
                faults=tuple(CustodyFault(fault) for fault in row["faults"]),
                recorded_by=row["recorded_by"],
                recorded_at=row["recorded_at"],
                salt=row["salt"],
                digest=row["digest"],
                detail=row["detail"],
            )
        )
    return found
