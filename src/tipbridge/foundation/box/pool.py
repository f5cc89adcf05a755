"""The node's side of the box: hand over a file, get a value or a reason, and never fall."""

import os
import socket
import threading
from collections.abc import Mapping
from typing import Any

from tipbridge.foundation.base.errors import Invalid, Unavailable
from tipbridge.foundation.box import bubblewrap, selftest, wire
from tipbridge.foundation.box.errors import BoxClosed
from tipbridge.foundation.box.exchange import Exchange
from tipbridge.foundation.box.model import (
    TASK_NAME,
    Failed,
    Limits,
    Outcome,
    Plan,
    Reason,
    Status,
    Walls,
)
from tipbridge.foundation.box.source import Source, opened
from tipbridge.foundation.box.starting import Warm, start_warm
from tipbridge.foundation.box.wire import Order

DEFAULT = Limits()
_PATIENCE_SECONDS = 120.0


class Box:
    """A warm process and as many forks at once as the plan allows. Safe to use from any thread.

    Shape: every file gets a fork of its own, which ends with it: nothing of one file can reach
    the next, and a fork that failed is never used again.
    """

    def __init__(self, plan: Plan, warm: Warm, status: Status) -> None:
        self._plan, self._warm, self.status = plan, warm, status
        self._turn, self._closed, self._owner = threading.Lock(), False, os.getpid()
        self._slots = threading.BoundedSemaphore(plan.at_once)

    def run(
        self,
        task: str,
        source: Source,
        *,
        arguments: Mapping[str, Any] | None = None,
        limits: Limits = DEFAULT,
    ) -> Outcome:
        """Run a task of the plan over one file.

        Shape: `source` is bytes, a descriptor opened for reading only, or chunks that are fed on
        as they come; an error that the chunks raise ends the fork and is raised here.
        Errors: Invalid for a task the box was not opened for; Unavailable when all forks are in
        use for two minutes; BoxClosed when it can't be started again. What the file does is
        never an error: it is a Failed with its reason.
        """
        if task not in self._plan.tasks:
            raise Invalid(f"The box was not opened for {task!r}.")
        order = Order(task=task, limits=limits, arguments=dict(arguments or {}))
        packet = wire.pack(order)
        if len(packet) > wire.PACKET_BYTES:
            raise Invalid(f"A task's arguments have at most {wire.PACKET_BYTES} bytes.")
        if not self._slots.acquire(timeout=_PATIENCE_SECONDS):
            raise Unavailable("Every fork of the box is in use; try again.")
        try:
            with opened(source) as (descriptor, chunks), Exchange(limits, chunks) as exchange:
                warm = self._hand_over(packet, [descriptor, *exchange.theirs])
                exchange.let_go()
                outcome = exchange.await_outcome()
        finally:
            self._slots.release()
        if outcome is None:
            self._end(warm)
            return Failed(reason=Reason.KILLED, detail="box-ended")
        return outcome

    def _hand_over(self, packet: bytes, descriptors: list[int]) -> Warm:
        """Give an order to the warm process; one that is gone is started again, once."""
        for _ in range(2):
            warm = self._standing()
            try:
                socket.send_fds(warm.channel, [packet], descriptors)
            except OSError:
                self._end(warm)
            else:
                return warm
        raise BoxClosed("The box ends as soon as it is started.")

    def _standing(self) -> Warm:
        with self._turn:
            if self._closed:
                raise BoxClosed("The box is closed.")
            if os.getpid() != self._owner:
                raise BoxClosed("This box belongs to another process; open one here.")
            if not self._warm.alive:
                self._warm.end()
                self._warm = start_warm(self._plan, self.status.walls)
            return self._warm

    def _end(self, warm: Warm) -> None:
        with self._turn:
            warm.end()

    def close(self) -> None:
        """End the warm process and its forks."""
        with self._turn:
            self._closed = True
            self._warm.end()

    def __enter__(self) -> "Box":
        """The box itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


def open_box(plan: Plan) -> Box:
    """Open a box behind the best walls that stand here, and try to escape from it.

    Errors: Invalid for a name that no task can have; BoxClosed when no walls stand, a task can't
    be loaded, or a probe of the self-test escapes. No decoder may run then.
    """
    for name in (*plan.tasks, *plan.warm):
        if not TASK_NAME.fullmatch(name):
            raise Invalid(f"{name!r} names no task; a task is package.module:function.")
    plan = selftest.with_probes(plan)
    warm, passed_over = _best(plan)
    status = Status(
        walls=warm.walls,
        landlock_abi=warm.ready.landlock_abi,
        uid_dropped=warm.ready.user_dropped,
        passed_over=passed_over,
    )
    box = Box(plan, warm, status)
    try:
        box.status = selftest.prove(box, status)
    except BaseException:
        box.close()
        raise
    return box


def _best(plan: Plan) -> tuple[Warm, str]:
    if plan.walls is not None:
        return start_warm(plan, plan.walls), ""
    if bubblewrap.program() is None:
        return start_warm(plan, Walls.KERNEL), "bwrap is not installed"
    try:
        return start_warm(plan, Walls.BUBBLEWRAP), ""
    except BoxClosed as error:
        return start_warm(plan, Walls.KERNEL), error.public
