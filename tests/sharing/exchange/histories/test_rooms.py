"""One effect per referral behind the exchange, too: one referral and one case; a planted fault is found."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy import Connection

from tests.sharing.exchange.histories.history import opened
from tests.sharing.exchange.histories.rooms import InRooms
from tests.sharing.exchange.histories.wires import Way
from tipbridge import pipeline
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work
from tipbridge.police.cases import actions as cases
from tipbridge.sharing.referral import store, taking
from tipbridge.sharing.referral.model import Referral

NODES = ("us.hsi", "kr.knpa")


@pytest.fixture
def nodes(make_node: Callable[..., Node]) -> Sequence[Node]:
    """Two nodes that nobody else uses."""
    return [make_node(node_id) for node_id in NODES]


def _history(nodes: Sequence[Node], seed: int, *also: str, ways: Sequence[Way]) -> InRooms:
    with opened(nodes, seed, ways, killing=bool(also), world=InRooms) as world:
        assert isinstance(world, InRooms)
        for _ in range(4):
            for name in (*("queue",) * 3, "bend", "send", "together", "take", "follow", *also):
                world.do(name)
            world.do("release")
        world.heal(hurry=True)
    return world


def test_each_referral_is_one_referral_and_in_one_case_however_it_came(
    nodes: Sequence[Node],
) -> None:
    """Doubled, held and late packages; events followed twice; receivers and followers killed."""
    world = _history(nodes, 31, "kill_receiver", "kill_follower", ways=tuple(Way))
    assert world.check() == []
    assert len(world.released) > 4
    assert world.steps["kill_follower"] == 4


def test_a_referral_that_is_made_twice_of_one_package_is_found(
    nodes: Sequence[Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = store.insert_referral

    def insert(db: Connection, referral: Referral) -> None:
        genuine(db, replace(referral, package_id=f"another-{referral.id}"))

    monkeypatch.setattr(taking.store, "referral_by_package", lambda *_, **__: None)
    monkeypatch.setattr(taking.store, "insert_referral", insert)
    found = _history(nodes, 31, ways=(Way.PASS, Way.DOUBLE)).check()
    assert any("times a referral" in each for each in found)


def test_a_referral_whose_job_was_lost_is_found(
    nodes: Sequence[Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine, turns = cases.open_or_attach, count()

    def lost(work: Work, *, referral_id: str) -> str:
        return "" if next(turns) % 3 == 0 else genuine(work, referral_id=referral_id)

    step = pipeline.Step(lost)  # type: ignore[arg-type]
    monkeypatch.setitem(pipeline.ROAD, "referral.referral.received", (step,))
    found = _history(nodes, 32, ways=(Way.PASS,)).check()
    assert any("0 times in a case" in each for each in found)
