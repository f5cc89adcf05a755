"""Deleted text leaves a table's file and the log, or is put off and named."""

import pytest
from sqlalchemy import text

from tests.databases import Database
from tests.nodes import acting
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.base.errors import Forbidden
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage import erasing
from tipbridge.foundation.storage.engine import raw_connection
from tipbridge.foundation.storage.erasing import Erasure, LogLeft
from tipbridge.foundation.storage.launcher import OWNER_ROLE
from tipbridge.foundation.work import open_work
from tipbridge.office.actions import erase_text
from tipbridge.tips.intake.tables import report_files, reports


def _owner_of(node: Node) -> str:
    return node.engine.url.set(username=OWNER_ROLE).render_as_string(hide_password=False)


def _erase(node: Node) -> Erasure | None:
    with open_work(node, WORKER) as work:
        return erase_text(work, owner_url=_owner_of(node))


def _note(node: Node) -> None:
    with open_work(node, WORKER) as work:
        erasing.text_ended(work.db, reports, report_files)
        erasing.text_ended(work.db, reports)


def _files(node: Node) -> dict[str, int]:
    names = ("reports", "report_files", "leads")
    with raw_connection(_owner_of(node)) as owner:
        rows = [owner.execute(f"SELECT pg_relation_filenode('{name}')".encode()) for name in names]
        return {name: row.fetchone()[0] for name, row in zip(names, rows, strict=True)}


def test_only_what_was_noted_is_written_anew_and_once(node: Node) -> None:
    before = _files(node)
    assert _erase(node) is None
    _note(node)
    assert _erase(node) == Erasure(tables=("report_files", "reports"))
    after = _files(node)
    assert [name for name in before if before[name] != after[name]] == ["reports", "report_files"]
    assert _erase(node) is None


def test_a_note_that_is_rolled_back_with_its_deletion_is_none(node: Node) -> None:
    with pytest.raises(Forbidden), open_work(node, WORKER) as work:
        erasing.text_ended(work.db, reports)
        raise Forbidden("so it ends")
    assert _erase(node) is None


def test_a_table_in_use_is_put_off_and_stays_noted(node: Node) -> None:
    _note(node)
    with acting(node.engine, WORKER) as user:
        user.execute(text("SELECT count(*) FROM reports")).all()
        assert _erase(node) == Erasure(tables=("report_files",), put_off=("reports",))
    assert _erase(node) == Erasure(tables=("reports",))


def test_a_table_whose_old_rows_somebody_still_sees_is_put_off(database: Database) -> None:
    with raw_connection(database.owner_url) as owner:
        owner.execute("CREATE TABLE probe AS SELECT 1 AS one")
        with database.owner.connect() as old:
            old.execution_options(isolation_level="REPEATABLE READ")
            old.execute(text("SELECT 1 FROM units")).all()
            owner.execute("DELETE FROM probe")
            assert erasing.rewrite(database.owner_url, ["probe"]).put_off == ("probe",)
    # The server's own analysis of tables may look on too, for a while.
    deadline = monotonic_seconds() + 60
    while (done := erasing.rewrite(database.owner_url, ["probe"])).put_off:
        assert monotonic_seconds() < deadline
    assert done.tables == ("probe",)


def test_the_log_goes_on_in_a_fresh_segment_and_old_ones_are_gone(database: Database) -> None:
    with raw_connection(database.owner_url) as owner:
        owner.execute("CREATE TABLE probe AS SELECT repeat('x', 1000) FROM generate_series(1, 9)")
        segment = "SELECT pg_walfile_name(pg_current_wal_lsn())"
        before = owner.execute(segment.encode()).fetchone()
        assert erasing.rewrite(database.owner_url, ["probe"]).log == ()
        assert owner.execute(segment.encode()).fetchone() != before


def test_an_owner_who_may_not_renew_the_log_is_told_what_is_left(database: Database) -> None:
    with raw_connection(database.app_url) as lesser:
        left = erasing._renew_log(lesser)
    assert left == (LogLeft.SWITCH_REFUSED, LogLeft.CHECKPOINT_REFUSED)


def test_no_sample_of_a_text_that_will_end_gets_into_the_statistics(database: Database) -> None:
    with raw_connection(database.owner_url) as owner:
        found = owner.execute("""
            SELECT attrelid::regclass || '.' || attname FROM pg_attribute WHERE attstattarget = 0
        """).fetchall()
    texts = {"reports.document", "report_files.sha256", "report_files.sent_name",
             "report_files.details", "tip_ip_facts.address", "tip_person_facts.reasons",
             "tip_favours.text", "tip_duplicates.sha256"}  # fmt: skip
    assert texts <= {name for (name,) in found}
