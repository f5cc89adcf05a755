"""Databases for tests: copied from a migrated template, emptied after a test and lent again."""

import contextlib
import functools
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field

import psycopg
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.base.ids import SystemIds
from tipbridge.foundation.storage.engine import open_engine, raw_connection
from tipbridge.foundation.storage.launcher import APP_ROLE, JANITOR_ROLE, Server
from tipbridge.foundation.storage.migrate import migrate

_TEMPLATE = "template_of_tests"
_LENT_OFTEN, _LENT_BYTES = 100, 16 * 1024**2
"""So often, and while its tables are no larger: what was deleted stays in their pages."""

_GOING_SECONDS = 0.5

_OURS = "n.nspname IN ('public', 'queue')"
# A table that no row was ever written to has no bytes.
_WRITTEN = f"""
    SELECT c.oid::regclass::text, pg_table_size(c.oid)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND {_OURS} AND pg_relation_size(c.oid) > 0
"""
_COUNTERS = f"""
    SELECT c.oid::regclass::text, pg_sequence_last_value(c.oid)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'S' AND {_OURS}
"""
_FORM = " UNION ALL ".join(
    f"SELECT '{catalogue}', count(*), max(xmin::text::bigint) FROM {catalogue}"
    for catalogue in ("pg_class", "pg_policy", "pg_trigger", "pg_proc", "pg_constraint")
)
# A background worker of the server has no role.
_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND usesysid IS NOT NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One test's own database: its two addresses and an engine on each."""

    name: str
    owner_url: str
    app_url: str
    owner: Engine = field(repr=False)
    app: Engine = field(repr=False)


@dataclass(slots=True, kw_only=True)
class _Made:
    """A database as it was made; `janitor` sees that it is so again."""

    database: Database
    janitor: psycopg.Connection
    form: list[tuple[object, ...]]
    rows: Mapping[str, bytes]
    counters: Mapping[str, tuple[int, bool]]
    lent: int = 0


_idle: list[_Made] = []


@contextlib.contextmanager
def fresh_database(
    server: Server, *, empty: bool = False, unused: bool = False
) -> Generator[Database]:
    """A database of its own, migrated unless `empty`; it may have been another's, long ago.

    Shape: one that was lent before holds nothing of it but in the pages of its files;
    `unused` gives one whose files are new as well.
    """
    if empty:
        database = _created(server, "template0", "CONNECT")
        try:
            yield database
        finally:
            _drop(server, database)
        return
    made = _idle.pop() if _idle and not unused else _make(server)
    made.lent += 1
    one = made.database
    # Engines of this test alone, whoever listens to them, over connections that are there.
    lent = Database(
        name=one.name,
        owner_url=one.owner_url,
        app_url=one.app_url,
        owner=one.owner.execution_options(),
        app=one.app.execution_options(),
    )
    try:
        yield lent
    finally:
        if made.lent < _LENT_OFTEN and _emptied(made):
            _idle.append(made)
        else:
            made.janitor.close()
            _drop(server, one)


@contextlib.contextmanager
def copied_database(server: Server, original: Database) -> Generator[Database]:
    """A copy of a database as it stands now.

    Shape: the original's connections are closed first, also the one by which it would be emptied
    and lent again: it is dropped instead. A worker of autovacuum there belongs to the server, which
    ends it itself for a copy.
    """
    original.app.dispose()
    original.owner.dispose()
    _maintenance(server.owner_url).execute(
        b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        b" WHERE datname = %s AND backend_type = 'client backend'",
        [original.name],
    )
    made = _created(server, original.name, _rights(server.owner_url))
    try:
        yield made
    finally:
        _drop(server, made)


def drop_idle(server: Server) -> None:
    """Drop the databases that nobody borrows; for the end of a run."""
    while _idle:
        made = _idle.pop()
        made.janitor.close()
        _drop(server, made.database)
    _maintenance(server.owner_url).close()
    _maintenance.cache_clear()


def make_template(server: Server) -> None:
    """Make the migrated database that the others are copies of, unless it is there."""
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


def _make(server: Server) -> _Made:
    database = _created(server, _TEMPLATE, _rights(server.owner_url))
    janitor = raw_connection(database.owner_url)
    return _Made(
        database=database,
        janitor=janitor,
        form=janitor.execute(_FORM.encode()).fetchall(),
        rows=_rows(janitor),
        counters=_counters(janitor),
    )


def _created(server: Server, template: str, rights: str) -> Database:
    name = f"t_{SystemIds().new()}"
    admin = _maintenance(server.owner_url)
    # Copying its files takes half the time of copying its blocks through the log.
    admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode())
    _close(admin, name, rights)
    owner_url, app_url = _named(server.owner_url, name), _named(server.app_url, name)
    owner, app = open_engine(owner_url), open_engine(app_url)
    return Database(name=name, owner_url=owner_url, app_url=app_url, owner=owner, app=app)


def _drop(server: Server, database: Database) -> None:
    database.owner.dispose()
    database.app.dispose()
    # One that a test left open is dropped with the whole server.
    with contextlib.suppress(psycopg.Error):
        _maintenance(server.owner_url).execute(f"DROP DATABASE {database.name}".encode())


def _rows(janitor: psycopg.Connection) -> dict[str, bytes]:
    """What migrating wrote, by table."""
    found: dict[str, bytes] = {}
    with janitor.transaction():
        janitor.execute(f"SET LOCAL ROLE {JANITOR_ROLE}".encode())
        for table, _ in janitor.execute(_WRITTEN.encode()).fetchall():
            with janitor.cursor().copy(f"COPY {table} TO STDOUT".encode()) as copy:
                found[table] = b"".join(copy)
    return found


def _alone(janitor: psycopg.Connection, known: int) -> bool:
    """Whether these connections are all; one that was just closed is given time to be gone."""
    deadline = monotonic_seconds() + _GOING_SECONDS
    while janitor.execute(_OTHERS.encode()).fetchone() != (known,):
        if monotonic_seconds() > deadline:
            return False
        janitor.execute(b"SELECT pg_sleep(0.002)")
    return True


def _counters(janitor: psycopg.Connection) -> dict[str, tuple[int, bool]]:
    """Where each counter stands, and whether it has given that number out."""
    names = [name for name, _ in janitor.execute(_COUNTERS.encode()).fetchall()]
    asked = " UNION ALL ".join(
        f"SELECT '{name}', last_value, is_called FROM {name}" for name in names
    )
    return {name: (at, given) for name, at, given in janitor.execute(asked.encode()).fetchall()}


def _emptied(made: _Made) -> bool:
    """Make it what it was; False where somebody still uses it or it has another form."""
    one = made.database
    if one.app.pool.checkedout() or one.owner.pool.checkedout():  # type: ignore[attr-defined]
        return False
    known = one.app.pool.checkedin() + one.owner.pool.checkedin()  # type: ignore[attr-defined]
    db = made.janitor
    try:
        if not _alone(db, known + 1):
            return False
        if db.execute(_FORM.encode()).fetchall() != made.form:
            return False
        written = dict(db.execute(_WRITTEN.encode()).fetchall())
        if sum(written.values()) > _LENT_BYTES:
            return False
        counted = [name for name, at in db.execute(_COUNTERS.encode()).fetchall() if at is not None]
        with db.transaction():
            db.execute(_undoing(made, written, counted).encode())
            for table, rows in made.rows.items():
                with db.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
                    copy.write(rows)
    except psycopg.Error:
        return False
    return True


def _undoing(made: _Made, written: Iterable[str], counted: Iterable[str]) -> str:
    """Past triggers and policies: what is written here is nobody's act."""
    return ";\n".join((
        f"SET LOCAL ROLE {JANITOR_ROLE}",
        "SET LOCAL session_replication_role = replica",
        "SET LOCAL lock_timeout = '2s'",
        *(f"DELETE FROM {table}" for table in written),
        *(
            f"SELECT setval('{name}', {made.counters[name][0]}, {made.counters[name][1]})"
            for name in counted
        ),
    ))  # fmt: skip


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@functools.cache
def _maintenance(url: str) -> psycopg.Connection:
    """The one connection by which this process makes and drops databases."""
    return raw_connection(url)


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
