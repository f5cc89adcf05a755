"""Every SQL statement about welfare records and what the case sees of them."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, or_, select
from sqlalchemy.dialects.postgresql import insert

from tipbridge.police.welfare.model import (
    Clock,
    Standing,
    Welfare,
)
from tipbridge.police.welfare.rows import (
    standing_values,
    to_standing,
    to_welfare,
    welfare_values,
)
from tipbridge.police.welfare.store.days import add_clock
from tipbridge.police.welfare.tables import (
    welfare_records,
    welfare_standings,
)


def insert_record(db: Connection, welfare: Welfare, clocks: Iterable[Clock]) -> bool:
    """Open a child's record with its clocks; says whether there was none yet."""
    query = insert(welfare_records).values(welfare_values(welfare)).on_conflict_do_nothing()
    if db.execute(query).rowcount != 1:
        return False
    db.execute(welfare_standings.insert().values(standing_values(welfare)))
    for clock in clocks:
        add_clock(db, clock)
    return True


def update_record(db: Connection, welfare: Welfare) -> None:
    """Write down what is now known, and of it what the case sees."""
    values = welfare_values(welfare)
    db.execute(welfare_records.update().where(welfare_records.c.id == welfare.id).values(values))
    standing = standing_values(welfare)
    query = welfare_standings.update().where(welfare_standings.c.welfare_id == welfare.id)
    db.execute(query.values(contacted_on=standing["contacted_on"], closed_at=standing["closed_at"]))


def record_by_id(db: Connection, welfare_id: str) -> Welfare | None:
    """One record, kept from changes by others until this work ends."""
    query = select(welfare_records).where(welfare_records.c.id == welfare_id).with_for_update()
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else to_welfare(row)


def records_of(db: Connection, case_id: str) -> list[Welfare]:
    """The records of a case that the actor sees, oldest first."""
    table = welfare_records.c
    query = select(welfare_records).where(table.case_id == case_id)
    rows = db.execute(query.order_by(table.opened_at, table.id)).mappings()
    return [to_welfare(row) for row in rows]


def open_records(db: Connection) -> list[Welfare]:
    """Every open record that the actor sees, oldest first."""
    table = welfare_records.c
    query = select(welfare_records).where(table.closed_at.is_(None))
    rows = db.execute(query.order_by(table.opened_at, table.id)).mappings()
    return [to_welfare(row) for row in rows]


def standing_of(db: Connection, person_id: str) -> Standing | None:
    """What the case sees of somebody's record."""
    query = select(welfare_standings).where(welfare_standings.c.person_id == person_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else to_standing(row)


def standings_of(db: Connection, case_id: str) -> list[Standing]:
    """What the case sees of its records."""
    table = welfare_standings.c
    query = select(welfare_standings).where(table.case_id == case_id)
    rows = db.execute(query.order_by(table.opened_at, table.welfare_id)).mappings()
    return [to_standing(row) for row in rows]


def set_removal_waits(db: Connection, welfare_id: str, *, waits: bool, held: bool) -> None:
    """Say whether a request for removal has yet to go out, and whether a mark forbids it."""
    table = welfare_standings
    query = table.update().where(
        table.c.welfare_id == welfare_id,
        or_(table.c.removal_waits.is_not(waits), table.c.removal_held.is_not(held)),
    )
    db.execute(query.values(removal_waits=waits, removal_held=held))


def removals_held(db: Connection, welfare_ids: Collection[str]) -> set[str]:
    """The records of these whose request for removal a mark forbids."""
    table = welfare_standings.c
    query = select(table.welfare_id).where(
        table.welfare_id.in_(welfare_ids), table.removal_held.is_(True)
    )
    return set(db.execute(query).scalars())


def open_jurisdictions(db: Connection) -> list[str]:
    """Whose law the open records that the actor sees are under."""
    record = welfare_records.c
    query = select(record.jurisdiction).where(record.closed_at.is_(None)).distinct()
    return list(db.execute(query).scalars())
