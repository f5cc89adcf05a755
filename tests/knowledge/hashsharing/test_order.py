"""Nothing is skipped and nothing comes twice, however writers and readers meet."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from tests.knowledge.hashsharing.sharing import Sharer, change, enrol
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashsharing import actions
from tipbridge.knowledge.hashsharing.model import FingerprintType, Listed, Range

START = datetime(1970, 1, 1, tzinfo=UTC)
WRITERS, BATCHES, ENTRIES = 4, 6, 3
Seen = list[Listed]


def now_second() -> datetime:
    return machine_now().replace(microsecond=0)


def read(node, sharer: Sharer, after: datetime, until: datetime, *, size: int = 1000) -> Seen:
    """What a client gets that follows every page of a range."""
    asked: Range | None = Range(after=after, until=until, size=size)
    found: Seen = []
    while asked is not None:
        with open_work(node, sharer.actor) as work:
            page = actions.read_entries(work, asked)
        found += page.entries
        asked = page.following
    return found


def submit(node, sharer: Sharer, *entry_ids: str, number: int = 1) -> None:
    with open_work(node, sharer.actor) as work:
        actions.submit(work, [change(each, number) for each in entry_ids])


def wait_until_locked(node, running: Future) -> None:
    """Until some connection to the node's database waits for a lock (or `running` is over)."""
    with node.engine.connect() as db:
        while not running.done():
            waiting = db.execute(
                text(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND wait_event_type = 'Lock'"
                )
            ).scalar_one()
            db.rollback()
            if waiting:
                return
            threading.Event().wait(0.01)


def test_a_range_waits_for_a_writer_that_has_not_committed(node) -> None:
    one, two = enrol(node, "esp-one", "esp-two")
    with ThreadPoolExecutor(1) as pool:
        with open_work(node, one.actor) as work:
            stamp = actions.submit(work, [change("slow")]).stamp
            assert stamp is not None
            asked = pool.submit(read, node, two, START, stamp)
            wait_until_locked(node, asked)
            assert not asked.done()
        assert [each.entry_id for each in asked.result(30)] == ["slow"]


def test_nothing_is_written_into_a_range_that_was_answered(node) -> None:
    one, two = enrol(node, "esp-one", "esp-two")
    ahead = now_second() + timedelta(seconds=40)
    assert read(node, two, START, ahead) == []
    submit(node, one, "late")
    assert read(node, two, START, ahead) == []
    (late,) = read(node, two, ahead, ahead + timedelta(seconds=15))
    assert (late.entry_id, late.stamp) == ("late", ahead + timedelta(seconds=1))


def test_a_slow_writer_never_falls_behind_a_quick_one(node) -> None:
    """A sequence alone would give the slow one the lower place and the later commit."""
    one, two = enrol(node, "esp-one", "esp-two")
    with ThreadPoolExecutor(1) as pool:
        with open_work(node, one.actor) as work:
            actions.submit(work, [change("slow")])
            quick = pool.submit(submit, node, two, "quick")
            wait_until_locked(node, quick)
            assert not quick.done()
        quick.result(30)
    found = read(node, two, START, now_second() + timedelta(seconds=30))
    assert [each.entry_id for each in found] == ["slow", "quick"]
    assert found[0].position < found[1].position


def test_readers_that_poll_while_others_write_get_every_newest_state_once(node) -> None:
    sharers = enrol(node, *(f"esp-{number}" for number in range(WRITERS + 2)))
    writers, readers = sharers[:WRITERS], sharers[WRITERS:]
    ended = threading.Event()

    def write(number: int) -> None:
        for batch in range(BATCHES):
            names = [f"w{number}-{batch % 4}-{each}" for each in range(ENTRIES)]
            submit(node, writers[number], *names, number=batch + 1)
            with open_work(node, writers[number].actor) as work:  # a vote moves it on, too
                actions.vote(
                    work, writers[number].member, names[0], FingerprintType.MD5, reasons=None
                )

    def poll(reader: Sharer) -> Seen:
        found: Seen = []
        after, last = START, False
        while not last:
            last = ended.is_set()
            until = now_second() + timedelta(seconds=5 if last else 0)
            if until > after:
                found += read(node, reader, after, until, size=2)
                after = until
        return found

    with ThreadPoolExecutor(WRITERS + len(readers)) as pool:
        polls = [pool.submit(poll, reader) for reader in readers]
        _all(pool, write, range(WRITERS), then=ended.set)
        for seen in (each.result(60) for each in polls):
            check(node, readers[0], seen)


def _all(
    pool: ThreadPoolExecutor, task: Callable[[int], None], over: range, then: Callable[[], None]
) -> None:
    try:
        for each in [pool.submit(task, number) for number in over]:
            each.result(60)
    finally:
        then()


def check(node, reader: Sharer, seen: Seen) -> None:
    """Each entry's newest state was seen, no state twice, and all in one order."""
    places = [each.position for each in seen]
    assert places == sorted(set(places))
    stamps = [each.stamp for each in seen]
    assert stamps == sorted(stamps)
    newest = {(each.member.id, each.entry_id): each for each in seen}
    kept = read(node, reader, START, now_second() + timedelta(seconds=40))
    assert len(kept) == WRITERS * 4 * ENTRIES
    assert newest == {(each.member.id, each.entry_id): replace(each) for each in kept}
