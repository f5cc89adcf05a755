"""A database that is lost between our word to commit and its answer."""

import contextlib
from collections.abc import Generator
from typing import cast

import psycopg
import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError

from tests.foundation.test_work import do_thing, events
from tests.tips.intake.ispws import REPORT, add_provider, client, code, said, serving
from tipbridge.foundation.base.actors import WORKER, Actor
from tipbridge.foundation.base.errors import OutcomeUnknown
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.tips.intake import actions


@contextlib.contextmanager
def lost_at_commit(node: Node, *, kept: bool) -> Generator[list[str]]:
    """The next recorded work's connection breaks: after its commit (`kept`), or before."""
    hits: list[str] = []

    def note(db: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if "INSERT INTO audit_events" in statement:
            db.info["recorded"] = True

    def break_it(db: Connection) -> None:
        if db.info.pop("recorded", False) and not hits:
            hits.append("lost")
            raw = cast("psycopg.Connection", db.connection.driver_connection)
            if kept:
                raw.commit()
            raw.pgconn.finish()

    event.listen(node.engine, "before_cursor_execute", note)
    event.listen(node.engine, "commit", break_it)
    try:
        yield hits
    finally:
        event.remove(node.engine, "commit", break_it)
        event.remove(node.engine, "before_cursor_execute", note)


def test_what_was_committed_before_the_answer_was_lost_counts_as_done(
    node: Node, console: Actor
) -> None:
    ended: list[str] = []
    with lost_at_commit(node, kept=True) as hits, open_work(node, console) as work:
        work.on_rollback(lambda: ended.append("taken back"))
        work.after_commit(lambda: ended.append("kept"))
        do_thing(work)
    assert hits
    assert ended == ["kept"]
    assert [name for name, _, _ in events(node)] == ["test.thing.done"]


def test_of_what_may_have_been_committed_nothing_is_taken_back(node: Node, console: Actor) -> None:
    ended: list[str] = []
    with lost_at_commit(node, kept=False), pytest.raises(OutcomeUnknown):  # noqa: SIM117
        with open_work(node, console) as work:
            work.on_rollback(lambda: ended.append("taken back"))
            do_thing(work)
    assert ended == []
    assert events(node) == []


def test_what_failed_before_the_commit_is_taken_back(node: Node, console: Actor) -> None:
    ended: list[str] = []
    with pytest.raises(DBAPIError), open_work(node, console) as work:
        work.on_rollback(lambda: ended.append("taken back"))
        do_thing(work)
        raw = cast("psycopg.Connection", work.db.connection.driver_connection)
        raw.pgconn.finish()
        do_thing(work)
    assert ended == ["taken back"]


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("size_bytes", [10, 700_000])
def test_an_upload_whose_commit_was_lost_is_never_a_row_without_its_bytes(
    node: Node, kept: bool, size_bytes: int
) -> None:
    add_provider(node)
    with serving(node) as address, client(address) as esp:
        number = said(esp.post("/submit", content=REPORT))["reportId"]
        data = b"y" * size_bytes
        form = {"data": {"id": number}, "files": {"file": ("name", data)}}
        with lost_at_commit(node, kept=kept):
            answer = esp.post("/upload", **form)
        assert (answer.status_code, code(answer)) == ((200, 0) if kept else (500, 1100))
        if not kept:
            assert code(esp.post("/upload", **form)) == 0
    with open_work(node, WORKER) as work:
        record = actions.read_report(work, number)
    assert [node.vault.read(file.sealed) for file in record.files] == [data]
