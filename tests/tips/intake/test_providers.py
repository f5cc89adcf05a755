"""Providers as staff keep them: sandboxes, contacts, limits, strictness, last uses."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from tests.nodes import CONSOLE, acting, run_followups
from tests.tips.intake.ispws import (
    REPORT,
    add_provider,
    client,
    code,
    details,
    open_report,
    said,
    serving,
    upload,
)
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.access.model import Limits
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.scope import move_clock
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashsharing import actions as hashsharing
from tipbridge.tips.intake import actions, pages, providers, receipts
from tipbridge.tips.quality import actions as quality
from tipbridge.tips.quality.api import ROUTES
from tipbridge.tips.report.receipt import verified_receipt
from tipbridge.tips.triage import actions as triage

START = datetime(2013, 11, 1, tzinfo=UTC)
URGENT = REPORT.replace(
    b"</incidentType>",
    b"</incidentType><escalateToHighPriority>Synthetic.</escalateToHighPriority>",
)
UNKNOWN = REPORT.replace(b"</reporter>", b"</reporter><notOfTheSchema>1</notOfTheSchema>")


def at(node: Node, moment: datetime) -> None:
    with open_work(node, WORKER) as work:
        assert move_clock(work.db, moment)


def add_sandbox(node: Node, name: str = "esp-one") -> str:
    with open_work(node, CONSOLE) as work:
        return providers.add_provider(
            work, name=name, username="usr-test", password="pw-t", sandbox=True
        )


@pytest.fixture
def house(node: Node):
    """A node at a known time, with a provider and its sandbox, on a real server."""
    at(node, START)
    add_provider(node)
    add_sandbox(node)
    with (
        serving(node, ROUTES) as address,
        client(address) as esp,
        client(address, "usr-test", "pw-t") as twin,
    ):
        yield esp, twin


def test_everything_of_a_sandbox_is_marked_and_nothing_of_production_is(house, node):
    esp, twin = house
    for asked, marked in ((twin, True), (esp, False)):
        report_id = open_report(asked)
        sent = upload(asked, report_id, b"synthetic")
        file_id = said(sent)["fileId"]
        answers = [
            asked.get("/status"),
            sent,
            asked.post("/fileinfo", content=details(report_id, file_id)),
            asked.post("/finish", data={"id": report_id}),
            asked.post("/finish", data={"id": report_id}),
            asked.post("/submit", content=b"<report/>"),
            asked.post("/retract", data={"id": open_report(asked)}),
            asked.get("/nothing"),
        ]
        for answer in answers:
            assert (b"<!-- TEST -->" in answer.content) is marked
            told = said(answer).get("responseDescription")
            assert told is None or told.endswith(" (TEST)") is marked
        answers += [asked.get(path) for path in ("/xsd", "/loose-ends", "/quality")]
        receipt = asked.get(f"/reports/{report_id}/receipt")
        assert [a.headers.get("tipbridge-test") for a in (*answers, receipt)] == [
            "yes" if marked else None
        ] * (len(answers) + 1)
        assert asked.get("/loose-ends").json()["test"] is marked
        assert asked.get("/quality").json()["test"] is marked
        held = verified_receipt(node.card(), receipt.content)
        assert (held.test, held.provider_name) == (marked, "esp-one TEST" if marked else "esp-one")


def test_what_a_sandbox_files_goes_no_further_and_is_discarded(house, node):
    esp, twin = house
    open_test, test = open_report(twin, URGENT), open_report(twin, URGENT)
    assert code(upload(twin, test, b"the same file")) == 0
    assert code(twin.post("/finish", data={"id": test})) == 0
    with node.engine.connect() as db:
        lanes = db.exec_driver_sql(
            "SELECT queue_name FROM queue.procrastinate_jobs"
            " WHERE args->>'event' = 'intake.sandbox.finished'"
        )
        assert lanes.scalars().all() == ["default"]
    real = open_report(esp)
    assert code(upload(esp, real, b"the same file")) == 0
    assert code(esp.post("/finish", data={"id": real})) == 0
    run_followups(node)
    with open_work(node, CONSOLE) as work:
        assert [line.report_id for line in triage.list_tips(work)] == [real]
        assert {lead.report_id for lead in triage.list_leads(work)} <= {int(real)}
        assert triage.list_pending(work) == []
        assert triage.read_tip(work, real).tip.facts.duplicates == ()
        with pytest.raises(NotFound):
            triage.read_tip(work, test)
        assert receipts.list_loose_ends(work).orphans == ()
        seen = {one.name: one.now.reports for one in quality.list_quality(work)}
        assert seen == {"esp-one": 1, "esp-one TEST": 0}
        with pytest.raises(NotFound):
            hashsharing.enrol_member(work, provider="esp-one TEST")
    assert twin.get("/quality").json()["quality"]["now"]["reports"] == 1
    assert code(esp.post("/retract", data={"id": open_test})) == 5001
    prior = f"</reporter><personOrUserReported><priorCTReports>{test}</priorCTReports>"
    other = REPORT.replace(b"</reporter>", f"{prior}</personOrUserReported>".encode())
    assert code(esp.post("/submit", content=other)) == 4100  # no such report in production
    assert code(twin.post("/submit", content=other)) == 0

    at(node, START + timedelta(days=29))
    with open_work(node, WORKER) as work:
        assert actions.clear_sandboxes(work) == 0
    at(node, START + timedelta(days=30))
    with open_work(node, WORKER) as work:
        assert actions.clear_sandboxes(work) == 1
    assert code(twin.get(f"/reports/{test}/receipt")) == 5101
    assert esp.get(f"/reports/{real}/receipt").status_code == 200


def test_a_sandbox_never_becomes_production_nor_the_other_way(house, node):
    with open_work(node, WORKER) as work:
        rows = work.db.exec_driver_sql("SELECT name, sandbox FROM providers ORDER BY name").all()
    assert rows == [("esp-one", False), ("esp-one TEST", True)]
    for statement in (
        "UPDATE providers SET sandbox = NOT sandbox",
        "UPDATE reports SET sandbox = NOT sandbox",
        "UPDATE reports SET provider_id = (SELECT id FROM providers p WHERE p.sandbox)",
    ):
        open_report(house[0])
        with pytest.raises(DBAPIError), acting(node.engine, WORKER) as db:
            db.exec_driver_sql(statement)
    for name, sandbox in (("esp-two TEST", False), ("", False), (" ", True), ("TEST", True)):
        with open_work(node, CONSOLE) as work:
            if (name, sandbox) == ("TEST", True):
                providers.add_provider(
                    work, name=name, username="usr-n", password="pw", sandbox=True
                )
                continue
            with pytest.raises(Invalid):
                providers.add_provider(
                    work, name=name, username="usr-n", password="pw", sandbox=sandbox
                )


def test_a_rule_is_lenient_or_strict_for_one_provider_alone(house, node):
    esp, twin = house

    def hold_to(rule: str, mode: str | None) -> None:
        with open_work(node, CONSOLE) as work:
            providers.set_rule(work, "esp-one", rule=rule, mode=mode)

    assert code(esp.post("/submit", content=UNKNOWN)) == 4100
    hold_to("unknown-element", "lenient")
    assert code(esp.post("/submit", content=UNKNOWN)) == 0
    assert code(twin.post("/submit", content=UNKNOWN)) == 4100
    hold_to("unknown-element", None)
    assert code(esp.post("/submit", content=UNKNOWN)) == 4100
    hold_to("internet-details", "strict")
    assert code(esp.post("/submit", content=REPORT)) == 4100
    assert code(twin.post("/submit", content=REPORT)) == 0
    for rule, mode in (("none", "strict"), ("unknown-element", "maybe"), ("ip-address", "lenient")):
        with pytest.raises(Invalid):
            hold_to(rule, mode)
    with open_work(node, CONSOLE) as work:
        held = {one.rule: one for one in providers.read_provider(work, "esp-one").rules}
    assert (held["internet-details"].mode, held["internet-details"].chosen) == ("strict", True)
    assert (held["unknown-element"].mode, held["unknown-element"].chosen) == ("strict", False)


def test_last_used_is_noted_and_never_of_one_that_is_refused(house, node):
    esp, twin = house
    assert code(esp.get("/status")) == 0
    with open_work(node, CONSOLE) as work:
        used = {one.username: one.last_used_at for one in providers.list_providers(work)}
        providers.revoke_provider(work, username="usr-test")
    assert used == {"usr123": START, "usr-test": None}
    assert code(twin.get("/status")) == 2000
    at(node, START + timedelta(hours=5))
    with serving(node) as address, client(address) as later, ThreadPoolExecutor(8) as pool:
        assert {code(each) for each in pool.map(later.get, ["/status"] * 16)} == {0}
    with open_work(node, CONSOLE) as work:
        used = {one.username: one.last_used_at for one in providers.list_providers(work)}
    assert used == {"usr123": START + timedelta(hours=5), "usr-test": None}


def test_the_page_of_a_provider_keeps_contacts_limits_and_rules(house, node):
    add_member(node, "keeper", Role.PROVIDER_MANAGER)
    app = shell_app(node, navigation=pages.NAV)
    app.include_router(pages.router)
    page = browser(app)
    sign_in(page, "keeper")
    here = {"provider": "esp-one"}
    contact = {**here, "purpose": "urgent", "name": "Night desk", "phone": "+1 202 555 0100"}
    assert page.post("/providers/contacts", data=contact).status_code == 303
    limits = {**here, "upload_bytes_per_second": "500000", "uploads_at_once": ""}
    assert page.post("/providers/limits", data=limits).status_code == 303
    rule = {**here, "rule": "url-form", "mode": "lenient"}
    assert page.post("/providers/rules", data=rule).status_code == 303
    shown = page.get("/providers/provider?name=esp-one").text
    assert "Night desk" in shown
    assert 'value="500000"' in shown
    with open_work(node, CONSOLE) as work:
        view = providers.read_provider(work, "esp-one")
    assert view.limits == Limits(upload_bytes_per_second=500_000)
    assert [one.rule for one in view.rules if one.chosen] == ["url-form"]
    assert "TEST" in page.get("/providers").text
    gone = {**here, "contact": view.contacts[0].id}
    assert page.post("/providers/contacts/removal", data=gone).status_code == 303
    assert "Night desk" not in page.get("/providers/provider?name=esp-one").text
    for path, form in (
        ("/providers/limits", {**limits, "uploads_at_once": "many"}),
        ("/providers/limits", {**limits, "uploads_at_once": "0"}),
        ("/providers/limits", {**limits, "upload_bytes_per_second": "12"}),
        ("/providers/contacts", {**contact, "phone": ""}),
        ("/providers/contacts", {**contact, "purpose": "none"}),
        ("/providers/rules", {**rule, "mode": "maybe"}),
    ):
        assert page.post(path, data=form).status_code == 400, (path, form)
    assert page.post("/providers/contacts/removal", data=gone).status_code == 404
    assert page.get("/providers/provider?name=nobody").status_code == 404
