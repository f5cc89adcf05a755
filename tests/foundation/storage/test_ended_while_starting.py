"""A program that is told to end while it starts the embedded server leaves nothing behind."""

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.watching import processes_in, until
from tipbridge.foundation.storage.launcher import start_server

STARTER = """
import pathlib, sys
from tipbridge.foundation.storage.launcher import start_server
start_server(pathlib.Path(sys.argv[1]), scratch=True)
print("started")
"""
ROOTS = ("state", "data")  # the server of root has an account, and so a place, of its own


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tbe-", dir="/tmp"))
    folder.chmod(0o711)  # the server's own account must pass through
    monkeypatch.setenv("STATE_DIRECTORY", str(folder / "state"))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("phase", ["cluster.new", "cluster/postmaster.pid"])
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_starter_that_is_told_to_end_leaves_no_process(
    place: Path, phase: str, told: signal.Signals
) -> None:
    data = place / "data"
    command = [sys.executable, "-c", STARTER, data]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as starter:
        until(lambda: any(list(place.glob(f"{root}/*/{phase}")) for root in ROOTS), pause=0.002)
        starter.send_signal(told)
        said, _ = starter.communicate(timeout=60)
    assert starter.returncode == -told
    assert said == b"", "it was told to end before it had started"
    assert processes_in(place) == []
    start_server(data, scratch=True).stop()
