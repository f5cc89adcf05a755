from collections.abc import Generator

import pytest

from tests.foundation.box.boxes import open_behind, stands
from tipbridge.foundation.box.errors import BoxClosed
from tipbridge.foundation.box.model import Walls
from tipbridge.foundation.box.pool import Box


def _open_or_skip(walls: Walls) -> Box:
    if not stands(walls):
        pytest.skip("bubblewrap is not installed here")
    try:
        return open_behind(walls)
    except BoxClosed as error:
        if walls is Walls.BUBBLEWRAP and "self-test" not in error.public:
            pytest.skip(f"bubblewrap can't make its namespaces here: {error.public}")
        raise


@pytest.fixture(scope="module", params=list(Walls))
def box(request: pytest.FixtureRequest) -> Generator[Box]:
    """A box behind each kind of walls."""
    with _open_or_skip(request.param) as opened:
        yield opened


@pytest.fixture(scope="module")
def plain_box() -> Generator[Box]:
    """A box behind the walls that stand everywhere."""
    with open_behind(Walls.KERNEL) as opened:
        yield opened
