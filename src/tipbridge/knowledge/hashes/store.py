"""Every SQL statement about hash lists, their versions and entries."""

from collections.abc import Generator, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    LargeBinary,
    RowMapping,
    Text,
    any_,
    bindparam,
    select,
)
from sqlalchemy import text as sql

from tipbridge.knowledge.hashes.model import (
    DigestKind,
    Entry,
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

_BUILDING = sql("SELECT pg_advisory_xact_lock(hashtext('hashes.building'))")
_IN_VERSION = "added_in <= :version AND (removed_in IS NULL OR removed_in > :version)"
_CONTENT = f"""
    SELECT kind, digest, mark, item, frame, quality, id FROM hash_list_entries
     WHERE list_id = :list_id AND {_IN_VERSION}"""  # noqa: S608 - our own pieces
_ENTRIES = sql(f'{_CONTENT} ORDER BY kind COLLATE "C", digest, item COLLATE "C", frame, id')
_ENTRIES_BY_ITEM = sql(
    f'{_CONTENT} ORDER BY item COLLATE "C" NULLS LAST, mark COLLATE "C", kind COLLATE "C", digest, id'
)
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
_NEXT_VERSION = sql("""
    SELECT coalesce(max(number) FILTER (WHERE activated_at IS NULL), max(number) + 1, 1)
      FROM hash_list_versions WHERE list_id = :list_id
""")
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
     ORDER BY e.digest, l.name, e.id
""").bindparams(
    bindparam("digests", type_=ARRAY(LargeBinary)), bindparam("purposes", type_=ARRAY(Text))
)
_KNOWN_ON = sql(_KNOWN.text.replace("WHERE", "WHERE e.list_id = ANY (:lists) AND")).bindparams(
    bindparam("digests", type_=ARRAY(LargeBinary)),
    bindparam("purposes", type_=ARRAY(Text)),
    bindparam("lists", type_=ARRAY(Text)),
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


def next_version(db: Connection, list_id: str) -> int:
    """The number of the version that is being prepared, or would be."""
    return db.execute(_NEXT_VERSION, {"list_id": list_id}).scalar_one()


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
            not_there=done.not_there,
            passed_over=done.passed_over,
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


def entries(
    db: Connection, list_id: str, version: int, *, by_item: bool = False
) -> Generator[Entry]:
    """Every entry of a version in the one order that its digest is taken over, or by item."""
    given = {"list_id": list_id, "version": version}
    options = {"yield_per": _BATCH}
    query = _ENTRIES_BY_ITEM if by_item else _ENTRIES
    with db.execute(query, given, execution_options=options) as rows:
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
    wanted = query.where(e.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    rows = db.execute(wanted, {"ids": list(ids)}).mappings()
    return {row["id"]: _to_entry(row) for row in rows}


def gained(
    db: Connection, list_id: str, *, version: int, before: int, most: int
) -> tuple[int, list[Entry]]:
    """How many entries `version` holds that `before` did not, and the first of them."""
    given = {"list_id": list_id, "version": version, "before": before}
    count = db.execute(_COUNT_GAINED, given).scalar_one()
    rows = db.execute(_SHOW_GAINED, {**given, "most": most}).mappings()
    return count, [_to_entry(row) for row in rows]


def known(
    db: Connection,
    digests: Iterable[str],
    *,
    purposes: Iterable[ListPurpose],
    now: datetime,
    lists: Iterable[str] | None = None,
) -> dict[str, tuple[Hit, ...]]:
    """Which of these digests stand on a list in effect, exactly; one query for all of them.

    Shape: lower-case hexadecimal of any kind in and out; digests without a hit are left out. With
    `lists`, ids, others are not asked.
    """
    wanted: dict[str, object] = {
        "digests": [bytes.fromhex(each) for each in digests],
        "purposes": [each.value for each in purposes],
        "now": now,
    }
    hits: dict[str, tuple[Hit, ...]] = {}
    if lists is not None:
        wanted["lists"] = list(lists)
    for row in db.execute(_KNOWN if lists is None else _KNOWN_ON, wanted):
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
