"""Refusals of many rooms, reached through the program's own doors, in the reader's language."""

import contextlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import httpx2
import pytest
from fastapi import APIRouter

from tests.police.folk import a_case, recorded, suspect, verified
from tests.police.removals.places import add
from tests.web.chromium import chromium, opened_page, served
from tests.web.pages import PASSWORD, add_member, browser, shell_app
from tipbridge.app import build_app
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node

SHOTS = os.environ.get("TEST_SCREENSHOTS")
CHILD = suspect(birth=verified(date(2003, 5, 5)))

Place = Mapping[str, str]
Ask = Callable[[Place], tuple[str, dict[str, str] | None]]

REFUSED: dict[str, tuple[str, Ask, str, str]] = {
    "a case that is not there": (
        "officer",
        lambda _: ("/cases/nowhere", None),
        "찾을 수 없습니다. 사건: nowhere.",
        "No case nowhere.",
    ),
    "a page for other roles": (
        "officer",
        lambda _: ("/staff", None),
        "다음 역할 가운데 하나가 필요합니다: 관리자, 감사관.",
        "This needs one of the roles: administrator, auditor.",
    ),
    "a list that an open case has not": (
        "officer",
        lambda ids: (f"/cases/{ids['case']}/list", {"username": "officer"}),
        "제한 사건이 아니므로 부서 전체가 볼 수 있습니다.",
        "This case is not restricted: its whole unit sees it.",
    ),
    "a day that is none": (
        "officer",
        lambda ids: (f"/cases/{ids['case']}/tasks", {"title": "Ask.", "due_on": "soon"}),
        "기한: 2014-03-01과 같은 날짜로 적으십시오. 'soon': 날짜가 아닙니다.",
        "due_on is a day like 2014-03-01; 'soon' is none.",
    ),
    "a field that is empty": (
        "officer",
        lambda ids: (f"/cases/{ids['case']}/numbers", {"agency": "hsi", "number": " "}),
        "번호: 1~200자로 적으십시오.",
        "number has 1 to 200 printable characters.",
    ),
    "a field that is left out": (
        "officer",
        lambda ids: (f"/cases/{ids['case']}/numbers", {"agency": "hsi"}),
        "번호: 반드시 적어야 합니다",
        "number: Field required",
    ),
    "a word that is not of its list": (
        "officer",
        lambda ids: (f"/cases/{ids['case']}/people", {"role": "owner"}),
        "역할: 다음 가운데 하나여야 합니다: 신고된 이용자, 수신자, 피의자 또는 피해자",
        "role: Input should be 'reported-user', 'recipient', 'suspect' or 'victim'",
    ),
    "an outcome that the law of their age forbids": (
        "officer",
        lambda ids: (
            f"/cases/{ids['case']}/people/{ids['person']}/outcome",
            {"outcome": "booked-at-liberty"},
        ),
        "허용되지 않습니다. 근거: ",
        "Not allowed: ",
    ),
    "a state that does not come next": (
        "officer",
        lambda ids: (
            f"/cases/{ids['case']}/removals/{ids['removal']}",
            {"state": "reappeared"},
        ),
        "현재 상태에서 바꿀 수 없습니다. 현재 상태: 미상. 다음에 올 수 있는 상태: ",
        "After unknown comes one of: ",
    ),
    "a hold that does not stand": (
        "officer",
        lambda ids: ("/retention/holds/lift", {"case": ids["case"], "words": "Settled."}),
        "이 사건은 파기가 보류되어 있지 않습니다.",
        "No hold stands on this case.",
    ),
    "nothing to disclose": (
        "officer",
        lambda ids: (
            "/disclosures",
            {"case": ids["case"], "recipient": "Example Court", "purpose": "court"},
        ),
        "사건에 증거물이 없어 제출할 것이 없습니다.",
        "The case has no exhibit; there is nothing to disclose.",
    ),
    "a name that is taken": (
        "chief",
        lambda _: (
            "/staff",
            {
                "username": "officer",
                "password": "long-enough-1",
                "roles": "press",
                "unit": "headquarters",
            },
        ),
        "이미 있는 직원의 사용자 이름입니다: 'officer'.",
        "There is already a member of staff 'officer'.",
    ),
    "lines that are no digests": (
        "analyst",
        lambda _: ("/lists/lines", {"name": "nowhere", "mode": "add", "lines": "x"}),
        "찾을 수 없습니다. 해시 목록: nowhere.",
        "No hash list nowhere.",
    ),
    "a lead about nobody": (
        "liaison",
        lambda _: ("/leads", {"grounds": "A tip-off.", "grade": "B2"}),
        "수사 단서에는 계정, 전자우편 주소, 전화번호, 이름 가운데 하나가 있어야 합니다.",
        "A lead needs an account, an e-mail address, a phone number or a name.",
    ),
    "a document that is no agreement": (
        "liaison",
        lambda _: ("/agreements/compare", {"document": "no agreement"}),
        "협정 문안이 TOML도 정규 JSON도 아닙니다.",
        "The agreement is neither TOML nor canonical JSON.",
    ),
    "a limit that is no number": (
        "keeper",
        lambda _: ("/providers/limits", {"provider": "esp", "uploads_at_once": "many"}),
        "한도는 정수로 적거나 비워 두십시오.",
        "A limit is a whole number, or empty.",
    ),
    "a page that is not there": (
        "officer",
        lambda _: ("/nowhere", None),
        "찾을 수 없습니다.",
        "Not Found.",
    ),
    "a form of another site's making": (
        "officer",
        lambda ids: (f"/cases/{ids['case']}/notes", {"note": "Noted.", "owner": "me"}),
        "owner: 이 양식에 없는 입력란입니다. 이 양식의 입력란: 메모, 인물.",
        "owner: no such field; this form has: note, person.",
    ),
}
"""Who asks for what, and what is said in Korean and in English."""


@pytest.fixture
def ids(node: Node) -> Place:
    """A case with a child of twelve in it, and a place of material; and who works here."""
    file = a_case(node)
    person_id = recorded(node, file, CHILD)
    removal = add(node, file, "https://host.example/1")
    for name, role in {
        "officer": Role.INVESTIGATOR,
        "chief": Role.ADMINISTRATOR,
        "analyst": Role.ANALYST,
        "liaison": Role.LIAISON,
        "keeper": Role.PROVIDER_MANAGER,
    }.items():
        add_member(node, name, role)
    return {"case": file.case.id, "person": person_id, "removal": removal.id}


@pytest.fixture
def address(node: Node, ids: Place) -> Iterator[str]:
    """Where the program as it runs is really served."""
    del ids  # whoever works there is there before it opens
    with served(build_app(node)) as found:
        yield found


@contextlib.contextmanager
def desk(address: str, who: str, language: str) -> Iterator[httpx2.Client]:
    """What a browser of somebody who is signed in sends, over HTTP."""
    headers = {"accept": "text/html", "accept-language": language, "origin": address}
    with httpx2.Client(base_url=address, headers=headers) as client:
        answer = client.post("/sign-in", data={"username": who, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        yield client


def said(client: httpx2.Client, asked: tuple[str, dict[str, str] | None]) -> str:
    path, form = asked
    answer = client.get(path) if form is None else client.post(path, data=form)
    assert 400 <= answer.status_code < 500, (path, answer.status_code, answer.text)
    words = answer.text.partition('<p class="empty-subtitle text-secondary">')[2]
    return words.partition("</p>")[0].replace("&#39;", "'")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_refusal_is_said_in_the_language_of_whoever_reads_it(
    address: str, ids: Place, language: str
) -> None:
    wrong: list[tuple[str, str, str]] = []
    with contextlib.ExitStack() as stack:
        desks = {
            who: stack.enter_context(desk(address, who, language))
            for who in sorted({who for who, *_ in REFUSED.values()})
        }
        for name, (who, ask, in_korean, in_english) in REFUSED.items():
            expected = in_korean if language == "ko" else in_english
            found = said(desks[who], ask(ids))
            if not (found == expected or (expected[-1] == " " and found.startswith(expected))):
                wrong.append((name, found, expected))
    assert wrong == []


def test_the_law_that_a_refusal_cites_is_cited_in_korean(address: str, ids: Place) -> None:
    _, ask, _, _ = REFUSED["an outcome that the law of their age forbids"]
    with desk(address, "officer", "ko") as officer:
        assert "형법 제9조" in said(officer, ask(ids))


def test_the_choice_of_a_session_decides_before_what_the_browser_asks_for(
    address: str, ids: Place
) -> None:
    _, ask, in_korean, in_english = REFUSED["a list that an open case has not"]
    with desk(address, "officer", "ko") as officer:
        assert said(officer, ask(ids)) == in_korean
        officer.get("/language/en")
        assert said(officer, ask(ids)) == in_english


def test_programs_are_answered_in_english_whatever_language_they_name(
    address: str, ids: Place
) -> None:
    path, form = REFUSED["a list that an open case has not"][1](ids)
    with desk(address, "officer", "ko") as officer:
        answer = officer.post(path, data=form, headers={"accept": "application/json"})
    assert answer.json() == {
        "error": "conflict",
        "message": "This case is not restricted: its whole unit sees it.",
    }


def test_a_form_from_another_site_is_refused_in_the_readers_language(
    address: str, ids: Place
) -> None:
    path = f"/cases/{ids['case']}/notes"
    with desk(address, "officer", "ko") as officer:
        answer = officer.post(path, data={"note": "x"}, headers={"origin": "http://other.example"})
    assert (answer.status_code, answer.text) == (
        403,
        "다른 사이트에서 보낸 양식이므로 받지 않았습니다.\n",
    )


def test_a_fault_is_told_with_its_reference_in_the_readers_language(node: Node) -> None:
    router = APIRouter()

    @router.get("/probe/broken")
    def broken() -> None:
        raise RuntimeError

    client = browser(shell_app(node, routers=(router,)), language="ko")
    in_korean = client.get("/probe/broken").text
    assert re.fullmatch(r"내부 오류가 발생했습니다\. 참조 번호 [0-9a-f]{32}\.\n", in_korean)
    for_programs = client.get("/probe/broken", headers={"accept": "application/json"}).text
    assert for_programs.startswith("Internal error, reference ")


@pytest.mark.browser
def test_a_korean_officer_reads_a_refused_form_in_korean_in_a_browser(
    address: str, ids: Place
) -> None:
    with chromium() as found, opened_page(found, "ko") as (page, _complaints):
        page.goto(f"{address}/sign-in")
        page.fill("[name=username]", "officer")
        page.fill("[name=password]", PASSWORD)
        page.click("form[action='/sign-in'] button, main button")
        page.goto(f"{address}/cases/{ids['case']}")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        form = page.locator(f"form[action='/cases/{ids['case']}/numbers']")
        form.locator("[name=agency]").fill("hsi")
        form.locator("[name=number]").fill(" ")
        form.locator("button").click()
        shown = page.locator(".empty").inner_text()
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / "refused-ko.png", full_page=True)
    assert "번호: 1~200자로 적으십시오." in shown
    assert "입력이 올바르지 않음" in shown
    assert "printable" not in shown
