"""Every SQL statement of the disclosure room."""

from typing import Any

from sqlalchemy import Connection, RowMapping, select

from tipbridge.police.cases.tables import cases
from tipbridge.police.disclosure.model import Disclosure, Purpose, Sealing, Written
from tipbridge.police.disclosure.tables import disclosures, disclosures_written

_NAMES = (
    "id",
    "case_id",
    "recipient",
    "audit_size",
    "content_sha256",
    "proposed_by",
    "proposed_at",
)


def insert_disclosure(db: Connection, new: Disclosure) -> None:
    """Keep what somebody proposed."""
    values: dict[str, Any] = {name: getattr(new, name) for name in _NAMES}
    sealed = new.sealed
    values["sealed_name"] = None if sealed is None else sealed.name
    values["sealed_recipient"] = None if sealed is None else sealed.recipient
    values["sealed_files"] = [] if sealed is None else list(sealed.files)
    db.execute(
        disclosures.insert().values(
            purpose=new.purpose.value, exhibit_ids=list(new.exhibit_ids), **values
        )
    )


def disclosure_by_id(db: Connection, disclosure_id: str) -> Disclosure | None:
    """A disclosure whose case the actor sees."""
    query = select(disclosures).where(disclosures.c.id == disclosure_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _to_disclosure(row)


def disclosures_of(db: Connection, case_id: str | None) -> list[tuple[Disclosure, str]]:
    """The disclosures that the actor sees, of one case or of all, with the case's number."""
    query = select(disclosures, cases.c.number).join(cases)
    if case_id is not None:
        query = query.where(disclosures.c.case_id == case_id)
    rows = db.execute(query.order_by(disclosures.c.proposed_at, disclosures.c.id)).mappings()
    return [(_to_disclosure(row), row["number"]) for row in rows]


def _to_disclosure(row: RowMapping) -> Disclosure:
    values: dict[str, Any] = {name: row[name] for name in _NAMES}
    sealed = None
    if row["sealed_recipient"] is not None:
        sealed = Sealing(
            name=row["sealed_name"],
            recipient=row["sealed_recipient"],
            files=tuple(row["sealed_files"]),
        )
    return Disclosure(
        purpose=Purpose(row["purpose"]),
        exhibit_ids=tuple(row["exhibit_ids"]),
        sealed=sealed,
        **values,
    )


def insert_written(db: Connection, case_id: str, done: Written) -> None:
    """Keep that a bundle left."""
    db.execute(
        disclosures_written.insert().values(
            id=done.id,
            disclosure_id=done.disclosure_id,
            case_id=case_id,
            written_at=done.written_at,
            written_by=done.written_by,
            content_sha256=done.content_sha256,
        )
    )


def written_of(db: Connection, disclosure_id: str) -> list[Written]:
    """When a disclosure's bundle left, oldest first."""
    table = disclosures_written.c
    query = select(
        table.id, table.disclosure_id, table.written_at, table.written_by, table.content_sha256
    ).where(table.disclosure_id == disclosure_id)
    return [
        Written(**row) for row in db.execute(query.order_by(table.written_at, table.id)).mappings()
    ]
