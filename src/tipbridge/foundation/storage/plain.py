"""Statements sent as they are written: for those of every call, where building one costs more
than running it.

They run in the transaction of the connection that is given, as any other statement does.
"""

from collections.abc import Mapping
from typing import Any, cast

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

Rows = psycopg.Cursor[tuple[Any, ...]]


def run(db: Connection, statement: str, given: Mapping[str, object]) -> Rows:
    """Run one statement; its rows, and how many there were.

    Shape: `statement` names what is given as `%(name)s`.
    Errors: DBAPIError, with the connection given up when the database is lost, as for any other.
    """
    raw = cast("psycopg.Connection[tuple[Any, ...]]", db.connection.driver_connection)
    try:
        return raw.execute(statement.encode(), given)
    except psycopg.Error as error:
        raise _told(db, raw, error) from error


def _told(db: Connection, raw: psycopg.Connection[Any], error: psycopg.Error) -> BaseException:
    lost = raw.closed or raw.broken
    if lost:
        db.invalidate(error)
    return cast(
        "BaseException",
        DBAPIError.instance(
            None,
            None,
            error,
            psycopg.Error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=db.dialect,
        ),
    )
