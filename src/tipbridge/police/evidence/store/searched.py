"""Lists that passes looked into."""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import Connection, func, select

from tipbridge.police.evidence.searches import SearchedList, Searching, searched_with
from tipbridge.police.evidence.tables import exhibit_searched


def insert_searched(db: Connection, pass_id: str, exhibit_id: str, told: Searching) -> None:
    """Keep the lists that are in effect from here on."""
    table = exhibit_searched.c
    number = select(func.coalesce(func.max(table.number), 0) + 1).where(table.pass_id == pass_id)
    db.execute(
        exhibit_searched.insert().values(
            pass_id=pass_id,
            number=number.scalar_subquery(),
            exhibit_id=exhibit_id,
            at=told.at,
            since_entries=told.since_entries,
            lists=[asdict(each) for each in told.lists],
        )
    )


def searched_by(db: Connection, pass_ids: Iterable[str]) -> dict[str, tuple[Searching, ...]]:
    """With which lists each of these passes looked up what it found, in turn; of one from before none."""
    table = exhibit_searched.c
    query = select(table.pass_id, table.at, table.since_entries, table.lists).where(
        table.pass_id.in_(list(pass_ids))
    )
    found: dict[str, list[Searching]] = {}
    for row in db.execute(query.order_by(table.pass_id, table.number)):
        lists = tuple(SearchedList(**each) for each in row.lists)
        told = Searching(at=row.at, since_entries=row.since_entries, lists=lists)
        found.setdefault(row.pass_id, []).append(told)
    return {pass_id: searched_with(told) for pass_id, told in found.items()}
