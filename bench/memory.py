"""Resident memory of a node that takes report after report: it must not grow with them.

Short by default; `REPORTS=100000 make bench BENCH=memory` is the long form.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from bench.claims import Measured
from bench.lifecycle import Load, Running, running_node

SHORT, FIRST_PART = 2_000, 4
FILE_BYTES = 20_000
MOST = 1.15
"""What the last three quarters may add to what the first quarter left."""


def measure(folder: Path) -> Iterator[Measured]:
    """One claim."""
    count = int(os.environ.get("REPORTS", SHORT))
    with running_node(folder) as node:
        load = Load(node.port, file_bytes=FILE_BYTES)
        sizes: list[int] = []
        for _ in range(FIRST_PART):
            load.run(count=count // FIRST_PART)
            sizes.append(resident_bytes(node))
    steps = ", ".join(f"{size / 2**20:.0f}" for size in sizes)
    yield Measured(
        words=f"resident memory after {load.filed:,} reports / after a quarter of them",
        ratio=sizes[-1] / sizes[0],
        most=MOST,
        notes=(f"web server and worker together, after each quarter: {steps} MiB",),
    )


def resident_bytes(node: Running) -> int:
    """What the node's web server and its worker hold in memory, the database apart."""
    return sum(_resident(pid) for pid in (node.pid, *_children(node.pid)))


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    found = next(line for line in lines if line.startswith("Pss:"))
    return int(found.split()[1]) * 1024


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
