"""One unit of work: connection, actor, clock, ids, audit and jobs; and the action frame."""

import functools
import re
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from tipbridge.foundation.audit import store as audit_store
from tipbridge.foundation.audit.model import AuditEvent, Fact
from tipbridge.foundation.base.actors import Actor, ActorKind, Role
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import Forbidden, OutcomeUnknown, TipbridgeError
from tipbridge.foundation.base.ids import Ids
from tipbridge.foundation.jobs import queue
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.scope import set_actor

P = ParamSpec("P")
R = TypeVar("R")

Begin = Callable[[Connection], datetime | None]
"""Tells the database who acts, and gives back the synthetic clock when it has been set."""

REFUSED = "access.action.refused"
_FACT_TEXT = re.compile(r"[\w.:~/+@|,-]{0,200}", re.ASCII)

log = structlog.get_logger("tipbridge")


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One verb of the house, as registered: who may call it and under what event name."""

    event: str
    name: str
    roles: frozenset[Role]
    kinds: frozenset[ActorKind]
    idle: bool
    function: Callable[..., object]


_actions: dict[str, Action] = {}


def registered_actions() -> dict[str, Action]:
    """Every action of the modules imported so far, by `module.function`."""
    return dict(_actions)


class Work:
    """One unit of work: everything an action does is committed together or not at all."""

    def __init__(
        self, node: Node, db: Connection, actor: Actor, now: datetime, *, together: bool = False
    ) -> None:
        self.node, self.db, self.actor, self.now = node, db, actor, now
        self.ids: Ids = node.ids
        self.attempted: str | None = None
        self.recorded: str | None = None
        self.body_over = False
        self._open: list[_Frame] = []
        self._together = together
        self._events: list[AuditEvent] = []
        self._jobs: list[queue.Deferred] = []
        self._on_rollback: list[Callable[[], None]] = []
        self._after_commit: list[Callable[[], None]] = []

    def record(self, subject: str, **facts: Fact) -> None:
        """Write the current action's one audit event.

        Shape: `subject` is an id (or "all" for a list); facts are ids, numbers, booleans
        and words of closed lists, never personal data.
        """
        frame = self._open[-1]
        frame.records += 1
        _record(self, frame.action.event, subject, facts)

    def emit(self, event: str, *, urgent: bool = False, **ids: str) -> None:
        """Enqueue what follows `event`, in this transaction; an urgent one waits for no other."""
        if event in self.node.unfollowed:
            return
        self._jobs.append(queue.Deferred(event=event, ids=ids, urgent=urgent))
        self._write_unless_together()

    def keep_event(self, event: AuditEvent) -> None:
        """Write an audit event, at once or with all others of this work."""
        self._events.append(event)
        self._write_unless_together()

    def _write_unless_together(self) -> None:
        if not self._together:
            self.write_held()

    def write_held(self) -> None:
        """Write the events and jobs that this work holds, each kind by one statement."""
        events, self._events = self._events, []
        jobs, self._jobs = self._jobs, []
        if events:
            audit_store.insert_events(self.db, events)
        if jobs:
            queue.enqueue(self.db, jobs)

    @contextmanager
    def part(self) -> Generator[None]:
        """A part of this work that can fail by itself: what it wrote is then taken back alone.

        Files that it sealed stay until the vault is swept.
        """
        events, jobs = len(self._events), len(self._jobs)
        try:
            with self.db.begin_nested():
                yield
        except BaseException:
            del self._events[events:], self._jobs[jobs:]
            raise

    def on_rollback(self, undo: Callable[[], None]) -> None:
        """Run `undo` if this work is not committed (a sealed file to take back)."""
        self._on_rollback.append(undo)

    def after_commit(self, then: Callable[[], None]) -> None:
        """Run `then` once this work is committed; a crash may skip it, so repeat by a job."""
        self._after_commit.append(then)

    def enter(self, action_: Action) -> None:
        """Begin an action: check that this actor may call it."""
        self.attempted = action_.name
        if self.actor.kind not in action_.kinds:
            raise Forbidden(f"A {self.actor.kind} actor may not do this.", action=action_.name)
        if self.actor.kind is ActorKind.STAFF and not action_.roles & self.actor.roles:
            allowed = ", ".join(sorted(action_.roles))
            raise Forbidden(f"This needs one of the roles: {allowed}.", action=action_.name)
        self._open.append(_Frame(action_))

    def leave(self, *, done: bool, result: object = None) -> None:
        """End an action: exactly one audit event belongs to each one that was done."""
        frame = self._open.pop()
        if frame.action.idle and frame.records == 0 and (frame.unchanged or not result):
            return
        if done and frame.records != 1:
            raise RuntimeError(f"{frame.action.name} recorded {frame.records} audit events, not 1")

    def nothing_changed(self) -> None:
        """Let an idle action that comes again and again leave no event of a try like the last."""
        self._open[-1].unchanged = True

    def finish(self, *, committed: bool) -> None:
        """Run what was left for after the commit or the rollback."""
        for step in self._after_commit if committed else reversed(self._on_rollback):
            step()


@dataclass(slots=True)
class _Frame:
    action: Action
    records: int = 0
    unchanged: bool = False


def _record(work: Work, event: str, subject: str, facts: dict[str, Fact]) -> None:
    for name, value in (("subject", subject), *facts.items()):
        if isinstance(value, str) and not _FACT_TEXT.fullmatch(value):
            raise RuntimeError(f"audit fact {name!r} of {event} is not an id or a closed word")
    work.recorded = work.ids.new()
    work.keep_event(
        AuditEvent(
            id=work.recorded,
            at=work.now,
            machine_at=machine_now(),
            actor_kind=work.actor.kind,
            actor_id=work.actor.id,
            event=event,
            subject=subject,
            facts=facts,
        ),
    )


def action(
    event: str,
    *,
    roles: Iterable[Role] = (),
    system: bool = False,
    provider: bool = False,
    peer: bool = False,
    idle: bool = False,
) -> Callable[[Callable[Concatenate[Work, P], R]], Callable[Concatenate[Work, P], R]]:
    """Register a verb: its audit event's name and who may call it.

    Shape: `event` is `room.noun.past`. Staff need one of `roles`; other kinds of actor
    pass only when named. `idle` is for periodic work: a call that found nothing to do
    returns nothing (or 0) and leaves no event; so does one that says `nothing_changed`.
    """
    kinds = {ActorKind.SYSTEM: system, ActorKind.PROVIDER: provider, ActorKind.PEER: peer}
    allowed = frozenset(kind for kind, may in kinds.items() if may)
    staff = frozenset(roles)
    if staff:
        allowed |= {ActorKind.STAFF}

    def decorate(function: Callable[Concatenate[Work, P], R]) -> Callable[Concatenate[Work, P], R]:
        name = f"{function.__module__.removeprefix('tipbridge.')}.{function.__name__}"
        registered = Action(
            event=event, name=name, roles=staff, kinds=allowed, idle=idle, function=function
        )
        _actions[name] = registered

        @functools.wraps(function)
        def run(work: Work, /, *args: P.args, **kwargs: P.kwargs) -> R:
            work.enter(registered)
            try:
                result = function(work, *args, **kwargs)
            except BaseException:
                work.leave(done=False)
                raise
            work.leave(done=True, result=result)
            return result

        return run

    return decorate


@contextmanager
def open_work(
    node: Node, actor: Actor, *, begin: Begin | None = None, together: bool = False
) -> Generator[Work]:
    """One unit of work for `actor`: commits at the end, rolls back on any exception.

    Shape: `begin` takes the place of the usual first statement, where more is asked with it. A
    work of many actions `together` writes their events and jobs at its end, all at once.
    A refusal is recorded in a transaction of its own, so that a denial leaves its trace.
    Errors: OutcomeUnknown when the database was lost during the commit and can't be asked.
    """
    work: Work | None = None
    try:
        with node.engine.connect() as db, db.begin():
            work = _begin(node, db, actor, begin, together=together)
            yield work
            work.write_held()
            work.body_over = True
    except BaseException as error:
        if work is not None and not _came_through(node, work, error):
            work.finish(committed=False)
            if isinstance(error, TipbridgeError):
                _record_refusal(node, actor, work.attempted, error)
            raise
        if work is None:
            raise
    work.finish(committed=True)


def _came_through(node: Node, work: Work, error: BaseException) -> bool:
    """Whether a work whose commit failed was committed all the same; False: it was not.

    A database that is lost between our word and its answer may have kept everything, so the
    work's own audit event is looked for. Errors: OutcomeUnknown when that can't be seen.
    """
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if not (work.body_over and lost):
        return False
    try:
        if work.recorded is not None and was_recorded(node, work.actor, work.recorded):
            return True
    except DBAPIError:
        log.warning("the database was lost during a commit", action=work.attempted)
    raise OutcomeUnknown(
        "Not known whether this was kept; look before you repeat it.", event=work.recorded or "none"
    ) from error


def was_recorded(node: Node, actor: Actor, event_id: str) -> bool:
    """Whether a work that recorded this audit event was committed."""
    with node.engine.connect() as db, db.begin():
        _begin(node, db, actor)
        return audit_store.event_exists(db, event_id)


def _begin(
    node: Node,
    db: Connection,
    actor: Actor,
    begin: Begin | None = None,
    *,
    together: bool = False,
) -> Work:
    if begin is None:
        units = "{" + ",".join(str(unit) for unit in actor.units) + "}"
        clock = set_actor(db, actor_id=actor.id, kind=actor.kind, units=units)
    else:
        clock = begin(db)
    at = clock if node.synthetic and clock else machine_now()
    return Work(node.with_current_keys(), db, actor, at, together=together)


def _record_refusal(node: Node, actor: Actor, attempted: str | None, error: TipbridgeError) -> None:
    subject = error.detail.get("id", "none")
    if not _FACT_TEXT.fullmatch(subject):
        subject = "unfit"
    with node.engine.connect() as db, db.begin():
        work = _begin(node, db, actor)
        _record(work, REFUSED, subject, {"action": attempted, "kind": error.kind})
    log.info("refused", action=attempted, kind=error.kind, actor=actor.id)
