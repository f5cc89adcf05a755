"""The demo leaves nothing behind, however it is ended."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tipbridge.foundation.base.clock import monotonic_seconds

START_SECONDS = 90.0
T = TypeVar("T")


def test_a_demo_that_is_told_to_end_ends_its_nodes_and_removes_their_folder():
    demo = subprocess.Popen(
        [sys.executable, "-m", "tipbridge", "demo", "--scale", "small"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert demo.stdout is not None
        folder = until(lambda: _folder_of_a_node(demo.pid))
        until(lambda: list(folder.rglob("postmaster.pid")))
        assert _processes_in(folder) > 1
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(60) == 1
    finally:
        demo.terminate()
        demo.communicate()
    assert not folder.exists()
    assert _processes_in(folder) == 0


def until(look: Callable[[], T | None]) -> T:
    """What is there in the end."""
    deadline = monotonic_seconds() + START_SECONDS
    while not (found := look()):
        assert monotonic_seconds() < deadline
        threading.Event().wait(0.1)
    return found


def _folder_of_a_node(parent: int) -> Path | None:
    """The demo's folder, once a node of it runs."""
    for pid, line in _command_lines().items():
        if _parent_of(pid) == parent and "--data" in line:
            return Path(line[line.index("--data") + 1]).parents[1]
    return None


def _processes_in(folder: Path) -> int:
    return sum(any(str(folder) in word for word in line) for line in _command_lines().values())


def _command_lines() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            found[int(entry.name)] = (entry / "cmdline").read_text().split("\0")
        except OSError:
            continue  # it ended meanwhile
    return found


def _parent_of(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None
