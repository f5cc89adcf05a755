"""Every SQL statement about files that are compared by likeness."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from tipbridge.foundation.storage.erasing import text_ended
from tipbridge.foundation.storage.rows import insert_rows
from tipbridge.knowledge.hashes.model import Handling
from tipbridge.tips.enrichment.model import Look, Looked, NearListHit
from tipbridge.tips.enrichment.tables import tip_file_looks, tip_near_hits

LIKENESSES = (tip_file_looks, tip_near_hits)
"""Found once, file by file: they stay when the rest is worked out anew."""
Row = Mapping[str, Any]
_DELETE = tip_file_looks.delete().where(tip_file_looks.c.report_id == bindparam("id"))
_NEAR = (
    select(tip_near_hits)
    .where(tip_near_hits.c.report_id == bindparam("id"))
    .order_by(tip_near_hits.c.file_id, tip_near_hits.c.number)
)
_OF_FILE = (
    tip_file_looks.c.report_id == bindparam("id"),
    tip_file_looks.c.file_id == bindparam("file"),
    tip_file_looks.c.looked == Looked.WAITING,
)
_WAITS = select(tip_file_looks.c.file_id).where(*_OF_FILE)
_LOOKED = (
    update(tip_file_looks)
    .where(*_OF_FILE)
    .values(looked=bindparam("as_looked"), reasons=bindparam("why"), looked_at=bindparam("at"))
)


def near_hits(db: Connection, report_id: int) -> tuple[NearListHit, ...]:
    """What the files of a report were found to be near to."""
    rows = db.execute(_NEAR, {"id": report_id}).mappings()
    return tuple(near_of(dict(row)) for row in rows)


def begin_looks(db: Connection, report_id: int, file_ids: Sequence[str]) -> list[str]:
    """Note that files wait to be compared; gives back those that were not noted before.

    Shape: at least one.
    """
    rows: list[dict[str, object]] = [
        {"report_id": report_id, "file_id": id_, "looked": Looked.WAITING, "reasons": []}
        for id_ in file_ids
    ]
    noted = insert(tip_file_looks).values(rows).on_conflict_do_nothing()
    return sorted(db.execute(noted.returning(tip_file_looks.c.file_id)).scalars())


def waits(db: Connection, report_id: int, file_id: str) -> bool:
    """Whether a file waits to be compared."""
    return db.execute(_WAITS, {"id": report_id, "file": file_id}).scalar_one_or_none() is not None


def keep_look(
    db: Connection, report_id: int, look: Look, near: Sequence[NearListHit], at: datetime
) -> bool:
    """Keep what became of a file that waited; False when another was quicker."""
    done = db.execute(
        _LOOKED,
        {
            "id": report_id,
            "file": look.file_id,
            "as_looked": look.looked,
            "why": list(look.reasons),
            "at": at,
        },
    )
    if done.rowcount != 1:
        return False
    rows = [
        {
            "report_id": report_id,
            "file_id": each.file_id,
            "number": number,
            "list_id": each.list_id,
            "list_name": each.list_name,
            "purpose": each.purpose,
            "handling": each.handling.value,
            "mark": each.mark,
            "by": each.by,
            "distance_bits": each.distance_bits,
        }
        for number, each in enumerate(near)
    ]
    insert_rows(db, tip_near_hits, rows)
    return True


def forget_looks(db: Connection, report_id: int) -> bool:
    """Delete what was found of a report's files; False when there was nothing."""
    found = db.execute(_DELETE, {"id": report_id}).rowcount > 0
    if found:
        text_ended(db, *LIKENESSES)
    return found


def near_of(row: Row) -> NearListHit:
    """A near hit as it was kept."""
    return NearListHit(
        file_id=row["file_id"],
        list_id=row["list_id"],
        list_name=row["list_name"],
        purpose=row["purpose"],
        handling=Handling(row["handling"]),
        mark=row["mark"],
        by=row["by"],
        distance_bits=row["distance_bits"],
    )


def look_of(row: Row) -> Look:
    """What became of a file, as it was kept."""
    reasons = tuple(row["reasons"])
    return Look(file_id=row["file_id"], looked=Looked(row["looked"]), reasons=reasons)
