"""Processor time of a node, its database and their clients: what a busy machine can't hide."""

import os
import resource
from pathlib import Path

import psycopg

_TICKS = os.sysconf("SC_CLK_TCK")
_PARENT, _USER, _SYSTEM, _USER_OF_ENDED, _SYSTEM_OF_ENDED = 1, 11, 12, 13, 14
"""Fields behind the name of a process. Source: proc(5), /proc/pid/stat, counted from its state."""


def seconds_so_far(*processes: int) -> float:
    """Of these processes, all that they began, ourselves and programs that we ran to an end."""
    ours = resource.getrusage(resource.RUSAGE_SELF)
    ran = resource.getrusage(resource.RUSAGE_CHILDREN)
    clients = ours.ru_utime + ours.ru_stime + ran.ru_utime + ran.ru_stime
    return clients + sum(_tree(each) for each in processes)


def postmaster_of(url: str) -> int:
    """The first process of the database server at this address, on this machine."""
    with psycopg.connect(url) as db:
        found = db.execute("SELECT pg_backend_pid()").fetchone()
        assert found is not None
        return int(_fields(found[0])[_PARENT])


def _tree(pid: int) -> float:
    try:
        tasks = [*Path(f"/proc/{pid}/task").iterdir()]
        begun = [int(each) for task in tasks for each in (task / "children").read_text().split()]
        fields = _fields(pid)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # it ended just now: its parent has its time
    own = sum(int(fields[each]) for each in (_USER, _SYSTEM, _USER_OF_ENDED, _SYSTEM_OF_ENDED))
    return own / _TICKS + sum(_tree(each) for each in begun)


def _fields(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
