"""Real nodes of the demo: made, run as processes of their own, stopped and run again."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tipbridge.demo.patience import patient, patient_work
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.base.errors import Unavailable
from tipbridge.foundation.jobs import queue
from tipbridge.foundation.node import Node, Profile, make_node
from tipbridge.office import actions as office
from tipbridge.office.terminal import acting, opened_node
from tipbridge.sharing.exchange import actions as exchange

SETTLE_SECONDS = 300.0
_LOOK_SECONDS = 0.06
_LOOK = threading.Event()
_PROGRAM = (sys.executable, "-m", "tipbridge.cli.main")


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePlan:
    """A node to be made."""

    node_id: str
    name: str
    profile: Profile


CLEARING = NodePlan(
    node_id="us.clearing", name="Clearinghouse (synthetic)", profile=Profile.CLEARINGHOUSE
)
LIAISON = NodePlan(node_id="us.hsi", name="HSI liaison office (synthetic)", profile=Profile.LIAISON)
POLICE = NodePlan(node_id="kr.knpa", name="KNPA cyber bureau (synthetic)", profile=Profile.POLICE)
ROAD = (CLEARING, LIAISON, POLICE)


@dataclass(slots=True, kw_only=True)
class DemoNode:
    """A node of the demo with its process; `node` reads and writes beside that process."""

    plan: NodePlan
    data: Path
    port: int
    peer_port: int
    process: subprocess.Popen[bytes]
    node: Node = field(repr=False)

    @property
    def url(self) -> str:
        """Where its pages and interfaces are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def gate(self) -> str:
        """Where its peers reach it, over mutual TLS."""
        return f"https://127.0.0.1:{self.peer_port}"

    def stop(self) -> None:
        """End the node cleanly."""
        end(self.process)

    def start(self) -> None:
        """Run a stopped node again at its old address."""
        self.process = start(self.data, self.port, self.peer_port)
        wait_ready(self.process)


@contextmanager
def running(folder: Path, plans: Sequence[NodePlan] = ROAD) -> Generator[dict[str, DemoNode]]:
    """The nodes, made in `folder` and run; by id. All end when the block does."""
    folders = [folder / plan.node_id for plan in plans]
    make(zip(plans, folders, strict=True))
    with ExitStack() as stack:
        nodes: dict[str, DemoNode] = {}
        free = free_ports(2 * len(plans))
        ports = list(zip(free[::2], free[1::2], strict=True))
        started: list[subprocess.Popen[bytes]] = []
        for data, (port, peer_port) in zip(folders, ports, strict=True):
            started.append(start(data, port, peer_port))
            stack.callback(end, started[-1])
        for plan, data, (port, peer_port), process in zip(
            plans, folders, ports, started, strict=True
        ):
            wait_ready(process)
            node = stack.enter_context(opened_node(data))
            nodes[plan.node_id] = DemoNode(
                plan=plan, data=data, port=port, peer_port=peer_port, process=process, node=node
            )
        try:
            yield nodes
        finally:
            with ThreadPoolExecutor(len(nodes)) as pool:
                # The process of now: a node may have been stopped and run again.
                list(pool.map(DemoNode.stop, nodes.values()))


def make(plans: Iterable[tuple[NodePlan, Path]]) -> None:
    """Make the nodes' keys and settings; each makes its database when it first runs."""
    for plan, data in plans:
        make_node(
            data,
            node_id=plan.node_id,
            name=plan.name,
            profiles=frozenset({plan.profile}),
            synthetic=True,
        )


def free_ports(count: int) -> list[int]:
    """Ports of the loopback that nobody listens on."""
    with ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in found:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in found]


def start(data: Path, port: int, peer_port: int) -> subprocess.Popen[bytes]:
    """Run `tipbridge up` for a node, with its gate for peers."""
    return subprocess.Popen(  # noqa: S603 - our own program
        (*_PROGRAM, "up", "--data", data, "--port", str(port)),
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"PYTHONUNBUFFERED": "1", "TIPBRIDGE_PEER_PORT": str(peer_port)},
    )


def wait_ready(process: subprocess.Popen[bytes]) -> None:
    """Wait until a node says that it is ready.

    Errors: Unavailable when it ends instead.
    """
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(b"ready "):
            return
    raise Unavailable(f"A node of the demo ended with code {process.wait()}; see above.")


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a node to end, and wait until it has."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()


def set_clocks(nodes: Iterable[DemoNode], at: datetime) -> None:
    """Move the nodes' clocks forward to one moment."""
    for each in nodes:
        _set_clock(each.node, at)


@patient
def _set_clock(node: Node, at: datetime) -> None:
    with patient_work(node, acting(node, None)) as work:
        office.set_clock(work, at=at)


def settle(
    nodes: Sequence[DemoNode], *, all_due: bool = False, limit_seconds: float = SETTLE_SECONDS
) -> None:
    """Wait until no node has anything left to do.

    Shape: `all_due` waits only for what could run now, as when a peer is down and packages
    to it are tried again later.
    Errors: Unavailable when that takes longer than `limit_seconds`.
    """
    deadline = monotonic_seconds() + limit_seconds
    seen: list[int] | None = None  # how many jobs were ever written, when nothing was left
    while True:
        if any(_left(each.node, all_due=all_due) for each in nodes):
            seen = None
            _LOOK.wait(_LOOK_SECONDS)
        else:
            written = [_enqueued(each.node) for each in nodes]
            if seen == written:
                return  # and nothing came between the two looks, on any node
            seen = written
        if monotonic_seconds() > deadline:
            raise Unavailable("The nodes of the demo did not come to rest.")


@patient
def _enqueued(node: Node) -> int:
    return queue.enqueued(node.engine)


@patient
def _left(node: Node, *, all_due: bool) -> bool:
    """Whether jobs are left, or packages that a peer has not taken yet."""
    if all_due:
        return queue.due(node.engine) > 0
    if queue.waiting(node.engine):
        return True
    with patient_work(node, WORKER) as work:
        return exchange.count_undelivered(work) > 0
