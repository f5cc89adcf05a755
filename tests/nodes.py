"""Nodes for tests: one server per run, a migrated template, a database for each test."""

import contextlib
import fcntl
import functools
import os
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from tipbridge.foundation.base.actors import Actor, ActorKind, Role
from tipbridge.foundation.base.ids import SystemIds
from tipbridge.foundation.storage.engine import open_engine, raw_connection
from tipbridge.foundation.storage.launcher import APP_ROLE, Server, start_server
from tipbridge.foundation.storage.migrate import migrate

SERVER_FOLDER = "TB_TEST_SERVER"
_TEMPLATE = "template_of_tests"
ALL_PROFILES = ("provider", "clearinghouse", "liaison", "police")

CONSOLE = Actor(
    kind=ActorKind.STAFF, id="console", name="console", roles=frozenset(Role), unit=1, units=(1,)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One test's own database: its two addresses and an engine on each."""

    name: str
    owner_url: str
    app_url: str
    owner: Engine = field(repr=False)
    app: Engine = field(repr=False)


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextlib.contextmanager
def run_server() -> Generator[Server]:
    """The server of this test run, shared by all its worker processes, with its template."""
    folder = Path(os.environ[SERVER_FOLDER])
    server = start_server(folder, scratch=True)
    try:
        with (folder / "template.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _make_template(server)
        yield server
    finally:
        _maintenance(server.owner_url).close()
        _maintenance.cache_clear()
        server.stop()


@functools.cache
def _maintenance(url: str) -> psycopg.Connection:
    """The one connection by which this process makes and drops databases."""
    return raw_connection(url)


def _make_template(server: Server) -> None:
    with raw_connection(server.owner_url) as admin:
        made = admin.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [_TEMPLATE]
        ).fetchone()
        if made:
            return
        admin.execute(f"DROP DATABASE IF EXISTS {_TEMPLATE}".encode())
        admin.execute(f"CREATE DATABASE {_TEMPLATE}".encode())
        _close(admin, _TEMPLATE, "CONNECT")
        migrate(_named(server.owner_url, _TEMPLATE))
        admin.execute(f"ALTER DATABASE {_TEMPLATE} IS_TEMPLATE true".encode())


def _close(admin: psycopg.Connection, database: str, rights: str) -> None:
    """Take from everybody what they may do with a database, as the launcher does with a node's."""
    admin.execute(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC".encode())
    admin.execute(f"GRANT {rights} ON DATABASE {database} TO {APP_ROLE}".encode())


@functools.cache
def _rights(url: str) -> str:
    """What the runtime role may do with the template: a copy has its tables, not its rights."""
    with contextlib.closing(raw_connection(url)) as db:
        allowed = db.execute(
            "SELECT string_agg(a.privilege_type, ', ') FROM pg_database d, aclexplode(d.datacl) a"
            " WHERE d.datname = %s AND a.grantee = %s::regrole",
            [_TEMPLATE, APP_ROLE],
        ).fetchone()
    assert allowed is not None
    return str(allowed[0])


@contextlib.contextmanager
def fresh_database(server: Server, *, empty: bool = False) -> Generator[Database]:
    """A database of its own, migrated unless `empty`; dropped afterwards."""
    name = f"t_{SystemIds().new()}"
    template = "template0" if empty else _TEMPLATE
    admin = _maintenance(server.owner_url)
    # Copying its files takes half the time of copying its blocks through the log.
    admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode())
    _close(admin, name, "CONNECT" if empty else _rights(server.owner_url))
    owner_url, app_url = _named(server.owner_url, name), _named(server.app_url, name)
    owner, app = open_engine(owner_url), open_engine(app_url)
    try:
        yield Database(name=name, owner_url=owner_url, app_url=app_url, owner=owner, app=app)
    finally:
        owner.dispose()
        app.dispose()
        # One that a test left open is dropped with the whole server.
        with contextlib.suppress(psycopg.Error):
            admin.execute(f"DROP DATABASE {name}".encode())


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
