"""The database: where it is, how it is opened, and what is refused."""

import functools
import os
from collections.abc import Mapping
from pathlib import Path

import psycopg
from sqlalchemy import Dialect, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.base.errors import Forbidden, Unavailable
from tipbridge.foundation.storage.launcher import Server, start_server

OWNER_SETTING = "TIPBRIDGE_DATABASE_OWNER_URL"
APP_SETTING = "TIPBRIDGE_DATABASE_URL"
_OLDEST_SERVER = 160000
FRESH_SECONDS = 1.0
"""A connection that was in use so lately is not asked whether it still lives."""

_ROLE_FACTS = text("""
    SELECT current_setting('server_version_num')::int AS version,
           r.rolsuper, r.rolbypassrls, r.rolcreaterole,
           pg_has_role(d.datdba, 'MEMBER') AS owns_database,
           EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE n.nspname IN ('public', 'queue') AND c.relkind IN ('r', 'p')
                   AND pg_has_role(c.relowner, 'MEMBER')) AS owns_tables
    FROM pg_roles r, pg_database d
    WHERE r.rolname = current_user AND d.datname = current_database()
""")


def driver_url(url: str) -> str:
    """The same address with our driver named: `postgresql://…` becomes `postgresql+psycopg://…`."""
    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def plain_url(url: str) -> str:
    """The same address as libpq and psycopg read it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def open_database(data: Path, environ: Mapping[str, str] = os.environ) -> Server:
    """The server named by the two settings, or else the embedded one of this data folder.

    Errors: Unavailable when only one of the two addresses is given.
    """
    owner, app = environ.get(OWNER_SETTING, ""), environ.get(APP_SETTING, "")
    if bool(owner) != bool(app):
        raise Unavailable(f"Give both {OWNER_SETTING} and {APP_SETTING}, or neither.")
    if not owner:
        return start_server(data)
    return Server(owner_url=driver_url(owner), app_url=driver_url(app))


def open_engine(url: str, *, pool_size: int = 8, overflow: int = 24) -> Engine:
    """An engine on this address; connections are made when first needed."""
    engine = create_engine(
        driver_url(url),
        pool_size=pool_size,
        max_overflow=overflow,
        # Else an error's text, and so a log line, quotes the values of a statement.
        hide_parameters=True,
        # Else an INSERT … ON CONFLICT DO NOTHING can't tell whether it stored a row.
        execution_options={"preserve_rowcount": True},
        connect_args={
            "options": "-c search_path=public,queue -c timezone=UTC",
            "application_name": "tipbridge",
        },
    )
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", functools.partial(_look_first, engine.dialect))
    return engine


def _note_use(dbapi: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    del dbapi
    record.info["used"] = monotonic_seconds()


def _look_first(
    dialect: Dialect, dbapi: DBAPIConnection, record: ConnectionPoolEntry, proxy: object
) -> None:
    """Ask a connection whether it still lives before it is used, unless it just did."""
    del proxy
    used = record.info.get("used")
    if used is None or monotonic_seconds() - used < FRESH_SECONDS:
        return
    try:
        dialect.do_ping(dbapi)
    except psycopg.Error as error:
        raise InvalidatePoolError from error


def check_runtime_role(engine: Engine) -> None:
    """Refuse a server too old, and a role that row-level security would not bind.

    Errors: Unavailable (server), Forbidden (role).
    """
    with engine.connect() as connection:
        facts = connection.execute(_ROLE_FACTS).mappings().one()
    if facts["version"] < _OLDEST_SERVER:
        raise Unavailable("PostgreSQL 16 or newer is needed.")
    faults = {
        "is a superuser": facts["rolsuper"],
        "bypasses row-level security": facts["rolbypassrls"],
        "may make roles": facts["rolcreaterole"],
        "owns the database": facts["owns_database"],
        "owns tables": facts["owns_tables"],
    }
    found = [fault for fault, there in faults.items() if there]
    if found:
        raise Forbidden(f"The runtime database role {', '.join(found)}; use a lesser one.")


def raw_connection(url: str) -> psycopg.Connection:
    """One plain psycopg connection, in autocommit: for advisory locks and maintenance."""
    return psycopg.connect(plain_url(url), autocommit=True)
