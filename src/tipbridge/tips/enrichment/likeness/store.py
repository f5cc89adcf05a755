"""Every SQL statement about files that are compared by likeness."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from tipbridge.foundation.storage.erasing import text_ended
from tipbridge.foundation.storage.rows import insert_rows
from tipbridge.knowledge.hashes.files.contents import Likeness
from tipbridge.knowledge.hashes.model import Handling
from tipbridge.tips.enrichment.model import FileDigests, Look, Looked, NearListHit
from tipbridge.tips.enrichment.tables import (
    tip_enrichments,
    tip_file_hashes,
    tip_file_looks,
    tip_list_hits,
    tip_near_hits,
)
from tipbridge.tips.intake.tables import report_files, reports

LIKENESSES = (tip_file_looks, tip_near_hits)
"""Found once, file by file: they stay when the rest is worked out anew."""
_ENDING = (*LIKENESSES, tip_file_hashes)
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


def keep_look(  # noqa: PLR0917 - a look and all that came of it
    db: Connection,
    report_id: int,
    look: Look,
    kept: Sequence[Likeness],
    near: Sequence[NearListHit],
    at: datetime,
) -> bool:
    """Keep what became of a file that waited, and by what; False when another was quicker."""
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
    _insert_near(db, report_id, near)
    rows = [
        {
            "report_id": report_id,
            "file_id": look.file_id,
            "number": number,
            "by": each.by,
            "pdq": each.pdq.hex(),
            "quality": each.quality,
        }
        for number, each in enumerate(kept)
    ]
    insert_rows(db, tip_file_hashes, rows)
    return True


def replace_near(
    db: Connection, report_id: int, file_id: str, list_id: str, near: Sequence[NearListHit]
) -> None:
    """Keep what a file is near to on one list, in place of what was kept of that list."""
    c = tip_near_hits.c
    db.execute(
        tip_near_hits.delete().where(
            c.report_id == report_id, c.file_id == file_id, c.list_id == list_id
        )
    )
    of_file = select(func.coalesce(func.max(c.number) + 1, 0))
    first = db.execute(of_file.where(c.report_id == report_id, c.file_id == file_id)).scalar_one()
    _insert_near(db, report_id, near, first=first)


def _insert_near(
    db: Connection, report_id: int, near: Sequence[NearListHit], *, first: int = 0
) -> None:
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
        for number, each in enumerate(near, start=first)
    ]
    insert_rows(db, tip_near_hits, rows)


def forget_looks(db: Connection, report_id: int) -> bool:
    """Delete what was found of a report's files; False when there was nothing."""
    found = db.execute(_DELETE, {"id": report_id}).rowcount > 0
    if found:
        text_ended(db, *_ENDING)
    return found


_PAGE = (
    select(tip_enrichments.c.report_id)
    .where(tip_enrichments.c.report_id > bindparam("after"))
    .order_by(tip_enrichments.c.report_id)
    .limit(bindparam("most"))
)


def reports_after(db: Connection, after: int, *, most: int) -> list[int]:
    """The next reports of which something was worked out, by number."""
    return list(db.execute(_PAGE, {"after": after, "most": most}).scalars())


def digests_of(db: Connection, page: Sequence[int]) -> list[FileDigests]:
    """The digests of these reports' files as they were received."""
    c = report_files.c
    query = select(c.report_id, c.id, c.md5, c.sha1, c.sha256).where(c.report_id.in_(page))
    return [
        FileDigests(report_id=report_id, file_id=file_id, digests=(md5, sha1, sha256))
        for report_id, file_id, md5, sha1, sha256 in db.execute(query)
    ]


def exact_on(db: Connection, list_id: str, page: Sequence[int]) -> set[tuple[int, str]]:
    """Which files of these reports are noted to stand on a list."""
    c = tip_list_hits.c
    query = select(c.report_id, c.file_id).where(c.report_id.in_(page), c.list_id == list_id)
    return {(report_id, file_id) for report_id, file_id in db.execute(query)}


def near_on(
    db: Connection, list_id: str, page: Sequence[int]
) -> dict[tuple[int, str], tuple[NearListHit, ...]]:
    """What files of these reports are noted to be near to on a list."""
    c = tip_near_hits.c
    query = select(tip_near_hits).where(c.report_id.in_(page), c.list_id == list_id)
    found: dict[tuple[int, str], tuple[NearListHit, ...]] = {}
    for row in db.execute(query.order_by(c.report_id, c.file_id, c.number)).mappings():
        key = (row["report_id"], row["file_id"])
        found[key] = (*found.get(key, ()), near_of({**row}))
    return found


def likenesses_kept(
    db: Connection, page: Sequence[int]
) -> dict[tuple[int, str], tuple[Likeness, ...]]:
    """The hashes that files of these reports were compared by."""
    c = tip_file_hashes.c
    query = select(tip_file_hashes).where(c.report_id.in_(page))
    found: dict[tuple[int, str], tuple[Likeness, ...]] = {}
    for row in db.execute(query.order_by(c.report_id, c.file_id, c.number)):
        kept = Likeness(by=row.by, pdq=bytes.fromhex(row.pdq), quality=row.quality)
        found[row.report_id, row.file_id] = (*found.get((row.report_id, row.file_id), ()), kept)
    return found


def begin_late_looks(db: Connection, page: Sequence[int]) -> list[tuple[int, str]]:
    """Note that files of these reports wait which were never compared, or by hashes not kept."""
    look, kept = tip_file_looks.c, tip_file_hashes.c
    mine = (kept.report_id == look.report_id, kept.file_id == look.file_id)
    again = (
        update(tip_file_looks)
        .where(look.report_id.in_(page), look.looked.in_((Looked.COMPARED, Looked.IN_PART)))
        .where(~exists().where(*mine))
        .values(looked=Looked.WAITING, reasons=[], looked_at=None)
    )
    waiting = [(row.report_id, row.file_id) for row in db.execute(again.returning(*look))]
    for report_id, file_id in waiting:  # what it was near to is found again
        near = tip_near_hits.c
        of_file = (near.report_id == report_id, near.file_id == file_id)
        db.execute(tip_near_hits.delete().where(*of_file))
    file = report_files.c
    never = (
        select(file.report_id, file.id)
        .join(reports, reports.c.id == file.report_id)
        .where(file.report_id.in_(page), file.size_bytes > 0, reports.c.erased_at.is_(None))
        .where(~exists().where(look.report_id == file.report_id, look.file_id == file.id))
        .order_by(file.report_id, file.id)
    )
    for report_id, file_id in db.execute(never).all():
        waiting += [(report_id, each) for each in begin_looks(db, report_id, [file_id])]
    return sorted(waiting)


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
