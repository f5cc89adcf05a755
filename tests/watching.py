"""Watching the machine's processes, as a test that ends some of them must."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tipbridge.foundation.base.clock import monotonic_seconds

PATIENCE_SECONDS = 90.0
T = TypeVar("T")


def until(look: Callable[[], T | None], pause: float = 0.1) -> T:
    """What is there in the end."""
    deadline = monotonic_seconds() + PATIENCE_SECONDS
    while not (found := look()):
        assert monotonic_seconds() < deadline
        threading.Event().wait(pause)
    return found


def processes_in(folder: Path) -> list[list[str]]:
    """Command lines that name something in this folder."""
    return [line for line in command_lines().values() if any(str(folder) in word for word in line)]


def command_lines() -> dict[int, list[str]]:
    """The command line of each process, by its id."""
    found: dict[int, list[str]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            found[int(entry.name)] = (entry / "cmdline").read_text().split("\0")
        except OSError:
            continue  # it ended meanwhile
    return found


def parent_of(pid: int) -> int | None:
    """Who started this process; nobody's when it ended meanwhile."""
    try:
        return int(_stat(pid)[1])
    except OSError:
        return None


def begun_at(pid: int) -> int:
    """When this process began, in the kernel's ticks."""
    return int(_stat(pid)[19])


def _stat(pid: int) -> list[str]:
    """What the kernel says of a process, from its state on (proc(5), fields 3 and after)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
