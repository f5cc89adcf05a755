"""Kills a node, or a part of it, without warning, and runs it again."""

import contextlib
import os
import random
import signal
import threading
from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tipbridge.demo.nodes import DemoNode
from tipbridge.foundation.storage.ground import settle as settle_ground
from tipbridge.foundation.storage.launcher import postmaster_pid

LATEST_SECONDS = 1.2
"""A step of a small operation takes about this long."""


class What(StrEnum):
    """What is killed; more than half of the time the whole node."""

    NODE = "node"
    PROGRAM = "program"
    WORKER = "worker"
    DATABASE = "database"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """So long after a step began, this part of this node is killed."""

    step: int
    after_seconds: float
    node_id: str
    what: What


def draw_moments(
    seed: int, count: int, *, steps: int, node_ids: Sequence[str]
) -> dict[int, list[Moment]]:
    """Random moments of an operation, by step; the first of them are one of each kind."""
    draw = random.Random(seed)
    found: dict[int, list[Moment]] = defaultdict(list)
    for number in range(count):
        kinds = [*What] if number >= len(What) else [[*What][number]]
        moment = Moment(
            step=draw.randrange(steps),
            after_seconds=draw.uniform(0, LATEST_SECONDS),
            node_id=draw.choice(node_ids),
            what=draw.choices(kinds, weights=(6, 2, 1, 2)[: len(kinds)])[0],
        )
        found[moment.step].append(moment)
    return found


@contextlib.contextmanager
def killing(nodes: Mapping[str, DemoNode], moments: Sequence[Moment]) -> Generator[None]:
    """Kills come while the block runs; it ends when every node is up again."""
    faults: list[BaseException] = []

    def run() -> None:
        try:
            for moment in moments:
                threading.Event().wait(moment.after_seconds)
                kill(nodes[moment.node_id], moment.what)
        except BaseException as fault:  # noqa: BLE001 - told to the test below
            faults.append(fault)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        thread.join(240)
    assert not thread.is_alive(), "a node does not come up again"
    if faults:
        raise faults[0]


def kill(node: DemoNode, what: What) -> None:
    """Send SIGKILL to the processes of that part, all at once; run again what nobody else does."""
    program = node.process.pid
    database = postmaster_pid(settle_ground(node.data.resolve()))
    doomed: list[int] = []
    if what in {What.NODE, What.PROGRAM}:
        doomed += [program, *_children(program)]
    if what is What.WORKER:
        doomed += _children(program)
    if what in {What.NODE, What.DATABASE} and database is not None:
        doomed += [database, *_children(database)]
    for pid in doomed:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if what in {What.NODE, What.PROGRAM}:
        node.process.wait()
        node.stop()
        node.start()


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in task.read_text().split()]
    return found
