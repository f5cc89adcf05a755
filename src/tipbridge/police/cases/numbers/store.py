"""Every SQL statement about other agencies' numbers."""

from datetime import datetime

from sqlalchemy import Connection, Update, select
from sqlalchemy.dialects.postgresql import insert

from tipbridge.police.cases.numbers.model import WrongNumber
from tipbridge.police.cases.tables import case_foreign_numbers, case_number_changes


def add_number(db: Connection, case_id: str, agency: str, number: str) -> bool:
    """Note another agency's number of the same case; says whether it is new."""
    row = {"case_id": case_id, "agency": agency, "number": number}
    query = insert(case_foreign_numbers).values(row).on_conflict_do_nothing()
    return db.execute(query).rowcount == 1


def restore_number(
    db: Connection, case_id: str, agency: str, number: str, *, change_id: str, by: str, at: datetime
) -> bool:
    """A number that was taken back is the case's after all; says whether it was.

    Shape: who had taken it back, and why, stays beside it.
    """
    table = case_foreign_numbers.c
    gone = select(case_foreign_numbers).where(
        table.case_id == case_id,
        table.agency == agency,
        table.number == number,
        table.taken_back_at.is_not(None),
    )
    row = db.execute(gone.with_for_update()).mappings().one_or_none()
    if row is None:
        return False
    db.execute(
        case_number_changes.insert().values(
            id=change_id,
            case_id=case_id,
            agency=agency,
            number=number,
            because=row["taken_back_because"],
            taken_back_by=row["taken_back_by"],
            taken_back_at=row["taken_back_at"],
            restored_by=by,
            restored_at=at,
        )
    )
    query = _this_number(case_id, agency, number)
    db.execute(query.values(taken_back_at=None, taken_back_by=None, taken_back_because=None))
    return True


def take_back_number(
    db: Connection,
    case_id: str,
    agency: str,
    number: str,
    *,
    because: str,
    by: str,
    at: datetime,
) -> bool:
    """Say that a number is not the case's; says whether it was said to be."""
    query = _this_number(case_id, agency, number)
    query = query.where(case_foreign_numbers.c.taken_back_at.is_(None)).values(
        taken_back_at=at, taken_back_by=by, taken_back_because=because
    )
    return db.execute(query).rowcount == 1


def numbers_of(db: Connection, case_id: str) -> list[tuple[str, str]]:
    """Other agencies' numbers of a case."""
    table = case_foreign_numbers.c
    query = select(table.agency, table.number).where(
        table.case_id == case_id, table.taken_back_at.is_(None)
    )
    rows = db.execute(query.order_by(table.agency, table.number)).mappings()
    return [(row["agency"], row["number"]) for row in rows]


def wrong_numbers_of(db: Connection, case_id: str) -> list[WrongNumber]:
    """The numbers that were taken back, newest first."""
    table = case_foreign_numbers.c
    query = select(case_foreign_numbers).where(
        table.case_id == case_id, table.taken_back_at.is_not(None)
    )
    return [
        WrongNumber(
            agency=row["agency"],
            number=row["number"],
            because=row["taken_back_because"],
            by=row["taken_back_by"],
            at=row["taken_back_at"],
        )
        for row in db.execute(query.order_by(table.taken_back_at.desc())).mappings()
    ]


def restored_numbers_of(db: Connection, case_id: str) -> list[WrongNumber]:
    """The numbers that were taken back by mistake, newest first."""
    table = case_number_changes.c
    query = select(case_number_changes).where(table.case_id == case_id)
    return [
        WrongNumber(
            agency=row["agency"],
            number=row["number"],
            because=row["because"],
            by=row["taken_back_by"],
            at=row["taken_back_at"],
            restored_by=row["restored_by"],
            restored_at=row["restored_at"],
        )
        for row in db.execute(query.order_by(table.restored_at.desc(), table.id)).mappings()
    ]


def _this_number(case_id: str, agency: str, number: str) -> Update:
    table = case_foreign_numbers
    return table.update().where(
        table.c.case_id == case_id, table.c.agency == agency, table.c.number == number
    )
