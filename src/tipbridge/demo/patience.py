"""Staff whose node goes away in the middle: they wait, look whether it was done, and go on."""

import functools
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError

from tipbridge.foundation.base.actors import Actor
from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.base.errors import OutcomeUnknown, Unavailable
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work, was_recorded

P = ParamSpec("P")
R = TypeVar("R")

PATIENCE_SECONDS = 120.0
_PAUSE_SECONDS = 0.2
_PAUSE = threading.Event()


class NotDone(Exception):
    """The node went away and what was begun is certainly not kept."""


@contextmanager
def patient_work(node: Node, actor: Actor) -> Generator[Work]:
    """One unit of work that ends well if, and only if, it was kept.

    Errors: NotDone when the node went away before it was.
    """
    try:
        with open_work(node, actor) as work:
            yield work
    except OutcomeUnknown as lost:
        event_id = lost.detail["event"]
        if not _when_back(lambda: was_recorded(node, actor, event_id)):
            raise NotDone from lost
    except DBAPIError as lost:
        if not lost.connection_invalidated and not _is_away(node):
            raise
        raise NotDone from lost


def patient(function: Callable[P, R]) -> Callable[P, R]:
    """Do it again until it is done; for what opens one patient work, first of all."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        def attempt() -> R:
            return function(*args, **kwargs)

        return _when_back(attempt)

    return run


def _when_back(attempt: Callable[[], R]) -> R:
    deadline = monotonic_seconds() + PATIENCE_SECONDS
    while True:
        try:
            return attempt()
        except (NotDone, DBAPIError) as lost:
            if monotonic_seconds() > deadline:
                raise Unavailable("A node of the demo does not come back.") from lost
        _PAUSE.wait(_PAUSE_SECONDS)


def _is_away(node: Node) -> bool:
    try:
        with node.engine.connect():
            return False
    except DBAPIError:
        return True
