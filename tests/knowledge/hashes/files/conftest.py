"""One box for the tests of a module."""

from collections.abc import Generator

import pytest

from tipbridge.foundation.box.model import Plan, Walls
from tipbridge.foundation.box.pool import Box, open_box
from tipbridge.knowledge.hashes import hashing


@pytest.fixture(scope="module")
def box() -> Generator[Box]:
    plan = hashing.plan()
    with open_box(Plan(tasks=plan.tasks, warm=plan.warm, walls=Walls.KERNEL)) as opened:
        yield opened
