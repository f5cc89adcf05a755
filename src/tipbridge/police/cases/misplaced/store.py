"""Every SQL statement about notes and documents that stand in the wrong case."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from tipbridge.foundation.storage.vault import Sealed
from tipbridge.police.cases.diary.tables import case_documents, case_notes
from tipbridge.police.cases.misplaced.model import EntryKind, Move, Strike
from tipbridge.police.cases.misplaced.tables import case_moves, case_strikes


def insert_strike(db: Connection, strike: Strike) -> None:
    """Keep that an entry is struck out."""
    db.execute(case_strikes.insert().values(_values(strike)))


def restore(db: Connection, strike_id: str, *, by: str, at: datetime, because: str) -> None:
    """Keep that a strike no longer stands."""
    query = case_strikes.update().where(case_strikes.c.id == strike_id)
    db.execute(query.values(restored_by=by, restored_at=at, restored_because=because))


def strikes_of(db: Connection, case_id: str) -> list[Strike]:
    """What is or was struck out in a case, oldest first."""
    table = case_strikes.c
    query = select(case_strikes).where(table.case_id == case_id)
    rows = db.execute(query.order_by(table.struck_at, table.id)).mappings()
    return [Strike(**_read(Strike, row)) for row in rows]


def insert_move(db: Connection, move: Move) -> None:
    """Keep that an entry went to another case."""
    db.execute(case_moves.insert().values(_values(move)))


def undo_move(db: Connection, move_id: str, *, by: str, at: datetime, because: str) -> None:
    """Keep that an entry came back."""
    query = case_moves.update().where(case_moves.c.id == move_id)
    db.execute(query.values(undone_by=by, undone_at=at, undone_because=because))


def moves_of(db: Connection, case_id: str) -> list[Move]:
    """What went from a case to others, oldest first."""
    table = case_moves.c
    query = select(case_moves).where(table.case_id == case_id)
    rows = db.execute(query.order_by(table.moved_at, table.id)).mappings()
    return [Move(**_read(Move, row)) for row in rows]


def move_by_id(db: Connection, move_id: str) -> Move | None:
    """A move, if the actor sees the case that something went from."""
    query = select(case_moves).where(case_moves.c.id == move_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else Move(**_read(Move, row))


def bring_note(
    db: Connection, note_id: str, case_id: str, person_id: str | None, *, by: str, at: datetime
) -> None:
    """Let a note stand in another case, about nobody or somebody there."""
    changes = {"case_id": case_id, "person_id": person_id, "moved_by": by, "moved_at": at}
    db.execute(case_notes.update().where(case_notes.c.id == note_id).values(changes))


def bring_document(
    db: Connection, document_id: str, case_id: str, sealed: Sealed, *, by: str, at: datetime
) -> None:
    """Let a document stand in another case, sealed into that case's group."""
    changes = {
        "case_id": case_id,
        "key_id": sealed.key_id,
        "wrapped_key": sealed.wrapped_key,
        "sealed_bytes": sealed.size_bytes,
        "moved_by": by,
        "moved_at": at,
    }
    db.execute(case_documents.update().where(case_documents.c.id == document_id).values(changes))


def _columns(table: Table, kind: EntryKind) -> str:
    return table.c.note_id.name if kind is EntryKind.NOTE else table.c.document_id.name


def _values(kept: Strike | Move) -> dict[str, Any]:
    table = case_strikes if isinstance(kept, Strike) else case_moves
    names = [each.name for each in fields(kept) if each.name not in {"kind", "entry_id"}]
    values: dict[str, Any] = {name: getattr(kept, name) for name in names}
    return values | {_columns(table, kept.kind): kept.entry_id}


def _read(kept: type[Strike | Move], row: Mapping[Any, Any]) -> dict[str, Any]:
    names = [each.name for each in fields(kept) if each.name not in {"kind", "entry_id"}]
    kind = EntryKind.DOCUMENT if row["note_id"] is None else EntryKind.NOTE
    values: dict[str, Any] = {name: row[name] for name in names}
    return values | {"kind": kind, "entry_id": row["note_id"] or row["document_id"]}
