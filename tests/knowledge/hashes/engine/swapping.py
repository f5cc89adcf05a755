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
BETWEEN_SWAPS = 5
"""Look-ups that each thread makes between two swaps, however slow the machine is."""
GIVE_UP_SECONDS = 120


@dataclass
class Report:
    """What the looking threads saw; `by_thread` counts look-ups."""

    by_thread: dict[int, int] = field(default_factory=dict[int, int])
    wrong: int = 0
    longest_gap_seconds: float = 0.0
    news: threading.Condition = field(default_factory=threading.Condition)

    @property
    def lookups(self) -> int:
        """Of all threads."""
        return sum(self.by_thread.values())

    def count(self, *, wrong: bool, gap_seconds: float) -> None:
        """One more answer of the calling thread."""
        with self.news:
            me = threading.get_ident()
            self.by_thread[me] = self.by_thread.get(me, 0) + 1
            self.wrong += wrong
            self.longest_gap_seconds = max(self.longest_gap_seconds, gap_seconds)
            self.news.notify_all()

    def wait_for_all(self, threads: int) -> None:
        """Until each thread has made its look-ups since now."""
        with self.news:
            wanted = {each: count + BETWEEN_SWAPS for each, count in self.by_thread.items()}

            def reached() -> bool:
                counts = self.by_thread
                return len(counts) == threads and all(
                    count >= wanted.get(each, BETWEEN_SWAPS) for each, count in counts.items()
                )

            assert self.news.wait_for(reached, GIVE_UP_SECONDS), self.by_thread


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
    last = time.monotonic()
    while not stop.is_set():
        number, bits = int(rng.integers(KEPT)), int(rng.integers(33))
        index = current.get()
        assert index is not None
        answer = index.search(moved(kept[number], bits, rng).tobytes())
        wanted = Found((Neighbour(number, bits),)) if bits <= 31 else Found(())
        now = time.monotonic()
        report.count(wrong=answer != wanted, gap_seconds=now - last)
        last = now


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
            report.wait_for_all(threads)
            current.publish(lambda path, version=version: write_version(path, count, version, kept))
        report.wait_for_all(threads)
    finally:
        stop.set()
        for each in lookers:
            each.join()
    assert current.version() == f"near.{swaps + 1:09d}.index"
    return report
