"""From a finished report to its provider's page, and never to the queue."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.nodes import CONSOLE, run_followups
from tests.tips.intake.ispws import client, code, serving
from tests.tips.triage.filed import PERSON, file_report, report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.storage.scope import move_clock
from tipbridge.foundation.work import open_work
from tipbridge.tips.intake import actions as intake
from tipbridge.tips.quality import actions, api, pages
from tipbridge.tips.quality.checks import VIRAL_FROM_REPORTS
from tipbridge.tips.triage import actions as triage

START = datetime(2014, 2, 20, 3, tzinfo=UTC)  # two hours after the incident
VIEWED = b"""<fileDetails><reportId>{report}</reportId><fileId>{file0}</fileId>
<uploadedToEspTimestamp>2014-02-20T01:00:00Z</uploadedToEspTimestamp><fileViewedByEsp>true</fileViewedByEsp></fileDetails>"""
RICH = PERSON.replace("</ipCaptureEvent>", "<port>4711</port></ipCaptureEvent>")
POOR = """<personOrUserReported><personOrUserReportedPerson><age>30</age>
</personOrUserReportedPerson></personOrUserReported>"""


def at(node, moment: datetime) -> None:
    with open_work(node, WORKER) as work:
        assert move_clock(work.db, moment)


def view(node, provider: str = "esp-one", **chosen: int):
    with open_work(node, CONSOLE) as work:
        return actions.read_quality(work, provider, **chosen)


def test_what_reports_lacked_stands_on_their_providers_page(node):
    at(node, START)
    whole = file_report(node, report_xml(RICH), details=[VIEWED])
    poor = file_report(node, report_xml(POOR))
    run_followups(node)
    with open_work(node, WORKER) as work:
        intake.record_feedback(
            work, report_id=poor, feedback_id="f-1", sender="kr.police", outcome="booked-detained"
        )
    found = view(node)
    now = found.quality.now
    assert (now.reports, now.actionable, now.actionable_share) == (2, 1, 0.5)
    assert now.median_lag_seconds == 7200
    assert {one.report_id: one.missing for one in found.reports} == {
        whole: (),
        poor: ("account", "ip-address", "file-viewed", "upload-time"),
    }
    # nine things of the whole one, six of the poor one: where there is no address, no time of it
    assert now.completeness == pytest.approx(1 - 4 / 15)
    assert [(one.check, one.missed, one.decisive) for one in found.to_do] == [
        ("account", 1, True),
        ("file-viewed", 1, False),
        ("ip-address", 1, True),
        ("upload-time", 1, False),
    ]
    assert "legal process" in found.to_do[0].reason
    assert found.outcomes == {"booked-detained": 1}
    (told,) = next(one.feedback for one in found.reports if one.report_id == poor)
    assert (told.sender, told.outcome) == ("kr.police", "booked-detained")

    at(node, START + timedelta(days=40))
    later = view(node, days=30).quality
    assert (later.now.reports, later.before.reports, later.before.actionable) == (0, 2, 1)
    assert later.now.completeness is None
    with open_work(node, WORKER) as work:
        intake.purge(work, poor)
    assert view(node, days=60).quality.now.reports == 2
    with pytest.raises(NotFound):
        view(node, "esp-none")

    add_member(node, "keeper", Role.PROVIDER_MANAGER)
    app = shell_app(node, navigation=pages.NAV)
    app.include_router(pages.router)
    page = browser(app)
    sign_in(page, "keeper")
    assert "73 %" in page.get("/quality?days=60").text
    shown = page.get("/quality/provider?name=esp-one&days=60").text
    assert poor in shown
    assert "booked detained" in shown
    assert "acted on" in shown
    for figure in ("73 %", "50 %", "2.0"):
        assert figure in shown
    (*earlier, last) = view(node, days=60).trend
    assert (last.figures, last.since) == (now, START - timedelta(days=20))
    assert [each.figures.reports for each in earlier] == [0] * 5
    assert [each.figures.reports for each in view(node, days=30).trend] == [0, 0, 0, 0, 2, 0]


def test_feedback_on_every_report_is_told_a_page_at_a_time(node):
    at(node, START)
    old = file_report(node, report_xml(POOR))
    run_followups(node)
    for n in range(actions.PAGE_LINES + 3):
        at(node, START + timedelta(hours=n))
        with open_work(node, WORKER) as work:
            intake.record_feedback(
                work, report_id=old, feedback_id=f"f-{n}", sender="kr.police", outcome="useful"
            )
    first, second = view(node), view(node, page=2)
    assert (len(first.told), first.more_told) == (actions.PAGE_LINES, True)
    assert (len(second.told), second.more_told) == (3, False)
    ids = [each.feedback.id for each in (*first.told, *second.told)]
    assert ids == [f"f-{n}" for n in range(actions.PAGE_LINES + 2, -1, -1)]


def test_assessed_again_a_report_counts_once(node):
    at(node, START)
    report_id = file_report(node, report_xml(POOR))
    for _ in range(2):
        with open_work(node, WORKER) as work:
            actions.assess_report(work, report_id=report_id)
    assert view(node).quality.now.reports == 1


def test_a_file_in_many_reports_is_asked_to_be_marked_viral(node):
    at(node, datetime(2024, 6, 1, tzinfo=UTC))
    numbers = [
        file_report(node, report_xml(RICH), details=[VIEWED]) for _ in range(VIRAL_FROM_REPORTS + 1)
    ]
    with open_work(node, WORKER) as work:
        actions.assess_report(work, report_id=numbers[-1])
    assert view(node).to_do[0].check == "viral-marked"


def test_quality_never_changes_urgency(node):
    """The same tip, whole and poor in everything that quality asks for, stands alike."""
    at(node, START)
    whole = file_report(node, report_xml(RICH), files=(b"one",), details=[VIEWED])
    poor = file_report(node, report_xml(PERSON), files=(b"two",))
    run_followups(node)
    missing = {one.report_id: one.missing for one in view(node).reports}
    assert missing[whole] == ()
    assert missing[poor] == ("ip-port", "file-viewed", "upload-time")

    def queue() -> dict[str, tuple[object, ...]]:
        with open_work(node, CONSOLE) as work:
            lines = triage.list_tips(work)
        return {one.report_id: (one.queue, one.child_path) for one in lines}

    before = queue()
    assert before[whole] == before[poor]
    for report_id in (whole, poor):
        with open_work(node, WORKER) as work:
            triage.triage_tip(work, report_id=report_id)
        with open_work(node, WORKER) as work:
            actions.assess_report(work, report_id=report_id)
    assert queue() == before


def test_a_provider_reads_its_own_quality_and_feedback_and_no_others(node):
    at(node, START)
    poor = file_report(node, report_xml(POOR))
    file_report(node, report_xml(RICH), provider="esp-two")
    run_followups(node)
    with open_work(node, WORKER) as work:
        intake.record_feedback(
            work, report_id=poor, feedback_id="f-1", sender="kr.police", outcome="lacked-address"
        )
        for name, reason in (("f-2", "below-age"), ("f-3", "ip-expired")):
            facts = {"stage": "decided", "custody": "released", "reason": reason}
            intake.record_feedback(
                work,
                report_id=poor,
                feedback_id=name,
                sender="kr.police",
                outcome="not-solvable",
                facts=facts,
            )
    with serving(node, api.ROUTES) as address:
        with client(address, "esp-one", "long-enough-1") as esp:
            found = esp.get("/quality?days=30").json()
            for asked in ("days=0", "days=3661", "days=x", "days=-1", "page=0", "page=" + "9" * 9):
                refused = esp.get(f"/quality?{asked}")
                assert (refused.status_code, code(refused)) == (400, 4000)
        with client(address, "esp-two", "long-enough-1") as other:
            theirs = other.get("/quality").text
        with client(address, "esp-two", "wrong") as nobody:
            assert nobody.get("/quality").status_code == 401
    assert (found["test"], found["days"]) == (False, 30)
    assert found["quality"]["provider"] == "esp-one"
    assert found["quality"]["now"] == {
        "reports": 1,
        "actionable": 0,
        "expected": 6,
        "missing": 4,
        "median_lag_seconds": 7200,
        "completeness": pytest.approx(1 - 4 / 6),
        "actionable_share": 0.0,
    }
    assert found["quality"]["before"]["reports"] == 0
    lacked = {"account", "ip-address", "file-viewed", "upload-time"}
    assert {one["check"] for one in found["to_do"]} == lacked
    assert all(one["reason"] and one["source"] for one in found["to_do"])
    (told,) = found["reports"]
    assert told["report_id"] == poor
    assert {one["id"]: (one["outcome"], one["facts"]) for one in told["feedback"]} == {
        "f-1": ("lacked-address", {}),
        "f-2": ("other", {}),
        "f-3": ("other", {"reason": "ip-expired"}),
    }
    assert found["feedback"] == [{"report_id": poor, **one} for one in reversed(told["feedback"])]
    assert [one["reports"] for one in found["trend"]] == [0, 0, 0, 0, 0, 1]
    assert found["outcomes"] == {"other": 2, "lacked-address": 1}
    assert "lacked-address" not in theirs
    assert poor not in theirs
