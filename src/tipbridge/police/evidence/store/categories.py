"""Categories that examiners gave in their own viewers, and files found by any digest."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from tipbridge.foundation.storage.rows import insert_rows
from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.police.evidence.tables import exhibit_categories, exhibit_files


def add_categories(
    db: Connection,
    exhibit_id: str,
    given: Sequence[tuple[str, int]],
    *,
    by: str,
    at: datetime,
    document_sha256: str,
) -> None:
    """Keep what a person's document says of files, by SHA-256."""
    rows = [
        {
            "exhibit_id": exhibit_id,
            "sha256": sha256,
            "person": by,
            "at": at,
            "category": category,
            "document_sha256": document_sha256,
        }
        for sha256, category in given
    ]
    insert_rows(db, exhibit_categories, rows)


def categories_of(db: Connection, exhibit_id: str) -> dict[str, tuple[int, str]]:
    """The newest category of each file of an exhibit, and who gave it."""
    table = exhibit_categories.c
    query = select(table.sha256, table.category, table.person).where(table.exhibit_id == exhibit_id)
    rows = db.execute(query.order_by(table.at, table.person))
    return {row.sha256: (row.category, row.person) for row in rows}


def digests_on(db: Connection, exhibit_id: str, digests: Iterable[str]) -> dict[str, Digests]:
    """The files of an exhibit that have one of these digests, of any kind, by that digest."""
    wanted = set(digests)
    table = exhibit_files.c
    query = select(table.md5, table.sha1, table.sha256, table.size_bytes).where(
        table.exhibit_id == exhibit_id
    )
    found: dict[str, Digests] = {}
    for row in db.execute(query.distinct()).mappings():
        digests_ = Digests(**row)
        for text in (digests_.md5, digests_.sha1, digests_.sha256):
            if text in wanted:
                found[text] = digests_
    return found
