"""Fixtures of the whole suite: server → database → node → actor."""

import contextlib
import gc
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import Database, fresh_database
from tests.hashing import hash_quickly
from tests.nodes import CONSOLE, SERVER_FOLDER, add_staff, build_node, run_server
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.storage.launcher import Server, halt_server

# A busy machine is no fault of an example.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


IN_MEMORY, ROOM_BYTES = Path("/dev/shm"), 3 * 1024**3


def _quickest_place() -> str:
    """Memory, where there is room: a run makes and drops hundreds of databases."""
    roomy = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM_BYTES
    return str(IN_MEMORY) if roomy else "/tmp"


def pytest_configure(config: pytest.Config) -> None:
    """The first process chooses a folder for the server and the tests' files; workers inherit it.

    Nobody looks for garbage before everything is loaded: that was a third of loading it.
    """
    gc.disable()
    hash_quickly()
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="tbt-", dir=_quickest_place())
        Path(folder).chmod(0o711)  # the server's own account must pass through
        os.environ[SERVER_FOLDER] = folder
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", folder)  # where `tmp_path` is


def pytest_collection_finish() -> None:
    """What was loaded stays: nobody looks for garbage in it again with every test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The first process removes that folder, also when a worker died without leaving."""
    folder = Path(os.environ.get(SERVER_FOLDER, ""))
    if not hasattr(config, "workerinput") and folder.name.startswith("tbt-"):
        with contextlib.suppress(Exception):
            halt_server(folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's own state, nor follows the user's settings."""
    for name in [name for name in os.environ if name.startswith("TIPBRIDGE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("STATE_DIRECTORY", f"{os.environ[SERVER_FOLDER]}/state")


@pytest.fixture(scope="session")
def server() -> Generator[Server]:
    """The PostgreSQL server of this test run."""
    with run_server() as running:
        yield running


@pytest.fixture
def database(server: Server) -> Generator[Database]:
    """A migrated database of this test's own: `.app` and `.owner` engines."""
    with fresh_database(server) as made:
        yield made


@pytest.fixture
def make_node(server: Server, tmp_path: Path) -> Generator[Callable]:
    """Makes nodes: `make_node(node_id="kr.police", profiles=("police",), synthetic=True)`."""
    with contextlib.ExitStack() as stack:
        numbers = itertools.count(1)

        def make(node_id: str = "us.clearing", **chosen: object):
            made = stack.enter_context(fresh_database(server))
            return build_node(tmp_path / f"node-{next(numbers)}", made, node_id=node_id, **chosen)

        yield make


@pytest.fixture
def node(make_node: Callable):
    """A fresh synthetic node with all profiles."""
    return make_node()


@pytest.fixture
def staff() -> Callable[..., Actor]:
    """Makes staff: `staff(node, Role.ANALYST, unit=1)`."""

    def make(node, role: Role, unit: int = 1) -> Actor:
        return add_staff(node, role, unit=unit)

    return make


@pytest.fixture
def console() -> Actor:
    """The synthetic node's command-line actor, with every role."""
    return CONSOLE
