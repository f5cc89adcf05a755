"""Groups of events: closed 2 ms after their first, at most 5; one that is stuck holds up no other."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.knowledge.hashes.lists import events
from tests.tips.intake.ispws import add_provider
from tipbridge.foundation.audit.model import AuditEvent
from tipbridge.foundation.audit.store import insert_events
from tipbridge.foundation.base.actors import ActorKind
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.ids import SystemIds
from tipbridge.foundation.grouping import (
    GATHER_SECONDS,
    LARGE_GROUP,
    MOST_SECONDS,
    WRITERS,
    Fate,
    Gathering,
    GroupRecorder,
    Note,
    Waiting,
)
from tipbridge.web.provider_door import ProviderDoor

MS = 0.001


class Turn(threading.Condition):
    """Waiting that takes no time: the clock is put on, and what was planned happens at its time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.planned: deque[tuple[float, Callable[[], None]]] = deque()

    def wait(self, timeout: float | None = None) -> bool:
        """Go on to the next thing that happens, or to the end of the wait."""
        if self.planned and (timeout is None or self.planned[0][0] <= self.now + timeout):
            self.now, happens = self.planned.popleft()
            happens()
            return True
        assert timeout is not None, "nothing would ever end this wait"
        self.now += timeout
        return False


@pytest.fixture
def turn() -> Turn:
    return Turn()


@pytest.fixture
def gathering(turn: Turn) -> Gathering[str]:
    return Gathering[str](clock=lambda: turn.now, turn=turn)


def plan(turn: Turn, gathering: Gathering[str], **at_ms: float) -> None:
    """Have questions come, each at its time."""
    for name, at in at_ms.items():
        turn.planned.append((at * MS, lambda name=name: gathering.add(name)))


def test_a_group_closes_two_ms_after_its_first_whoever_else_comes(turn, gathering) -> None:
    plan(turn, gathering, a=10, b=11, c=11.999, d=12.001)
    assert gathering.next_group() == ["a", "b", "c"]
    assert turn.now == pytest.approx(10 * MS + GATHER_SECONDS)


def test_a_question_that_comes_during_a_write_has_no_fresh_wait_after_it(turn, gathering) -> None:
    plan(turn, gathering, a=10, b=13)
    gathering.next_group()
    turn.planned.append((16 * MS, gathering.written))
    assert gathering.next_group() == ["b"]
    assert turn.now == pytest.approx(16 * MS)


def test_one_that_comes_just_before_a_write_ends_waits_two_ms_from_its_own_time(
    turn, gathering
) -> None:
    plan(turn, gathering, a=10, b=15.5)
    gathering.next_group()
    turn.planned.append((16 * MS, gathering.written))
    assert gathering.next_group() == ["b"]
    assert turn.now == pytest.approx(15.5 * MS + GATHER_SECONDS)


def test_no_group_stays_open_longer_than_five_ms_however_long_the_write_takes(
    turn, gathering
) -> None:
    plan(turn, gathering, a=10, b=13, c=17.9, d=18.1)
    gathering.next_group()
    assert gathering.next_group() == ["b", "c"]
    assert turn.now == pytest.approx(13 * MS + MOST_SECONDS)
    assert MOST_SECONDS == 5 * MS


def test_after_a_large_group_the_next_gathers_for_five_ms_and_after_a_small_one_for_two(
    turn, gathering
) -> None:
    plan(turn, gathering, **{f"n{number}": 10 for number in range(LARGE_GROUP)}, b=20, c=24.9, d=40)
    assert len(gathering.next_group()) == LARGE_GROUP
    gathering.written()
    assert gathering.next_group() == ["b", "c"]
    assert turn.now == pytest.approx(20 * MS + MOST_SECONDS)
    gathering.written()
    assert gathering.next_group() == ["d"]
    assert turn.now == pytest.approx(40 * MS + GATHER_SECONDS)


def test_a_group_that_hangs_in_the_database_holds_up_no_other(node) -> None:
    """The first event's id is taken by a transaction that has not ended, so its insert waits."""
    add_provider(node)
    login = ProviderDoor(node).login("Basic dXNyMTIzOnB3LTE=", "192.0.2.7")
    taken = SystemIds().new()
    gathering = _Announced()
    recorder = GroupRecorder(replace(node, ids=_Planned([taken])), gathering)
    with node.engine.connect() as other:
        other.execute(text("SELECT tb_begin('tests', 'staff', '{}')"))
        insert_events(other, [_event(taken)])
        note = Note(login=login, event="hashes.digests.answered", action="tests", facts={})
        fates = asyncio.run(_first_hangs(recorder, gathering, note, other.rollback))
    assert fates == [Fate.KEPT] * WRITERS
    assert len(events(node, "hashes.digests.answered")) == WRITERS


def _event(event_id: str) -> AuditEvent:
    return AuditEvent(
        id=event_id,
        at=machine_now(),
        machine_at=machine_now(),
        actor_kind=ActorKind.STAFF,
        actor_id="tests",
        event="tests.id.taken",
        subject="none",
        facts={},
    )


class _Planned(SystemIds):
    """Ids of which the first are given."""

    def __init__(self, ahead: list[str]) -> None:
        super().__init__()
        self._ahead = ahead

    def new(self) -> str:
        """The next id."""
        return self._ahead.pop() if self._ahead else super().new()


class _Announced(Gathering[Waiting]):
    """Tells when a group was taken: what comes then is of another."""

    def __init__(self) -> None:
        super().__init__()
        self.taken = threading.Semaphore(0)

    def next_group(self) -> list[Waiting]:
        """The group, once that was told."""
        group = super().next_group()
        self.taken.release()
        return group


async def _first_hangs(
    recorder: GroupRecorder, gathering: _Announced, note: Note, release: Callable[[], None]
) -> list[Fate]:
    first = asyncio.create_task(recorder.record(note))
    await asyncio.to_thread(gathering.taken.acquire)
    others = [await asyncio.wait_for(recorder.record(note), 60) for _ in range(WRITERS - 1)]
    assert not first.done()
    release()
    return [await asyncio.wait_for(first, 60), *others]
