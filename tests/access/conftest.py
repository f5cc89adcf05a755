"""The world of the access tests, built once per worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.building import built_world
from tests.access.world import World
from tipbridge.foundation.storage.launcher import Server


@pytest.fixture(scope="session")
def world(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One node with one row of everything."""
    folder: Path = tmp_path_factory.mktemp("world")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        with built_world(server, folder) as built:
            yield built
