"""Look-ups over HTTP go on while lists are imported, activated, rebuilt and swapped."""

import httpx2
import pytest

from tests.knowledge.hashes.lists import activated, events, loaded, opened
from tests.knowledge.hashes.swapping import (
    LIST,
    LONGEST_GAP_SECONDS,
    PATH,
    lines_of,
    swapped,
)
from tests.knowledge.hashes.test_matching import build
from tests.nodes import add_staff
from tests.tips.intake.ispws import add_provider
from tests.web.chromium import served
from tipbridge.app import build_app
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions
from tipbridge.knowledge.hashes.indexes import folder_of

SWAPS, THREADS, ROWS = 3, 8, 6_000


@pytest.fixture
def busy(monkeypatch, make_node) -> Node:
    """A node that lets one provider ask as much as it likes."""
    monkeypatch.setenv("TIPBRIDGE_MATCH_ITEMS_PER_MINUTE", "1000000000")
    return make_node()


def test_no_answer_is_late_or_wrong_while_lists_are_imported_activated_and_rebuilt(busy) -> None:
    """The short form; `make match-engine` does it to a node as it runs, with ten million hashes."""
    keeper = opened(busy, LIST)

    def publish(version: int) -> None:
        """Imported, activated by somebody else, built; its files lost and built once more."""
        loaded(busy, keeper, LIST, *lines_of(version, ROWS))
        activated(busy, LIST)
        assert build(busy) == 1
        with open_work(busy, add_staff(busy, Role.ANALYST)) as work:
            found = actions.find_list(work, LIST)
        folder_of(busy, found.id, version).rename(busy.data / f"lost-{version}")
        assert build(busy) == 1

    publish(1)
    add_provider(busy)
    with served(build_app(busy)) as address:
        httpx2.post(  # the credential is proven once, and the engine warm
            f"{address}{PATH}", json={"items": [{"md5": "0a" * 16}]}, auth=("usr123", "pw-1")
        ).raise_for_status()
        report = swapped(address, publish, swaps=SWAPS, threads=THREADS)
    assert report.longest_gap_seconds < LONGEST_GAP_SECONDS
    assert len(events(busy, "hashes.digests.answered")) == report.requests + 1
