"""Threads look up while the list is built again and swapped: no wrong answer, no gap.

Each version keeps the queries' true neighbours and changes the rest of the list and the rows'
places, so that an answer put together from two versions would be wrong.
"""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.knowledge.hashes.engine.planted import Hashes, drawn, moved
from tipbridge.knowledge.hashes.engine.current import Current
from tipbridge.knowledge.hashes.engine.near import Found, NearIndex, Neighbour, build

KEPT = 64


@dataclass
class Report:
    """What the looking threads saw."""

    lookups: int = 0
    wrong: int = 0
    longest_gap_seconds: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


def write_version(path: Path, count: int, version: int, kept: Hashes) -> None:
    """The kept hashes at the version's own rows, under entry numbers that never change."""
    hashes = drawn(count, seed=1_000 + version)
    places = np.random.default_rng(version).permutation(count)[:KEPT]
    numbers = np.full(count, 1_000_000_000 + version, np.uint32)
    hashes[places], numbers[places] = kept, np.arange(KEPT)
    build(path, hashes, numbers)


def look(current: Current[NearIndex], kept: Hashes, stop: threading.Event, report: Report) -> None:
    """Ask until told to stop; every answer is known beforehand."""
    rng = np.random.default_rng(threading.get_ident() % 2**32)
    lookups = wrong = 0
    longest, last = 0.0, time.monotonic()
    while not stop.is_set():
        number, bits = int(rng.integers(KEPT)), int(rng.integers(33))
        index = current.get()
        assert index is not None
        answer = index.search(moved(kept[number], bits, rng).tobytes())
        wanted = Found((Neighbour(number, bits),)) if bits <= 31 else Found(())
        wrong += answer != wanted
        lookups += 1
        now = time.monotonic()
        longest, last = max(longest, now - last), now
    with report.lock:
        report.lookups, report.wrong = report.lookups + lookups, report.wrong + wrong
        report.longest_gap_seconds = max(report.longest_gap_seconds, longest)


def swapped(folder: Path, *, count: int, swaps: int, threads: int) -> Report:
    """Build and swap so many versions while so many threads look up."""
    kept = drawn(KEPT, seed=7)
    current = Current(folder, "near", NearIndex.open)
    current.publish(lambda path: write_version(path, count, 0, kept))
    stop, report = threading.Event(), Report()
    arguments = (current, kept, stop, report)
    lookers = [threading.Thread(target=look, args=arguments) for _ in range(threads)]
    for each in lookers:
        each.start()
    try:
        for version in range(1, swaps + 1):
            current.publish(lambda path, version=version: write_version(path, count, version, kept))
    finally:
        stop.set()
        for each in lookers:
            each.join()
    assert current.version() == f"near.{swaps + 1:09d}.index"
    return report
