"""Every SQL statement about hash lists, their versions and entries."""

from collections.abc import Generator, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Integer,
    LargeBinary,
    RowMapping,
    SmallInteger,
    Text,
    bindparam,
    select,
)
from sqlalchemy import text as sql

from tipbridge.knowledge.hashes.model import (
    DigestKind,
    Entry,
    Gone,
    Handling,
    HashList,
    Hit,
    Import,
    ListPurpose,
    Mode,
    Scheme,
    Version,
)
from tipbridge.knowledge.hashes.tables import (
    hash_list_entries,
    hash_list_imports,
    hash_list_versions,
    hash_lists,
)

_LINES = (
    ("kinds", Text),
    ("digests", LargeBinary),
    ("marks", Text),
    ("items", Text),
    ("frames", Integer),
    ("qualities", SmallInteger),
)
_ARRAYS = [bindparam(name, type_=ARRAY(kind)) for name, kind in _LINES]
_LINE = """unnest(:kinds, :digests, :marks, :items, :frames, :qualities)
             AS line (kind, digest, mark, item, frame, quality)"""
_BUILDING = sql("SELECT pg_advisory_xact_lock(hashtext('hashes.building'))")
_SAME_DIGEST = "e.kind = line.kind AND e.digest = line.digest AND e.frame IS NULL"
_SAME_FRAME = "e.item = line.item AND e.frame = line.frame"


def _changes(same: str) -> str:
    """Lines that a file says otherwise: the row to end, and what it says now.

    Each line is looked up by itself: right after a first import the planner knows nothing of the
    table, and would read all of a list for a few lines.
    """
    return f"""
        SELECT e.id, line.kind, line.digest, coalesce(line.mark, e.mark) AS mark,
               coalesce(line.item, e.item) AS item, line.frame,
               coalesce(line.quality, e.quality) AS quality
          FROM {_LINE} CROSS JOIN LATERAL (
               SELECT e.id, e.digest, e.mark, e.item, e.quality FROM hash_list_entries e
                WHERE e.list_id = :list_id AND e.removed_in IS NULL AND {same} LIMIT 1) e
         WHERE e.digest <> line.digest
            OR line.mark IS NOT NULL AND e.mark IS DISTINCT FROM line.mark
            OR line.item IS NOT NULL AND e.item IS DISTINCT FROM line.item
            OR line.quality IS NOT NULL AND e.quality IS DISTINCT FROM line.quality"""  # noqa: S608 - our own pieces


_CHANGES = sql(_changes(_SAME_DIGEST)).bindparams(*_ARRAYS)
_CHANGES_FRAMES = sql(_changes(_SAME_FRAME)).bindparams(*_ARRAYS)
_END = sql("""
    UPDATE hash_list_entries SET removed_in = :version WHERE id = ANY (:ids)
""").bindparams(bindparam("ids", type_=ARRAY(BigInteger)))
_ADD = sql(f"""
    INSERT INTO hash_list_entries
           (list_id, kind, digest, mark, item, frame, quality, added_in)
    SELECT :list_id, kind, digest, mark, item, frame, quality, :version FROM {_LINE}
    ON CONFLICT DO NOTHING
""").bindparams(*_ARRAYS)  # noqa: S608 - our own pieces
_TO_REMOVE = sql("""
    SELECT e.id FROM unnest(:kinds, :digests) AS line (kind, digest) CROSS JOIN LATERAL (
           SELECT e.id FROM hash_list_entries e
            WHERE e.list_id = :list_id AND e.removed_in IS NULL
              AND e.kind = line.kind AND e.digest = line.digest OFFSET 0) e
""").bindparams(*_ARRAYS[:2])
_REMOVE_ITEMS = sql("""
    UPDATE hash_list_entries SET removed_in = :version
     WHERE list_id = :list_id AND removed_in IS NULL AND item = ANY (:items)
""").bindparams(bindparam("items", type_=ARRAY(Text)))
_STAGE = sql("""
    CREATE TEMPORARY TABLE hash_incoming (kind text, digest bytea, item text, frame int)
    ON COMMIT DROP
""")
_STAGE_LINES = sql(f"""
    INSERT INTO hash_incoming SELECT kind, digest, item, frame FROM {_LINE}
""").bindparams(*_ARRAYS)  # noqa: S608 - our own pieces
_STAGE_KNOWN = sql("ANALYZE hash_incoming")
_COMPARE_ALL_AT_ONCE, _COMPARE_AS_EVER = (
    sql(f"SET LOCAL enable_nestloop = {switch}") for switch in ("off", "DEFAULT")
)
_REMOVE_OTHERS = sql("""
    UPDATE hash_list_entries e SET removed_in = :version
     WHERE e.list_id = :list_id AND e.removed_in IS NULL AND NOT EXISTS (
           SELECT 1 FROM hash_incoming i WHERE i.kind = e.kind AND i.digest = e.digest
              AND (e.frame IS NULL OR (i.item = e.item AND i.frame = e.frame)))
""")
_IN_VERSION = "added_in <= :version AND (removed_in IS NULL OR removed_in > :version)"
_CONTENT = f"""
    SELECT kind, digest, mark, item, frame, quality, id FROM hash_list_entries
     WHERE list_id = :list_id AND {_IN_VERSION}"""  # noqa: S608 - our own pieces
_ENTRIES = sql(f'{_CONTENT} ORDER BY kind COLLATE "C", digest, item COLLATE "C", frame, id')
_ROWS_ADDED = sql(f"""
    SELECT digest, id, mark FROM hash_list_entries
     WHERE list_id = :list_id AND kind = ANY (:kinds) AND {_IN_VERSION} AND added_in > :since
     ORDER BY digest, id LIMIT :most
""").bindparams(bindparam("kinds", type_=ARRAY(Text)))  # noqa: S608 - our own pieces
_ROWS_REMOVED = sql("""
    SELECT id FROM hash_list_entries
     WHERE list_id = :list_id AND kind = ANY (:kinds) AND added_in <= :since
       AND removed_in > :since AND removed_in <= :version LIMIT :most
""").bindparams(bindparam("kinds", type_=ARRAY(Text)))
_COUNTS = sql(f"""
    SELECT kind, count(*) AS entries FROM hash_list_entries
     WHERE list_id = :list_id AND {_IN_VERSION} GROUP BY kind ORDER BY kind
""")  # noqa: S608 - our own pieces
_GAINED = f"""
    FROM hash_list_entries WHERE list_id = :list_id AND {_IN_VERSION}
     AND NOT (added_in <= :before AND (removed_in IS NULL OR removed_in > :before))"""
_COUNT_GAINED = sql(f"SELECT count(*) {_GAINED}")
_SHOW_GAINED = sql(f"""
    SELECT kind, digest, mark, item, frame, quality {_GAINED}
     ORDER BY kind, digest, item, frame LIMIT :most
""")
_LISTS = sql("""
    SELECT l.id, l.name, l.purpose, l.owner, l.scheme, l.handling, l.added_at, l.added_by,
           l.active_version, d.number AS waiting_version, d.revision AS waiting_revision,
           v.activated_at, v.valid_until, v.content_sha256,
           coalesce(v.entry_count, 0) AS entry_count
      FROM hash_lists l
      LEFT JOIN hash_list_versions v ON v.list_id = l.id AND v.number = l.active_version
      LEFT JOIN hash_list_versions d ON d.list_id = l.id AND d.activated_at IS NULL
     WHERE coalesce(l.name = :name, true) ORDER BY l.name
""").bindparams(bindparam("name", type_=Text))
_HOLD = sql("SELECT id FROM hash_lists WHERE id = :list_id FOR UPDATE")
_KNOWN = sql("""
    SELECT e.digest, e.mark, l.id, l.name, l.purpose, l.handling
      FROM hash_list_entries e
      JOIN hash_lists l ON l.id = e.list_id AND l.purpose = ANY (:purposes)
      JOIN hash_list_versions v ON v.list_id = l.id AND v.number = l.active_version
       AND (v.valid_until IS NULL OR v.valid_until > :now)
     WHERE e.digest = ANY (:digests) AND e.kind IN ('md5', 'sha1', 'sha256')
       AND e.added_in <= l.active_version
       AND (e.removed_in IS NULL OR e.removed_in > l.active_version)
     ORDER BY e.digest, l.name
""").bindparams(
    bindparam("digests", type_=ARRAY(LargeBinary)), bindparam("purposes", type_=ARRAY(Text))
)
_BATCH = 5_000


def add_list(db: Connection, new: HashList) -> None:
    """Keep a list that has no entries yet."""
    db.execute(
        hash_lists.insert().values(
            id=new.id,
            name=new.name,
            purpose=new.purpose.value,
            owner=new.owner,
            scheme=new.scheme.value,
            handling=new.handling.value,
            added_at=new.added_at,
            added_by=new.added_by,
        )
    )


def hold_list(db: Connection, list_id: str) -> None:
    """Let nobody else prepare or activate a version of this list until this work is over."""
    db.execute(_HOLD, {"list_id": list_id})


def open_draft(
    db: Connection, list_id: str, *, at: datetime, valid_until: datetime | None
) -> tuple[int, int]:
    """The version that is being prepared, made if need be, and its next revision.

    Shape: with `valid_until` None, a new version holds as long as the one before.
    """
    v = hash_list_versions.c
    newest = select(v.number, v.revision, v.valid_until, v.activated_at)
    row = db.execute(
        newest.where(v.list_id == list_id).order_by(v.number.desc()).limit(1)
    ).one_or_none()
    if row is not None and row.activated_at is None:
        change = hash_list_versions.update().where(v.list_id == list_id, v.number == row.number)
        kept = row.valid_until if valid_until is None else valid_until
        db.execute(change.values(revision=row.revision + 1, valid_until=kept))
        return row.number, row.revision + 1
    number = 1 if row is None else row.number + 1
    before = None if row is None else row.valid_until
    db.execute(
        hash_list_versions.insert().values(
            list_id=list_id,
            number=number,
            revision=1,
            prepared_at=at,
            valid_until=before if valid_until is None else valid_until,
        )
    )
    return number, 1


def add_entries(
    db: Connection, list_id: str, version: int, entries: Sequence[Entry]
) -> tuple[int, int]:
    """Add entries to a version; says how many are new and how many say something else now."""
    added = changed = 0
    for changes, of_frames in ((_CHANGES, False), (_CHANGES_FRAMES, True)):
        lines = _columns([each for each in entries if (each.frame is not None) is of_frames])
        if not lines["kinds"]:
            continue
        place = {"list_id": list_id, "version": version}
        found = db.execute(changes, lines | {"list_id": list_id}).mappings().all()
        if found:
            db.execute(_END, {"ids": [row["id"] for row in found], "version": version})
            db.execute(_ADD, _columns([_to_entry(row) for row in found]) | place)
            changed += len(found)
        added += db.execute(_ADD, lines | place).rowcount
    return added, changed


def remove_entries(db: Connection, list_id: str, version: int, gone: Sequence[Gone]) -> int:
    """Leave entries out of a version, by digest or by the owner's id; says how many."""
    place = {"list_id": list_id, "version": version}
    by_digest = [(each.kind.value, each.digest) for each in gone if each.kind and each.digest]
    removed = 0
    if by_digest:
        kinds, digests = map(list, zip(*by_digest, strict=True))
        lines = {"kinds": kinds, "digests": digests, "list_id": list_id}
        ids = list(db.execute(_TO_REMOVE, lines).scalars())
        removed += db.execute(_END, {"ids": ids, "version": version}).rowcount if ids else 0
    items = [each.item for each in gone if each.item is not None]
    if items:
        removed += db.execute(_REMOVE_ITEMS, {"items": items} | place).rowcount
    return removed


def begin_whole(db: Connection) -> None:
    """Take note, from here on, of what a whole list holds."""
    db.execute(_STAGE)


def stage_whole(db: Connection, entries: Sequence[Entry]) -> None:
    """Note some entries of a whole list."""
    db.execute(_STAGE_LINES, _columns(entries))


def remove_others(db: Connection, list_id: str, version: int) -> int:
    """Leave out of a version what was not noted; says how many."""
    db.execute(_STAGE_KNOWN)
    db.execute(_COMPARE_ALL_AT_ONCE)  # whatever the planner takes the list's length for
    removed = db.execute(_REMOVE_OTHERS, {"list_id": list_id, "version": version}).rowcount
    db.execute(_COMPARE_AS_EVER)
    return removed


def _columns(entries: Sequence[Entry]) -> dict[str, Any]:
    return {
        "kinds": [each.kind.value for each in entries],
        "digests": [each.digest for each in entries],
        "marks": [each.mark for each in entries],
        "items": [each.item for each in entries],
        "frames": [each.frame for each in entries],
        "qualities": [each.quality for each in entries],
    }


def note_import(db: Connection, list_id: str, number: int, done: Import) -> None:
    """Write down one file that was loaded into a version."""
    db.execute(
        hash_list_imports.insert().values(
            list_id=list_id,
            number=number,
            revision=done.revision,
            at=done.at,
            person=done.person,
            mode=done.mode.value,
            form=done.form,
            file_sha256=done.file_sha256,
            added=done.added,
            changed=done.changed,
            removed=done.removed,
            already_there=done.already_there,
            trivial_refused=done.trivial_refused,
        )
    )


def put_into_effect(db: Connection, list_id: str, version: Version) -> None:
    """Keep what was signed about a version, and make it the one that counts."""
    v = hash_list_versions.c
    change = hash_list_versions.update().where(
        v.list_id == list_id, v.number == version.number, v.activated_at.is_(None)
    )
    db.execute(
        change.values(
            content_sha256=version.content_sha256,
            entry_count=version.entry_count,
            activated_at=version.activated_at,
            activated_by=version.activated_by,
            envelope=version.envelope,
        )
    )
    counted = hash_lists.update().where(hash_lists.c.id == list_id)
    db.execute(counted.values(active_version=version.number))


def all_lists(db: Connection) -> list[HashList]:
    """Every list as it stands, by name."""
    return [_to_list(row) for row in db.execute(_LISTS, {"name": None}).mappings()]


def let_one_build(db: Connection) -> None:
    """Wait until no other transaction builds index files, and keep others out until this one ends."""
    db.execute(_BUILDING)


def list_by_name(db: Connection, name: str) -> HashList | None:
    """The list of this name."""
    row = db.execute(_LISTS, {"name": name}).mappings().one_or_none()
    return None if row is None else _to_list(row)


def versions(db: Connection, list_id: str) -> list[Version]:
    """Every version of a list with what was loaded into it, oldest first."""
    i, v = hash_list_imports.c, hash_list_versions.c
    query = select(hash_list_imports).where(i.list_id == list_id).order_by(i.number, i.revision)
    loaded: dict[int, list[Import]] = {}
    for row in db.execute(query).mappings():
        values: dict[str, Any] = {**row, "mode": Mode(row["mode"])}
        values.pop("list_id")
        loaded.setdefault(values.pop("number"), []).append(Import(**values))
    rows = db.execute(
        select(hash_list_versions).where(v.list_id == list_id).order_by(v.number)
    ).mappings()
    return [
        Version(
            **{name: value for name, value in row.items() if name != "list_id"},
            imports=tuple(loaded.get(row["number"], ())),
        )
        for row in rows
    ]


def counts(db: Connection, list_id: str, version: int) -> dict[str, int]:
    """How many entries of each kind a version holds."""
    rows = db.execute(_COUNTS, {"list_id": list_id, "version": version})
    return {row.kind: row.entries for row in rows}


def entries(db: Connection, list_id: str, version: int) -> Generator[Entry]:
    """Every entry of a version in the one order that its digest is taken over."""
    given = {"list_id": list_id, "version": version}
    options = {"yield_per": _BATCH}
    with db.execute(_ENTRIES, given, execution_options=options) as rows:
        for kind, digest, mark, item, frame, quality, _ in rows:
            yield Entry(
                kind=DigestKind(kind),
                digest=digest,
                mark=mark,
                item=item,
                frame=frame,
                quality=quality,
            )


def rows_added(
    db: Connection,
    list_id: str,
    *,
    since: int,
    version: int,
    kinds: Iterable[DigestKind],
    most: int,
) -> list[tuple[bytes, int, str | None]]:
    """Rows of a version that an earlier one did not have, by digest; at most so many."""
    given = {"list_id": list_id, "since": since, "version": version, "most": most}
    rows = db.execute(_ROWS_ADDED, given | {"kinds": [each.value for each in kinds]})
    return [(row.digest, row.id, row.mark) for row in rows]


def rows_removed(
    db: Connection,
    list_id: str,
    *,
    since: int,
    version: int,
    kinds: Iterable[DigestKind],
    most: int,
) -> list[int]:
    """Ids of rows of an earlier version that a later one has no longer; at most so many."""
    given = {"list_id": list_id, "since": since, "version": version, "most": most}
    rows = db.execute(_ROWS_REMOVED, given | {"kinds": [each.value for each in kinds]})
    return list(rows.scalars())


def entries_by_id(db: Connection, ids: Iterable[int]) -> dict[int, Entry]:
    """Entries by the ids of their rows."""
    e = hash_list_entries.c
    query = select(e.id, e.kind, e.digest, e.mark, e.item, e.frame, e.quality)
    wanted = query.where(e.id.in_(list(ids)))
    return {row["id"]: _to_entry(row) for row in db.execute(wanted).mappings()}


def gained(
    db: Connection, list_id: str, *, version: int, before: int, most: int
) -> tuple[int, list[Entry]]:
    """How many entries `version` holds that `before` did not, and the first of them."""
    given = {"list_id": list_id, "version": version, "before": before}
    count = db.execute(_COUNT_GAINED, given).scalar_one()
    rows = db.execute(_SHOW_GAINED, {**given, "most": most}).mappings()
    return count, [_to_entry(row) for row in rows]


def known(
    db: Connection, digests: Iterable[str], *, purposes: Iterable[ListPurpose], now: datetime
) -> dict[str, tuple[Hit, ...]]:
    """Which of these digests stand on a list in effect, exactly; one query for all of them.

    Shape: lower-case hexadecimal of any kind in and out; digests without a hit are left out.
    """
    wanted = {
        "digests": [bytes.fromhex(each) for each in digests],
        "purposes": [each.value for each in purposes],
        "now": now,
    }
    hits: dict[str, tuple[Hit, ...]] = {}
    for row in db.execute(_KNOWN, wanted):
        hit = Hit(
            list_id=row.id,
            list_name=row.name,
            purpose=ListPurpose(row.purpose),
            handling=Handling(row.handling),
            mark=row.mark,
        )
        hits[row.digest.hex()] = (*hits.get(row.digest.hex(), ()), hit)
    return hits


def _to_entry(row: RowMapping) -> Entry:
    return Entry(
        kind=DigestKind(row["kind"]),
        digest=row["digest"],
        mark=row["mark"],
        item=row["item"],
        frame=row["frame"],
        quality=row["quality"],
    )


def _to_list(row: RowMapping) -> HashList:
    values: dict[str, Any] = {
        **row,
        "purpose": ListPurpose(row["purpose"]),
        "scheme": Scheme(row["scheme"]),
        "handling": Handling(row["handling"]),
    }
    return HashList(**values)
