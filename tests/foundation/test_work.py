"""The unit of work and the frame around actions."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from tipbridge.foundation.audit import store as audit_store
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import Conflict, Forbidden, NotFound
from tipbridge.foundation.jobs import queue
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.scope import move_clock
from tipbridge.foundation.work import REFUSED, Work, action, open_work


@action("test.thing.done", roles=(Role.ANALYST,), system=True)
def do_thing(work: Work, *, records: int = 1, refuse: bool = False) -> None:
    work.emit("test.thing.done", thing="t-1")
    for _ in range(records):
        work.record("t-1", step=1)
    if refuse:
        raise Conflict("The thing is done already.", id="t-1")


@action("test.thing.told", roles=(Role.ANALYST,))
def tell(work: Work, *, words: str) -> None:
    work.record("t-1", words=words)


def events(node: Node) -> list[tuple[str, str, str]]:
    with open_work(node, WORKER) as work:
        entries = audit_store.latest_entries(work.db, limit=50)
    return [(entry.event.event, entry.event.subject, entry.event.actor_id) for entry in entries]


def test_action_event_and_job_are_committed_together(node: Node, console: Actor) -> None:
    with open_work(node, console) as work:
        do_thing(work)
    assert events(node) == [("test.thing.done", "t-1", "console")]
    assert queue.waiting(node.engine) == 1


def test_a_refusal_takes_everything_back_and_leaves_its_own_record(
    node: Node, console: Actor
) -> None:
    with pytest.raises(Conflict), open_work(node, console) as work:
        do_thing(work, refuse=True)
    assert events(node) == [(REFUSED, "t-1", "console")]
    assert queue.waiting(node.engine) == 0


@pytest.mark.parametrize("records", [0, 2])
def test_an_action_with_none_or_two_audit_events_does_not_happen(
    node: Node, console: Actor, records: int
) -> None:
    with pytest.raises(RuntimeError, match="audit events, not 1"), open_work(node, console) as work:
        do_thing(work, records=records)
    assert events(node) == []


def test_free_text_never_enters_the_audit_log(node: Node, console: Actor) -> None:
    with pytest.raises(RuntimeError, match="closed word"), open_work(node, console) as work:
        tell(work, words="somebody's name and address")


def test_staff_without_the_role_are_refused_and_it_is_recorded(node: Node, staff) -> None:
    press = staff(node, Role.PRESS)
    with pytest.raises(Forbidden, match="analyst"), open_work(node, press) as work:
        do_thing(work)
    assert events(node) == [(REFUSED, "none", press.id)]


def test_a_system_actor_passes_only_where_named(node: Node) -> None:
    with open_work(node, WORKER) as work:
        do_thing(work)
    with pytest.raises(Forbidden), open_work(node, WORKER) as work:
        tell(work, words="ok")


def test_what_was_left_for_later_runs_on_the_right_side(node: Node, console: Actor) -> None:
    ran: list[str] = []
    with open_work(node, console) as work:
        work.on_rollback(lambda: ran.append("undone"))
        work.after_commit(lambda: ran.append("done"))
        do_thing(work)
    with pytest.raises(NotFound), open_work(node, console) as work:
        work.on_rollback(lambda: ran.append("undone"))
        raise NotFound("thing", "t-9")
    assert ran == ["done", "undone"]


def test_the_synthetic_clock_is_read_once_and_only_moves_forward(node: Node) -> None:
    first, second = datetime(2013, 11, 1, tzinfo=UTC), datetime(2013, 12, 1, tzinfo=UTC)
    with open_work(node, WORKER) as work:
        assert move_clock(work.db, first)
    with open_work(node, WORKER) as work:
        assert work.now == first
        assert move_clock(work.db, second)
        assert work.now == first
        assert not move_clock(work.db, first)
    with open_work(node, WORKER) as work:
        assert work.now == second


def test_without_an_actor_every_table_reads_empty(node: Node, console: Actor) -> None:
    """Every table of ours is behind forced row-level security, and shows nothing to nobody."""
    with open_work(node, console) as work:
        do_thing(work)
    query = text("""
        SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'schema_version'
    """)
    with node.engine.connect() as db:
        tables = db.execute(query).all()
        assert len(tables) > 10
        assert [name for name, forced in tables if not forced] == []
        for name, _ in tables:
            assert db.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() == 0, name
    assert events(node) != []


@action("test.things.swept", system=True, idle=True)
def sweep(work: Work, *, found: int, records: int) -> int:
    for _ in range(records):
        work.record("all", count=found)
    return found


def test_periodic_work_that_found_nothing_leaves_no_event(node: Node) -> None:
    with open_work(node, WORKER) as work:
        sweep(work, found=0, records=0)
        sweep(work, found=2, records=1)
        with pytest.raises(RuntimeError, match="not 1"):
            sweep(work, found=2, records=0)
    assert [event for event, _, _ in events(node)] == ["test.things.swept"]


def test_a_part_that_fails_takes_back_only_itself(node: Node, console: Actor) -> None:
    with open_work(node, console) as work:
        do_thing(work)
        with pytest.raises(Conflict), work.part():
            do_thing(work, refuse=True)
    assert [event for event, _, _ in events(node)] == ["test.thing.done"]
    assert queue.waiting(node.engine) == 1


def test_a_work_of_many_actions_writes_their_events_and_jobs_at_its_end(
    node: Node, console: Actor
) -> None:
    with open_work(node, console, together=True) as work:
        do_thing(work)
        do_thing(work)
        assert audit_store.latest_entries(work.db, limit=50) == []
    assert events(node) == [("test.thing.done", "t-1", "console")] * 2
    assert queue.waiting(node.engine) == 2


def test_a_work_of_many_actions_that_fails_leaves_none_of_them(node: Node, console: Actor) -> None:
    with pytest.raises(Conflict), open_work(node, console, together=True) as work:
        do_thing(work)
        do_thing(work, refuse=True)
    assert events(node) == [(REFUSED, "t-1", "console")]
    assert queue.waiting(node.engine) == 0


def test_of_many_actions_a_part_that_fails_takes_back_only_itself(
    node: Node, console: Actor
) -> None:
    with open_work(node, console, together=True) as work:
        do_thing(work)
        with pytest.raises(Conflict), work.part():
            do_thing(work, refuse=True)
        do_thing(work)
    assert events(node) == [("test.thing.done", "t-1", "console")] * 2
    assert queue.waiting(node.engine) == 2


def test_no_job_is_written_for_an_event_that_nothing_follows(node: Node, console: Actor) -> None:
    deaf = replace(node, unfollowed=frozenset({"test.thing.done"}))
    with open_work(deaf, console) as work:
        do_thing(work)
        work.emit("test.other.done", thing="t-1")
    assert len(events(node)) == 1, "what was done is recorded all the same"
    assert queue.waiting(node.engine) == 1


def test_an_urgent_job_has_its_own_lane_and_comes_first(node: Node, console: Actor) -> None:
    with open_work(node, console) as work:
        work.emit("test.thing.done", thing="t-1")
        work.emit("test.thing.done", urgent=True, thing="t-2")
    with node.engine.connect() as db:
        jobs = "SELECT queue_name, task_name, priority, args FROM queue.procrastinate_jobs"
        rows = [tuple(row) for row in db.execute(text(jobs + " ORDER BY id"))]
    first, second = (
        {"event": "test.thing.done", "ids": {"thing": each}} for each in ("t-1", "t-2")
    )
    assert rows == [("default", queue.TASK, 0, first), ("urgent", queue.TASK, 1, second)]
