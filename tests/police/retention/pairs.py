"""Many cases ready to be erased, and a hold that begins at every moment of an erasure (E7).

Cases are made once by the actions and then copied row by row in the database: to make each by
the actions took four times as long as to erase it, and grew with every case on the node.
"""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, event, text

from tests.nodes import CONSOLE, acting
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases.errors import AlreadyErased
from tipbridge.police.retention import actions as retention
from tipbridge.police.retention.model import HoldGround

SEED = 7
BATCH = 250
STATEMENTS = 40
"""A hold begins before one of so many statements of the erasure, or when it is over."""
_ID = "[0-9a-f]{32}"


def copied(node: Node, case_id: str, first: int, count: int) -> list[str]:
    """So many copies of a case, with ids and numbers of their own."""
    url = node.engine.url.set(username=str(node.engine.url.username).replace("_app", "_owner"))
    engine = create_engine(url)
    try:
        with acting(engine, WORKER) as db:
            for table in _tables(db):
                db.execute(
                    text(_COPY.format(table=table, of="id" if table == "cases" else "case_id")),
                    {"case": case_id, "first": first, "last": first + count - 1, "id": _ID},
                )
    finally:
        engine.dispose()
    return [_copy_of(case_id, number) for number in range(first, first + count)]


# Every id in a row gets the copy's number in the place of its last eight digits.
_COPY = """
    INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, regexp_replace(
        CASE WHEN '{table}' = 'cases'
            THEN jsonb_set(to_jsonb(t), '{{number}}', to_jsonb(t.{of} || n))
            ELSE to_jsonb(t) END::text,
        '([0-9a-f]{{24}})[0-9a-f]{{8}}(?![0-9a-f])', '\\1' || lpad(n::text, 8, '0'), 'g'
    )::jsonb)).*
      FROM {table} t, generate_series(CAST(:first AS int), CAST(:last AS int)) n
     WHERE t.{of} = :case
"""


def _copy_of(id_: str, number: int) -> str:
    return f"{id_[:24]}{number:08}"


def _tables(db: Connection) -> list[str]:
    """The tables of a case, those first that others refer to."""
    named = text(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND column_name = 'case_id'"
    )
    left = {"cases", *db.execute(named).scalars()}
    refers = text(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid <> confrelid"
    )
    needs = {(child, parent) for child, parent in db.execute(refers).all()}
    found: list[str] = []
    while left:
        ready = sorted(each for each in left if not any(a == each and b in left for a, b in needs))
        found += ready
        left -= {*ready}
    return found


class Pairs:
    """Holds and erasures of the same cases, two threads at a time."""

    def __init__(self, node: Node) -> None:
        self._node, self._random = node, random.Random(SEED)
        self.held: set[str] = set()
        self.erased: set[str] = set()

    def run(self, case_id: str) -> None:
        """Erase a case, and hold it from a drawn moment of the erasure on."""
        begin = threading.Event()
        holding = threading.Thread(target=self._hold, args=(case_id, begin))
        holding.start()
        with (
            self._at(self._random.randrange(STATEMENTS), begin),
            open_work(self._node, WORKER) as work,
        ):
            if retention.erase_due(work, case_id=case_id):
                self.erased.add(case_id)
        begin.set()
        holding.join()

    def _hold(self, case_id: str, begin: threading.Event) -> None:
        begin.wait()
        try:
            with open_work(self._node, CONSOLE) as work:
                retention.place_hold(work, case_id, ground=HoldGround.COURT, words="A trial.")
        except AlreadyErased:
            return
        self.held.add(case_id)

    @contextmanager
    def _at(self, number: int, begin: threading.Event) -> Iterator[None]:
        """Let the hold begin before this thread's statement of that number."""
        mine, seen = threading.get_ident(), iter(range(10**6))

        def count(*_: object) -> None:
            if threading.get_ident() == mine and next(seen) == number:
                begin.set()

        event.listen(self._node.engine, "before_cursor_execute", count)
        try:
            yield
        finally:
            event.remove(self._node.engine, "before_cursor_execute", count)


def left_of(node: Node, case_ids: list[str]) -> set[str]:
    """Of which of these cases somebody is left."""
    with open_work(node, WORKER) as work:
        query = text("SELECT DISTINCT case_id FROM case_people WHERE case_id = ANY (:ids)")
        return set(work.db.execute(query, {"ids": case_ids}).scalars())
