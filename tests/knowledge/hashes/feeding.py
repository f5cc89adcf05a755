"""Feeds for tests: the file that names one, pulling it, and a feed that answers what a test says."""

import contextlib
import threading
from collections.abc import Callable, Generator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.knowledge.hashsharing.sharing import PASSWORD
from tipbridge.foundation.base.actors import Actor
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.feeds import actions
from tipbridge.knowledge.hashes.feeds.documents import NAMESPACE

LIST = "shared"
Answering = Callable[[str, str, bytes], tuple[int, str]]


@pytest.fixture
def feeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A file of feeds that the nodes of this test read."""
    path = tmp_path / "feeds.toml"
    monkeypatch.setenv("TIPBRIDGE_FEEDS_FILE", str(path))

    def write(address: str, **said: str) -> None:
        values = {"url": f"{address}/hashsharing"} | (
            said or {"username": "esp-two", "password": PASSWORD}
        )
        lines = [f'{key} = "{value}"' for key, value in values.items()]
        path.write_text("\n".join([f"[{LIST}]", *lines, ""]), "utf-8")
        path.chmod(0o600)

    return write


def pull(node: Node, actor: Actor) -> actions.Pulled:
    with open_work(node, actor) as work:
        return actions.pull_page(work, name=LIST)


def pull_all(node: Node, actor: Actor) -> list[actions.Pulled]:
    pages = [pull(node, actor)]
    while not pages[-1].done:
        pages.append(pull(node, actor))
    return pages


def push(node: Node, actor: Actor) -> actions.Pushed:
    with open_work(node, actor) as work:
        return actions.push_votes(work, name=LIST)


def document(name: str, inside: str) -> str:
    return f'<{name} xmlns="{NAMESPACE}">{inside}</{name}>'


@contextlib.contextmanager
def answering(answer: Answering, heard: list[Message] | None = None) -> Generator[str]:
    """The address of a feed; `answer` is told method, path and body, and gives status and text.

    Shape: into `heard` go the headers of each request.
    """

    class Feed(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            if heard is not None:
                heard.append(self.headers)
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            status, text = answer(self.command, self.path.removeprefix("/hashsharing"), body)
            self.send_response(status)
            self.send_header("content-length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_PUT = _answer  # noqa: N815 - the base class names them

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Feed) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
