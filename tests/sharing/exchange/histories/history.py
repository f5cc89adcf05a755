"""One random history: operations, what was seen of them, and whether it holds."""

import contextlib
import random
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import text

from tests.nodes import acting
from tests.sharing import net
from tests.sharing.exchange.histories.drafts import FOLLOWED, agree, drawn_draft
from tests.sharing.exchange.histories.processes import Door, opened_door, send_and_die
from tests.sharing.exchange.histories.wires import Way, Wire, strung
from tests.sharing.exchange.pairs import START
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.convoying import sending
from tipbridge.sharing.exchange.model import OutboxState, PackageKind
from tipbridge.sharing.exchange.statement import read_receipt

_STEPS = {"queue": 25, "send": 35, "together": 10, "bend": 15, "release": 6, "skew": 2, "take": 7}
_KILLS = {"kill_receiver": 3, "kill_sender": 3, "kill_together": 2}
_ATTEMPT_SECONDS = 0.1
"""About what an attempt takes: a kill falls anywhere within it, or soon after."""
_TICK_SECONDS = 1
HEALED_SECONDS = 60
"""So long after the network healed nothing may be undecided (the aim of this proof)."""


@dataclass
class World:
    """Nodes, the wires between each two of them, and what happened."""

    nodes: Sequence[Node]
    wires: dict[tuple[str, str], Wire]
    draw: random.Random
    ways: Sequence[Way]
    doors: dict[str, Door] = field(default_factory=dict)
    """The doors that can be killed."""
    queued: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Sender and recipient of each package."""
    waiting: dict[str, None] = field(default_factory=dict)
    """Those that no attempt has settled yet, oldest first."""
    released: dict[str, None] = field(default_factory=dict)
    """Referrals under agreements, in the order they were queued."""
    withdrawn: dict[str, str] = field(default_factory=dict)
    """Which referral a recall or correction takes back."""
    effects: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each node was told that a package had come."""
    kinds: Counter[PackageKind] = field(default_factory=Counter)
    told: set[str] = field(default_factory=set[str])
    """Packages of which their receiver was told."""
    followed: set[str] = field(default_factory=set[str])
    """Packages whose end the sender's rooms are told."""
    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each node was told that its package had ended."""
    convoys: int = 0
    """How often several were settled together."""
    anomalies: list[str] = field(default_factory=list)
    steps: Counter[str] = field(default_factory=Counter)
    healed_seconds: float = 0.0
    """How long the nodes needed after the network was whole again."""

    def node(self, node_id: str) -> Node:
        """The node of this id."""
        return next(each for each in self.nodes if each.id == node_id)

    def step(self) -> None:
        """One operation, drawn at random."""
        steps = _STEPS | _KILLS if self.doors else _STEPS
        self.do(self.draw.choices(list(steps), weights=list(steps.values()))[0])

    def do(self, name: str) -> None:
        """The operation of this name."""
        self.steps[name] += 1
        getattr(self, f"_{name}")()

    def _queue(self) -> None:
        sender, recipient = self.draw.sample(self.nodes, 2)
        with open_work(sender, WORKER) as work:
            way = (sender.id, recipient.id)
            released = [each for each in self.released if self.queued[each] == way]
            came = self._came(recipient, sender)
            draft = drawn_draft(work, self.draw, recipient.id, came, released)
            package_id = actions.queue_package(work, draft)
        self.queued[package_id] = (sender.id, recipient.id)
        self.waiting[package_id] = None
        self.kinds[draft.kind] += 1
        if draft.kind is PackageKind.REFERRAL:
            self.released[package_id] = None
        elif draft.kind is PackageKind.RECALL and draft.about is not None:
            self.withdrawn[package_id] = draft.about
        if draft.kind in FOLLOWED:
            self.followed.add(package_id)

    def _came(self, sender: Node, recipient: Node) -> list[str]:
        """The packages that came this way, to be answered."""
        way = (sender.id, recipient.id)
        return [each for each, went in self.queued.items() if went == way and each in self.told]

    def _send(self) -> None:
        package_id = self._drawn()
        if package_id:
            self.send(package_id)

    def _together(self) -> None:
        """All that waits to go one way, in one request; what does not go smoothly waits on."""
        self.send_together(self._of_one_way())

    def _of_one_way(self) -> list[str]:
        package_id = self._drawn()
        if package_id is None:
            return []
        return self._same_way(package_id)

    def _same_way(self, package_id: str) -> list[str]:
        return [each for each in self.waiting if self.queued[each] == self.queued[package_id]]

    def send_together(self, package_ids: Sequence[str]) -> None:
        """One attempt with several; what counts as delivered must be there at that very moment."""
        if not package_ids:
            return
        with open_work(self.node(self.queued[package_ids[0]][0]), WORKER, together=True) as work:
            done = sending.send_together(work, package_ids)
        self.convoys += len(done) > 1
        for each in done:
            self._note(each, self._state(each))

    def _drawn(self) -> str | None:
        """Some package that waits, with no pause before it."""
        if not self.waiting:
            return None
        package_id = self.draw.choice(list(self.waiting))
        # So that no history depends on how fast the machine is.
        self._minute_later(self.node(self.queued[package_id][0]))
        return package_id

    def _kill_receiver(self) -> None:
        """The receiving process dies at some moment of an attempt, and is started again."""
        package_id = self._drawn()
        if package_id is None:
            return
        door = self.doors[self.queued[package_id][1]]
        death = threading.Timer(self.draw.random() * _ATTEMPT_SECONDS, door.kill)
        death.start()
        self.send(package_id)
        death.join()
        door.open()

    def _kill_together(self) -> None:
        """The receiving process dies at some moment of a convoy, and is started again."""
        waiting = self._of_one_way()
        if not waiting:
            return
        door = self.doors[self.queued[waiting[0]][1]]
        death = threading.Timer(self.draw.random() * _ATTEMPT_SECONDS, door.kill)
        death.start()
        self.send_together(waiting)
        death.join()
        door.open()

    def _kill_sender(self) -> None:
        """The sending process dies at some moment of an attempt."""
        package_id = self._drawn()
        if package_id is not None:
            sender = self.node(self.queued[package_id][0])
            send_and_die(sender, package_id, self.draw.random() * _ATTEMPT_SECONDS)
            self._note(package_id, self._state(package_id))

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
        """Take what the nodes were told; what they are asked to send is left."""
        for node in self.nodes:
            self._told(node)

    def _told(self, node: Node) -> list[str]:
        """Note what has come to a node; the packages it is asked to send."""
        events = net.events(node)
        for event, ids in events:
            if event == "exchange.package.received":
                self.effects[node.id, ids["package_id"]] += 1
                self.told.add(ids["package_id"])
            if event == "exchange.package.settled":
                self.ends[node.id, ids["package_id"]] += 1
        return [ids["package_id"] for event, ids in events if event == "exchange.package.queued"]

    def _state(self, package_id: str) -> OutboxState:
        with open_work(self.node(self.queued[package_id][0]), WORKER) as work:
            sent = actions.sent_package(work, package_id)
        assert sent is not None
        return sent.state

    def send(self, package_id: str) -> None:
        """One attempt; what counts as delivered must be there at that very moment."""
        with open_work(self.node(self.queued[package_id][0]), WORKER) as work:
            state = actions.send_package(work, package_id)
        self._note(package_id, state)

    def _note(self, package_id: str, state: OutboxState | None) -> None:
        if state is not OutboxState.QUEUED:
            self.waiting.pop(package_id, None)
        recipient = self.node(self.queued[package_id][1])
        if state is OutboxState.DELIVERED and not _arrived(recipient, package_id):
            self.anomalies.append(f"{package_id}: acknowledged and not there")

    def heal(self, *, hurry: bool) -> None:
        """All wires pass, what was held arrives, and the nodes work on until nothing waits.

        Shape: `hurry` passes over the pauses; without it they are waited for, and the time
        that the network has been whole is bounded.
        """
        for wire in self.wires.values():
            wire.way = Way.PASS
            wire.let_go(self.draw, len(wire.held))
        begun = monotonic_seconds()
        self._begin_again()
        while self.waiting and monotonic_seconds() - begun < HEALED_SECONDS:
            if hurry:
                for node in self.nodes:
                    self._minute_later(node)
            else:
                threading.Event().wait(_TICK_SECONDS)  # the worker's own pace
            self._work_on()
        self.healed_seconds = monotonic_seconds() - begun
        self._take()

    def _begin_again(self) -> None:
        """As a worker that starts: jobs that had not ended are done again, and take others along."""
        for package_id in list(self.waiting):
            if package_id in self.waiting:
                self.send(package_id)
                self.send_together(self._same_way(package_id))

    def _work_on(self) -> None:
        """As the worker's tick: what is due by the machine's clock is sent."""
        for node in self.nodes:
            with open_work(node, WORKER) as work:
                actions.resend_due(work)
            for package_id in self._told(node):
                self.send(package_id)

    def _minute_later(self, node: Node) -> None:
        """The longest pause after a failure is over."""
        with acting(node.engine, WORKER) as db:
            db.execute(text("UPDATE peer_standing SET closed_until = NULL"))
            db.execute(text("UPDATE outbox SET next_attempt_at = now() WHERE state = 'queued'"))

    def check(self) -> list[str]:
        """Everything that does not hold of this history, after it healed."""
        found = list(self.anomalies)
        inboxes = {node.id: _inbox(node) for node in self.nodes}
        for package_id, (sender, recipient) in self.queued.items():
            found += self._check_effects(package_id, recipient, inboxes)
            found += self._check_receipt(package_id, sender, recipient, inboxes)
        found += [
            f"{each}: its end is told {self.ends[self.queued[each][0], each]} times"
            for each in self.followed
            if self.ends[self.queued[each][0], each] != 1
        ]
        found += [
            f"{each}: does not take back {about} at its receiver"
            for each, about in self.withdrawn.items()
            if self._taken_back(about).count(each) != 1
        ]
        known = {(node, each) for each, (_, node) in self.queued.items()}
        found += [
            f"{each[1]}: {each[0]} was told of what was never sent"
            for each in set(self.effects) - known
        ]
        return found

    def _taken_back(self, package_id: str) -> list[str]:
        """What its receiver knows to take back something of a referral."""
        with open_work(self.node(self.queued[package_id][1]), WORKER) as work:
            return actions.withdrawals_about(work, package_id)

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


def _arrived(node: Node, package_id: str) -> bool:
    with acting(node.engine, WORKER) as db:
        query = text("SELECT 1 FROM inbox WHERE package_id = :which")
        return db.execute(query, {"which": package_id}).first() is not None


def _inbox(node: Node) -> dict[str, tuple[str, bytes]]:
    with acting(node.engine, WORKER) as db:
        rows = db.execute(text("SELECT package_id, content_sha256, receipt FROM inbox"))
        return {row.package_id: (row.content_sha256, bytes(row.receipt)) for row in rows}


@contextlib.contextmanager
def opened(
    nodes: Sequence[Node], seed: int, ways: Sequence[Way], *, killing: bool
) -> Iterator[World]:
    """Nodes that know each other only over wires."""
    with contextlib.ExitStack() as stack:
        doors: dict[str, Door] = {}
        if killing:
            doors = {node.id: stack.enter_context(opened_door(node)) for node in nodes}
            targets = {name: f"http://127.0.0.1:{door.port}" for name, door in doors.items()}
        else:
            targets = {node.id: stack.enter_context(net.listening(node)) for node in nodes}
        wires: dict[tuple[str, str], Wire] = {}
        for node in nodes:
            net.set_clock(node, START)
            for other in nodes:
                if other is not node:
                    wire = wires[node.id, other.id] = Wire(target=targets[other.id])
                    net.pin(node, other, stack.enter_context(strung(wire)))
        agree(nodes)
        for node in nodes:
            net.events(node)
        yield World(nodes, wires, random.Random(seed), ways, doors)


def run(
    nodes: Sequence[Node],
    seed: int,
    steps: int,
    ways: Sequence[Way] = tuple(Way),
    *,
    killing: bool = False,
    hurry: bool = True,
) -> World:
    """A history of so many steps, healed; `check` says whether it holds."""
    with opened(nodes, seed, ways, killing=killing) as world:
        for _ in range(steps):
            world.step()
        world.heal(hurry=hurry)
    return world
