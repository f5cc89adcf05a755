"""Providers look up over HTTP while a list is imported, activated, built and swapped.

Each version says something else of the same kept hashes: an answer put together from two versions,
or from one that is no longer in effect, shows by its class. Requests carry enough items to leave
the event loop, so that the server looks up in threads of its own.
"""

import json
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection

import numpy as np

from tests.knowledge.hashes.engine.planted import Hashes, drawn, moved
from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.knowledge.hashes.api import AT_ONCE, PATH

LIST, KEPT, ITEMS = "national", 64, AT_ONCE + 4
CREDENTIAL = b64encode(b"usr123:pw-1").decode()
HEADERS = {"Authorization": f"Basic {CREDENTIAL}", "Content-Type": "application/json"}
GIVE_UP_SECONDS = 3_600
LONGEST_GAP_SECONDS = 2.0
"""The limit that the service promises."""


@dataclass
class Report:
    """What the looking threads saw; `version_of` is the newest that each was answered from."""

    version_of: dict[int, int] = field(default_factory=dict[int, int])
    requests: int = 0
    wrong: list[str] = field(default_factory=list[str])
    longest_gap_seconds: float = 0.0
    news: threading.Condition = field(default_factory=threading.Condition)

    @property
    def lookups(self) -> int:
        """Of all threads."""
        return self.requests * ITEMS

    def count(self, version: int, gap_seconds: float) -> None:
        """One more answer of the calling thread."""
        with self.news:
            self.version_of[threading.get_ident()] = version
            self.requests += 1
            self.longest_gap_seconds = max(self.longest_gap_seconds, gap_seconds)
            self.news.notify_all()

    def fault(self, what: str) -> None:
        """An answer that is not right; its thread ends."""
        with self.news:
            self.wrong.append(what)
            self.news.notify_all()

    def wait_for(self, version: int, threads: int) -> None:
        """Until every thread was answered from this version."""

        def reached() -> bool:
            seen = self.version_of.values()
            return bool(self.wrong) or (len(seen) == threads and min(seen) >= version)

        with self.news:
            assert self.news.wait_for(reached, GIVE_UP_SECONDS), self.version_of
        assert not self.wrong, self.wrong


def lines_of(version: int, count: int) -> Iterator[str]:
    """A file for an import: the kept hashes with the version's own class, and so many new ones."""
    yield "pdq,mark"
    for kept in drawn(KEPT, seed=7):
        yield f"{kept.tobytes().hex()},v{version}"
    for other in drawn(count, seed=1_000 + version):
        yield f"{other.tobytes().hex()},other"


def look(address: str, kept: Hashes, stop: threading.Event, report: Report, pause: float) -> None:
    """Ask until told to stop; every answer is known beforehand."""
    rng = np.random.default_rng(threading.get_ident() % 2**32)
    connection = HTTPConnection(address.removeprefix("http://"), timeout=60)
    newest, last = 0, monotonic_seconds()
    try:
        while not stop.wait(pause):
            newest = max(newest, _asked(connection, kept, rng, newest))
            now = monotonic_seconds()
            report.count(newest, now - last)
            last = now
    except Exception as error:  # noqa: BLE001 - whatever it is, the proof has failed
        after = monotonic_seconds() - last
        report.fault(f"{type(error).__name__}, {after:.1f} s after the last answer: {error}")
    finally:
        connection.close()


def _asked(connection: HTTPConnection, kept: Hashes, rng: np.random.Generator, newest: int) -> int:
    """Ask once; the version that answered. Errors: AssertionError for an answer that is wrong."""
    places = rng.integers(KEPT, size=ITEMS)
    bits = rng.integers(33, size=ITEMS)
    bits[:2] = 31, 32
    asked = [
        {"pdq": moved(kept[place], int(far), rng).tobytes().hex()}
        for place, far in zip(places, bits, strict=True)
    ]
    connection.request("POST", PATH, json.dumps({"items": asked}), HEADERS)
    answer = connection.getresponse()
    told = json.loads(answer.read())
    assert answer.status == 200, told
    assert told["not_searched"] == 0, told
    assert [each["hit"] for each in told["answers"]] == [bool(far <= 31) for far in bits], told
    classes = {(hit["list"], hit["class"]) for each in told["answers"] for hit in each["lists"]}
    ((name, mark),) = classes  # of one version, all of them
    assert name == LIST, told
    version = int(mark.removeprefix("v"))
    assert version >= newest, f"version {version} after {newest}"
    return version


def swapped(
    address: str,
    publish: Callable[[int], None],
    *,
    swaps: int,
    threads: int,
    pause: float = 0.0,
    tell: Callable[[int, Report], None] | None = None,
) -> Report:
    """Have so many versions published, each once all of so many threads were answered from the last.

    Shape: version 1 is in effect and built already; `publish` is given 2 and so on. `pause` is
    what a thread waits between two requests, in seconds; it counts as part of a gap. `tell` is
    given each version that all were answered from.
    """
    stop, report = threading.Event(), Report()
    arguments = (address, drawn(KEPT, seed=7), stop, report, pause)
    lookers = [threading.Thread(target=look, args=arguments) for _ in range(threads)]
    for each in lookers:
        each.start()
    try:
        for version in range(1, swaps + 2):
            if version > 1:
                publish(version)
            report.wait_for(version, threads)
            if tell is not None:
                tell(version, report)
    finally:
        stop.set()
        for each in lookers:
            each.join()
    assert not report.wrong, report.wrong
    return report
