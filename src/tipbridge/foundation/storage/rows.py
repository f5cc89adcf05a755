"""Many rows of a table in one statement, however many: built once, planned once."""

import functools
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import JSON, Connection, Table, TextClause, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine


def insert_rows(
    db: Connection, table: Table, rows: Sequence[Mapping[str, object]], *, or_not: bool = False
) -> None:
    """Insert rows.

    Shape: with `or_not`, a row that is there already stays as it is.
    Errors: ValueError when the rows do not all give the same columns.
    """
    if not rows:
        return
    names = tuple(rows[0])
    if any(row.keys() != rows[0].keys() for row in rows):
        raise ValueError(f"Rows of {table.name} give different columns; the first: {names}.")
    sent = json.dumps([_sendable(table, row) for row in rows], allow_nan=False)
    db.execute(_statement(table, names, or_not), {"rows": sent})


@functools.cache
def _statement(table: Table, names: tuple[str, ...], or_not: bool) -> TextClause:  # noqa: FBT001
    types = [_sent_as(table, name) for name in names]
    sent = ", ".join(f"{name} {kind}" for name, kind in zip(names, types, strict=True))
    taken = ", ".join(f"CAST({name} AS jsonb)" if _is_json(table, name) else name for name in names)
    return text(f"""
        INSERT INTO {table.name} ({", ".join(names)}) SELECT {taken}
          FROM json_to_recordset(CAST(:rows AS json)) AS sent ({sent})
        {"ON CONFLICT DO NOTHING" if or_not else ""}""")  # noqa: S608 - names of our own columns


def _is_json(table: Table, name: str) -> bool:
    return isinstance(table.c[name].type, JSON)


def _sent_as(table: Table, name: str) -> str:
    if _is_json(table, name):
        return "text"  # else a value that is null would be none
    return table.c[name].type.compile(postgresql.dialect())


def _sendable(table: Table, row: Mapping[str, object]) -> dict[str, object]:
    return {name: _value(table.c[name].type, value) for name, value in row.items()}


def _value(kind: TypeEngine[Any], value: object) -> object:
    if not isinstance(kind, JSON):
        return _plain(value)
    return None if value is None and kind.none_as_null else json.dumps(value)


def _plain(value: object) -> object:
    """A value as JSON holds it and PostgreSQL reads it."""
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    return value.isoformat() if isinstance(value, date) else value
