"""The embedded PostgreSQL server: made, started, adopted and stopped beside a data folder."""

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from sqlalchemy import URL

from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.base.errors import Unavailable
from tipbridge.foundation.base.signals import signals_put_off
from tipbridge.foundation.storage.ground import PORT, RECORD, Account, Ground, run_as, settle

OWNER_ROLE = "tipbridge_owner"
APP_ROLE = "tipbridge_app"
JANITOR_ROLE = "tipbridge_janitor"
"""Of a scratch server alone: puts a test's database back to what it was."""
DATABASE = "tipbridge"

_ADMIN_ROLE = "tipbridge_admin"  # no line of the host file lets anybody become it
_START_SECONDS = 120.0
_RETRY_SECONDS = 15.0
_STOP_SECONDS = 60.0

# Log lines stay free of statements and values: both may hold personal data. So errors of
# clients, which quote values, are told to the client alone. A segment of the write-ahead log
# that is over is removed, not kept for its room: what was erased must leave the log too.
_SETTINGS = """\
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
port = {port}
hba_file = '{home}/hosts.conf'
ident_file = '{home}/accounts.conf'
max_connections = 200
fsync = on
full_page_writes = on
synchronous_commit = on
wal_recycle = off
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = none
log_min_duration_statement = -1
log_checkpoints = off
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running database server and the addresses of its two roles."""

    owner_url: str
    app_url: str
    _leave: Callable[[], None] = field(default=lambda: None, repr=False)

    def stop(self) -> None:
        """Leave; the last process to leave an embedded server stops it."""
        self._leave()


def _address(ground: Ground, role: str) -> str:
    url = URL.create(
        "postgresql+psycopg",
        username=role,
        database=DATABASE,
        query={"host": str(ground.sockets), "port": str(PORT)},
    )
    return url.render_as_string(hide_password=False)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _write(path: Path, text: str, account: Account) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text)
    if account.switch:
        os.chown(fresh, account.uid, account.gid)
    fresh.rename(path)


def _configure(ground: Ground, cluster: Path) -> None:
    """Write who may connect: this account alone, over the socket, as the two roles."""
    own = pwd.getpwuid(os.geteuid()).pw_name
    hosts = "".join(f"local all {role} peer map=tipbridge\n" for role in (OWNER_ROLE, APP_ROLE))
    accounts = "".join(f'tipbridge "{own}" {role}\n' for role in (OWNER_ROLE, APP_ROLE))
    settings = _SETTINGS.format(
        sockets=_quoted(ground.sockets), home=_quoted(ground.home), port=PORT
    )
    _write(ground.home / "hosts.conf", hosts, ground.account)
    _write(ground.home / "accounts.conf", accounts, ground.account)
    _write(cluster / "postgresql.conf", settings, ground.account)


_JANITOR = (
    f"CREATE ROLE {JANITOR_ROLE} NOLOGIN BYPASSRLS",
    f"GRANT pg_read_all_data, pg_write_all_data TO {JANITOR_ROLE}",
    f"GRANT SET ON PARAMETER session_replication_role TO {JANITOR_ROLE}",
    f"GRANT {JANITOR_ROLE} TO {OWNER_ROLE} WITH INHERIT FALSE",
)


def _bootstrap_statements(*, scratch: bool) -> str:
    create = "CREATEDB" if scratch else "NOCREATEDB"
    rights = "LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS"
    return ";\n\n".join((
        f"CREATE ROLE {OWNER_ROLE} {rights} {create}",
        f"CREATE ROLE {APP_ROLE} {rights} NOCREATEDB",
        # Erasing ends with a fresh segment of the log; databases made later inherit the grant.
        f"GRANT pg_checkpoint TO {OWNER_ROLE}",
        f"GRANT EXECUTE ON FUNCTION pg_switch_wal() TO {OWNER_ROLE}",
        f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}",
        f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {DATABASE} TO {APP_ROLE}",
        *(_JANITOR if scratch else ()),
        "",
    ))  # fmt: skip


def _create_cluster(ground: Ground, *, scratch: bool) -> None:
    """Make the cluster aside and rename it, so that a crash leaves none or a whole one."""
    fresh = ground.home / "cluster.new"
    shutil.rmtree(fresh, ignore_errors=True)
    made = run_as(ground.account, [
        str(ground.programs / "initdb"), "-D", str(fresh), "-U", _ADMIN_ROLE, "-E", "UTF8",
        "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        "--data-checksums", "--auth=reject", *(["--no-sync"] if scratch else []),
    ])  # fmt: skip
    if made.returncode:
        raise Unavailable(f"initdb failed: {made.stderr.strip()[-600:]}")
    _configure(ground, fresh)
    # Single-user mode, so that the all-powerful role never gets a door.
    fed = run_as(
        ground.account,
        [str(ground.programs / "postgres"), "--single", "-j", "-D", str(fresh), "template1"],
        feed=_bootstrap_statements(scratch=scratch),
    )
    if fed.returncode or "ERROR" in fed.stderr:
        raise Unavailable(f"The new cluster can't be set up: {fed.stderr.strip()[-600:]}")
    fresh.rename(ground.cluster)


def _answers(ground: Ground) -> bool:
    try:
        with psycopg.connect(
            host=str(ground.sockets), port=PORT, user=OWNER_ROLE, dbname=DATABASE, connect_timeout=5
        ) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def postmaster_pid(ground: Ground) -> int | None:
    """The process id of this cluster's live postmaster, if there is one."""
    try:
        pid = int((ground.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        there = Path(f"/proc/{pid}/cwd").readlink()
    except (OSError, ValueError):
        return None
    return pid if there == ground.cluster.resolve() else None


def _clear_foreign_pid(ground: Ground) -> None:
    # A pid file of a killed server may name a number that another process has since been
    # given; PostgreSQL would then refuse to start for ever.
    with contextlib.suppress(OSError, ValueError):
        note = ground.cluster / "postmaster.pid"
        pid = int(note.read_text().split("\n", 1)[0])
        if Path(f"/proc/{pid}").exists() and postmaster_pid(ground) is None:
            note.unlink()


def _launch(ground: Ground) -> str:
    _clear_foreign_pid(ground)
    _configure(ground, ground.cluster)
    started = run_as(ground.account, [
        str(ground.programs / "pg_ctl"), "start", "-D", str(ground.cluster),
        "-l", str(ground.home / "server.log"), "-w", "-t", "60", "-s",
    ])  # fmt: skip
    return started.stderr.strip()[-600:]


def _ensure_running(ground: Ground) -> None:
    """Adopt the live server or start one; after a kill, old backends may drain first."""
    begun = monotonic_seconds()
    pause, said = 0.05, ""
    while not _answers(ground):
        alive = postmaster_pid(ground) is not None
        if monotonic_seconds() - begun > (_START_SECONDS if alive else _RETRY_SECONDS):
            raise Unavailable(f"The embedded PostgreSQL does not start. {said}")
        if not alive:
            said = _launch(ground)
            if not said and _answers(ground):
                return
        time.sleep(pause)
        pause = min(pause * 2, 1.0)


def _gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def _halt(ground: Ground) -> None:
    pid = postmaster_pid(ground)
    if pid is None:
        return
    os.kill(pid, signal.SIGINT)
    begun = monotonic_seconds()
    while not _gone(pid):
        if monotonic_seconds() - begun > _STOP_SECONDS:
            raise Unavailable(f"The embedded PostgreSQL (process {pid}) does not stop.")
        time.sleep(0.02)


@contextlib.contextmanager
def _locked(path: Path) -> Generator[None]:
    with path.open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _leaving(data: Path, ground: Ground, users: int) -> Callable[[], None]:
    left = False

    def leave() -> None:
        nonlocal left
        if left:
            return
        left = True
        with _locked(data / "database.lock"):
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # another process still uses the server
            else:
                _halt(ground)
            finally:
                os.close(users)

    return leave


def halt_server(data: Path) -> None:
    """Stop the embedded server of a data folder, whoever still uses it."""
    data = data.resolve()
    with _locked(data / "database.lock"):
        ground = settle(data)
        _halt(ground)


def remove_server(data: Path) -> None:
    """Stop the embedded server of a data folder and remove its files, wherever they lie."""
    data = data.resolve()
    if not (data / RECORD).exists():
        return
    with _locked(data / "database.lock"):
        ground = settle(data)
        _halt(ground)
        shutil.rmtree(ground.home)
        shutil.rmtree(ground.sockets, ignore_errors=True)
        (data / RECORD).unlink()


def start_server(data: Path, *, scratch: bool = False) -> Server:
    """Start, or join, the embedded server of a data folder.

    Shape: every process that joins holds a shared lock until it stops or dies; the last to
    stop ends the server. A signal to end that comes meanwhile is obeyed when the server has
    been left again, else a half-started one would stay behind. `scratch` is for tests:
    databases may be made, the first files are not synced.
    Errors: Unavailable when the server can't be made or started.
    """
    with signals_put_off() as held:
        server = _start_or_join(data.resolve(), scratch=scratch)
        if held:
            server.stop()
    return server


def _start_or_join(data: Path, *, scratch: bool) -> Server:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(data / "database.lock"):
        ground = settle(data)
        if not ground.cluster.exists():
            _create_cluster(ground, scratch=scratch)
        _ensure_running(ground)
        users = os.open(data / "database.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(users, fcntl.LOCK_SH)
    return Server(
        owner_url=_address(ground, OWNER_ROLE),
        app_url=_address(ground, APP_ROLE),
        _leave=_leaving(data, ground, users),
    )
