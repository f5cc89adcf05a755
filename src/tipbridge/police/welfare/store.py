"""Every SQL statement of the welfare room."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from tipbridge.police.welfare.model import Welfare
from tipbridge.police.welfare.tables import welfare_records


def open_welfare(db: Connection, welfare: Welfare) -> bool:
    """Open a child's welfare record; says whether there was none yet."""
    query = insert(welfare_records).values(
        id=welfare.id,
        case_id=welfare.case_id,
        person_id=welfare.person_id,
        opened_at=welfare.opened_at,
        due_on=welfare.due_on,
    )
    return db.execute(query.on_conflict_do_nothing()).rowcount == 1


def update_welfare(db: Connection, welfare: Welfare) -> None:
    """Write down what is now known of a child's welfare."""
    query = welfare_records.update().where(welfare_records.c.id == welfare.id)
    db.execute(
        query.values(
            agency=welfare.agency,
            contact_made=welfare.contact_made,
            child_talk_on=welfare.child_talk_on,
            guardian_talk_on=welfare.guardian_talk_on,
            school_talk_on=welfare.school_talk_on,
            closed_at=welfare.closed_at,
        )
    )


def welfare_by_id(db: Connection, welfare_id: str) -> Welfare | None:
    """One welfare record."""
    query = select(*welfare_records.c).where(welfare_records.c.id == welfare_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _to_welfare(row)


def welfare_of(db: Connection, case_id: str) -> list[Welfare]:
    """The welfare records of a case, oldest first."""
    table = welfare_records.c
    query = select(*table).where(table.case_id == case_id).order_by(table.opened_at, table.id)
    return [_to_welfare(row) for row in db.execute(query).mappings()]


def _to_welfare(row: Mapping[Any, Any]) -> Welfare:
    return Welfare(
        id=row["id"],
        case_id=row["case_id"],
        person_id=row["person_id"],
        opened_at=row["opened_at"],
        due_on=row["due_on"],
        agency=row["agency"],
        contact_made=row["contact_made"],
        child_talk_on=row["child_talk_on"],
        guardian_talk_on=row["guardian_talk_on"],
        school_talk_on=row["school_talk_on"],
        closed_at=row["closed_at"],
    )
