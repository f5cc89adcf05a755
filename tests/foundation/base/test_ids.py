"""Ids of the machine: each greater than the one before it."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from tipbridge.foundation.base import ids
from tipbridge.foundation.base.ids import SystemIds

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def milliseconds_of(made: str) -> int:
    return int(made[:12], 16)


def test_ids_of_one_millisecond_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "machine_now", lambda: NOON)
    source = SystemIds()
    made = [source.new() for _ in range(5000)]
    assert made == sorted(set(made))
    assert {one[12] for one in made} == {"7"}
    assert {one[16] for one in made} <= set("89ab")
    assert milliseconds_of(made[0]) == int(NOON.timestamp() * 1000)


def test_a_clock_that_steps_back_does_not_turn_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([NOON, NOON - timedelta(hours=1), NOON + timedelta(seconds=1)])
    monkeypatch.setattr(ids, "machine_now", lambda: next(times))
    source = SystemIds()
    made = [source.new() for _ in range(3)]
    assert made == sorted(made)
    assert milliseconds_of(made[2]) == int(NOON.timestamp() * 1000) + 1000


def test_threads_share_the_order_and_no_id_comes_twice() -> None:
    source = SystemIds()
    made: list[list[str]] = [[] for _ in range(4)]

    def make(into: list[str]) -> None:
        into.extend(source.new() for _ in range(2000))

    threads = [threading.Thread(target=make, args=(into,)) for into in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(part == sorted(part) for part in made)
    assert len({one for part in made for one in part}) == 8000
