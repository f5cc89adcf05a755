"""One random history: operations, what was seen of them, and whether it holds."""

import contextlib
import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import permutations

from sqlalchemy import text

from tests.nodes import acting
from tests.sharing import net
from tests.sharing.exchange.gates import gate_of, pin_gate
from tests.sharing.exchange.histories import checker
from tests.sharing.exchange.histories.drafts import FOLLOWED, agree, drawn_draft
from tests.sharing.exchange.histories.encrypted import Cable, laid
from tests.sharing.exchange.histories.processes import Door, Job, do, do_and_die, opened_door
from tests.sharing.exchange.histories.roads import Roads
from tests.sharing.exchange.histories.wires import Way, Wire, strung
from tests.sharing.exchange.pairs import START
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.carrying import fetching
from tipbridge.sharing.exchange.convoying import sending
from tipbridge.sharing.exchange.model import OutboxState, PackageKind

_STEPS = {
    "queue": 25,
    "send": 35,
    "together": 10,
    "rush": 4,
    "bend": 15,
    "part": 2,
    "release": 6,
    "set_out": 2,
    "arrive": 2,
    "skew": 2,
    "take": 7,
}
_KILLS = {"kill_receiver": 3, "kill_sender": 3, "kill_together": 2}
_ATTEMPT_SECONDS = 0.1
"""About what an attempt takes: a kill falls anywhere within it, or soon after."""
_AGAIN = 0.8
"""How often a fetch whose process died is made again: a lost one loses only receipts."""
_MOST_AT_ONCE = 5
_CONVOY_AMONG_THEM = 0.5
_WORKERS = 2
"""How many threads a node's worker has, as the settings have it by themselves."""
_TICK_SECONDS = 1

_Task = tuple[Node, Job, Mapping[str, str]]


@dataclass
class World:
    """Nodes, the wires between each two of them, and what happened."""

    nodes: Sequence[Node]
    wires: Mapping[tuple[str, str], Wire | Cable]
    draw: random.Random
    ways: Sequence[Way]
    hidden: Node | None = None
    """One that nobody reaches from outside: what is for it, it fetches."""
    roads: Roads = field(default_factory=Roads)
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
            self.attempt(package_id)

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
        for each in self._convoy(package_ids):
            self._note(each, self._state(each))

    def _convoy(self, package_ids: Sequence[str]) -> Sequence[str]:
        with open_work(self.node(self.queued[package_ids[0]][0]), WORKER, together=True) as work:
            done = sending.send_together(work, package_ids)
        self.convoys += len(done) > 1
        return done

    def _drawn(self) -> str | None:
        """Some package that waits, with no pause before it."""
        if not self.waiting:
            return None
        package_id = self.draw.choice(list(self.waiting))
        # So that no history depends on how fast the machine is.
        for node_id in self.queued[package_id]:
            self._minute_later(self.node(node_id))
        return package_id

    def _kill_receiver(self) -> None:
        """The process that is asked dies at some moment of an attempt, and is started again."""
        package_id = self._drawn()
        if package_id is None:
            return
        sender, recipient = self.queued[package_id]
        door = self.doors[sender if self._is_fetched(package_id) else recipient]
        death = threading.Timer(self.draw.random() * _ATTEMPT_SECONDS, door.kill)
        death.start()
        self.attempt(package_id)
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
        """The process that asks dies at some moment of an attempt."""
        package_id = self._drawn()
        if package_id is None:
            return
        after = self.draw.random() * _ATTEMPT_SECONDS
        node, job, ids = self._job(package_id)
        do_and_die(node, job, ids, after)
        if job is fetching.fetch_package and self.draw.random() < _AGAIN:
            self.roads.note(node, ids)
        self._look_at(package_id)

    def _rush(self) -> None:
        """Several workers at the same moment, perhaps two of them with the same package."""
        if not self.waiting:
            return
        for node in self.nodes:
            self._minute_later(node)
        drawn = self.draw.choices(list(self.waiting), k=self.draw.randrange(2, _MOST_AT_ONCE + 1))
        jobs = [self._job(each) for each in drawn]
        convoy = self._same_way(drawn[0]) if self.draw.random() < _CONVOY_AMONG_THEM else []
        self._work(jobs, convoy)

    def _job(self, package_id: str) -> _Task:
        """Who does what to bring a package over: its sender, or its recipient that fetches."""
        sender, recipient = (self.node(each) for each in self.queued[package_id])
        if not self._is_fetched(package_id):
            return sender, actions.send_package, {"package_id": package_id}
        return recipient, fetching.fetch_package, self.roads.next_fetch(recipient, sender.id)

    def _look_at(self, package_id: str) -> None:
        """Where a package stands after a job for it, which may have brought another."""
        sender, recipient = self.queued[package_id]
        if self._is_fetched(package_id):
            self._told(self.node(recipient))
            self._note_fetched(self.node(recipient), sender)
        else:
            self._note(package_id, self._state(package_id))

    def _part(self) -> None:
        """A node is cut off: in both directions or in one; or it is back."""
        node = self.draw.choice(self.nodes)
        ends = self.draw.choice(((0, 1), (0,), (1,)))
        way = self.draw.choice((Way.CUT, Way.PASS))
        for between, wire in self.wires.items():
            if any(between[end] == node.id for end in ends):
                wire.way = way

    def _set_out(self) -> None:
        """What waits for a node is written into files, by hand."""
        self.roads.set_out(*self.draw.sample(self.nodes, 2))

    def _arrive(self, most: int = 3) -> None:
        for package_id in self.roads.arrive(self.draw, most):
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
        events = self.events(node)
        for event, ids in events:
            if event == "exchange.package.received":
                self.effects[node.id, ids["package_id"]] += 1
                self.told.add(ids["package_id"])
            if event == "exchange.package.settled":
                self.ends[node.id, ids["package_id"]] += 1
            if event == "exchange.peer.due":
                self.roads.note(node, ids)
        return [ids["package_id"] for event, ids in events if event == "exchange.package.queued"]

    def events(self, node: Node) -> list[tuple[str, dict[str, str]]]:
        """Take what is enqueued on a node."""
        return net.events(node)

    def _state(self, package_id: str) -> OutboxState:
        with open_work(self.node(self.queued[package_id][0]), WORKER) as work:
            sent = actions.sent_package(work, package_id)
        assert sent is not None
        return sent.state

    def _is_fetched(self, package_id: str) -> bool:
        return self.hidden is not None and self.queued[package_id][1] == self.hidden.id

    def attempt(self, package_id: str) -> None:
        """A push to its recipient, or a fetch by it, which may bring another package."""
        do(*self._job(package_id))
        self._look_at(package_id)

    def _note_fetched(self, node: Node, peer_id: str) -> None:
        for package_id in list(self.waiting):
            if self.queued[package_id] == (peer_id, node.id):
                self._note(package_id, self._state(package_id))

    def _note(self, package_id: str, state: OutboxState) -> None:
        """What counts as delivered must be there at that very moment."""
        if state is not OutboxState.QUEUED:
            self.waiting.pop(package_id, None)
        recipient = self.node(self.queued[package_id][1])
        if state is OutboxState.DELIVERED and not checker.arrived(recipient, package_id):
            self.anomalies.append(f"{package_id}: acknowledged and not there")

    def heal(self, *, hurry: bool) -> None:
        """All wires pass, what was held arrives, and the nodes work on until nothing waits.

        Shape: `hurry` passes over the pauses; without it they are waited for, and the time
        that the network has been whole is bounded.
        """
        for wire in self.wires.values():
            wire.way = Way.PASS
            wire.let_go(self.draw, len(wire.held))
        self._arrive(len(self.roads.files))
        begun = monotonic_seconds()
        self._begin_again()
        while self.waiting and monotonic_seconds() - begun < checker.HEALED_SECONDS:
            if hurry:
                for node in self.nodes:
                    self._minute_later(node)
            else:
                threading.Event().wait(_TICK_SECONDS)  # the worker's own pace
            self._work_on()
        self.healed_seconds = monotonic_seconds() - begun
        self._take()

    def _begin_again(self) -> None:
        """As workers that start: jobs that had not ended are done again, and take others along."""
        for package_id in list(self.waiting):
            if package_id in self.waiting:
                self.attempt(package_id)
                self.send_together(self._same_way(package_id))

    def _work_on(self) -> None:
        """As the workers' tick: what is due by the machine's clock is sent and fetched."""
        jobs: list[_Task] = []
        for node in self.nodes:
            with open_work(node, WORKER) as work:
                actions.resend_due(work)
            if node is self.hidden:
                with open_work(node, WORKER) as work:
                    fetching.fetch_due(work)
            due = self._told(node)
            jobs += [(node, actions.send_package, {"package_id": each}) for each in due]
        jobs += self._due_fetches()
        while jobs:
            self._work(jobs)
            jobs = self._due_fetches()

    def _due_fetches(self) -> list[_Task]:
        if self.hidden is None:
            return []
        return [(self.hidden, fetching.fetch_package, ids) for ids in self.roads.due(self.hidden)]

    def _work(self, jobs: Sequence[_Task], convoy: Sequence[str] = ()) -> None:
        """Jobs of all nodes, several at the same moment; then what was brought over is noted."""
        with ThreadPoolExecutor(_WORKERS * len(self.nodes)) as workers:
            running = [workers.submit(do, *each) for each in jobs]
            if convoy:
                self._convoy(convoy)
            for done in running:
                done.result()
        if self.hidden is not None:
            self._told(self.hidden)
        for package_id in list(self.waiting):
            self._note(package_id, self._state(package_id))

    def _minute_later(self, node: Node) -> None:
        """The longest pause after a failure is over."""
        with acting(node.engine, WORKER) as db:
            db.execute(text("UPDATE peer_standing SET closed_until = NULL"))
            db.execute(text("UPDATE peers SET fetched_at = NULL WHERE fetches"))
            db.execute(text("UPDATE outbox SET next_attempt_at = now() WHERE state = 'queued'"))

    def check(self) -> list[str]:
        """Everything that does not hold of this history, after it healed."""
        return checker.found(self)


@contextlib.contextmanager
def opened(
    nodes: Sequence[Node],
    seed: int,
    ways: Sequence[Way],
    *,
    killing: bool,
    hidden: Node | None = None,
    world: type[World] = World,
) -> Iterator[World]:
    """Nodes that know each other only over wires; nobody can ask a `hidden` one."""
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
                if other is node:
                    continue
                if other is hidden:
                    net.pin(node, other, collected=True)
                else:
                    wire = wires[node.id, other.id] = Wire(target=targets[other.id])
                    url = stack.enter_context(strung(wire))
                    net.pin(node, other, url, fetches=node is hidden)
        agree(nodes)
        for node in nodes:
            net.events(node)
        yield world(nodes, wires, random.Random(seed), ways, hidden, doors=doors)


@contextlib.contextmanager
def opened_gates(nodes: Sequence[Node], seed: int, ways: Sequence[Way]) -> Iterator[World]:
    """Nodes that reach each other's gates alone, over cables that carry mutual TLS."""
    with contextlib.ExitStack() as stack:
        gates = {node.id: stack.enter_context(gate_of(node)) for node in nodes}
        cables: dict[tuple[str, str], Cable] = {}
        for node, other in permutations(nodes, 2):
            port = int(gates[other.id].rpartition(":")[2])
            cable = cables[node.id, other.id] = Cable(target=("127.0.0.1", port))
            pin_gate(node, other, stack.enter_context(laid(cable)))
        for node in nodes:
            net.set_clock(node, START)
        agree(nodes)
        for node in nodes:
            net.events(node)
        yield World(nodes, cables, random.Random(seed), ways)


def run(
    nodes: Sequence[Node],
    seed: int,
    steps: int,
    ways: Sequence[Way] = tuple(Way),
    *,
    killing: bool = False,
    hurry: bool = True,
    hidden: Node | None = None,
) -> World:
    """A history of so many steps, healed; `check` says whether it holds."""
    with opened(nodes, seed, ways, killing=killing, hidden=hidden) as world:
        for _ in range(steps):
            world.step()
        world.heal(hurry=hurry)
    return world
