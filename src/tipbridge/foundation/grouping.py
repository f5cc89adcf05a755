"""Short questions that only leave an audit event: many of them in one transaction.

Each is answered only once its event is on disk, and only while the credential holds that it came
with: both are one statement of the group's transaction. While one group is written the next
gathers, so that the rate does not depend on how long the disk takes.
"""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

import structlog

from tipbridge.foundation.access.model import Login
from tipbridge.foundation.audit import store as audit_store
from tipbridge.foundation.audit.model import AuditEvent, Fact
from tipbridge.foundation.base.actors import ActorKind
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import Kind
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import REFUSED

log = structlog.get_logger("tipbridge")

GATHER_SECONDS = 0.002
"""How long the first of a group waits for others; the rest of its wait is the disk's."""


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
class _Waiting:
    note: Note = field(repr=False)
    event_id: str
    loop: asyncio.AbstractEventLoop
    fate: "asyncio.Future[Fate]"


class GroupRecorder:
    """Records notes in groups, in a thread of its own that begins with the first note."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._turn = threading.Condition()
        self._ahead: list[_Waiting] = []
        self._thread: threading.Thread | None = None
        self._pause = threading.Event()

    async def record(self, note: Note) -> Fate:
        """Record a note with others; returns once it is on disk, or can't be."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(note, self._node.ids.new(), loop, loop.create_future())
        with self._turn:
            self._ahead.append(waiting)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="grouping", daemon=True)
                self._thread.start()
            if len(self._ahead) == 1:
                self._turn.notify()
        return await waiting.fate

    def _run(self) -> None:
        while True:
            with self._turn:
                while not self._ahead:
                    self._turn.wait()
            self._pause.wait(GATHER_SECONDS)
            with self._turn:
                group, self._ahead = self._ahead, []
            _settle(group, self._recorded(group))

    def _recorded(self, group: Sequence[_Waiting]) -> list[Fate]:
        try:
            kept = audit_store.record_groups(self._node.engine, _by_provider(group))
            ended = [each for each in group if each.event_id not in kept]
            if ended:
                audit_store.record_groups(self._node.engine, _refusals(self._node, ended))
        except Exception as error:  # noqa: BLE001 - the edge: unrecorded is unanswered
            log.error("a group of events was lost", type=type(error).__name__, events=len(group))
            return [Fate.LOST] * len(group)
        return [Fate.KEPT if each.event_id in kept else Fate.ENDED for each in group]


def _settle(group: Sequence[_Waiting], fates: Sequence[Fate]) -> None:
    """Tell every question its fate, waking each event loop once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Fate], Fate]]] = {}
    for each, fate in zip(group, fates, strict=True):
        by_loop.setdefault(each.loop, []).append((each.fate, fate))
    for loop, settled in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, settled)


def _resolve(settled: Sequence[tuple["asyncio.Future[Fate]", Fate]]) -> None:
    for future, fate in settled:
        if not future.done():  # its client may have gone away
            future.set_result(fate)


def _by_provider(group: Sequence[_Waiting]) -> dict[str, list[audit_store.OnCredential]]:
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


def _refusals(node: Node, ended: Sequence[_Waiting]) -> dict[str, list[audit_store.OnCredential]]:
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
