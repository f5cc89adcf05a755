"""Boxes of the tests, one for each kind of walls, shared by a module."""

import inspect
from typing import Any

from tests.foundation.box import tasks
from tipbridge.foundation.box import bubblewrap, probes
from tipbridge.foundation.box.model import Done, Outcome, Plan, Walls
from tipbridge.foundation.box.pool import Box, open_box

OWN_TASKS = tuple(
    f"{tasks.HERE}:{name}"
    for name, value in inspect.getmembers(tasks, inspect.isfunction)
    if value.__module__ == tasks.HERE and "source" in inspect.signature(value).parameters
)
X32 = f"{probes.__name__}:call_under_other_numbers"


def plan(walls: Walls | None = None, **changes: object) -> Plan:
    """A box for the tests' own tasks."""
    tasks_given = (*OWN_TASKS, X32)
    return Plan(
        **{"tasks": tasks_given, "warm": (f"{tasks.HERE}:warm",), "walls": walls, **changes}
    )


def stands(walls: Walls) -> bool:
    """Whether such walls can stand on this machine at all."""
    return walls is Walls.KERNEL or bubblewrap.program() is not None


def open_behind(walls: Walls | None = None, **changes: object) -> Box:
    """Such a box."""
    return open_box(plan(walls, **changes))


def task(name: str) -> str:
    """A task of the tests by its function's name."""
    return f"{tasks.HERE}:{name}"


def value_of(outcome: Outcome) -> Any:
    """The value of a task that must have one."""
    assert isinstance(outcome, Done), outcome
    return outcome.value
