"""A database as an earlier release left it, and rows in it."""

import json
from collections.abc import Iterator, Mapping

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, pool, text

from tests.databases import fresh_database
from tipbridge.foundation.storage.engine import driver_url
from tipbridge.foundation.storage.launcher import Server

_AS_MIGRATION = "-c tipbridge.actor=migration -c tipbridge.actor_kind=system -c timezone=UTC"
_BEFORE = "0201"
"""The revision before the first of those that are looked at here."""
_ANY: Mapping[str, str] = {
    "text": "'x'",
    "bytea": "'\\x00'",
    "jsonb": "'{}'",
    "ARRAY": "'{}'",
    "boolean": "false",
    "integer": "1",
    "bigint": "1",
    "date": "'2014-03-01'",
    "timestamp with time zone": "'2014-03-01T00:00:00Z'",
}
"""What stands in a column that has to hold something, whatever it is."""


@pytest.fixture
def old(server: Server) -> Iterator[Connection]:
    """A database as an earlier release left it, without a row yet."""
    with fresh_database(server, empty=True) as database:
        engine = create_engine(
            driver_url(database.owner_url),
            poolclass=pool.NullPool,
            connect_args={"options": _AS_MIGRATION},
        )
        with engine.connect() as db:
            db.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
            db.commit()
            upgrade(db, _BEFORE)
            yield db
        engine.dispose()


def upgrade(db: Connection, revision: str) -> None:
    """Bring it to a later release."""
    config = Config()
    config.set_main_option("script_location", "tipbridge.foundation.storage:migrations")
    config.attributes["connection"] = db
    command.upgrade(config, revision)
    db.commit()


def put(db: Connection, table: str, **values: object) -> None:
    """A row with these values, and with anything in whatever else has to be there."""
    due = db.execute(
        text(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = :t"
            " AND table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL"
            " AND is_identity = 'NO'"
        ),
        {"t": table},
    )
    filled = {row.column_name: _ANY[row.data_type] for row in due if row.column_name not in values}
    names = ", ".join([*values, *filled])
    given = ", ".join([*(f":{name}" for name in values), *filled.values()])
    plain = {
        name: json.dumps(value) if isinstance(value, dict) else value
        for name, value in values.items()
    }
    db.execute(text(f"INSERT INTO {table} ({names}) VALUES ({given})"), plain)
