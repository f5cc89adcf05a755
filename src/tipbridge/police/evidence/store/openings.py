"""Sources that were opened, and how far each reading of them had come."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from tipbridge.police.evidence.readings import GivenUp, Opening, Reading, ReadingMark
from tipbridge.police.evidence.tables import (
    exhibit_examinations,
    exhibit_given_up,
    exhibit_openings,
    exhibit_passes,
    exhibit_readings,
)

_NAMES = ("id", "exhibit_id", "at", "examiner", "tool", "source", "custody")


def insert_opening(db: Connection, opening: Opening) -> None:
    """Keep that a source is opened."""
    values: dict[str, Any] = {name: getattr(opening, name) for name in _NAMES}
    db.execute(exhibit_openings.insert().values(values))


def opening_of(db: Connection, exhibit_id: str, *, source: str, examiner: str) -> Opening | None:
    """The examiner's opening of a source that is neither finished nor given up; the first of several."""
    table = exhibit_openings.c
    query = (
        select(exhibit_openings)
        .where(table.exhibit_id == exhibit_id, table.source == source, table.examiner == examiner)
        .where(_is_open())
        .order_by(table.at, table.id)
    )
    row = db.execute(query.limit(1)).mappings().one_or_none()
    return None if row is None else _to_opening(row)


def open_opening(db: Connection, pass_id: str) -> Opening | None:
    """An opening that is neither finished nor given up."""
    query = select(exhibit_openings).where(exhibit_openings.c.id == pass_id, _is_open())
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _to_opening(row)


def opening_by_id(db: Connection, pass_id: str) -> Opening | None:
    """An opening of an exhibit that the actor sees."""
    query = select(exhibit_openings).where(exhibit_openings.c.id == pass_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _to_opening(row)


def openings_of(db: Connection, exhibit_id: str) -> tuple[Opening, ...]:
    """The openings of an exhibit that came to no digest yet, or never, oldest first."""
    table, left = exhibit_openings.c, exhibit_given_up.c
    begun = select(exhibit_passes.c.id).where(exhibit_passes.c.id == table.id)
    query = (
        select(exhibit_openings, left.at.label("left_at"), left.given_up_by, left.reason)
        .outerjoin(exhibit_given_up, left.pass_id == table.id)
        .where(table.exhibit_id == exhibit_id, ~begun.exists())
        .order_by(table.at, table.id)
    )
    return tuple(
        replace(_to_opening(row), now=last_mark(db, row["id"]), given_up=_to_given_up(row))
        for row in db.execute(query).mappings()
    )


def _is_open() -> ColumnElement[bool]:
    table = exhibit_openings.c
    done = select(exhibit_examinations.c.id).where(exhibit_examinations.c.id == table.id)
    left = select(exhibit_given_up.c.pass_id).where(exhibit_given_up.c.pass_id == table.id)
    return ~done.exists() & ~left.exists()


def _to_opening(row: RowMapping) -> Opening:
    return Opening(**{name: row[name] for name in _NAMES})


def _to_given_up(row: RowMapping) -> GivenUp | None:
    if row["left_at"] is None:
        return None
    return GivenUp(at=row["left_at"], by=row["given_up_by"], reason=row["reason"])


def insert_mark(db: Connection, exhibit_id: str, mark: ReadingMark) -> None:
    """Keep how far a reading has come."""
    table = exhibit_readings.c
    number = select(func.coalesce(func.max(table.number), 0) + 1).where(
        table.pass_id == mark.pass_id
    )
    db.execute(
        exhibit_readings.insert().values(
            pass_id=mark.pass_id,
            number=number.scalar_subquery(),
            exhibit_id=exhibit_id,
            reading=mark.reading.value,
            began_at=mark.began_at,
            at=mark.at,
            bytes_read=mark.bytes_read,
            size_bytes=mark.size_bytes,
        )
    )


def last_mark(
    db: Connection, pass_id: str, *, reading: Reading | None = None
) -> ReadingMark | None:
    """The newest word of a pass on any of its readings, or on this one."""
    table = exhibit_readings.c
    names = ("pass_id", "reading", "began_at", "at", "bytes_read", "size_bytes")
    query = select(*(table[name] for name in names)).where(table.pass_id == pass_id)
    if reading is not None:
        query = query.where(table.reading == reading.value)
    row = db.execute(query.order_by(table.number.desc()).limit(1)).mappings().one_or_none()
    if row is None:
        return None
    values: dict[str, Any] = {**row, "reading": Reading(row["reading"])}
    return ReadingMark(**values)
