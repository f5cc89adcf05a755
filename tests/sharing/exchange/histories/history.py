"""One random history: operations, what was seen of them, and whether it holds."""

import contextlib
import random
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import text

from tests.nodes import acting
from tests.sharing import net
from tests.sharing.exchange.histories.wires import Way, Wire, strung
from tests.sharing.exchange.packages import PARTS, salted
from tests.sharing.exchange.pairs import START
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import Purpose
from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.model import Basis, BasisKind, Draft, OutboxState, PackageKind
from tipbridge.sharing.exchange.statement import read_receipt

_ROUNDS = 20


@dataclass
class World:
    """Nodes, the wires between each two of them, and what happened."""

    nodes: Sequence[Node]
    wires: dict[tuple[str, str], Wire]
    draw: random.Random
    ways: Sequence[Way]
    queued: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Sender and recipient of each package."""
    effects: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each node was told that a package had come."""
    anomalies: list[str] = field(default_factory=list)
    steps: Counter[str] = field(default_factory=Counter)

    def node(self, node_id: str) -> Node:
        """The node of this id."""
        return next(each for each in self.nodes if each.id == node_id)

    def step(self) -> None:
        """One operation, drawn at random."""
        names = ("queue", "send", "bend", "release", "skew", "take")
        name = self.draw.choices(names, weights=(25, 45, 15, 6, 2, 7))[0]
        self.steps[name] += 1
        getattr(self, f"_{name}")()

    def _queue(self) -> None:
        sender, recipient = self.draw.sample(self.nodes, 2)
        draft = Draft(
            kind=PackageKind.REQUEST,
            recipient=recipient.id,
            basis=Basis(kind=BasisKind.OPEN, id=""),
            purpose=Purpose.INVESTIGATION,
            parts=salted(PARTS[:1]),
        )
        with open_work(sender, WORKER) as work:
            package_id = actions.queue_package(work, draft)
        self.queued[package_id] = (sender.id, recipient.id)

    def _send(self) -> None:
        waiting = [each for each in self.queued if self._state(each) is OutboxState.QUEUED]
        if waiting:
            self._minute_later()  # so that no history depends on how fast the machine is
            self.send(self.draw.choice(waiting))

    def _bend(self) -> None:
        self.draw.choice(list(self.wires.values())).way = self.draw.choice(self.ways)

    def _release(self) -> None:
        self.draw.choice(list(self.wires.values())).let_go(self.draw, self.draw.randrange(1, 4))

    def _skew(self) -> None:
        """One clock goes ahead of the others, by minutes, a day or a month."""
        node = self.draw.choice(self.nodes)
        with open_work(node, WORKER) as work:
            now = work.now
        ahead = self.draw.choice((timedelta(minutes=5), timedelta(days=1), timedelta(days=30)))
        net.set_clock(node, now + ahead)

    def _take(self) -> None:
        """Do nothing but take what the nodes were told, as their workers would."""
        for node in self.nodes:
            for event, ids in net.events(node):
                if event == "exchange.package.received":
                    self.effects[node.id, ids["package_id"]] += 1

    def _state(self, package_id: str) -> OutboxState:
        with open_work(self.node(self.queued[package_id][0]), WORKER) as work:
            sent = actions.sent_package(work, package_id)
        assert sent is not None
        return sent.state

    def send(self, package_id: str) -> None:
        """One attempt; what counts as delivered must be there at that very moment."""
        sender, recipient = self.queued[package_id]
        with open_work(self.node(sender), WORKER) as work:
            state = actions.send_package(work, package_id)
        if state is OutboxState.DELIVERED and package_id not in _inbox(self.node(recipient)):
            self.anomalies.append(f"{package_id}: acknowledged and not there")

    def heal(self) -> None:
        """All wires pass, what was held arrives, a minute goes by, and everything is sent."""
        for wire in self.wires.values():
            wire.way = Way.PASS
            wire.let_go(self.draw, len(wire.held))
        for _ in range(_ROUNDS):
            waiting = [each for each in self.queued if self._state(each) is OutboxState.QUEUED]
            if not waiting:
                break
            self._minute_later()
            for package_id in waiting:
                self.send(package_id)
        self._take()

    def _minute_later(self) -> None:
        """The longest pause after a failure is over."""
        for node in self.nodes:
            with acting(node.engine, WORKER) as db:
                db.execute(text("UPDATE peer_standing SET closed_until = NULL"))

    def check(self) -> list[str]:
        """Everything that does not hold of this history, after it healed."""
        found = list(self.anomalies)
        inboxes = {node.id: _inbox(node) for node in self.nodes}
        for package_id, (sender, recipient) in self.queued.items():
            found += self._check_effects(package_id, recipient, inboxes)
            found += self._check_receipt(package_id, sender, recipient, inboxes)
        known = {(node, each) for each, (_, node) in self.queued.items()}
        found += [
            f"{each[1]}: {each[0]} was told of what was never sent"
            for each in set(self.effects) - known
        ]
        return found

    def _check_effects(
        self, package_id: str, recipient: str, inboxes: dict[str, dict[str, tuple[str, bytes]]]
    ) -> list[str]:
        told = self.effects[recipient, package_id]
        found = [] if told == 1 else [f"{package_id}: {told} effects"]
        places = [node for node, inbox in inboxes.items() if package_id in inbox]
        return found if places == [recipient] else [*found, f"{package_id}: lies at {places}"]

    def _check_receipt(
        self,
        package_id: str,
        sender: str,
        recipient: str,
        inboxes: dict[str, dict[str, tuple[str, bytes]]],
    ) -> list[str]:
        with open_work(self.node(sender), WORKER) as work:
            sent = actions.sent_package(work, package_id)
        assert sent is not None
        if sent.state is not OutboxState.DELIVERED or sent.receipt is None:
            return [f"{package_id}: {sent.state} after all is healed"]
        content, kept = inboxes[recipient].get(package_id, ("", b""))
        receipt = read_receipt(self.node(recipient).card(), sent.receipt)
        if sent.receipt != kept or receipt.package_id != package_id:
            return [f"{package_id}: another receipt than its receiver's own"]
        fits = receipt.content_sha256 == sent.content_sha256 == content
        return [] if fits else [f"{package_id}: a receipt for other content"]


def _inbox(node: Node) -> dict[str, tuple[str, bytes]]:
    with acting(node.engine, WORKER) as db:
        rows = db.execute(text("SELECT package_id, content_sha256, receipt FROM inbox"))
        return {row.package_id: (row.content_sha256, bytes(row.receipt)) for row in rows}


@contextlib.contextmanager
def opened(nodes: Sequence[Node], seed: int, ways: Sequence[Way]) -> Generator[World]:
    """Nodes that know each other only over wires."""
    with contextlib.ExitStack() as stack:
        doors = {node.id: stack.enter_context(net.listening(node)) for node in nodes}
        wires: dict[tuple[str, str], Wire] = {}
        for node in nodes:
            net.set_clock(node, START)
            for other in nodes:
                if other is not node:
                    wire = wires[node.id, other.id] = Wire(target=doors[other.id])
                    net.pin(node, other, stack.enter_context(strung(wire)))
            net.events(node)
        yield World(nodes=nodes, wires=wires, draw=random.Random(seed), ways=ways)


def run(nodes: Sequence[Node], seed: int, steps: int, ways: Sequence[Way] = tuple(Way)) -> World:
    """A history of so many steps, healed; `check` says whether it holds."""
    with opened(nodes, seed, ways) as world:
        for _ in range(steps):
            world.step()
        world.heal()
    return world
