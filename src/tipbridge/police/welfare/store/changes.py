"""Every SQL statement about what welfare records said before."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, select

from tipbridge.foundation.storage.rows import insert_rows
from tipbridge.police.welfare.model import WelfareChange
from tipbridge.police.welfare.rows import to_change
from tipbridge.police.welfare.tables import welfare_changes


def insert_changes(db: Connection, changes: Iterable[WelfareChange]) -> None:
    """Keep what a record said before."""
    rows = [
        {
            "id": each.id,
            "fact": each.fact.value,
            "welfare_id": each.welfare_id,
            "before": each.before.isoformat() if isinstance(each.before, date) else each.before,
            "changed_by": each.by,
            "changed_at": each.at,
        }
        for each in changes
    ]
    insert_rows(db, welfare_changes, rows)


def changes_of(db: Connection, welfare_id: str) -> list[WelfareChange]:
    """What a record said before, the last change first."""
    table = welfare_changes.c
    query = select(welfare_changes).where(table.welfare_id == welfare_id)
    rows = db.execute(query.order_by(table.changed_at.desc(), table.id.desc(), table.fact))
    return [to_change(row) for row in rows.mappings()]
