"""Every job of the running program: a listed action, and one that system actors may call."""

import re
from pathlib import Path

import pytest

import tipbridge
from tests.access.expected_actions import ACTIONS
from tests.access.expected_jobs import DUE, JOBS
from tests.access.program import callables
from tipbridge import pipeline

NAMES = {id(function): name for name, function in callables().items()}
PACKAGE = Path(tipbridge.__file__).parent


def test_every_job_has_a_cell_and_every_cell_a_job() -> None:
    road = {
        event: tuple(NAMES[id(step.action)] for step in steps)
        for event, steps in pipeline.ROAD.items()
    }
    assert road == JOBS


def test_what_the_clock_starts_is_listed() -> None:
    assert tuple(NAMES[id(action)] for action in pipeline.TICK) == DUE


@pytest.mark.parametrize(
    "name", sorted({*DUE, *(name for names in JOBS.values() for name in names)})
)
def test_a_job_is_an_action_of_system_actors(name: str) -> None:
    """What it is closed to, and which rows it reaches, is tried with all other actions."""
    assert "system" in ACTIONS[name].who


def test_every_event_that_the_rooms_emit_is_on_the_road() -> None:
    emitted = {
        event
        for path in PACKAGE.rglob("*.py")
        for event in re.findall(r'\.emit\(\s*"([a-z.-]+)"', path.read_text("utf-8"))
    }
    assert emitted <= set(JOBS)
