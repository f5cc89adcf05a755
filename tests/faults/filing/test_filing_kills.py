"""Filing killed at random moments, on a way that drops, delays and repeats; the short form.

`make filing-faults` is the long one, with 500 moments.
"""

import contextlib
import json
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from tests.faults.filing.killing import Played, kill_filing
from tests.nodes import acting
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node

MOMENTS = 8


def test_kills_lose_no_report_and_file_none_twice_and_a_planted_fault_is_seen(
    server, tmp_path, monkeypatch
) -> None:
    for name in ("URL", "USERNAME", "PASSWORD"):
        monkeypatch.setenv(f"TIPBRIDGE_FILING_{name}", "taken back afterwards")
    came = kill_filing(server, tmp_path, seed=20140, moments=MOMENTS, then=plant_faults)
    assert came.accepted > 0
    assert came.filed + came.uncertain >= came.accepted


def plant_faults(played: Played) -> None:
    """Each fault is seen by the checks, and gone again."""
    for fault, planted in (
        ("an accepted report is lost", lost(played)),
        ("a report is filed twice", doubled(played)),
        ("a filed one is not there", swapped(played.clearing, "reports", "finished", "expired")),
        ("one is neither filed nor uncertain", swapped(played.own, "filings", "filed", "refused")),
    ):
        with planted, pytest.raises(AssertionError):
            played.check()
            print("not seen:", fault)
        played.check()


def change(node: Node, query: str, **values: object) -> None:
    with acting(node.engine, WORKER) as db:
        db.execute(text(query), values)


@contextlib.contextmanager
def lost(played: Played) -> Iterator[None]:
    played.accepted[-1] = "f" * 32
    yield
    del played.accepted[-1]


@contextlib.contextmanager
def swapped(node: Node, table: str, before: str, after: str) -> Iterator[None]:
    query = f"UPDATE {table} SET state = :to WHERE state = :at"
    change(node, query, at=before, to=after)
    yield
    change(node, query, at=after, to=before)


@contextlib.contextmanager
def doubled(played: Played) -> Iterator[None]:
    """Two finished reports say the same serial."""
    with acting(played.clearing.engine, WORKER) as db:
        rows = db.execute(
            text("SELECT id, document FROM reports WHERE state = 'finished' ORDER BY id LIMIT 2")
        ).all()
    assert len(rows) == 2, "too few reports to plant this"
    query = "UPDATE reports SET document = CAST(:document AS jsonb) WHERE id = :id"
    change(played.clearing, query, document=json.dumps(rows[0].document), id=rows[1].id)
    yield
    change(played.clearing, query, document=json.dumps(rows[1].document), id=rows[1].id)
