"""A program that is told to end while it starts the embedded server leaves nothing behind."""

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.watching import processes_in, until
from tipbridge.foundation.storage.launcher import start_server

STARTER = """
import pathlib, signal, sys
from tipbridge.foundation.storage.engine import raw_connection
from tipbridge.foundation.storage.launcher import start_server
signal.signal(signal.SIGINT, getattr(signal, sys.argv[2]))  # whatever this run inherited
server = start_server(pathlib.Path(sys.argv[1]), scratch=True)
with raw_connection(server.owner_url) as db:
    db.execute("SELECT 1")
print("started")
server.stop()
"""
ROOTS = ("state", "data")  # the server of root has an account, and so a place, of its own


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tbe-", dir="/tmp"))
    folder.chmod(0o711)  # the server's own account must pass through
    monkeypatch.setenv("STATE_DIRECTORY", str(folder / "state"))
    yield folder
    shutil.rmtree(folder)


@contextmanager
def starting(place: Path, phase: str, at_ctrl_c: str) -> Generator[subprocess.Popen[bytes]]:
    """A starter in this phase of its start."""
    command = [sys.executable, "-c", STARTER, place / "data", at_ctrl_c]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as starter:
        until(lambda: any(list(place.glob(f"{root}/*/{phase}")) for root in ROOTS), pause=0.002)
        yield starter


@pytest.mark.parametrize("phase", ["cluster.new", "cluster/postmaster.pid"])
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_starter_that_is_told_to_end_leaves_no_process(
    place: Path, phase: str, told: signal.Signals
) -> None:
    with starting(place, phase, "default_int_handler") as starter:
        starter.send_signal(told)
        said, _ = starter.communicate(timeout=60)
    assert starter.returncode == -told
    assert said == b"", "it was told to end before it had started"
    assert processes_in(place) == []
    start_server(place / "data", scratch=True).stop()


def test_a_starter_in_the_background_ignores_ctrl_c(place: Path) -> None:
    with starting(place, "cluster.new", "SIG_IGN") as starter:
        starter.send_signal(signal.SIGINT)
        said, _ = starter.communicate(timeout=60)
    assert (starter.returncode, said) == (0, b"started\n")
    assert processes_in(place) == []
