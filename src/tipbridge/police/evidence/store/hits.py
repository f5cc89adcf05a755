"""What lists say of files: hits by list, class, confidence and distance."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Table, select, tuple_

from tipbridge.foundation.storage.rows import insert_rows
from tipbridge.police.evidence.hits import FileHit
from tipbridge.police.evidence.model import FoundFile
from tipbridge.police.evidence.tables import exhibit_hits

Key = tuple[str, int]
"""An examination's id and a file's number in it."""
_SAID = ("list_id", "list_name", "purpose", "mark", "confidence", "by", "distance_bits")
_TABLE: Table = exhibit_hits


def add_hits(
    db: Connection, exhibit_id: str, examination_id: str, files: Sequence[FoundFile]
) -> None:
    """Keep every hit of a batch of files, in one statement."""
    rows = [
        {
            "examination_id": examination_id,
            "number": file.number,
            "place": place,
            "exhibit_id": exhibit_id,
            **{name: getattr(hit, name) for name in _SAID},
        }
        for file in files
        for place, hit in enumerate(file.hits, start=1)
    ]
    insert_rows(db, _TABLE, rows)


def hits_of(
    db: Connection, *, examination: str | None = None, keys: Iterable[Key] = ()
) -> dict[Key, tuple[FileHit, ...]]:
    """The hits of all files of an examination, or of these files."""
    table = exhibit_hits.c
    chosen = (
        tuple_(table.examination_id, table.number).in_(list(keys))
        if examination is None
        else table.examination_id == examination
    )
    columns = (table.examination_id, table.number, *(table[name] for name in _SAID))
    query = select(*columns).where(chosen)
    found: dict[Key, tuple[FileHit, ...]] = {}
    order = (table.examination_id, table.number, table.place)
    for row in db.execute(query.order_by(*order)).mappings():
        key = (row["examination_id"], row["number"])
        hit = FileHit(**{name: row[name] for name in _SAID})
        found[key] = (*found.get(key, ()), hit)
    return found
