"""Short histories hold, and one with a planted fault does not; `make histories` is the long form."""

import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest
from sqlalchemy import Connection
from starlette.responses import Response

from tests.sharing.exchange.histories.__main__ import keep, kept, run_all
from tests.sharing.exchange.histories.history import World, opened, run
from tests.sharing.exchange.histories.seeds import Told
from tests.sharing.exchange.histories.wires import Way
from tipbridge.foundation.base.actors import DOORKEEPER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange import actions, api, rules, store
from tipbridge.sharing.exchange.convoying import framing, taking
from tipbridge.sharing.exchange.model import Incoming, PackageKind

NODES = ("us.clearing", "us.hsi", "kr.knpa")
STEPS = 120


@pytest.fixture
def nodes(make_node: Callable[..., Node]) -> Sequence[Node]:
    """Three nodes that nobody else uses: what a history leaves behind is its own."""
    return [make_node(node_id) for node_id in NODES]


def _history(nodes: Sequence[Node], seed: int, *ways: Way) -> World:
    world = run(nodes, seed, STEPS, ways or tuple(Way))
    assert world.queued
    return world


def test_a_history_of_losses_doubles_delays_and_mixed_up_answers_holds(
    nodes: Sequence[Node],
) -> None:
    world = _history(nodes, 2019)
    assert world.check() == []
    assert set(world.steps) >= {"queue", "send", "bend"}
    assert set(world.kinds) >= {
        PackageKind.REFERRAL,
        PackageKind.RECALL,
        PackageKind.FEEDBACK,
    }
    assert world.released
    assert world.convoys
    assert world.withdrawn


def test_a_history_in_which_doors_and_senders_are_killed_holds(nodes: Sequence[Node]) -> None:
    with opened(nodes, 117, tuple(Way), killing=True) as world:
        for _ in range(4):
            for name in (*("queue",) * 4, "kill_receiver", "kill_together", "kill_sender", "bend"):
                world.do(name)
            world.do("take")
        world.heal(hurry=True)
    assert len(world.queued) == 16
    assert world.check() == []


def test_a_dropped_key_of_deduplication_is_found(
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
    found = _history(nodes, 2014).check()
    assert any("effects" in each or "another receipt" in each for each in found)


def test_a_receipt_that_is_not_bound_is_found(
    nodes: Sequence[Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "receipt_fits", lambda *_: True)
    found = _history(nodes, 2014, Way.STALE).check()
    assert any("acknowledged and not there" in each for each in found)


def test_an_acknowledgement_before_the_commit_is_found(
    nodes: Sequence[Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine, turns = actions.receive_package, iter(range(10**6))

    class Died(Exception):
        pass

    def receive(node: Node, spool: BinaryIO, caller: str | None) -> Response:
        receipt = b""
        try:
            with open_work(node, DOORKEEPER) as work:
                receipt = genuine(work, spool, caller=caller)
                if next(turns) % 3 == 0:
                    raise Died  # killed after it answered and before it committed
        except Died:
            pass
        return Response(receipt)

    monkeypatch.setattr(api, "_receive", receive)
    found = _history(nodes, 2014).check()
    assert any("acknowledged and not there" in each for each in found)


def test_a_convoy_that_is_answered_before_its_commit_is_found(
    nodes: Sequence[Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(Exception):
        pass

    def receive(node: Node, spool: BinaryIO, caller: str | None) -> Response:
        spool.seek(0)
        sealed, told = framing.split(spool.read()), [framing.Told()]
        with contextlib.suppress(Died), open_work(node, DOORKEEPER, together=True) as work:
            found = taking.take_together(work, sealed, caller=caller)
            told = [framing.Told(receipt=found.get(place)) for place in range(len(sealed))]
            raise Died  # killed after it answered and before it committed
        return Response(framing.answers_payload(told))

    monkeypatch.setattr(api, "_receive_convoy", receive)
    with opened(nodes, 2014, (Way.PASS,), killing=False) as world:
        for name in (*("queue",) * 20, *("send",) * 6, *("together",) * 6):
            world.do(name)
        found = world.check()
    assert any("acknowledged and not there" in each for each in found)


def test_a_recall_that_does_not_find_its_referral_is_found(
    nodes: Sequence[Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = store.insert_incoming

    def keep_loose(db: Connection, package: Incoming) -> None:
        genuine(db, replace(package, about=None))

    monkeypatch.setattr(actions.store, "insert_incoming", keep_loose)
    found = run(nodes, 2014, STEPS, (Way.PASS,)).check()
    assert any("does not take back" in each for each in found)


def test_a_run_that_was_broken_off_passes_over_the_seeds_that_held(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    assert kept(file, 9) == {}
    held, other = Told(1, 9, False, 5, 2, 1.5), Told(3, 8, False, 5, 2, 1.5)
    for each in (held, Told(2, 9, True, 5, 2, 1.5), other):
        keep(file, each)
    assert kept(file, 9) == {1: held}


def test_a_history_that_healed_too_late_is_found(nodes: Sequence[Node]) -> None:
    with opened(nodes, 2014, (Way.PASS,), killing=False) as world:
        world.do("queue")
        world.heal(hurry=True)
    assert world.check() == []
    world.healed_seconds = 60.5
    assert world.check() == ["undecided until 60.5 s after the network healed"]


def test_no_history_is_passed_over_when_there_are_more_than_run_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def told(seed: int, *, steps: int) -> Told:
        return Told(seed, steps, False, 5, 2, 1.5)

    monkeypatch.setattr("tests.sharing.exchange.histories.__main__.one_history", told)
    ran = run_all(ThreadPoolExecutor(2), range(1, 8), 9, jobs=2, minutes=1)
    assert {each.seed for each in ran} == set(range(1, 8))
