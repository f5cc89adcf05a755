"""Peers that fail, are slow or have another time: who waits, and what is said of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.exchange.packages import PARTS, salted
from tests.sharing.exchange.pairs import START, Pair
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange import actions, store
from tipbridge.sharing.exchange.model import Basis, BasisKind, OutboxState, PackageKind
from tipbridge.sharing.exchange.standing import rules
from tipbridge.sharing.exchange.standing import store as standings
from tipbridge.sharing.exchange.standing.model import Standing
from tipbridge.sharing.exchange.trusting.actions import revoke_key

NOW = START


def _standing(node: Node, peer: Node) -> Standing | None:
    with open_work(node, WORKER) as work:
        return standings.standing_of(work.db, peer.id)


def _failed(failures: int, until: timedelta) -> Standing:
    return Standing(peer_id="us.hsi", failures=failures, closed_until=NOW + until)


@pytest.mark.parametrize(
    ("standing", "attempts", "waits"),
    [
        (None, 0, False),
        (Standing(peer_id="us.hsi"), 0, False),
        (_failed(1, timedelta(seconds=5)), 0, True),
        (_failed(1, timedelta(seconds=5)), 1, False),  # the one that knocks
        (_failed(3, timedelta(seconds=5)), 2, True),
        (_failed(3, timedelta(0)), 0, False),
    ],
)
def test_only_the_package_that_was_tried_most_knocks_at_a_failing_peer(
    standing: Standing | None, attempts: int, waits: bool
) -> None:
    until = rules.closed(standing, attempts, NOW)
    assert until == (standing.closed_until if standing and waits else None)


def test_one_thread_is_always_left_for_peers_that_answer() -> None:
    assert [rules.slow_lanes(threads) for threads in (1, 2, 3, 8)] == [1, 1, 2, 7]


def test_slow_is_measured_apart_from_size() -> None:
    assert not rules.is_slow(5.0, 0, 1000)
    assert rules.is_slow(5.1, 0, 1000)
    assert not rules.is_slow(14.9, 10_000, 1000)
    assert rules.is_slow(15.1, 10_000, 1000)


@pytest.mark.parametrize(
    ("at", "seconds", "alarm"),
    [
        (timedelta(0), 0, False),
        (timedelta(seconds=30), 0, False),
        (timedelta(seconds=90), 60, False),
        (timedelta(seconds=91), 61, True),
        (timedelta(seconds=-60), -60, False),
        (timedelta(seconds=-61), -61, True),
        (timedelta(minutes=5), 270, True),
        (timedelta(days=-1), -86400, True),
    ],
)
def test_a_clock_is_compared_with_the_span_in_which_its_time_was_taken(
    at: timedelta, seconds: int, alarm: bool
) -> None:
    found = rules.clock_difference(NOW + at, NOW, NOW + timedelta(seconds=30))
    assert (found, rules.is_alarming(found)) == (seconds, alarm)


def test_a_thousand_packages_to_a_dead_peer_cost_one_knock(pair: Pair) -> None:
    packages = [pair.queue() for _ in range(5)]
    assert [pair.send(package_id) for package_id in packages] == [OutboxState.QUEUED] * 5
    assert [pair.sent(package_id).attempts for package_id in packages] == [1, 0, 0, 0, 0]
    assert {pair.sent(each).last_outcome for each in packages[1:]} == {"peer-closed"}
    standing = _standing(pair.sender, pair.receiver)
    assert standing is not None
    assert standing.failures == 1
    assert {pair.sent(each).next_attempt_at for each in packages[1:]} == {standing.closed_until}


def test_a_package_that_waits_on_leaves_one_event_for_each_reason(pair: Pair) -> None:
    knocks, waits = pair.queue(), pair.queue()
    for _ in range(20):
        pair.send(knocks)
        pair.send(waits)
    with open_work(pair.sender, CONSOLE) as work:
        revoke_key(
            work,
            pair.receiver.id,
            fingerprint=pair.receiver.keys.fingerprint,
            since=work.now,
        )
    for _ in range(3):
        pair.send(waits)
    said = [
        (subject, facts["outcome"])
        for event, subject, facts in net.audit(pair.sender)
        if event == "exchange.package.sent"
    ]
    assert said == [
        (knocks, "unreachable"),
        (waits, "peer-closed"),
        (waits, "key-revoked"),
    ]


def test_a_peer_that_answers_again_is_open_for_all(pair: Pair) -> None:
    first, second = pair.queue(), pair.queue()
    pair.send(first)
    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        assert pair.send(second) is OutboxState.QUEUED
        assert pair.send(first) is OutboxState.DELIVERED
        assert pair.send(second) is OutboxState.DELIVERED
    standing = _standing(pair.sender, pair.receiver)
    assert standing is not None
    assert (standing.failures, standing.closed_until) == (0, None)


def test_a_dead_peer_holds_up_no_package_to_another(pair: Pair, make_node: Callable) -> None:
    other = make_node("kr.knpa")
    net.set_clock(other, START)
    net.pin(other, pair.sender)
    dead = pair.queue()
    pair.send(dead)
    with net.listening(other) as url:
        net.pin(pair.sender, other, url)
        draft = replace(
            pair.draft(),
            kind=PackageKind.REQUEST,
            recipient=other.id,
            basis=Basis(kind=BasisKind.OPEN, id=""),
            parts=salted(PARTS[:1]),
            files={},
        )
        assert pair.send(pair.queue(draft)) is OutboxState.DELIVERED


def test_slow_peers_share_lanes_and_each_has_one(pair: Pair) -> None:
    """While one package to a slow peer is on its way, the next one waits and counts no try."""
    package_id = pair.queue()
    slow = Standing(peer_id=pair.receiver.id, slow=True)
    with open_work(pair.sender, WORKER) as work:
        standings.keep_flow(work.db, slow)
    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        for held in (f"peer {pair.receiver.id}", "slow 0"):
            with open_work(pair.sender, WORKER) as work:
                assert standings.take_lane(work.db, held)
                assert pair.send(package_id) is OutboxState.QUEUED
                work.db.rollback()
            waiting = pair.sent(package_id)
            assert (waiting.attempts, waiting.last_outcome) == (0, "peer-busy")
            assert waiting.next_attempt_at > machine_now() - timedelta(minutes=1)
        assert pair.send(package_id) is OutboxState.DELIVERED
    standing = _standing(pair.sender, pair.receiver)
    assert standing is not None
    assert not standing.slow


def test_a_large_package_needs_a_lane_however_well_its_peer_answers(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that take hours on a thin line would hold both threads of a worker."""
    monkeypatch.setattr(rules, "LARGE_BYTES", 1)
    package_id = pair.queue()
    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        with open_work(pair.sender, WORKER) as work:
            assert standings.take_lane(work.db, "slow 0")
            assert pair.send(package_id) is OutboxState.QUEUED
            work.db.rollback()
        waiting = pair.sent(package_id)
        assert (waiting.attempts, waiting.last_outcome) == (0, "peer-busy")
        assert pair.send(package_id) is OutboxState.DELIVERED
        monkeypatch.setattr(rules, "LARGE_BYTES", 10**6)
        with open_work(pair.sender, WORKER) as work:
            assert standings.take_lane(work.db, "slow 0")
            assert pair.send(pair.queue()) is OutboxState.DELIVERED, "a small one needs none"
            work.db.rollback()


@pytest.mark.parametrize("days", [-1, 1])
def test_clocks_that_differ_are_found_by_the_receipt_and_cleared_again(
    pair: Pair, days: int
) -> None:
    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        ahead, behind = pair.receiver, pair.sender
        if days < 0:
            ahead, behind = behind, ahead
        net.set_clock(ahead, START + timedelta(days=1))
        assert pair.send(pair.queue()) is OutboxState.DELIVERED
        standing = _standing(pair.sender, pair.receiver)
        assert standing is not None
        assert abs(standing.clock_seconds - days * 86400) < 60
        assert rules.is_alarming(standing.clock_seconds)
        with open_work(pair.sender, WORKER) as work:
            assert standings.count_clocks(work.db, over_seconds=rules.CLOCK_ALARM_SECONDS) == 1
        net.set_clock(behind, START + timedelta(days=1))
        assert pair.send(pair.queue()) is OutboxState.DELIVERED
    cleared = _standing(pair.sender, pair.receiver)
    assert cleared is not None
    assert cleared.clock_seconds == 0


def test_a_message_from_the_future_shows_its_senders_clock_and_an_old_one_does_not(
    pair: Pair,
) -> None:
    waited = pair.queue()
    net.set_clock(pair.receiver, START + timedelta(days=30))
    pair.receive(pair.sealed(waited))
    assert _standing(pair.receiver, pair.sender) is None
    net.set_clock(pair.sender, START + timedelta(days=30, minutes=5))
    pair.receive(pair.sealed(pair.queue()))
    found = _standing(pair.receiver, pair.sender)
    assert found is not None
    assert found.clock_seconds == 300


def test_what_waits_is_counted_by_peer(pair: Pair) -> None:
    pair.queue()
    pair.queue()
    with open_work(pair.sender, CONSOLE) as work:
        assert actions.count_queued_by_peer(work) == {pair.receiver.id: 2}
        assert store.count_queued(work.db) == 2
