"""Real servers on loopback: one takes mail, one answers for places and takes notices."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REFUSED_RECIPIENT = "nobody@host.example"


@dataclass
class Mail:
    """What a mail server took, envelope and bytes."""

    port: int = 0
    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)


class _Post(socketserver.ThreadingTCPServer):
    """A mail server with what it took."""

    def __init__(self, mail: Mail) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mail = mail


class _Talk(socketserver.StreamRequestHandler):
    """One conversation; enough of RFC 5321 for a notice."""

    server: _Post  # pyright: ignore[reportIncompatibleVariableOverride] - always one

    def handle(self) -> None:
        self._say("220 mail.example")
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            if verb.upper() == "DATA":
                self._say("354 go on")
                self.server.mail.messages.append(self._body())
                self._say("250 taken")
            elif verb.upper() == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say(self._answer(verb.upper(), rest.partition("<")[2].partition(">")[0]))

    def _answer(self, verb: str, who: str) -> str:
        if verb == "MAIL":
            self.server.mail.sender = who
        elif verb == "RCPT":
            if who == REFUSED_RECIPIENT:
                return "550 nobody here"
            self.server.mail.recipients.append(who)
        return "250 mail.example"

    def _body(self) -> bytes:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextlib.contextmanager
def mail_server() -> Iterator[Mail]:
    """A mail server on loopback."""
    mail = Mail()
    with _running(_Post(mail)) as port:
        mail.port = port
        yield mail


@dataclass
class Site:
    """What a host was asked, and the status it gives for each path."""

    port: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    locations: dict[str, str] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def host(self) -> str:
        """The host's name, as the list of hosts has it."""
        return f"127.0.0.1:{self.port}"

    def place(self, path: str) -> str:
        """The address of a place on the host."""
        return f"http://{self.host}{path}"


@contextlib.contextmanager
def site() -> Iterator[Site]:
    """A host that notes every call; 200 where no other status is set."""
    found = Site()

    class Answer(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            found.asked.append((self.command, self.path, self.headers["host"]))
            found.headers.append({name.lower(): value for name, value in self.headers.items()})
            size = int(self.headers.get("content-length") or 0)
            if size:
                found.bodies.append(self.rfile.read(size))
            self.send_response(found.statuses.get(self.path, 200))
            location = found.locations.get(self.path, f"http://{found.host}/elsewhere")
            self.send_header("location", location)
            content = found.contents.get(self.path, b"") if self.command == "GET" else b""
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_HEAD = do_GET = do_POST = _answer  # noqa: N815 - the library looks for these names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Nothing on the test's own output."""

    with _running(ThreadingHTTPServer(("127.0.0.1", 0), Answer)) as port:
        found.port = port
        yield found


@contextlib.contextmanager
def _running(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
