"""A clearinghouse on a real server, ways to it that lose answers, and nodes that file there."""

import contextlib
import socket
import threading
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr
from sqlalchemy import text

from tests.nodes import CONSOLE, acting
from tests.tips.intake.ispws import REPORT
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.tips.filing import actions, store, trying
from tipbridge.tips.filing.ledger import actions as ledger
from tipbridge.tips.filing.model import Filing, Standing
from tipbridge.tips.filing.parcels import Enclosure

USERNAME, PASSWORD = "usr123", "pw-1"
DETAILS = (
    b"<fileDetails><reportId>1</reportId><fileId>0</fileId>"
    b"<originalFileName>a.jpg</originalFileName><fileViewedByEsp>true</fileViewedByEsp>"
    b"</fileDetails>"
)
FILES = (
    Enclosure(source=b"synthetic one", details=DETAILS, name='a "quoted"\r\nname.jpg'),
    Enclosure(source=b"synthetic two"),
)


class Fate(StrEnum):
    """What a way to the clearinghouse does with one call."""

    PASS = "pass"
    DROP = "drop"
    """The request never arrives."""
    LOSE = "lose"
    """It arrives; its answer is lost."""
    REPEAT = "repeat"
    """It arrives twice; the second answer comes back."""
    TRUNCATE = "truncate"
    FAIL = "fail"
    """It arrives; a gateway says 502 instead of the answer."""
    TROUBLE = "trouble"
    """It does not arrive; the clearinghouse says that it is in trouble (code 1000)."""
    STALE = "stale"
    """It arrives; the answer to an earlier call comes back, and then its own."""


Chooser = Callable[[str, int], Fate]
"""Which fate a call has: its last part of the path, and how many came before it there."""


_TROUBLE = b"""<reportDoneResponse><responseCode>1000</responseCode>
<responseDescription>Synthetic trouble.</responseDescription></reportDoneResponse>"""
_IN_TROUBLE = b"HTTP/1.1 500 Oops\r\nContent-Length: %d\r\n\r\n%b" % (len(_TROUBLE), _TROUBLE)


class Way:
    """A real HTTP proxy: one call for each connection, each with its fate."""

    def __init__(self, target: str, choose: Chooser) -> None:
        parts = urlsplit(target)
        self._far, self._path = (parts.hostname, parts.port), parts.path
        self._choose, self._lock = choose, threading.Lock()
        self._stale = b""
        self.seen: list[tuple[str, Fate]] = []

    @contextlib.contextmanager
    def open(self) -> Generator[str]:
        """The address of this way."""
        with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
            threading.Thread(target=self._serve, args=(listener,), daemon=True).start()
            yield f"http://127.0.0.1:{listener.getsockname()[1]}{self._path}"
            listener.shutdown(socket.SHUT_RDWR)

    def _serve(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                threading.Thread(target=self._one, args=(near,), daemon=True).start()

    def _one(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError, ValueError):
            near.settimeout(20)
            request = _whole_request(near)
            if request is None:
                return
            verb = request.split(b" ", 2)[1].rsplit(b"/", 1)[-1].decode()
            with self._lock:
                fate = self._choose(verb, sum(1 for seen, _ in self.seen if seen == verb))
                self.seen.append((verb, fate))
            self._pass(near, request, fate)

    def _pass(self, near: socket.socket, request: bytes, fate: Fate) -> None:
        if fate is Fate.DROP:
            return
        if fate is Fate.TROUBLE:
            near.sendall(_IN_TROUBLE)
            return
        answer = self._ask(request)
        if fate is Fate.REPEAT:
            answer = self._ask(request)
        stale, self._stale = self._stale, answer
        match fate:
            case Fate.LOSE:
                return
            case Fate.TRUNCATE:
                near.sendall(answer[: len(answer) - 20])
            case Fate.FAIL:
                near.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\noops")
            case Fate.STALE:
                near.sendall((stale or answer) + answer)
            case _:
                near.sendall(answer)

    def _ask(self, request: bytes) -> bytes:
        with socket.create_connection(self._far, timeout=20) as far:
            far.sendall(request)
            answer = b""
            while piece := far.recv(65536):
                answer += piece
        return answer


def _whole_request(near: socket.socket) -> bytes | None:
    request = b""
    while b"\r\n\r\n" not in request:
        piece = near.recv(65536)
        if not piece:
            return None
        request += piece
    head, _, body = request.partition(b"\r\n\r\n")
    lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    wanted = int(lines.get(b"content-length", b"0"))
    while len(body) < wanted:
        piece = near.recv(65536)
        if not piece:
            return None  # the sender died: nothing whole ever arrives
        body += piece
    return head + b"\r\n\r\n" + body


def always(*fates: tuple[str, Fate]) -> Chooser:
    """The first call of each verb named has its fate; all others pass."""
    named = dict(fates)
    return lambda verb, before: named.get(verb, Fate.PASS) if before == 0 else Fate.PASS


def filing_node(node: Node, url: str, **settings: object) -> Node:
    """The same node with a credential for this clearinghouse, and short waits."""
    changed = {
        "filing_url": url,
        "filing_username": USERNAME,
        "filing_password": SecretStr(PASSWORD),
        "retry_base_seconds": 0.0,
        "send_patience_seconds": 10.0,
        **settings,
    }
    return replace(node, settings=node.settings.model_copy(update=changed))


def accept(
    node: Node,
    report: bytes = REPORT,
    files: Iterable[Enclosure] = FILES,
    **more: object,
) -> str:
    with open_work(node, CONSOLE) as work:
        return actions.accept_filing(work, report, files, **more)


def send(node: Node, filing_id: str, *, times: int = 20) -> Filing:
    """Do what the worker does, again and again, until the filing settles."""
    with open_work(node, WORKER) as work:
        trying.send_filing(work, filing_id=filing_id)
    whole = read(node, filing_id)
    again = times > 1 and whole.line.state == "sending"
    return send(node, filing_id, times=times - 1) if again else whole


def read(node: Node, filing_id: str) -> Filing:
    with open_work(node, CONSOLE) as work:
        return ledger.read_filing(work, filing_id)


@dataclass(frozen=True)
class Clearing:
    """A clearinghouse's node, and which reports were there before a test began."""

    node: Node
    before: int

    def reports(self, state: str = "finished") -> dict[int, list[str]]:
        """The test's reports in this state: their files' digests."""
        with acting(self.node.engine, WORKER) as db:
            rows = db.execute(
                text(
                    "SELECT r.id, array_remove(array_agg(f.sha256 ORDER BY f.sha256), NULL)"
                    " FROM reports r LEFT JOIN report_files f ON f.report_id = r.id"
                    " WHERE r.state = :state AND r.id > :before GROUP BY r.id"
                ),
                {"state": state, "before": self.before},
            )
            return {row[0]: list(row[1]) for row in rows}

    def end(self, state: str) -> None:
        """End all of the test's reports behind the program's back."""
        with acting(self.node.engine, WORKER) as db:
            db.execute(
                text("UPDATE reports SET state = :state, ended_at = now() WHERE id > :before"),
                {"state": state, "before": self.before},
            )


def last_report(node: Node) -> int:
    with acting(node.engine, WORKER) as db:
        return db.execute(text("SELECT coalesce(max(id), 0) FROM reports")).scalar_one()


def standing_of(work: Work, filing_id: str) -> Standing:
    found = store.take_standing(work.db, filing_id, wait=True)
    assert found is not None
    return found


def due_now(node: Node) -> None:
    """Let the time of every filing have come."""
    with acting(node.engine, WORKER) as db:
        db.execute(text("UPDATE filings SET due_at = now() - interval '1 second'"))


def credentials_file(folder: Path, text_: str) -> Path:
    path = folder / "credentials.toml"
    path.write_text(text_, "utf-8")
    path.chmod(0o600)
    return path
