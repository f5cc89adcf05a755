"""Every SQL statement about events, the log and its checkpoints."""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import psycopg
from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    case,
    delete,
    exists,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.foundation.audit.merkle import Tree, tree_from
from tipbridge.foundation.audit.model import AuditEntry, AuditEvent
from tipbridge.foundation.audit.tables import (
    audit_checkpoints,
    audit_entries,
    audit_events,
    audit_head,
    audit_pending,
)
from tipbridge.foundation.storage.rows import insert_rows

SEQUENCER_LOCK = 0x7469705F6C6F67
"""The advisory lock that only one sequencer holds."""

_EVENT = (
    audit_events.c.id,
    audit_events.c.at,
    audit_events.c.machine_at,
    audit_events.c.actor_kind,
    audit_events.c.actor_id,
    audit_events.c.event,
    audit_events.c.subject,
    audit_events.c.facts,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A signed root at one size."""

    size: int
    root: bytes
    at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """One entry as the log holds it, with its event when that is still there."""

    position: int
    leaf: bytes
    event_id: str
    event: AuditEvent | None


_INSERT_EVENTS = text("""
    WITH event AS (
        INSERT INTO audit_events
            (id, at, machine_at, actor_kind, actor_id, event, subject, facts)
        SELECT e.id, e.at, e.machine_at, e.actor_kind, e.actor_id, e.event, e.subject, e.facts
          FROM json_to_recordset(CAST(:events AS json)) AS e (
               id text, at timestamptz, machine_at timestamptz, actor_kind text, actor_id text,
               event text, subject text, facts jsonb)
        RETURNING id)
    INSERT INTO audit_pending (event_id) SELECT id FROM event
""")


def insert_events(db: Connection, events: Sequence[AuditEvent]) -> None:
    """Write events, without a position, and mark each as waiting for one."""
    rows = [
        {
            "id": event.id,
            "at": event.at.isoformat(),
            "machine_at": event.machine_at.isoformat(),
            "actor_kind": str(event.actor_kind),
            "actor_id": event.actor_id,
            "event": event.event,
            "subject": event.subject,
            "facts": dict(event.facts),
        }
        for event in events
    ]
    db.execute(_INSERT_EVENTS, {"events": json.dumps(rows)})


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCredential:
    """An event that is written only while a provider's credential holds; None: in any case."""

    event: AuditEvent
    credential_id: str | None
    version: int


_BEGIN = "SELECT tb_begin(%s, 'provider', '{}')"
_RECORD_HELD = """
    WITH sent AS (
        SELECT s.*, coalesce((SELECT c.at FROM node_clock c), s.machine_at) AS at
          FROM json_to_recordset(%s::json) AS s (
               id text, machine_at timestamptz, actor_id text, event text, subject text,
               facts text, credential text, version int)),
    recorded AS (
        INSERT INTO audit_events
               (id, at, machine_at, actor_kind, actor_id, event, subject, facts)
        SELECT s.id, s.at, s.machine_at, 'provider', s.actor_id, s.event, s.subject,
               s.facts::jsonb
          FROM sent s WHERE s.credential IS NULL OR EXISTS (
               SELECT 1 FROM provider_credentials p
                WHERE p.id = s.credential AND p.version = s.version
                  AND (p.revoked_at IS NULL OR p.revoked_at > s.at))
        RETURNING id),
    pending AS (INSERT INTO audit_pending (event_id) SELECT id FROM recorded)
    SELECT id FROM recorded
"""


def record_groups(engine: Engine, groups: Mapping[str, Sequence[OnCredential]]) -> set[str]:
    """Write the events of several providers in one transaction and one round trip.

    Shape: `groups` by the provider's id; gives back the ids of events whose credential holds.
    The time of each is the node's own clock.
    """
    with engine.connect() as db:
        raw = cast("psycopg.Connection[Any]", db.connection.driver_connection)
        written: list[psycopg.Cursor[Any]] = []
        with raw.pipeline(), raw.transaction():
            for provider_id, events in groups.items():
                raw.execute(_BEGIN, (provider_id,))
                written.append(raw.execute(_RECORD_HELD, (_sent(events),)))
        return {row[0] for each in written for row in each.fetchall()}


def _sent(events: Sequence[OnCredential]) -> str:
    return json.dumps(
        [
            {
                "id": each.event.id,
                "machine_at": each.event.machine_at.isoformat(),
                "actor_id": each.event.actor_id,
                "event": each.event.event,
                "subject": each.event.subject,
                "facts": json.dumps(each.event.facts),
                "credential": each.credential_id,
                "version": each.version,
            }
            for each in events
        ]
    )


def event_exists(db: Connection, event_id: str) -> bool:
    """Whether an event of this id was committed."""
    return bool(db.execute(select(exists().where(audit_events.c.id == event_id))).scalar_one())


def try_lock(db: Connection) -> bool:
    """Whether this transaction may sequence; another one that does keeps it out."""
    return bool(db.execute(select(func.pg_try_advisory_xact_lock(SEQUENCER_LOCK))).scalar_one())


def keep_still(db: Connection) -> None:
    """Let nobody sequence until this transaction ends; several may look at the log at once."""
    db.execute(select(func.pg_advisory_xact_lock_shared(SEQUENCER_LOCK)))


def read_head(db: Connection, *, for_update: bool = False) -> Tree:
    """The tree as far as it is sequenced."""
    query = select(audit_head.c.size, audit_head.c.frontier)
    row = db.execute(query.with_for_update() if for_update else query).one_or_none()
    return Tree() if row is None else tree_from(row.size, bytes(row.frontier))


def write_head(db: Connection, tree: Tree) -> None:
    """Store the tree's new size and frontier."""
    values = {"size": tree.size, "frontier": tree.frontier_bytes()}
    done = db.execute(update(audit_head).values(**values))
    if done.rowcount == 0:
        db.execute(insert(audit_head).values(single=True, **values))


def take_pending(db: Connection, limit: int) -> list[AuditEvent]:
    """Up to `limit` events that wait, removed from the waiting table, oldest id first.

    A row not yet committed by its writer simply turns up in a later call.
    """
    waiting = select(audit_pending.c.event_id).order_by(audit_pending.c.event_id).limit(limit)
    taken = delete(audit_pending).where(audit_pending.c.event_id.in_(waiting))
    ids = db.execute(taken.returning(audit_pending.c.event_id)).scalars().all()
    query = select(*_EVENT).where(audit_events.c.id.in_(ids)).order_by(audit_events.c.id)
    return list(_events(db, query))


def _events(db: Connection, query: Executable) -> Iterator[AuditEvent]:
    for row in db.execute(query).mappings():
        yield AuditEvent(**row)


def insert_entries(db: Connection, entries: Sequence[tuple[int, str, bytes]]) -> None:
    """Write (position, event id, leaf hash) rows."""
    rows = [
        {"position": position, "event_id": event_id, "leaf": leaf}
        for position, event_id, leaf in entries
    ]
    insert_rows(db, audit_entries, rows)


def insert_checkpoint(db: Connection, checkpoint: Checkpoint) -> None:
    """Keep a signed root."""
    statement = upsert(audit_checkpoints).values(
        size=checkpoint.size, root=checkpoint.root, at=checkpoint.at, note=checkpoint.note
    )
    db.execute(statement.on_conflict_do_nothing())


def all_checkpoints(db: Connection) -> list[Checkpoint]:
    """Every checkpoint, smallest first."""
    query = select(
        audit_checkpoints.c.size,
        audit_checkpoints.c.root,
        audit_checkpoints.c.at,
        audit_checkpoints.c.note,
    ).order_by(audit_checkpoints.c.size)
    return [
        Checkpoint(size=size, root=bytes(root), at=at, note=note)
        for size, root, at, note in db.execute(query)
    ]


def log_entries(db: Connection) -> Generator[StoredEntry]:
    """The whole log in order, each entry beside its event."""
    joined = audit_entries.outerjoin(audit_events, audit_events.c.id == audit_entries.c.event_id)
    query = (
        select(
            audit_entries.c.position,
            audit_entries.c.leaf,
            audit_entries.c.event_id,
            *_EVENT,
        )
        .select_from(joined)
        .order_by(audit_entries.c.position)
    )
    names = [column.name for column in _EVENT]
    with db.execute(query, execution_options={"yield_per": 2000}) as result:
        for position, leaf, event_id, *event in result:
            found = AuditEvent(**dict(zip(names, event, strict=True))) if event[0] else None
            yield StoredEntry(position=position, leaf=bytes(leaf), event_id=event_id, event=found)


def unsequenced_ids(db: Connection) -> tuple[str, ...]:
    """The ids of events that have no place in the log yet."""
    placed = select(audit_entries.c.event_id).where(audit_entries.c.event_id == audit_events.c.id)
    query = select(audit_events.c.id).where(~placed.exists()).order_by(audit_events.c.id)
    return tuple(db.execute(query).scalars())


def latest_entries(
    db: Connection, *, limit: int, before: str | None = None, subject: str | None = None
) -> list[AuditEntry]:
    """The newest events first, sequenced or not; `before` is an event id to page from."""
    joined = audit_events.outerjoin(audit_entries, audit_entries.c.event_id == audit_events.c.id)
    query = select(audit_entries.c.position, *_EVENT).select_from(joined)
    if before is not None:
        query = query.where(audit_events.c.id < before)
    if subject is not None:
        query = query.where(audit_events.c.subject == subject)
    names = [column.name for column in _EVENT]
    return [
        AuditEntry(position=position, event=AuditEvent(**dict(zip(names, event, strict=True))))
        for position, *event in db.execute(query.order_by(audit_events.c.id.desc()).limit(limit))
    ]


def newest_of(db: Connection, event: str, subject: str) -> AuditEvent | None:
    """The newest event of this name about a subject."""
    c = audit_events.c
    query = select(*_EVENT).where(c.subject == subject, c.event == event).order_by(c.id.desc())
    row = db.execute(query.limit(1)).mappings().one_or_none()
    return None if row is None else AuditEvent(**row)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRun:
    """An event, or the newest of those that mark how far one thing has come: how many, since when."""

    event: AuditEvent
    times: int
    since: datetime


def runs_of(
    db: Connection,
    subjects: Sequence[str],
    *,
    limit: int,
    marks: Mapping[str, Sequence[str]],
    before: str | None = None,
) -> tuple[list[EventRun], int]:
    """The newest events about these subjects, from an event's id on, and how many lines there are.

    Shape: events of a name in `marks` with the same subject and the same facts of these names are
    one line, at the place of the newest.
    """
    event = audit_events.c
    same = [
        (
            event.event == name,
            func.concat_ws("/", event.subject, *(event.facts[f].astext for f in facts)),
        )
        for name, facts in marks.items()
    ]
    line = (event.event, case(*same, else_=event.id))
    ranked = (
        select(
            *_EVENT,
            func.count().over(partition_by=line).label("times"),
            func.min(event.at).over(partition_by=line).label("since"),
            func.row_number().over(partition_by=line, order_by=event.id.desc()).label("nth"),
        )
        .where(event.subject.in_(list(subjects)))
        .subquery("ranked")
    )
    newest = select(ranked).where(ranked.c.nth == 1)
    query = newest.order_by(ranked.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(ranked.c.id < before)
    every = db.execute(select(func.count()).select_from(newest.subquery())).scalar_one()
    names = [column.name for column in _EVENT]
    return [
        EventRun(
            event=AuditEvent(**{name: row[name] for name in names}),
            times=row["times"],
            since=row["since"],
        )
        for row in db.execute(query).mappings()
    ], every


def checkpoint_at(db: Connection, size: int | None = None) -> Checkpoint | None:
    """The newest signed root, or the one of a size."""
    table = audit_checkpoints.c
    query = select(table.size, table.root, table.at, table.note)
    if size is not None:
        query = query.where(table.size == size)
    row = db.execute(query.order_by(table.size.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return Checkpoint(size=row.size, root=bytes(row.root), at=row.at, note=row.note)


def leaves_before(db: Connection, size: int) -> list[bytes]:
    """The hashes of the first entries of the log, in order."""
    table = audit_entries.c
    query = select(table.leaf).where(table.position < size).order_by(table.position)
    return [bytes(leaf) for leaf in db.execute(query).scalars()]


def entries_about(db: Connection, subjects: Sequence[str], *, size: int) -> list[AuditEntry]:
    """The entries about these subjects among the first of the log, in order."""
    query = (
        select(audit_entries.c.position, *_EVENT)
        .join_from(audit_entries, audit_events, audit_events.c.id == audit_entries.c.event_id)
        .where(audit_events.c.subject.in_(subjects), audit_entries.c.position < size)
        .order_by(audit_entries.c.position)
    )
    names = [column.name for column in _EVENT]
    return [
        AuditEntry(position=position, event=AuditEvent(**dict(zip(names, event, strict=True))))
        for position, *event in db.execute(query)
    ]
