"""Nodes for tests: one server per run, a migrated template, a database for each test."""

import contextlib
import fcntl
import os
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

from sqlalchemy import Engine

from tests.databases import Database, drop_idle, make_template
from tipbridge.foundation.base.actors import Actor, ActorKind, Role
from tipbridge.foundation.storage.launcher import Server, start_server

SERVER_FOLDER = "TB_TEST_SERVER"
ALL_PROFILES = ("provider", "clearinghouse", "liaison", "police")

CONSOLE = Actor(
    kind=ActorKind.STAFF, id="console", name="console", roles=frozenset(Role), unit=1, units=(1,)
)


@contextlib.contextmanager
def run_server() -> Generator[Server]:
    """The server of this test run, shared by all its worker processes, with its template."""
    folder = Path(os.environ[SERVER_FOLDER])
    server = start_server(folder, scratch=True)
    try:
        with (folder / "template.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            make_template(server)
        yield server
    finally:
        drop_idle(server)
        server.stop()


@contextlib.contextmanager
def acting(engine: Engine, actor: Actor) -> Iterator:  # type: ignore[type-arg]
    """A connection in a transaction in which `actor` acts: for tests of stores alone."""
    from tipbridge.foundation.storage.scope import set_actor

    units = "{" + ",".join(str(unit) for unit in actor.units) + "}"
    with engine.begin() as db:
        set_actor(db, actor_id=actor.id, kind=actor.kind, units=units)
        yield db


def build_node(
    data: Path,
    database: Database,
    *,
    node_id: str = "us.clearing",
    profiles: Iterable[str] = ALL_PROFILES,
    synthetic: bool = True,
):
    """Make and open a node in `data` on `database`."""
    from tipbridge.foundation.node import Profile, make_node, open_node

    make_node(
        data,
        node_id=node_id,
        name=f"Node {node_id}",
        profiles=frozenset(Profile(profile) for profile in profiles),
        synthetic=synthetic,
    )
    return open_node(data, database.app)


def add_staff(node, role: Role, *, unit: int = 1, username: str = "") -> Actor:
    """Store a member of staff with `role` in `unit` and return them as an actor."""
    from tipbridge.foundation.access import rules, store
    from tipbridge.foundation.access.model import StaffMember
    from tipbridge.foundation.base.actors import WORKER
    from tipbridge.foundation.work import open_work

    with open_work(node, WORKER) as work:
        id_ = work.ids.new()
        member = StaffMember(
            id=id_,
            username=username or f"{role}-{id_[-8:]}",
            roles=frozenset({role}),
            unit_id=unit,
            active=True,
            added_at=work.now,
            password_hash=None,
        )
        assert store.insert_staff(work.db, member)
        units = rules.units_below(store.all_units(work.db), unit)
    return Actor(
        kind=ActorKind.STAFF,
        id=id_,
        name=member.username,
        roles=member.roles,
        unit=unit,
        units=tuple(units),
    )


def add_unit(node, code: str, *, parent: int = 1) -> int:
    """Store a unit below `parent` and return its id."""
    from tipbridge.foundation.access import store
    from tipbridge.foundation.base.actors import WORKER
    from tipbridge.foundation.work import open_work

    with open_work(node, WORKER) as work:
        unit = store.insert_unit(work.db, parent_id=parent, code=code, name=code)
    assert unit is not None
    return unit


def run_followups(node) -> None:
    """Do everything that is enqueued, and what follows from it, in this process."""
    from tipbridge.app import drain

    drain(node)
