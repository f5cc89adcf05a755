"""Every SQL statement about what was known of people before."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from tipbridge.foundation.storage.rows import insert_rows
from tipbridge.police.cases.changing.model import Fact, FactChange
from tipbridge.police.cases.changing.rows import as_document, from_document
from tipbridge.police.cases.changing.tables import case_person_changes

_COLUMNS = [c for c in case_person_changes.c if c.name not in {"corrects", "told_at"}]


def insert_changes(
    db: Connection, changes: Iterable[FactChange], correcting: frozenset[Fact]
) -> None:
    """Keep what was known before; `correcting` are those that others may have been told."""
    rows = [
        {
            "id": each.id,
            "fact": each.fact.value,
            "case_id": each.case_id,
            "person_id": each.person_id,
            "before": as_document(each.before),
            "withdrawn": each.withdrawn,
            "because": each.because,
            "changed_by": each.by,
            "changed_at": each.at,
            "corrects": each.fact in correcting,
        }
        for each in changes
    ]
    insert_rows(db, case_person_changes, rows)


def changes_of(db: Connection, person_id: str) -> list[FactChange]:
    """What was known of somebody before, the last change first."""
    table = case_person_changes.c
    query = select(*_COLUMNS).where(table.person_id == person_id)
    rows = db.execute(query.order_by(table.changed_at.desc(), table.id.desc(), table.fact))
    return [
        FactChange(
            id=row["id"],
            case_id=row["case_id"],
            person_id=row["person_id"],
            fact=Fact(row["fact"]),
            before=from_document(Fact(row["fact"]), row["before"]),
            withdrawn=row["withdrawn"],
            because=row["because"],
            by=row["changed_by"],
            at=row["changed_at"],
        )
        for row in rows.mappings()
    ]


def person_to_tell_of(db: Connection, change_id: str) -> str | None:
    """Of whom something changed that others may have been told, while nobody was told of it."""
    table = case_person_changes.c
    query = select(table.person_id).distinct()
    query = query.where(table.id == change_id, table.corrects, table.told_at.is_(None))
    return db.execute(query).scalar_one_or_none()


def correcting_of(db: Connection, change_id: str) -> tuple[str, datetime] | None:
    """Of whom something changed that others may have been told, and when; or None."""
    table = case_person_changes.c
    query = select(table.person_id, table.changed_at).distinct()
    row = db.execute(query.where(table.id == change_id, table.corrects)).one_or_none()
    return None if row is None else (row[0], row[1])


def note_told(db: Connection, change_id: str, at: datetime) -> None:
    """Note that whoever was to be told of a change is told."""
    table = case_person_changes
    db.execute(table.update().where(table.c.id == change_id).values(told_at=at))
