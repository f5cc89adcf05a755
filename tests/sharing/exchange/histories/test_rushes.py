"""Histories in which several workers attempt at the same moment hold; without the lock they do not."""

from collections.abc import Callable, Sequence

import pytest

from tests.sharing.exchange.histories.history import World, opened
from tests.sharing.exchange.histories.wires import Way
from tipbridge.foundation.node import Node
from tipbridge.sharing.exchange import store

NODES = ("us.clearing", "us.hsi", "kr.knpa")


@pytest.fixture
def nodes(make_node: Callable[..., Node]) -> Sequence[Node]:
    """Three nodes that nobody else uses; the last fetches."""
    return [make_node(node_id) for node_id in NODES]


def _history(nodes: Sequence[Node], *ways: Way) -> World:
    with opened(nodes, 2014, ways, killing=False, hidden=nodes[-1]) as world:
        for _ in range(8):
            for name in ("queue", "queue", "bend", "rush", "arrive", "set_out", "release"):
                world.do(name)
        world.heal(hurry=True)
    return world


def test_a_history_in_which_several_workers_attempt_at_once_holds(nodes: Sequence[Node]) -> None:
    assert _history(nodes, *Way).check() == []


def test_a_package_that_two_workers_settle_at_once_is_found(
    nodes: Sequence[Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "lock_for_sending", store.outgoing_by_id)
    found = _history(nodes, Way.PASS).check()
    assert any("its end is told 2 times" in each for each in found)
