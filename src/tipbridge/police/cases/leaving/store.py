"""Every SQL statement about lists that were left."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from tipbridge.police.cases.leaving.model import LeftEnd, LeftList, ListKind
from tipbridge.police.cases.leaving.tables import case_lists_left

_OPEN = case_lists_left.c.ended.is_(None)
_NAMES = (
    "id", "case_id", "number", "kind", "list_id", "case_unit", "for_unit", "noted_at",
)  # fmt: skip


def insert_left(db: Connection, left: LeftList) -> bool:
    """Note that a list is left; false while it is noted already."""
    values = {name: getattr(left, name) for name in _NAMES}
    query = insert(case_lists_left).values(values).on_conflict_do_nothing()
    return db.execute(query).rowcount == 1


def end_left(
    db: Connection,
    left_id: str,
    *,
    ended: LeftEnd,
    at: datetime,
    by: str | None = None,
    grounds: str | None = None,
) -> bool:
    """Write down how a list came to be kept again; false when that is written already."""
    query = case_lists_left.update().where(case_lists_left.c.id == left_id, _OPEN)
    values = {"ended": ended.value, "ended_at": at, "taken_by": by, "grounds": grounds}
    return db.execute(query.values(values)).rowcount == 1


def left_by_id(db: Connection, left_id: str) -> LeftList | None:
    """A left list that waits for a unit of the actor."""
    query = select(case_lists_left).where(case_lists_left.c.id == left_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _to_left(row)


def left_lists(db: Connection, *, open_only: bool = False) -> list[LeftList]:
    """The left lists that the actor sees: those that wait first, then the newest."""
    query = select(case_lists_left)
    if open_only:
        query = query.where(_OPEN)
    c = case_lists_left.c
    order = (c.ended_at.desc().nulls_first(), c.noted_at, c.id)
    return [_to_left(row) for row in db.execute(query.order_by(*order)).mappings()]


def _to_left(row: Mapping[Any, Any]) -> LeftList:
    values = dict(row)
    values["kind"] = ListKind(row["kind"])
    values["ended"] = None if row["ended"] is None else LeftEnd(row["ended"])
    return LeftList(**values)
