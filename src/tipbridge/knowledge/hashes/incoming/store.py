"""Every SQL statement that takes a file into a version of a list: all of its lines at once.

Lines are copied into a table of this transaction, sorted, and each is looked up by itself: right
after a first import the planner knows nothing of the list yet, and would read all of it for a few
lines. What is new is written in the order of the list's own index, where a line costs a fraction of
what it does in the order of a file.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from psycopg import Connection as Driver
from sqlalchemy import ARRAY, BigInteger, Connection, LargeBinary, Text, bindparam
from sqlalchemy import text as sql

from tipbridge.knowledge.hashes.model import Entry, Gone

_LINE = """kind text, digest bytea, mark text, item text, frame int, quality smallint"""
_SORT_MEGABYTES = 64
_ROOM = (
    sql(f"CREATE TEMPORARY TABLE hash_incoming (line bigint, gone bool, {_LINE}) ON COMMIT DROP"),
    sql(f"""
        CREATE TEMPORARY TABLE hash_sorted (old bigint, gone bool, differs bool, {_LINE})
        ON COMMIT DROP
    """),
    sql(f"SET LOCAL work_mem = '{_SORT_MEGABYTES}MB'"),
)
_END = sql("DROP TABLE hash_incoming, hash_sorted")
_AS_EVER = sql("SET LOCAL work_mem = DEFAULT")
_COPY = b"COPY hash_incoming FROM STDIN"
_WITHDRAW_ITEMS = sql("""
    DELETE FROM hash_incoming i USING unnest(:items, :lines) AS last (item, line)
     WHERE i.item = last.item AND i.line < last.line
""").bindparams(bindparam("items", type_=ARRAY(Text)), bindparam("lines", type_=ARRAY(BigInteger)))
_WITHDRAW_DIGESTS = sql("""
    DELETE FROM hash_incoming i USING unnest(:kinds, :digests, :lines) AS last (kind, digest, line)
     WHERE i.kind = last.kind AND i.digest = last.digest AND i.line < last.line
""").bindparams(
    bindparam("kinds", type_=ARRAY(Text)),
    bindparam("digests", type_=ARRAY(LargeBinary)),
    bindparam("lines", type_=ARRAY(BigInteger)),
)
_OF_ITEMS = sql("""
    SELECT e.item, e.id, i.line IS NOT NULL AS same
      FROM hash_list_entries e
      LEFT JOIN hash_incoming i
        ON i.item = e.item AND i.kind = e.kind AND i.digest = e.digest AND NOT i.gone
       AND i.frame IS NOT DISTINCT FROM e.frame AND i.mark IS NOT DISTINCT FROM e.mark
       AND i.quality IS NOT DISTINCT FROM e.quality
     WHERE e.list_id = :list_id AND e.removed_in IS NULL AND e.item = ANY (:items)
""").bindparams(bindparam("items", type_=ARRAY(Text)))
"""Rows of items, and whether the file says the same of them again."""
_TO_REMOVE = sql("""
    SELECT e.id, e.kind, e.digest FROM unnest(:kinds, :digests) AS line (kind, digest)
     CROSS JOIN LATERAL (
           SELECT e.id, e.kind, e.digest FROM hash_list_entries e
            WHERE e.list_id = :list_id AND e.removed_in IS NULL
              AND e.kind = line.kind AND e.digest = line.digest OFFSET 0) e
""").bindparams(
    bindparam("kinds", type_=ARRAY(Text)), bindparam("digests", type_=ARRAY(LargeBinary))
)
_REMOVE = sql("""
    UPDATE hash_list_entries SET removed_in = :version WHERE id = ANY (:ids)
""").bindparams(bindparam("ids", type_=ARRAY(BigInteger)))


def _sorting(place: str, *, frames: bool) -> str:
    """The last line of each place in the file, in order, and the row that stands there so far."""
    own = "NOT NULL" if frames else "NULL"
    same = " AND ".join(f"e.{column} = line.{column}" for column in place.split(", "))
    return f"""
        INSERT INTO hash_sorted
        SELECT e.id, line.gone,
               e.id IS NOT NULL AND NOT line.gone AND (
                   e.digest <> line.digest
                OR line.mark IS NOT NULL AND e.mark IS DISTINCT FROM line.mark
                OR line.item IS NOT NULL AND e.item IS DISTINCT FROM line.item
                OR line.quality IS NOT NULL AND e.quality IS DISTINCT FROM line.quality),
               line.kind, line.digest, coalesce(line.mark, e.mark), coalesce(line.item, e.item),
               line.frame, coalesce(line.quality, e.quality)
          FROM (SELECT DISTINCT ON ({place}) gone, kind, digest, mark, item, frame, quality
                  FROM hash_incoming WHERE frame IS {own} ORDER BY {place}, line DESC) line
          LEFT JOIN LATERAL (
               SELECT e.id, e.digest, e.mark, e.item, e.quality FROM hash_list_entries e
                WHERE e.list_id = :list_id AND e.removed_in IS NULL AND e.frame IS {own}
                  AND {same} LIMIT 1) e ON true"""  # noqa: S608 - our own pieces


_SORT = sql(_sorting("kind, digest", frames=False))
_SORT_FRAMES = sql(_sorting("item, frame", frames=True))
_KNOW = sql("ANALYZE hash_sorted")
_COUNT = sql("""
    SELECT count(*) FILTER (WHERE NOT gone AND old IS NULL) AS added,
           count(*) FILTER (WHERE differs) AS changed,
           count(*) FILTER (WHERE gone AND old IS NOT NULL) AS removed,
           count(*) FILTER (WHERE gone AND old IS NULL) AS not_there
      FROM hash_sorted
""")
_LEAVE_OUT = sql("""
    UPDATE hash_list_entries e SET removed_in = :version
      FROM hash_sorted s WHERE e.id = s.old AND (s.differs OR s.gone)
""")
_LEAVE_OUT_OTHERS = sql("""
    UPDATE hash_list_entries e SET removed_in = :version
     WHERE e.list_id = :list_id AND e.removed_in IS NULL
       AND NOT EXISTS (SELECT 1 FROM hash_sorted s WHERE s.old = e.id)
""")
_ALL_AT_ONCE, _ONE_BY_ONE_TOO = (
    sql(f"SET LOCAL enable_nestloop = {switch}") for switch in ("off", "DEFAULT")
)
_ADD = sql("""
    INSERT INTO hash_list_entries
           (list_id, kind, digest, mark, item, frame, quality, added_in)
    SELECT :list_id, kind, digest, mark, item, frame, quality, :version
      FROM hash_sorted WHERE NOT gone AND (old IS NULL OR differs)
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a file did to a version: places in the list, each counted once."""

    added: int
    changed: int
    removed: int
    not_there: int


def make_room(db: Connection) -> None:
    """Make room for the lines of a file."""
    for statement in _ROOM:
        db.execute(statement)


def take(db: Connection, records: Iterable[tuple[int, Entry]], *, gone: bool = False) -> None:
    """Copy numbered lines in; with `gone` each says that its digest is no longer on the list."""
    copied = "".join(_rows(records, gone=gone)).encode()
    driver = cast("Driver[Any]", db.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.write(copied)


def _rows(records: Iterable[tuple[int, Entry]], *, gone: bool) -> Iterator[str]:
    says = "t" if gone else "f"
    for number, each in records:
        yield (
            f"{number}\t{says}\t{each.kind.value}\t\\\\x{each.digest.hex()}"
            f"\t{_written(each.mark)}\t{_written(each.item)}"
            f"\t{_or_null(each.frame)}\t{_or_null(each.quality)}\n"
        )


def _written(text: str | None) -> str:
    """As COPY reads it. Marks and items are printable: a backslash is all there is to double."""
    return "\\N" if text is None else text.replace("\\", "\\\\")


def _or_null(number: int | None) -> str:
    return "\\N" if number is None else str(number)


def leave_out(
    db: Connection, list_id: str, version: int, gone: Sequence[tuple[int, Gone]]
) -> tuple[int, int]:
    """Leave out every row of a digest or an item: how many, and what of them was not there.

    Shape: numbered as the lines that were taken; lines of the file before one of these go too, and
    of an item what later lines repeat stays.
    """
    items = {each.item: number for number, each in gone if each.item is not None}
    digests = {
        (each.kind.value, each.digest): number
        for number, each in gone
        if each.item is None and each.kind is not None
    }
    removed, found = 0, set[object]()
    if items:
        named = {"items": list(items)}
        db.execute(_WITHDRAW_ITEMS, named | {"lines": list(items.values())})
        rows = db.execute(_OF_ITEMS, named | {"list_id": list_id}).all()
        ended = [row.id for row in rows if not row.same]
        db.execute(_REMOVE, {"ids": ended, "version": version})
        removed = len(ended)
        found = {row.item for row in rows}
        found |= {each.item for _, each in gone if each.item is not None and each.renewed}
    if digests:
        kinds, values = map(list, zip(*digests, strict=True))
        named = {"kinds": kinds, "digests": values}
        db.execute(_WITHDRAW_DIGESTS, named | {"lines": list(digests.values())})
        rows = db.execute(_TO_REMOVE, named | {"list_id": list_id}).all()
        db.execute(_REMOVE, {"ids": [row.id for row in rows], "version": version})
        removed += len(rows)
        found |= {(row.kind, row.digest) for row in rows}
    return removed, len(items) + len(digests) - len(found)


def merge(db: Connection, list_id: str, version: int, *, frames: bool, whole: bool) -> Merged:
    """Write what was taken into a version; with `whole`, leave out what was not taken."""
    place = {"list_id": list_id, "version": version}
    db.execute(_SORT, place)
    if frames:
        db.execute(_SORT_FRAMES, place)
    db.execute(_KNOW)
    counted = db.execute(_COUNT).mappings().one()
    removed = int(counted["removed"])
    if counted["changed"] or removed:
        db.execute(_LEAVE_OUT, place)
    if whole:
        db.execute(_ALL_AT_ONCE)  # whatever the planner takes the list's length for
        removed += db.execute(_LEAVE_OUT_OTHERS, place).rowcount
        db.execute(_ONE_BY_ONE_TOO)
    if counted["added"] or counted["changed"]:
        db.execute(_ADD, place)
    db.execute(_END)
    db.execute(_AS_EVER)
    return Merged(
        added=counted["added"],
        changed=counted["changed"],
        removed=removed,
        not_there=counted["not_there"],
    )
