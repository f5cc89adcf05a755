"""Nodes that talk to each other over real HTTP, for tests."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import uvicorn
from fastapi import FastAPI

from tests.nodes import CONSOLE
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.api import router
from tipbridge.web.mount import mount_shell


def exchange_app(node: Node) -> FastAPI:
    """The exchange door of `node` alone."""
    app = FastAPI()
    app.include_router(router)
    mount_shell(app, node, ())
    return app


@contextlib.contextmanager
def listening(node: Node) -> Generator[str]:
    """The exchange door of `node` on a free port of this machine; its URL."""
    app = exchange_app(node)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.005)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def card_of(node: Node) -> bytes:
    """The node's card as a peer gets it."""
    with open_work(node, CONSOLE) as work:
        return actions.show_card(work)


def pin(
    node: Node,
    other: Node,
    url: str | None = None,
    *,
    collected: bool = False,
    fetches: bool = False,
) -> None:
    """Pin `other` at `node`."""
    with open_work(node, CONSOLE) as work:
        actions.add_peer(work, card=card_of(other), url=url, collected=collected, fetches=fetches)


def events(node: Node) -> list[tuple[str, dict[str, str]]]:
    """Take what is enqueued on this node, oldest first."""
    from sqlalchemy import text

    with node.engine.begin() as db:
        rows = db.execute(
            text(
                "UPDATE queue.procrastinate_jobs SET status = 'succeeded'"
                " WHERE status = 'todo' RETURNING id, args"
            )
        )
        return [(row.args["event"], row.args["ids"]) for row in sorted(rows, key=lambda r: r.id)]


Follow = Callable[[Node, str, dict[str, str]], None]


def follow_exchange(node: Node, event: str, ids: dict[str, str]) -> None:
    """The exchange's own follow-up."""
    if event == "exchange.package.queued":
        with open_work(node, WORKER) as work:
            actions.send_package(work, **ids)


def settle(nodes: list[Node], follow: Follow = follow_exchange) -> list[str]:
    """Do what is enqueued on all nodes until nothing is; the names of the events."""
    seen: list[str] = []
    while True:
        found = [(node, event, ids) for node in nodes for event, ids in events(node)]
        if not found:
            return seen
        for node, event, ids in found:
            seen.append(f"{node.id}:{event}")
            follow(node, event, ids)


def audit(node: Node) -> list[tuple[str, str, dict[str, object]]]:
    """Event, subject and facts of the node's audit events, oldest first."""
    from sqlalchemy import text

    from tests.nodes import acting

    with acting(node.engine, WORKER) as db:
        rows = db.execute(text("SELECT event, subject, facts FROM audit_events ORDER BY id"))
        return [(row.event, row.subject, dict(row.facts)) for row in rows]


@contextlib.contextmanager
def counted(node: Node) -> Generator[list[int]]:
    """How many rows each statement of a node gave or changed, as long as this lasts."""
    from sqlalchemy import event

    rows: list[int] = []

    def note(*what: Any) -> None:
        rows.append(max(what[1].rowcount, 0))

    event.listen(node.engine, "after_cursor_execute", note)
    try:
        yield rows
    finally:
        event.remove(node.engine, "after_cursor_execute", note)


def set_clock(node: Node, at: datetime) -> None:
    """Move a synthetic node's clock."""
    from tipbridge.office.actions import set_clock as move

    with open_work(node, CONSOLE) as work:
        move(work, at=at)


@dataclass
class Cut:
    """A peer that takes the request and answers nothing useful."""

    answer: bytes
    drips: bool = False
    """Then go on with one byte at a time, for ever."""
    requests: list[bytes] = field(default_factory=list)

    @contextlib.contextmanager
    def listening(self) -> Iterator[str]:
        """Answer each connection with the same bytes."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(0.1)
            ended = threading.Event()
            thread = threading.Thread(target=self._serve, args=(listener, ended))
            thread.start()
            try:
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                ended.set()
                thread.join()

    def _serve(self, listener: socket.socket, ended: threading.Event) -> None:
        while not ended.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(5)
                    self.requests.append(connection.recv(65536))
                    connection.sendall(self.answer)
                    with contextlib.suppress(OSError):
                        while self.drips and not ended.wait(0.02):
                            connection.sendall(b"x")
                    with contextlib.suppress(OSError):
                        connection.shutdown(socket.SHUT_WR)
                        while connection.recv(65536):
                            pass
