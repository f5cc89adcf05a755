"""Reports that wait are followed in groups: as one by one, and none is lost with another."""

import pytest
from sqlalchemy import text

from tests.nodes import acting, run_followups
from tests.tips.triage.filed import file_report
from tipbridge import pipeline
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.jobs import queue
from tipbridge.foundation.work import open_work
from tipbridge.tips.intake.errors import NoSuchReport

FINISHED = "intake.report.finished"
STEPS = {"enrichment.tip.enriched", "triage.tip.triaged", "quality.report.assessed"}
NOBODYS = "900999999"


def followed(node, report_id: str) -> list[str]:
    """The names of the follow-ups that were done about a report, each as often as it was."""
    asked = text("SELECT event FROM audit_events WHERE subject = :id AND event = ANY (:steps)")
    with acting(node.engine, WORKER) as db:
        return sorted(db.execute(asked, {"id": report_id, "steps": [*STEPS]}).scalars())


def emit(node, report_id: str, *, urgent: bool = False) -> None:
    with open_work(node, WORKER) as work:
        work.emit(FINISHED, urgent=urgent, report_id=report_id)


def test_a_group_does_for_each_report_what_one_by_one_would(node):
    reports = [file_report(node, files=[f"synthetic {n}".encode()]) for n in range(3)]
    assert pipeline.follow_along(node, FINISHED) == 3
    assert queue.waiting(node.engine) == 0
    assert [followed(node, each) for each in reports] == [sorted(STEPS)] * 3
    alone = file_report(node)
    run_followups(node)
    kept = text("""
        SELECT e.enriched_at IS NOT NULL, t.queue, t.reasons, q.missing, q.actionable,
               (SELECT count(*) FROM leads l WHERE l.report_id = e.report_id)
          FROM tip_enrichments e JOIN tip_triage t USING (report_id)
          JOIN report_quality q USING (report_id) WHERE e.report_id = :id""")
    with acting(node.engine, WORKER) as db:
        rows = [tuple(db.execute(kept, {"id": int(each)}).one()) for each in (*reports, alone)]
    assert rows == [rows[-1]] * 4


def test_a_worker_follows_all_that_wait_and_each_once(node):
    reports = [file_report(node) for _ in range(pipeline.GROUP + 3)]
    run_followups(node)
    assert queue.waiting(node.engine) == 0
    assert [followed(node, each) for each in reports] == [sorted(STEPS)] * len(reports)


def test_when_one_of_a_group_fails_all_wait_as_before_and_only_it_is_not_followed(node):
    reports = [file_report(node), file_report(node)]
    emit(node, NOBODYS)
    with pytest.raises(NoSuchReport):
        pipeline.follow_along(node, FINISHED)
    assert queue.due(node.engine) == 3
    assert [followed(node, each) for each in reports] == [[], []]
    run_followups(node)
    assert [followed(node, each) for each in reports] == [sorted(STEPS)] * 2
    assert queue.waiting(node.engine) == 1, "the one that fails is tried again later"
    assert pipeline.follow_along(node, FINISHED) == 0, "and by itself"


def test_nobody_else_takes_what_is_taken_and_what_is_not_ended_waits_again(node):
    reports = {file_report(node) for _ in range(4)}
    with acting(node.engine, WORKER) as first, acting(node.engine, WORKER) as second:
        mine = queue.take_along(first, FINISHED, most=3)
        other = queue.take_along(second, FINISHED, most=3)
        assert (len(mine), len(other)) == (3, 1)
        assert {job.ids["report_id"] for job in (*mine, *other)} == reports
        queue.end_along(second, other)
    assert queue.due(node.engine) == 3


def test_an_urgent_report_is_left_to_its_own_lane(node):
    report_id = file_report(node)
    emit(node, report_id, urgent=True)
    assert pipeline.follow_along(node, FINISHED) == 1
    assert queue.due(node.engine) == 1


def test_events_that_reach_somebody_outside_are_never_taken_along(node):
    with open_work(node, WORKER) as work:
        work.emit("exchange.package.queued", package_id="0" * 32)
    assert pipeline.follow_along(node, "exchange.package.queued") == 0
    assert queue.due(node.engine) == 1
