"""Short questions that only leave an audit event: many of them in one transaction.

Each is answered only once its event is on disk, and only while the credential holds that it came
with: both are one statement of the group's transaction. While one group is written the next
gathers, so that the rate does not depend on how long the disk takes. No group stays open for more
than 5 ms: where the one before is still being written then, another thread writes it beside.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeVar

import structlog

from tipbridge.foundation.access.model import Login
from tipbridge.foundation.audit import store as audit_store
from tipbridge.foundation.audit.model import AuditEvent, Fact
from tipbridge.foundation.base.actors import ActorKind
from tipbridge.foundation.base.clock import machine_now, monotonic_seconds
from tipbridge.foundation.base.errors import Kind
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import REFUSED

log = structlog.get_logger("tipbridge")

GATHER_SECONDS, MOST_SECONDS = 0.002, 0.005
"""How long the first of a group waits for others, and at most: after a large group, or while one is
being written. Few large groups cost the processor less than many small ones."""
LARGE_GROUP = 8
WRITERS = 4
"""So many groups are written at once; more wait, for then the disk can't follow."""
Item = TypeVar("Item")


class Fate(Enum):
    """What became of one question's event."""

    KEPT = "kept"
    ENDED = "ended"
    """The credential was revoked or changed; that is recorded instead."""
    LOST = "lost"
    """The database could not be asked; nothing may be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What one question of a provider leaves in the audit log."""

    login: Login
    event: str
    action: str
    facts: Mapping[str, Fact]


@dataclass(slots=True)
class Waiting:
    """A note and who waits for its fate."""

    note: Note = field(repr=False)
    event_id: str
    loop: asyncio.AbstractEventLoop
    fate: "asyncio.Future[Fate]"


class Gathering(Generic[Item]):
    """Items that wait, closed into groups by the time of the first of each."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = monotonic_seconds,
        turn: threading.Condition | None = None,
    ) -> None:
        self._clock, self._turn = clock, turn or threading.Condition()
        self._one_gathers = threading.Lock()
        self._ahead: list[Item] = []
        self._first_at = 0.0
        self._writing = 0
        self._many = False

    def add(self, item: Item) -> None:
        """Have an item written with others."""
        with self._turn:
            self._ahead.append(item)
            if len(self._ahead) == 1:
                self._first_at = self._clock()
                self._turn.notify()

    def next_group(self) -> list[Item]:
        """Wait for items and close their group; who takes it calls `written` in the end."""
        with self._one_gathers, self._turn:
            while (left := self._seconds_left()) is None or left > 0:
                self._turn.wait(left)
            group, self._ahead = self._ahead, []
            self._writing += 1
            self._many = len(group) >= LARGE_GROUP
            return group

    def written(self) -> None:
        """A group is written: the next need not wait for it any longer."""
        with self._turn:
            self._writing -= 1
            self._turn.notify()

    def _seconds_left(self) -> float | None:
        if not self._ahead:
            return None
        open_for = MOST_SECONDS if self._writing or self._many else GATHER_SECONDS
        return self._first_at + open_for - self._clock()


class GroupRecorder:
    """Records notes in groups, in threads of its own that begin with the first note."""

    def __init__(self, node: Node, gathering: "Gathering[Waiting] | None" = None) -> None:
        self._node = node
        self._gathering = gathering or Gathering[Waiting]()
        self._starting = threading.Lock()
        self._started = False

    async def record(self, note: Note) -> Fate:
        """Record a note with others; returns once it is on disk, or can't be."""
        loop = asyncio.get_running_loop()
        waiting = Waiting(note, self._node.ids.new(), loop, loop.create_future())
        self._gathering.add(waiting)
        if not self._started:
            self._start()
        return await waiting.fate

    def _start(self) -> None:
        with self._starting:
            if self._started:
                return
            self._started = True
        for _ in range(WRITERS):
            threading.Thread(target=self._run, name="grouping", daemon=True).start()

    def _run(self) -> None:
        while True:
            group = self._gathering.next_group()
            try:
                _settle(group, self._recorded(group))
            finally:
                self._gathering.written()

    def _recorded(self, group: Sequence[Waiting]) -> list[Fate]:
        try:
            kept = audit_store.record_groups(self._node.engine, _by_provider(group))
            ended = [each for each in group if each.event_id not in kept]
            if ended:
                audit_store.record_groups(self._node.engine, _refusals(self._node, ended))
        except Exception as error:  # noqa: BLE001 - the edge: unrecorded is unanswered
            log.error("a group of events was lost", type=type(error).__name__, events=len(group))
            return [Fate.LOST] * len(group)
        return [Fate.KEPT if each.event_id in kept else Fate.ENDED for each in group]


def _settle(group: Sequence[Waiting], fates: Sequence[Fate]) -> None:
    """Tell every question its fate, waking each event loop once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Fate], Fate]]] = {}
    for each, fate in zip(group, fates, strict=True):
        by_loop.setdefault(each.loop, []).append((each.fate, fate))
    for loop, settled in by_loop.items():
        with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
            loop.call_soon_threadsafe(_resolve, settled)


def _resolve(settled: Sequence[tuple["asyncio.Future[Fate]", Fate]]) -> None:
    for future, fate in settled:
        if not future.done():  # its client may have gone away
            future.set_result(fate)


def _by_provider(group: Sequence[Waiting]) -> dict[str, list[audit_store.OnCredential]]:
    now = machine_now()
    found: dict[str, list[audit_store.OnCredential]] = {}
    for each in group:
        login = each.note.login
        event = AuditEvent(
            id=each.event_id,
            at=now,
            machine_at=now,
            actor_kind=ActorKind.PROVIDER,
            actor_id=login.provider_id,
            event=each.note.event,
            subject=login.provider_id,
            facts=dict(each.note.facts),
        )
        found.setdefault(login.provider_id, []).append(
            audit_store.OnCredential(
                event=event, credential_id=login.credential_id, version=login.version
            )
        )
    return found


def _refusals(node: Node, ended: Sequence[Waiting]) -> dict[str, list[audit_store.OnCredential]]:
    now = machine_now()
    found: dict[str, list[audit_store.OnCredential]] = {}
    for each in ended:
        provider = each.note.login.provider_id
        event = AuditEvent(
            id=node.ids.new(),
            at=now,
            machine_at=now,
            actor_kind=ActorKind.PROVIDER,
            actor_id=provider,
            event=REFUSED,
            subject="none",
            facts={"action": each.note.action, "kind": Kind.UNAUTHENTICATED},
        )
        found.setdefault(provider, []).append(
            audit_store.OnCredential(event=event, credential_id=None, version=0)
        )
    return found
