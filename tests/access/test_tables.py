"""The second wall: what the database itself shows of each table, whatever a query forgot."""

import pytest
from sqlalchemy import Connection, text

from tests.access.cells import SEEN
from tests.access.expected_tables import TABLES
from tests.access.world import World
from tests.nodes import acting
from tipbridge.foundation.base.actors import WORKER, Actor
from tipbridge.foundation.storage.scope import set_actor

pytestmark = pytest.mark.xdist_group("access")  # one world for all of them

OWNED = sorted(name for name, whose in TABLES.items() if whose == "owned")
GUARDED = sorted(name for name, whose in TABLES.items() if whose != "nobody")


def rows(db: Connection, table: str) -> int:
    return db.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def become(db: Connection, actor: Actor) -> None:
    units = "{" + ",".join(str(unit) for unit in actor.units) + "}"
    set_actor(db, actor_id=actor.id, kind=actor.kind, units=units)


def test_every_table_is_listed_and_guarded(world: World) -> None:
    with world.database.owner.connect() as db:
        found = db.execute(
            text(
                "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class"
                " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            )
        ).all()
    assert sorted(name for name, _ in found) == sorted(TABLES)
    assert sorted(name for name, guarded in found if guarded) == GUARDED


@pytest.mark.parametrize("table", GUARDED)
def test_without_an_actor_a_table_reads_empty(world: World, table: str) -> None:
    with world.database.app.connect() as db:
        assert rows(db, table) == 0


@pytest.mark.parametrize("scope", SEEN)
def test_rows_are_seen_by_the_actors_they_belong_to(world: World, scope: str) -> None:
    actor = world.actors["investigator"]
    with world.owned(scope):
        with acting(world.database.app, WORKER) as db:
            there = {table: rows(db, table) for table in OWNED}
        with acting(world.database.app, actor) as db:
            seen = {table: rows(db, table) for table in OWNED}
    assert seen == (there if SEEN[scope] else dict.fromkeys(OWNED, 0))


@pytest.mark.parametrize("table", OWNED)
def test_without_its_policy_a_table_would_show_another_units_rows(world: World, table: str) -> None:
    """The check above can fail: the world has a row here, and only the policy hides it."""
    with world.owned("other"), world.database.owner.connect() as db:
        become(db, world.actors["investigator"])
        assert rows(db, table) == 0
        db.execute(text(f"ALTER POLICY {table}_rows ON {table} USING (true)"))
        shown = rows(db, table)
        db.rollback()
    assert shown > 0


@pytest.mark.parametrize("unit", ["own", "below", "other"])
@pytest.mark.parametrize("table", sorted(name for name, whose in TABLES.items() if whose == "unit"))
def test_rows_for_a_unit_are_seen_by_it_and_above_whoever_sees_the_case(
    world: World, table: str, unit: str
) -> None:
    with world.owned("other"), world.database.owner.connect() as db:
        become(db, WORKER)
        db.execute(text(f"UPDATE {table} SET for_unit = :unit"), {"unit": world.units[unit]})
        there = rows(db, table)
        become(db, world.actors["investigator"])
        seen = rows(db, table)
        db.rollback()
    assert there > 0
    assert seen == (0 if unit == "other" else there)


@pytest.mark.parametrize(
    "table", sorted(name for name, whose in TABLES.items() if whose == "system")
)
def test_system_tables_are_closed_to_staff(world: World, table: str) -> None:
    with acting(world.database.app, world.actors["administrator"]) as db:
        assert rows(db, table) == 0
