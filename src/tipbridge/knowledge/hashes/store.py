"""Every SQL statement about hash lists."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ARRAY, Connection, LargeBinary, RowMapping, Text, bindparam, func, select
from sqlalchemy import text as sql

from tipbridge.knowledge.hashes.model import Entry, HashList, Hit, ListPurpose
from tipbridge.knowledge.hashes.tables import hash_list_entries, hash_lists

_ADD = sql("""
    INSERT INTO hash_list_entries (list_id, digest, kind, mark)
    SELECT :list_id, digest, kind, mark
      FROM unnest(:digests, :kinds, :marks) AS line (digest, kind, mark)
    ON CONFLICT DO NOTHING
""").bindparams(
    bindparam("digests", type_=ARRAY(LargeBinary)),
    bindparam("kinds", type_=ARRAY(Text)),
    bindparam("marks", type_=ARRAY(Text)),
)


def add_list(db: Connection, new: HashList) -> None:
    """Keep a list that has no entries yet."""
    db.execute(
        hash_lists.insert().values(
            id=new.id,
            name=new.name,
            purpose=new.purpose.value,
            source=new.source,
            added_at=new.added_at,
        )
    )


def add_entries(db: Connection, list_id: str, entries: Sequence[Entry]) -> int:
    """Add entries that are not there yet; says how many were added."""
    result = db.execute(
        _ADD,
        {
            "list_id": list_id,
            "digests": [each.digest for each in entries],
            "kinds": [each.kind.value for each in entries],
            "marks": [each.mark for each in entries],
        },
    )
    return result.rowcount


def note_import(db: Connection, list_id: str, at: datetime, file_sha256: str) -> None:
    """Write down the newest file that was loaded into a list."""
    query = hash_lists.update().where(hash_lists.c.id == list_id)
    db.execute(query.values(imported_at=at, file_sha256=file_sha256))


def all_lists(db: Connection) -> list[HashList]:
    """Every list with the number of its entries, by name."""
    count = (
        select(func.count())
        .where(hash_list_entries.c.list_id == hash_lists.c.id)
        .scalar_subquery()
        .label("entry_count")
    )
    rows = db.execute(select(hash_lists, count).order_by(hash_lists.c.name)).mappings()
    return [_to_list(row) for row in rows]


def list_by_name(db: Connection, name: str) -> tuple[str, ListPurpose] | None:
    """The id and purpose of the list of this name."""
    query = select(hash_lists.c.id, hash_lists.c.purpose).where(hash_lists.c.name == name)
    row = db.execute(query).one_or_none()
    return None if row is None else (row.id, ListPurpose(row.purpose))


def known(db: Connection, digests: Iterable[str]) -> dict[str, tuple[Hit, ...]]:
    """Which of these digests stand on a list, exactly; one query for all of them.

    Shape: lower-case hexadecimal of any kind in and out; digests without a hit are left out.
    """
    wanted = [bytes.fromhex(each) for each in digests]
    entry = hash_list_entries
    query = (
        select(
            entry.c.digest, entry.c.mark, hash_lists.c.id, hash_lists.c.name, hash_lists.c.purpose
        )
        .join(hash_lists, hash_lists.c.id == entry.c.list_id)
        .where(entry.c.digest == func.any(bindparam("wanted", wanted, type_=ARRAY(LargeBinary))))
        .order_by(entry.c.digest, hash_lists.c.name)
    )
    hits: dict[str, tuple[Hit, ...]] = {}
    for digest, mark, list_id, name, purpose in db.execute(query):
        hit = Hit(list_id=list_id, list_name=name, purpose=ListPurpose(purpose), mark=mark)
        hits[digest.hex()] = (*hits.get(digest.hex(), ()), hit)
    return hits


def _to_list(row: RowMapping) -> HashList:
    return HashList(
        id=row["id"],
        name=row["name"],
        purpose=ListPurpose(row["purpose"]),
        source=row["source"],
        added_at=row["added_at"],
        imported_at=row["imported_at"],
        file_sha256=row["file_sha256"],
        entry_count=row["entry_count"],
    )
