"""The rules of the protocol at the door: batched reports, prior reports, strict and lenient."""

import json
import re

import pytest

from tests.nodes import CONSOLE, run_followups
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
from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.base.actors import WORKER, Actor, ActorKind, Role
from tipbridge.foundation.work import open_work
from tipbridge.tips.intake import actions
from tipbridge.tips.report.errors import InvalidDocument
from tipbridge.tips.report.strictness import MOST_LENIENT, strictness_from
from tipbridge.tips.triage.actions import read_tip
from tipbridge.tips.triage.model import ReasonCode

BATCHED = (
    REPORT.replace(b"<report>", b'<report><batchedReport reason="VIRAL_POTENTIAL_MEME"/>')
    .replace(b"</report>", b"")
    .rstrip()
    + b"".join(
        b"<personOrUserReported><espIdentifier>user-%d</espIdentifier></personOrUserReported>" % n
        for n in range(3)
    )
    + b"</report>"
)
VIRAL = "<fileAnnotations><viral/></fileAnnotations>"


@pytest.fixture
def address(node):
    add_provider(node)
    with serving(node) as found:
        yield found


@pytest.fixture
def esp(address):
    with client(address) as found:
        yield found


def record_of(node, report_id: str):
    with open_work(node, WORKER) as work:
        return actions.read_report(work, report_id)


def naming(number: str) -> bytes:
    """A report of a person of whom this prior report is named."""
    person = (
        f"<personOrUserReported>\n<priorCTReports>{number}</priorCTReports></personOrUserReported>"
    )
    return REPORT.replace(b"</report>", f"{person}</report>".encode())


def test_a_batched_report_goes_from_submit_to_a_tip_of_each_person(esp, node, staff):
    report_id = open_report(esp, BATCHED)
    file_id = said(upload(esp, report_id, b"synthetic meme"))["fileId"]
    unfit = esp.post("/fileinfo", content=details(report_id, file_id))
    assert (unfit.status_code, code(unfit)) == (400, 4100)
    assert re.search(r"\[1,1\] - batched-marks: .* 'viral' or 'potentialMeme'", unfit.text)
    named = details(report_id, file_id, f"<originalFileName>a</originalFileName>\n{VIRAL}")
    assert "batched-details: &#39;" in (told := esp.post("/fileinfo", content=named).text) or (
        "batched-details: '" in told
    )
    assert record_of(node, report_id).files[0].details is None
    assert code(esp.post("/fileinfo", content=details(report_id, file_id, VIRAL))) == 0
    assert code(esp.post("/finish", data={"id": report_id})) == 0
    run_followups(node)
    with open_work(node, staff(node, Role.ANALYST)) as work:
        view = read_tip(work, report_id)
    assert [each.accounts[0].identifier for each in view.tip.people] == [
        "user-0", "user-1", "user-2",
    ]  # fmt: skip
    assert [lead.person_index for lead in view.leads] == [0, 1, 2]
    assert view.triage is not None
    assert ReasonCode.BATCHED in {reason.code for reason in view.triage.reasons}


def test_a_batched_report_of_two_files_is_not_finished_and_can_be_retracted(esp, node):
    report_id = open_report(esp, BATCHED)
    files = [said(upload(esp, report_id, b"%d" % n))["fileId"] for n in range(2)]
    answer = esp.post("/finish", data={"id": report_id})
    found = said(answer)
    assert (answer.status_code, found["root"], found["responseCode"]) == (
        400, "reportDoneResponse", "4100",
    )  # fmt: skip
    assert "this one has 2. Retract it" in found["responseDescription"]
    assert [each.file_id for each in record_of(node, report_id).files] == files
    assert record_of(node, report_id).state == "open"
    assert code(esp.post("/retract", data={"id": report_id})) == 0


def test_a_prior_report_of_ours_must_be_the_providers_own_and_not_retracted(esp, node, address):
    finished, retracted = open_report(esp), open_report(esp)
    esp.post("/finish", data={"id": finished})
    esp.post("/retract", data={"id": retracted})
    add_provider(node, "esp-two", "usr456", "pw-2")
    with client(address, "usr456", "pw-2") as other:
        theirs = open_report(other)
    assert code(esp.post("/submit", content=naming(finished))) == 0
    assert code(esp.post("/submit", content=naming("250000000"))) == 0
    refused = [esp.post("/submit", content=naming(n)) for n in (retracted, theirs, "900009999")]
    assert {(each.status_code, code(each)) for each in refused} == {(400, 4100)}
    assert len({each.text for each in refused}) == 1
    assert re.search(r"\[\d,1\] - prior-report: .priorCTReports. must be", refused[0].text)


def provider_of(node) -> tuple[Actor, str]:
    with open_work(node, CONSOLE) as work:
        credential = access_store.credential_of(work.db, "usr123")
    assert credential is not None
    login = credential.login
    actor = Actor(kind=ActorKind.PROVIDER, id=login.provider_id, name=login.provider_name)
    return actor, login.credential_id


def test_what_a_provider_need_not_keep_is_let_in_recorded_and_kept_as_sent(node, staff):
    add_provider(node)
    provider, credential_id = provider_of(node)
    body = BATCHED.replace(b"<reporter>", b'<novelty a="1">text</novelty><reporter novelty="2">')
    body = body.replace(b"</report>", b"<victim><victimPerson/></victim></report>")
    with pytest.raises(InvalidDocument), open_work(node, provider) as work:
        actions.submit(work, body, credential_id=credential_id)
    with open_work(node, provider) as work:
        number = actions.submit(work, body, credential_id=credential_id, strictness=MOST_LENIENT)
    with open_work(node, WORKER) as work:
        record = actions.read_report(work, str(number))
        assert actions.read_original(work, record.originals[0]) == body
        facts = work.db.exec_driver_sql(
            "SELECT facts FROM audit_events WHERE event = 'intake.report.opened'"
        ).scalars()
        waived = [each if isinstance(each, dict) else json.loads(each) for each in facts]
    assert ("report/novelty", "text") in record.values
    assert [each["waived"] for each in waived] == [
        "batched-fields,unknown-attribute,unknown-element"
    ]
    with open_work(node, provider) as work:
        actions.finish(work, number, strictness=lambda: strictness_from({}))
    run_followups(node)
    with open_work(node, staff(node, Role.ANALYST)) as work:
        assert len(read_tip(work, str(number)).tip.people) == 4


def test_a_bug_is_answered_in_xml_under_the_root_that_clients_expect(esp, monkeypatch):
    def broken(*_given, **_named):
        raise ZeroDivisionError("secret words of a report")

    for verb, path, root in (
        ("submit", "/submit", "reportResponse"),
        ("finish", "/finish", "reportDoneResponse"),
    ):
        monkeypatch.setattr(actions, verb, broken)
        answer = esp.post(path, data={"id": "900000001"})
        assert (answer.status_code, code(answer), said(answer)["root"]) == (500, 1000, root)
        assert answer.headers["content-type"].startswith("application/xml")
        assert len(answer.headers["request-id"]) == 32
        assert "secret" not in answer.text
