"""Erasing database text: what was deleted leaves the tables' files and the write-ahead log.

A deleted row stays in its table's file, and in the log, until something else takes its
place. So each table is written anew with what still stands (a vacuum alone leaves old bytes
in the gaps of a page), the log goes on in a fresh segment, and a checkpoint removes the
segments before it. All three are the database owner's work, outside any transaction.
"""

import re
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import psycopg
from psycopg import sql
from psycopg.errors import InsufficientPrivilege, LockNotAvailable
from sqlalchemy import Column, Connection, DateTime, Table, Text, delete, func, insert, select

from tipbridge.foundation.storage.engine import raw_connection
from tipbridge.foundation.storage.tables import metadata

_PATIENCE = "5s"
_FIRST_NUMBER = re.compile(r"\d+")
_LOG_SETTINGS = """
    SELECT current_setting('wal_recycle') = 'off', current_setting('wal_keep_size') = '0',
           current_setting('archive_mode') = 'off',
           NOT EXISTS (SELECT 1 FROM pg_replication_slots)
"""

ended_texts = Table(
    "ended_texts",
    metadata,
    Column("table_name", Text, primary_key=True),
    Column("ended_at", DateTime(timezone=True), primary_key=True),
)


class LogLeft(StrEnum):
    """Why the server's write-ahead log may still hold what was erased. Closed."""

    SWITCH_REFUSED = "switch-refused"
    CHECKPOINT_REFUSED = "checkpoint-refused"
    SEGMENTS_REUSED = "segments-reused"
    SEGMENTS_KEPT = "segments-kept"
    ARCHIVED = "archived"
    REPLICATED = "replicated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A table whose file, and the log, may hold text that ended at this moment."""

    table: str
    ended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What one pass did: tables written anew, tables put off, and what is left of the log.

    Shape: `put_off` are tables that somebody was using, or whose old rows somebody's
    transaction could still see; `log` empty means that the log holds nothing erased.
    """

    tables: tuple[str, ...] = ()
    put_off: tuple[str, ...] = ()
    log: tuple[LogLeft, ...] = ()


def text_ended(db: Connection, *tables: Table) -> None:
    """Note, with the deletion itself, that these tables' files hold text that has ended."""
    for table in tables:
        row = {"table_name": table.name, "ended_at": func.clock_timestamp()}
        db.execute(insert(ended_texts).values(row))


def notes(db: Connection) -> list[Note]:
    """What is noted until now."""
    c = ended_texts.c
    query = select(c.table_name, c.ended_at).order_by(c.ended_at)
    return [Note(table=row.table_name, ended_at=row.ended_at) for row in db.execute(query)]


def take_off(db: Connection, seen_to: Iterable[Note]) -> None:
    """Take notes back whose tables were written anew since."""
    c = ended_texts.c
    for note in seen_to:
        db.execute(
            delete(ended_texts).where(c.table_name == note.table, c.ended_at == note.ended_at)
        )


@dataclass(slots=True)
class _Said:
    """What the server said while it wrote a table: how many dead rows it had to carry over."""

    dead_rows: int = 0

    def hear(self, said: psycopg.errors.Diagnostic) -> None:
        """Take one notice; its detail begins with that number in every language."""
        found = _FIRST_NUMBER.search(said.message_detail or "")
        if found is not None:
            self.dead_rows += int(found[0])


def rewrite(owner_url: str, tables: Iterable[str]) -> Erasure:
    """Write these tables anew and let the log go on without what they held before.

    Errors: psycopg.Error when the server ends or its disk is full; then nothing is lost.
    """
    done: list[str] = []
    put_off: list[str] = []
    with raw_connection(owner_url) as owner:
        owner.execute(sql.SQL("SET lock_timeout = {}").format(sql.Literal(_PATIENCE)))
        for name in tables:
            (done if _write_anew(owner, name) else put_off).append(name)
        left = _renew_log(owner) if done else ()
    return Erasure(tables=tuple(done), put_off=tuple(put_off), log=left)


def _write_anew(owner: psycopg.Connection, name: str) -> bool:
    said = _Said()
    with _heard(owner, said.hear):
        try:
            owner.execute(sql.SQL("VACUUM (FULL, VERBOSE) {}").format(sql.Identifier(name)))
        except LockNotAvailable:
            return False
    return said.dead_rows == 0


@contextmanager
def _heard(
    owner: psycopg.Connection, hear: Callable[[psycopg.errors.Diagnostic], None]
) -> Generator[None]:
    owner.add_notice_handler(hear)
    try:
        yield
    finally:
        owner.remove_notice_handler(hear)


def _renew_log(owner: psycopg.Connection) -> tuple[LogLeft, ...]:
    left: list[LogLeft] = []
    for statement, refused in (
        ("SELECT pg_switch_wal()", LogLeft.SWITCH_REFUSED),
        ("CHECKPOINT", LogLeft.CHECKPOINT_REFUSED),
    ):
        try:
            owner.execute(statement.encode())
        except InsufficientPrivilege:
            left.append(refused)
    found = owner.execute(_LOG_SETTINGS.encode()).fetchone()
    kept = (LogLeft.SEGMENTS_REUSED, LogLeft.SEGMENTS_KEPT, LogLeft.ARCHIVED, LogLeft.REPLICATED)
    left += [fate for fate, fine in zip(kept, found or (), strict=True) if not fine]
    return tuple(left)
