"""Histories in which packages are fetched and carried as files hold, and planted faults do not."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import Connection

from tests.sharing.exchange.histories.history import World, opened
from tests.sharing.exchange.histories.wires import Way
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work
from tipbridge.sharing.exchange import actions, store
from tipbridge.sharing.exchange.carrying import handing
from tipbridge.sharing.exchange.model import Incoming, OutboxState, Peer

NODES = ("us.clearing", "us.hsi", "kr.knpa")


@pytest.fixture
def nodes(make_node: Callable[..., Node]) -> Sequence[Node]:
    """Three nodes that nobody else uses; the last is reached by nobody."""
    return [make_node(node_id) for node_id in NODES]


def _fetched(world: World) -> list[str]:
    hidden = world.nodes[-1].id
    return [each for each, (_, recipient) in world.queued.items() if recipient == hidden]


def _history(nodes: Sequence[Node], *steps: str, ways: Sequence[Way] = tuple(Way)) -> World:
    with opened(nodes, 2014, ways, killing="kill_sender" in steps, hidden=nodes[-1]) as world:
        for _ in range(80 // len(steps)):
            for name in steps:
                world.do(name)
        world.heal(hurry=True)
    return world


def test_a_history_in_which_a_node_fetches_over_bad_wires_holds(nodes: Sequence[Node]) -> None:
    world = _history(nodes, "queue", "send", "bend", "send", "part", "send", "release", "take")
    assert world.check() == []
    assert _fetched(world)


def test_a_history_in_which_who_fetches_and_who_hands_out_are_killed_holds(
    nodes: Sequence[Node],
) -> None:
    with opened(nodes, 7, (Way.PASS, Way.DEAF), killing=True, hidden=nodes[-1]) as world:
        for _ in range(4):
            for name in ("queue", "queue", "queue", "kill_receiver", "kill_sender", "bend", "skew"):
                world.do(name)
        world.heal(hurry=True)
    assert world.check() == []
    assert _fetched(world)


def test_a_history_in_which_files_are_carried_late_and_twice_holds(nodes: Sequence[Node]) -> None:
    steps = ("queue", "set_out", "send", "queue", "set_out", "arrive", "skew", "take")
    world = _history(nodes, *steps)
    assert world.check() == []


def test_a_package_that_is_settled_when_it_is_handed_out_is_found(
    nodes: Sequence[Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = handing._next_for

    def settled(work: Work, peer: Peer) -> handing.Handed | None:
        handed = genuine(work, peer)
        if handed is not None:
            state = {"state": OutboxState.DELIVERED, "outcome": "delivered"}
            store.settle(work.db, handed.package_id, **state, at=work.now, receipt=b"{}")
        return handed

    monkeypatch.setattr(handing, "_next_for", settled)
    found = _history(nodes, "queue", "bend", "send", ways=(Way.PASS, Way.DEAF)).check()
    assert any("acknowledged and not there" in each for each in found)


def test_a_key_of_deduplication_that_is_dropped_is_found_by_files_that_come_again(
    nodes: Sequence[Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = store.insert_incoming

    def forget(db: Connection, package_id: str) -> None:
        del db, package_id

    def keep(db: Connection, package: Incoming) -> None:
        with db.begin_nested() as part:
            try:
                genuine(db, package)
            except Exception:  # noqa: BLE001 - the key of the table is dropped, too
                part.rollback()

    monkeypatch.setattr(actions.store, "incoming_by_id", forget)
    monkeypatch.setattr(actions.store, "insert_incoming", keep)
    found = _history(nodes, "queue", "set_out", "set_out", "arrive", ways=(Way.CUT,)).check()
    assert any("effects" in each or "another receipt" in each for each in found)
