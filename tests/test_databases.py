"""A database that was lent before is what a new one is, or it is not lent again."""

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.databases import fresh_database
from tests.nodes import CONSOLE, acting, add_staff, add_unit, build_node
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.storage.engine import raw_connection
from tipbridge.foundation.storage.launcher import JANITOR_ROLE, Server

_TABLES = """
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname IN ('public', 'queue') ORDER BY 1
"""
_COUNTERS = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'S' ORDER BY 1"


def held(owner_url: str) -> tuple[object, object, object]:
    """Rows by table, what every counter stands at, and the units."""
    with raw_connection(owner_url) as db, db.transaction():
        db.execute(f"SET LOCAL ROLE {JANITOR_ROLE}".encode())
        tables = [table for (table,) in db.execute(_TABLES.encode()).fetchall()]
        counters = [name for (name,) in db.execute(_COUNTERS.encode()).fetchall()]
        at = " UNION ALL ".join(f"SELECT '{c}', last_value, is_called FROM {c}" for c in counters)
        counts = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables)
        return (
            db.execute(counts.encode()).fetchall(),
            db.execute(at.encode()).fetchall(),
            db.execute(b"SELECT * FROM units").fetchall(),
        )


def test_one_that_was_lent_holds_what_a_new_one_holds(server: Server, tmp_path: Path):
    with fresh_database(server, unused=True) as database:
        new = held(database.owner_url)
        used = build_node(tmp_path / "used", database)
        add_staff(used, Role.ANALYST, unit=add_unit(used, "made-up"))
        with acting(database.owner, CONSOLE) as db:
            assert db.execute(text("UPDATE units SET name = 'another'")).rowcount > 1
        assert held(database.owner_url) != new
    with fresh_database(server) as again:
        assert again.name == database.name
        assert held(again.owner_url) == new


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE {watched} DISABLE TRIGGER USER",
        "ALTER TABLE staff DISABLE ROW LEVEL SECURITY",
        "DROP POLICY {policy} ON staff",
        "CREATE TABLE one_more (id int)",
        "ALTER TABLE units ADD COLUMN one_more int",
        "CREATE FUNCTION one_more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE units DROP CONSTRAINT {constraint}",
    ],
)
def test_one_of_another_form_is_not_lent_again(server: Server, change: str):
    with fresh_database(server, unused=True) as database, raw_connection(database.owner_url) as db:
        policy = db.execute(b"SELECT polname FROM pg_policy WHERE polrelid = 'staff'::regclass")
        foreign = db.execute(
            b"SELECT conname FROM pg_constraint WHERE conrelid = 'units'::regclass"
            b" AND contype = 'f'"
        )
        watched = db.execute(b"SELECT tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal")
        names = {
            "watched": watched.fetchall()[0][0],
            "policy": policy.fetchall()[0][0],
            "constraint": foreign.fetchall()[0][0],
        }
        db.execute(change.format(**names).encode())
    with fresh_database(server) as another:
        assert another.name != database.name


def test_one_that_somebody_still_uses_is_not_lent_again(server: Server):
    with fresh_database(server, unused=True) as database:
        left_open = raw_connection(database.app_url)
    with left_open, fresh_database(server) as another:
        assert another.name != database.name
    with fresh_database(server, unused=True) as database:
        borrowed = database.app.connect()
    with borrowed, fresh_database(server) as another:
        assert another.name != database.name
        borrowed.invalidate()  # its pool is gone
