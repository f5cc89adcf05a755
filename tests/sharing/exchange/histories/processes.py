"""Doors and senders of a node in processes of their own, which can be killed at any moment."""

import contextlib
import multiprocessing
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import uvicorn

from tests.sharing import net
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node, open_node
from tipbridge.foundation.storage.engine import open_engine
from tipbridge.foundation.work import open_work

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload([f"{__package__}.parent"])
_READY_SECONDS = 60

Place = tuple[str, str, str]
"""A node's folder, its database's address, and where its keys are."""
Job = Callable[..., object]
"""What a worker does in a unit of work."""


def _reopened(data: str, url: str, state: str) -> Node:
    os.environ["XDG_STATE_HOME"] = state  # the parent of all has that of its first history
    return open_node(Path(data), open_engine(url))


def _serve(place: Place, port: int, ready: Connection) -> None:
    with socket.create_server(("127.0.0.1", port)) as listener:
        app = net.exchange_app(_reopened(*place))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        ready.send(listener.getsockname()[1])
        server.run(sockets=[listener])


def do(node: Node, job: Job, ids: Mapping[str, str]) -> None:
    """One job of a node's worker."""
    with open_work(node, WORKER) as work:
        job(work, **ids)


def _do(place: Place, job: Job, ids: Mapping[str, str], ready: Connection) -> None:
    node = _reopened(*place)
    ready.send(0)
    do(node, job, ids)


def _place(node: Node) -> Place:
    url = node.engine.url.render_as_string(hide_password=False)
    return str(node.data), url, os.environ["XDG_STATE_HOME"]


def _started(process: ForkServerProcess, ready: Connection) -> int:
    process.start()
    assert ready.poll(_READY_SECONDS), "a process of the history does not start"
    return ready.recv()


@dataclass
class Door:
    """The exchange door of a node; killed and opened again, it keeps its port."""

    node: Node
    port: int = 0
    _process: ForkServerProcess | None = None

    def open(self) -> None:
        """Listen, in a new process; returns when it does."""
        ready, told = _SERVER.Pipe(duplex=False)
        self._process = _SERVER.Process(
            target=_serve, args=(_place(self.node), self.port, told), daemon=True
        )
        self.port = _started(self._process, ready)

    def kill(self) -> None:
        """SIGKILL, whatever it does just now; returns when it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None


@contextlib.contextmanager
def opened_door(node: Node) -> Iterator[Door]:
    """A door that is open."""
    door = Door(node)
    try:
        door.open()
        yield door
    finally:
        door.kill()


def do_and_die(node: Node, job: Job, ids: Mapping[str, str], after_seconds: float) -> None:
    """One job by a process that is killed so long after it began."""
    ready, told = _SERVER.Pipe(duplex=False)
    process = _SERVER.Process(target=_do, args=(_place(node), job, ids, told), daemon=True)
    _started(process, ready)
    process.join(after_seconds)
    process.kill()
    process.join()
