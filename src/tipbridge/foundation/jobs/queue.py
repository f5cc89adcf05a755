"""The queue: a job is written in the caller's transaction and run by a worker."""

import contextlib
import json
import logging
import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

import procrastinate
import psycopg
import structlog
from sqlalchemy import Connection, Engine, text

from tipbridge.foundation.storage import plain

log = structlog.get_logger("tipbridge")

Follow = Callable[[str, dict[str, str]], None]
"""What the worker calls for each event: its name and its ids."""

Along = Callable[[str], object]
"""What the worker calls after a job that was not urgent, for others of the same event."""

QUEUE_OPTIONS = "-c search_path=public,queue"
TASK = "follow"
URGENT_LANE, _LANE = "urgent", "default"
RETRY = procrastinate.RetryStrategy(max_attempts=12, exponential_wait=2)
"""A failing follow-up is tried again after 2, 4, 8 … seconds of machine time."""


def _app(
    connector: procrastinate.BaseConnector, follow: Follow, along: Along | None
) -> procrastinate.App:
    app = procrastinate.App(connector=connector)

    @app.task(name=TASK, retry=RETRY, pass_context=True)
    def do(context: procrastinate.JobContext, event: str, ids: dict[str, str]) -> None:
        follow(event, ids)
        if along is not None and context.job.queue != URGENT_LANE:
            _take_others(along, event)

    del do  # the library knows it by its name
    return app


def _take_others(along: Along, event: str) -> None:
    try:
        along(event)
    except Exception:  # the job that is done must not fail with others, which wait as before
        log.exception("jobs that were taken along are done one by one", of=event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """A job to be written: what follows an event, and whether it waits for others."""

    event: str
    ids: dict[str, str]
    urgent: bool = False


_DEFER = """
    SELECT procrastinate_defer_jobs_v1(ARRAY(
        SELECT ROW(j.lane, %(task)s, j.priority, NULL, NULL, j.args, NULL)
               ::procrastinate_job_to_defer_v1
          FROM json_to_recordset(%(jobs)s::json) AS j (lane text, priority int, args jsonb)))"""
"""The library's own function, asked for without the library: that costs four times as much."""


def enqueue(db: Connection, jobs: Sequence[Deferred]) -> None:
    """Write jobs in this transaction: they exist when, and only when, it commits.

    Shape: an urgent one goes before all that wait, and a worker's own lane is kept free for it.
    """
    rows = [
        {
            "lane": URGENT_LANE if each.urgent else _LANE,
            "priority": int(each.urgent),
            "args": {"event": each.event, "ids": each.ids},
        }
        for each in jobs
    ]
    plain.run(db, _DEFER, {"task": TASK, "jobs": json.dumps(rows)})


def work_off(
    address: str,
    follow: Follow,
    *,
    wait: bool,
    concurrency: int = 1,
    along: Along | None = None,
) -> None:
    """Run jobs until there are none (`wait` false) or until the process is told to end.

    Shape: `address` is a PostgreSQL connection string of the runtime role.
    """
    connector = procrastinate.PsycopgConnector(
        conninfo=address,
        kwargs={"options": QUEUE_OPTIONS},
        max_size=concurrency + 4,
        configure=_each_statement_by_itself,
    )
    app = _app(connector, follow, along)
    on_main_thread = threading.current_thread() is threading.main_thread()
    with_app = app.open_async

    async def run() -> None:
        import asyncio  # noqa: PLC0415 - only a worker needs an event loop

        async with with_app():
            urgent = asyncio.create_task(_work_urgent(app)) if wait else None
            try:
                await app.run_worker_async(
                    wait=wait,
                    concurrency=concurrency,
                    install_signal_handlers=wait and on_main_thread,
                    delete_jobs="successful",
                )
            finally:
                if urgent is not None:
                    urgent.cancel()
                    with _quiet("psycopg"):
                        await asyncio.wait([urgent])

    # A pool that is told to end while it connects warns of each try; who waits for a
    # connection that does not come says so itself.
    with _quiet("psycopg.pool"):
        _run(run)


@contextlib.contextmanager
def _quiet(name: str) -> Generator[None]:
    """What is cut off because the process ends is no news: the driver warns of it."""
    driver = logging.getLogger(name)
    level = driver.level
    driver.setLevel(logging.ERROR)
    try:
        yield
    finally:
        driver.setLevel(level)


def _run(coroutine: Callable[[], Any]) -> None:
    import asyncio  # noqa: PLC0415 - only a worker needs an event loop

    asyncio.run(coroutine())


async def _work_urgent(app: procrastinate.App) -> None:
    """What can't wait behind a long job has a lane of its own, until it is cancelled."""
    await app.run_worker_async(
        queues=[URGENT_LANE],
        name="urgent",
        install_signal_handlers=False,
        delete_jobs="successful",
    )


async def _each_statement_by_itself(db: psycopg.AsyncConnection[Any]) -> None:
    """The queue's own statements are one function call each: no transaction around them."""
    await db.set_autocommit(True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job that waits, held by the transaction that took it."""

    id: int
    ids: dict[str, str]


_TAKE = text("""
    SELECT id, args->'ids' AS ids FROM queue.procrastinate_jobs
     WHERE status = 'todo' AND queue_name = 'default' AND args->>'event' = :event
       AND attempts = 0 AND lock IS NULL AND scheduled_at IS NULL
     ORDER BY priority DESC, id LIMIT :most FOR UPDATE SKIP LOCKED""")
_AHEAD = text("""
    SELECT args->'ids'->>:name FROM queue.procrastinate_jobs
     WHERE status = 'todo' AND queue_name = 'default' AND args->>'event' = :event
       AND attempts = 0 AND lock IS NULL AND scheduled_at IS NULL
     ORDER BY priority DESC, id LIMIT :most""")
_TAKE_NAMED = text("""
    SELECT id, args->'ids' AS ids FROM queue.procrastinate_jobs
     WHERE status = 'todo' AND queue_name = 'default' AND args->>'event' = :event
       AND args->'ids'->>:name = ANY (:values)
       AND attempts = 0 AND lock IS NULL AND scheduled_at IS NULL
     ORDER BY id FOR UPDATE SKIP LOCKED""")
_PLANNED_ONCE = text("SET LOCAL plan_cache_mode = force_generic_plan")
"""Every statement of a group runs many times, each for one report that it finds by its key."""
_DONE = text("DELETE FROM queue.procrastinate_jobs WHERE id = ANY (:ids)")


def take_along(db: Connection, event: str, *, most: int) -> list[Job]:
    """Jobs for `event` that nobody has begun, held until this transaction ends.

    Shape: no other worker begins them meanwhile; if this one dies or rolls back, they wait as
    before. One that failed once is left to be tried by itself, and urgent ones to their lane.
    """
    db.execute(_PLANNED_ONCE)
    found = db.execute(_TAKE, {"event": event, "most": most})
    return [Job(id=row.id, ids=row.ids) for row in found]


def look_ahead(db: Connection, event: str, name: str, *, most: int) -> list[str]:
    """What the next jobs for `event` are about, by this id; nothing is held."""
    return list(db.execute(_AHEAD, {"event": event, "name": name, "most": most}).scalars())


def take_named(db: Connection, event: str, name: str, values: Sequence[str]) -> list[Job]:
    """Jobs for `event` of these ids that nobody has begun, held as those of `take_along`."""
    found = db.execute(_TAKE_NAMED, {"event": event, "name": name, "values": list(values)})
    return [Job(id=row.id, ids=row.ids) for row in found]


def end_along(db: Connection, jobs: Sequence[Job]) -> None:
    """Take jobs out of the queue, in the transaction that did their work."""
    db.execute(_DONE, {"ids": [job.id for job in jobs]})


def waiting(engine: Engine) -> int:
    """How many jobs are still to be done, those that wait for another try included."""
    with engine.connect() as db:
        query = text(
            "SELECT count(*) FROM queue.procrastinate_jobs WHERE status IN ('todo','doing')"
        )
        return int(db.execute(query).scalar_one())


def enqueued(engine: Engine) -> int:
    """How many jobs were ever written here: two looks that agree saw nothing come between."""
    with engine.connect() as db:
        query = text(
            "SELECT coalesce(pg_sequence_last_value('queue.procrastinate_jobs_id_seq'), 0)"
        )
        return int(db.execute(query).scalar_one())


def due(engine: Engine) -> int:
    """How many jobs could run now or are running."""
    with engine.connect() as db:
        query = text(
            "SELECT count(*) FROM queue.procrastinate_jobs WHERE status = 'doing' OR"
            " (status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))"
        )
        return int(db.execute(query).scalar_one())


def give_back_stalled(engine: Engine) -> int:
    """Put jobs of a worker that died back in the queue; for the start of the only worker."""
    with engine.begin() as db:
        query = text(
            "UPDATE queue.procrastinate_jobs SET status = 'todo', worker_id = NULL"
            " WHERE status = 'doing'"
        )
        return db.execute(query).rowcount
