"""Digests of photographs of exhibits."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from tipbridge.police.evidence.model import Photograph
from tipbridge.police.evidence.tables import exhibit_photographs


def add_photographs(db: Connection, exhibit_id: str, photographs: Sequence[Photograph]) -> int:
    """Keep those that are not kept yet; how many."""
    rows = [
        {
            "exhibit_id": exhibit_id,
            "sha256": each.sha256,
            "shows": each.shows,
            "added_by": each.added_by,
            "added_at": each.added_at,
        }
        for each in photographs
    ]
    return db.execute(insert(exhibit_photographs).values(rows).on_conflict_do_nothing()).rowcount


def photographs_of(db: Connection, exhibit_ids: Iterable[str]) -> dict[str, list[Photograph]]:
    """The photographs of these exhibits, oldest first."""
    table = exhibit_photographs.c
    query = select(exhibit_photographs).where(table.exhibit_id.in_(list(exhibit_ids)))
    found: dict[str, list[Photograph]] = {}
    for row in db.execute(query.order_by(table.added_at, table.sha256)).mappings():
        found.setdefault(row["exhibit_id"], []).append(
            Photograph(
                sha256=row["sha256"],
                shows=row["shows"],
                added_by=row["added_by"],
                added_at=row["added_at"],
            )
        )
    return found
