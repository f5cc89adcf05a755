"""The pages of tips and leads."""

import re
from enum import StrEnum

import pytest

from tests.tips.report.maximal import maximal_file_details, maximal_reports
from tests.tips.triage.filed import file_tip
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.defanging import defang
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import DataClass, Form
from tipbridge.knowledge.law.model import Custody, Reason, Stage
from tipbridge.knowledge.places.model import NetworkKind, PlaceKind, Reach
from tipbridge.tips.enrichment.model import Basis, Confidence, FavourKind, Looked
from tipbridge.tips.enrichment.sentences import SENTENCES, read_back
from tipbridge.tips.intake import actions as intake
from tipbridge.tips.intake.model import ReportState
from tipbridge.tips.report.model import PersonRole
from tipbridge.tips.triage import actions, pages
from tipbridge.tips.triage.model import LeadSource, LeadState, Queue, ReasonCode, Suspicion
from tipbridge.web.language import Language
from tipbridge.web.shell import catalogue

WEB_ADDRESS = re.compile(r"https?://\S+")
HOSTILE = "<script>alert(1)</script>"
CLOSED: tuple[type[StrEnum], ...] = (
    *(Queue, ReasonCode, LeadSource, LeadState, Suspicion),
    *(
        FavourKind,
        Looked,
        Confidence,
        Basis,
        Reach,
        NetworkKind,
        PlaceKind,
        ReportState,
        PersonRole,
    ),
    *(Stage, Custody, Reason, DataClass, Form),
)
ENGLISH = [part for form in SENTENCES for part in re.split(r"{\w+}", form) if len(part) > 9]


@pytest.fixture
def desk(node):
    """Signed in as somebody who is analyst and liaison."""
    add_member(node, "desk", Role.ANALYST, Role.LIAISON)

    def open_(language: str = "en"):
        client = browser(
            shell_app(node, routers=(pages.router,), navigation=pages.NAV), language=language
        )
        sign_in(client, "desk")
        return client

    return open_


def text_of(html: str) -> str:
    """The page as read: character references resolved."""
    import html as html_

    return html_.unescape(html)


def test_the_queue_leads_to_a_tip_and_the_tip_to_its_lead(node, desk) -> None:
    report_id = file_tip(node)
    client = desk()
    listed = client.get("/tips")
    assert f'href="/tips/{report_id}"' in listed.text
    shown = client.get(f"/tips/{report_id}")
    assert "Example Broadband Korea" in shown.text
    (lead,) = re.findall(r'href="(/leads/[0-9a-f]{32})"', shown.text)
    assert "people/0/ips/0~prefix" in client.get(lead).text


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_value_that_arrived_is_on_the_page(node, desk, language) -> None:
    client = desk(language)
    for document, values in maximal_reports()[:2]:
        pairs = maximal_file_details("{report}", ["{file0}", "{file1}"])[:2]
        report_id = file_tip(
            node, document, files=(b"a", b"b"), details=[body for body, _ in pairs]
        )
        text = text_of(client.get(f"/tips/{report_id}").text)
        said = [value for _, found in pairs for value in found]
        wanted = [
            defang(each) if WEB_ADDRESS.fullmatch(each) else each for each in (*values, *said)
        ]
        assert wanted != [*values, *said]
        assert [each for each in wanted if each not in text and "{" not in each] == []


def test_the_korean_pages_leave_no_word_of_the_room_in_english(node, desk) -> None:
    client = desk("ko")
    report_id = file_tip(node)
    facts = {"stage": "not-booked", "reason": "below-age", "custody": "not-detained"}
    with open_work(node, WORKER) as work:
        intake.record_feedback(
            work,
            report_id=report_id,
            feedback_id="f",
            sender="kr.knpa",
            outcome="not-booked",
            facts=facts,
        )
    codes = {each.value for closed in CLOSED for each in closed} - {"IP"}
    for path in ("/tips", f"/tips/{report_id}", "/leads"):
        text = client.get(path).text
        assert 'lang="ko"' in text
        for word in ("Likely country", "Where it stands", "Source grade", "Give to a unit"):
            assert word not in text
        said = {node.strip() for node in re.findall(r">([^<>]+)<", text_of(text))}
        assert sorted(said & codes) == []
        assert [part for part in ENGLISH for each in said if part in each] == []


@pytest.mark.parametrize("closed", CLOSED)
def test_every_value_of_a_closed_list_is_said_in_korean(closed: type[StrEnum]) -> None:
    korean = catalogue(Language.KOREAN)
    assert [each.value for each in closed if not korean.has(each.value, "triage")] == []


@pytest.mark.parametrize("form", SENTENCES)
def test_every_sentence_in_favour_is_said_in_korean_with_its_facts(form: str) -> None:
    facts = dict.fromkeys(re.findall(r"{(\w+)}", form), "a-b.c d")
    said = read_back(form.format(**facts))
    assert (said.form, said.facts) == (form, facts)
    korean = catalogue(Language.KOREAN).gettext(form, "triage")
    assert korean != form
    assert sorted(re.findall(r"{(\w+)}", korean)) == sorted(facts)


def test_a_sentence_of_a_later_sender_stays_as_it_is() -> None:
    said = read_back("Something {odd} in favour.")
    assert said.form.format(**said.facts) == "Something {odd} in favour."


def test_a_tip_goes_to_a_unit_by_its_form(node, desk) -> None:
    report_id = file_tip(node)
    client = desk()
    assert "waiting" in client.get("/tips?waiting=true").text
    answer = client.post(f"/tips/{report_id}/unit", data={"unit": "headquarters"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/tips/{report_id}")
    assert report_id not in client.get("/tips?waiting=true").text


def test_a_lead_is_opened_and_closed_by_form_and_hostile_text_stays_text(node, desk) -> None:
    client = desk()
    answer = client.post(
        "/leads",
        data={
            "grounds": HOSTILE,
            "grade": "B2",
            "suspicion": "preparing-sale",
            "service": "Example Market",
            "account": "seller",
            "place": "paid-site",
        },
    )
    assert answer.status_code == 303
    lead = answer.headers["location"]
    shown = client.get(lead).text
    assert HOSTILE not in shown
    assert HOSTILE in text_of(shown)
    assert client.post(f"{lead}/closing").status_code == 303
    assert "Close the lead" not in client.get(lead).text


def test_a_wrong_word_in_a_form_is_answered_by_name(desk) -> None:
    answer = desk().post("/leads", data={"grounds": "x", "grade": "Z9", "account": "a"})
    assert answer.status_code == 400 or answer.status_code == 422
    assert "B2" in answer.text


def test_an_analyst_alone_sees_no_form_for_own_grounds(node) -> None:
    add_member(node, "analyst", Role.ANALYST)
    client = browser(shell_app(node, routers=(pages.router,), navigation=pages.NAV))
    sign_in(client, "analyst")
    assert "Open a lead from own grounds" not in client.get("/leads").text
    answer = client.post(
        "/leads", data={"grounds": "x", "grade": "B2", "service": "s", "account": "a"}
    )
    assert answer.status_code == 403


def test_the_start_page_counts_what_waits(node, desk, console) -> None:
    file_tip(node)
    with open_work(node, console) as work:
        assert actions.count_waiting(work) == 1
    assert re.search(r"/tips\b", desk().get("/").text)
