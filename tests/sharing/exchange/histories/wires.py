"""Wires between nodes that lose, double, hold, reorder and mix up what passes over them."""

import contextlib
import functools
import random
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import httpx2

_OK = 200
_OURS = "tipbridge-"
"""How the names of headers begin that the two ends read."""


class Answer(NamedTuple):
    """What comes back."""

    status: int
    headers: dict[str, str]
    body: bytes


@functools.cache
def _client() -> httpx2.Client:
    """One for every wire: a new one reads all certificates, which takes longer than a package.

    Shape: each package has a connection of its own, as those of a killed door are gone with it.
    """
    alone = httpx2.Limits(max_connections=None, max_keepalive_connections=0)
    return httpx2.Client(trust_env=False, timeout=60, limits=alone)


class Way(StrEnum):
    """What a wire does with the next packages."""

    PASS = "pass"
    CUT = "cut"
    """Nothing passes in either direction."""
    DEAF = "deaf"
    """The package arrives, and its answer is lost."""
    DOUBLE = "double"
    """The package arrives twice, at the same time."""
    HOLD = "hold"
    """The package is kept, and arrives when it is let go: late, and out of order."""
    STALE = "stale"
    """An old answer comes back, and what was asked never arrives."""


@dataclass
class Wire:
    """One direction between two nodes."""

    target: str
    way: Way = Way.PASS
    held: list[tuple[str, bytes]] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    """The last good one at each path."""

    def carry(self, path: str, body: bytes) -> Answer | None:
        """What comes back for a package or a fetch; None when nothing does."""
        if self.way is Way.CUT:
            return None
        if self.way is Way.HOLD:
            self.held.append((path, body))
            return None
        if self.way is Way.STALE and path in self.answers:
            return self.answers[path]
        if self.way is Way.DOUBLE:
            other = threading.Thread(target=self._deliver, args=(path, body))
            other.start()
            answer = self._deliver(path, body)
            other.join()
            return answer
        answer = self._deliver(path, body)
        return None if self.way is Way.DEAF else answer

    def let_go(self, draw: random.Random, most: int) -> None:
        """Deliver what was held, in any order; nobody waits for the answers any more."""
        draw.shuffle(self.held)
        going, self.held = self.held[:most], self.held[most:]
        for path, body in going:
            self._deliver(path, body)

    def _deliver(self, path: str, body: bytes) -> Answer | None:
        try:
            came = _client().post(self.target + path, content=body)
        except httpx2.TransportError:
            return None  # the door was killed
        ours = {name: said for name, said in came.headers.items() if name.startswith(_OURS)}
        answer = Answer(came.status_code, ours, came.content)
        if answer.status == _OK:
            self.answers[path] = answer
        return answer


@contextlib.contextmanager
def strung(wire: Wire) -> Iterator[str]:
    """Listen for a sender; the address at which its peer seems to be."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            came = wire.carry(self.path, body)
            if came is None:
                self.close_connection = True
                return
            with contextlib.suppress(ConnectionError):  # the sender was killed
                self.send_response(came.status)
                self.send_header("content-length", str(len(came.body)))
                for name, said in came.headers.items():
                    self.send_header(name, said)
                self.end_headers()
                self.wfile.write(came.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has there
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=_take_calls, args=(server,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.socket.shutdown(socket.SHUT_RDWR)
        thread.join()
        server.server_close()


def _take_calls(server: ThreadingHTTPServer) -> None:
    """Sleep until somebody calls, for as long as the server's socket listens."""
    with contextlib.suppress(OSError):
        while True:
            call, caller = server.get_request()
            server.process_request(call, caller)
