"""Filing killed at random moments: every report is filed once or listed as uncertain."""

import contextlib
import os
import queue
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from tests.databases import Database, fresh_database
from tests.faults.filing.filer import FILES_OF_EACH, files_of, work_through
from tests.faults.filing.proxy import Weather
from tests.nodes import acting, build_node
from tests.tips.filing.clearing import PASSWORD, USERNAME, Way
from tests.tips.intake.ispws import add_provider, serving
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node, open_node
from tipbridge.foundation.storage.launcher import Server
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.tips.intake import actions as intake

PATIENCE_SECONDS = 600.0
"""For a process to say that it is ready, on a machine that others keep busy."""
CALM_SECONDS, ROUNDS_LATEST = 60, 1.25
LATEST_SECONDS = 1.2
"""A child accepts and files a report in about this time."""
ROUNDS_IN_THE_END = 60


@dataclass(frozen=True)
class Came:
    """What came of it."""

    moments: int
    accepted: int
    unacknowledged: int
    filed: int
    uncertain: int
    orphans: int
    doubled_files: int
    lost_tries: int
    unended_tries: int


@dataclass(frozen=True)
class Played:
    """Both nodes after the kills, and what was acknowledged."""

    own: Node
    clearing: Node
    accepted: dict[int, str]
    moments: int

    def check(self) -> Came:
        """Every promise holds; what came of it."""
        return _checked(self.own, self.clearing, self.accepted, self.moments)


@dataclass
class Filer:
    """The process that forks what is killed."""

    process: subprocess.Popen[str]
    accepted: dict[int, str] = field(default_factory=dict)
    _said: "queue.Queue[str]" = field(default_factory=queue.Queue)

    def listen(self) -> None:
        """Take each line it writes."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            words = line.split()
            if words[:1] == ["accepted"]:
                self.accepted[int(words[1])] = words[2]
            else:
                self._said.put(line.strip())

    def wait_for(self, word: str) -> None:
        """Until it says this."""
        assert self._said.get(timeout=PATIENCE_SECONDS) == word

    def order(self, line: str, word: str) -> None:
        """Say something, and wait for its answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        self.wait_for(word)


@contextlib.contextmanager
def filer(data: Path, database: Database, url: str) -> Generator[Filer]:
    environment = {
        **os.environ,
        "TIPBRIDGE_FILING_URL": url,
        "TIPBRIDGE_FILING_USERNAME": USERNAME,
        "TIPBRIDGE_FILING_PASSWORD": PASSWORD,
        "TIPBRIDGE_RETRY_BASE_SECONDS": "0.01",
        "TIPBRIDGE_SEND_PATIENCE_SECONDS": "5",
    }
    command = [sys.executable, "-m", "tests.faults.filing.filer", str(data), database.app_url]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    found = Filer(process)
    listener = threading.Thread(target=found.listen, daemon=True)
    listener.start()
    try:
        found.wait_for("ready")
        yield found
    finally:
        process.kill()
        process.wait()
        listener.join(10)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def kill_filing(
    server: Server,
    folder: Path,
    *,
    seed: int,
    moments: int,
    told: Callable[[str], None] = lambda line: None,
    then: Callable[[Played], None] = lambda played: None,
) -> Came:
    """Kill filing at so many moments, let it end in peace, and check every promise."""
    draw = random.Random(seed)
    with fresh_database(server) as ours, fresh_database(server) as theirs:
        clearing = build_node(folder / "clearing", theirs, node_id="us.clearing")
        build_node(folder / "own", ours, node_id="esp.one", profiles=("provider",))
        add_provider(clearing)
        weather = Weather(seed)
        with (
            serving(clearing) as address,
            Way(f"{address}/ispws", weather.choose()).open() as url,
            filer(folder / "own", ours, url) as running,
        ):
            weather.clear = True
            latest, serial = _one_round(running, clearing), 1
            weather.clear = False
            for number in range(moments):
                count = draw.choice((0, 1, 1, 2))
                running.order(f"{serial} {count}", "begun")
                serial += count
                threading.Event().wait(draw.uniform(0, latest))
                running.order("kill", "killed")
                if number % 50 == 49:
                    told(f"{number + 1} moments, {len(running.accepted)} reports accepted")
            weather.clear = True
            settled = _settle(folder, ours, url)
            played = Played(settled, clearing, running.accepted, moments)
            came = played.check()
            then(played)
            return came


def _one_round(running: Filer, clearing: Node) -> float:
    """How long one report takes undisturbed: on a busy machine a fixed time hits only starts."""
    begun = time.monotonic()
    running.order("0 1", "begun")
    while not _finished(clearing):
        assert time.monotonic() - begun < CALM_SECONDS, "nothing was filed"
        threading.Event().wait(0.02)
    took = time.monotonic() - begun
    running.order("kill", "killed")
    return max(LATEST_SECONDS, ROUNDS_LATEST * took)


def _settle(folder: Path, database: Database, url: str) -> Node:
    """Let everything end in peace: the waits are cut short, nothing else is helped."""
    for name, value in {
        "TIPBRIDGE_FILING_URL": url,
        "TIPBRIDGE_FILING_USERNAME": USERNAME,
        "TIPBRIDGE_FILING_PASSWORD": PASSWORD,
    }.items():
        os.environ[name] = value
    node = open_node(folder / "own", database.app)
    for _ in range(ROUNDS_IN_THE_END):
        with acting(node.engine, WORKER) as db:
            db.execute(
                text(
                    "UPDATE filings SET due_at = least(due_at, now()), woken_until = NULL"
                    " WHERE state = 'sending'"
                )
            )
            waiting = db.execute(
                text("SELECT count(*) FROM filings WHERE state = 'sending'")
            ).scalar_one()
        if not waiting:
            break
        work_through(node)
    return node


def _checked(own: Node, clearing: Node, accepted: dict[int, str], moments: int) -> Came:
    with acting(own.engine, WORKER) as db:
        filings = {row.id: row for row in db.execute(text("SELECT * FROM filings"))}
        endings = Counter(db.execute(text("SELECT ending FROM filing_tries")).scalars())
    assert set(accepted.values()) <= set(filings), "an accepted report was lost"
    assert len(set(accepted.values())) == len(accepted)
    states = Counter(row.state for row in filings.values())
    assert set(states) <= {"filed", "uncertain"}, f"not filed and not uncertain: {states}"
    finished = _finished(clearing)
    filed = {row.report_id: row for row in filings.values() if row.state == "filed"}
    serials = Counter(serial for serial, _ in finished.values())
    doubled = {serial: count for serial, count in serials.items() if count > 1}
    assert not doubled, f"filed more than once: {doubled}"
    assert set(filed) <= set(finished), "said to be filed, and is not there"
    unknown = set(finished) - set(filed)
    uncertain = {row.report_id for row in filings.values() if row.state == "uncertain"}
    assert unknown <= uncertain, "filed, and not known to be"
    extra = 0
    for report_id, row in filed.items():
        serial, digests = finished[report_id]
        if row.id in accepted.values():
            assert accepted[serial] == row.id, "filed under another's number"
        wanted = {digest_bytes(one.source).sha256 for one in files_of(serial)}
        assert set(digests) == wanted, "a file is missing or another's"
        extra += len(digests) - FILES_OF_EACH
        assert row.receipt is not None
        assert str(report_id).encode() in row.receipt
        assert row.preserve_until is not None
    return Came(
        moments=moments,
        accepted=len(accepted),
        unacknowledged=len(filings) - len(accepted),
        filed=len(filed),
        uncertain=states["uncertain"],
        orphans=_orphans(clearing),
        doubled_files=extra,
        lost_tries=endings["lost"],
        unended_tries=endings["unended"],
    )


def _finished(clearing: Node) -> dict[str, tuple[int, list[str]]]:
    """Each finished report's serial and its files' digests, by number."""
    with acting(clearing.engine, WORKER) as db:
        numbers = db.execute(text("SELECT id FROM reports WHERE state = 'finished'")).scalars()
        found: dict[str, tuple[int, list[str]]] = {}
        for number in list(numbers):
            with open_work(clearing, WORKER) as work:
                record = intake.read_report(work, str(number))
            assert record.report is not None
            serial = int((record.report.note or "serial -1").removeprefix("serial "))
            found[str(number)] = (serial, [file.sha256 for file in record.files])
    return found


def _orphans(clearing: Node) -> int:
    with acting(clearing.engine, WORKER) as db:
        return db.execute(text("SELECT count(*) FROM reports WHERE state = 'open'")).scalar_one()
