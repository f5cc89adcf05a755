"""The pages of the police rooms, in both languages."""

import html
import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from starlette.testclient import TestClient

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, part, taken
from tests.police.folk import (
    a_case,
    file_of,
    outcome_of,
    record_of,
    recorded,
    suspect,
    verified,
)
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Outcome
from tipbridge.office.actions import set_clock
from tipbridge.police.cases import pages as case_pages
from tipbridge.police.cases.model import PersonRole
from tipbridge.police.outcomes import pages as outcome_pages
from tipbridge.police.removals import actions as removals
from tipbridge.police.removals import pages as removal_pages
from tipbridge.police.removals.model import NoticeState, PlaceForm
from tipbridge.police.welfare import actions as welfare
from tipbridge.police.welfare import pages as welfare_pages
from tipbridge.police.welfare import undoing
from tipbridge.police.welfare.model import Ending, FollowUpKind

ROUTERS = (
    case_pages.router,
    outcome_pages.router,
    removal_pages.router,
    welfare_pages.router,
)
HOSTILE = "<script>alert(1)</script>"
Desk = Callable[..., TestClient]


@pytest.fixture
def desk(node: Node) -> Desk:
    """Signs an investigator in."""
    add_member(node, "desk", Role.INVESTIGATOR)

    def open_(language: str = "en") -> TestClient:
        app = shell_app(node, routers=ROUTERS, navigation=case_pages.NAV)
        client = browser(app, language=language)
        sign_in(client, "desk")
        return client

    return open_


def _read(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


def _note(node: Node, case_id: str, address: str) -> str:
    with open_work(node, CONSOLE) as work:
        return removals.add_place(work, case_id, address=address, form=PlaceForm.URL).id


def test_a_case_is_listed_and_shown_with_its_people(node: Node, desk: Desk) -> None:
    file = a_case(node, [*account_parts("kid-77"), part("report/id", "4564")])
    client = desk()
    assert file.case.number in _read(client, "/cases")
    shown = _read(client, f"/cases/{file.case.id}")
    assert "4564" in shown
    assert "hsi-knpa-mou" in shown
    person = file.people[0].person
    assert "kid-77" in _read(client, f"/cases/{file.case.id}/people/{person.id}")


def test_the_forms_record_a_person_and_decide_the_first_advice(node: Node, desk: Desk) -> None:
    file = a_case(node)
    client, case_id = desk(), file.case.id
    person_id = file.people[0].person.id
    sent = client.post(
        f"/cases/{case_id}/people/{person_id}",
        data={
            "roles": ["suspect", "victim"],
            "birth_earliest": "2001-01-01",
            "birth_certainty": "verified",
            "offence": "distribution",
            "act": "posted",
            "act_on": "2014-03-10",
            "self_produced": "yes",
            "motive": "showing-off",
            "school_level": "elementary",
            "birth_latest": "",
            "reference": "person-001",
            "country": "",
            "place_kind": "social-network",
        },
    )
    assert sent.status_code == 303, sent.text
    person = file_of(node, case_id).people[0].person
    assert person.roles == {PersonRole.SUSPECT, PersonRole.VICTIM}
    assert person.self_produced is True
    shown = _read(client, f"/cases/{case_id}/outcomes")
    first = re.findall(r'name="outcome" value="([a-z-]+)" required checked', shown)
    assert first == ["juvenile-division"]
    assert "Juvenile Act, article 4(1)2" in shown
    decided = client.post(
        f"/cases/{case_id}/people/{person_id}/outcome",
        data={"outcome": first[0], "grounds": ""},
    )
    assert decided.status_code == 303, decided.text
    found = outcome_of(node, case_id, person_id)
    assert found.decision is not None
    assert found.decision.outcome is Outcome.JUVENILE_DIVISION
    assert "Welfare of the child" in _read(client, f"/cases/{case_id}/outcomes")


def test_a_forbidden_outcome_is_refused_at_the_door_too(node: Node, desk: Desk) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=verified(date(2002, 1, 1))))
    answer = desk().post(
        f"/cases/{file.case.id}/people/{person_id}/outcome",
        data={"outcome": "booked-at-liberty", "grounds": "Because I say so."},
    )
    assert answer.status_code == 409


def test_welfare_and_duties_are_recorded_on_the_page(node: Node, desk: Desk) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=verified(date(2002, 1, 1))))
    record = record_of(node, person_id)
    client, path = desk(), f"/welfare/{record.id}"
    assert path in _read(client, f"/cases/{file.case.id}/outcomes")
    assert path in _read(client, "/welfare")
    step = f"/cases/{file.case.id}/people/{person_id}/steps"
    assert client.post(step, data={"step": "search"}).status_code == 409
    told = {"agency": "Agency", "contact_made": "yes", "guardian_notice": "given"}
    told |= {
        "guardian_notice_on": "2014-05-30",
        "consent": "given",
        "consent_by": "child",
        "consent_on": "2014-05-31",
    }
    talk = {"talk_with": "child", "on": "2014-06-01", "why": "curiosity"}
    planned = {"kind": "counselling", "due_on": "2014-07-01"}
    for where, data in ((path, told), (f"{path}/talks", talk), (f"{path}/follow-ups", planned)):
        assert client.post(where, data=data).status_code == 303
    assert client.post(step, data={"step": "search"}).status_code == 303
    shown = _read(client, path)
    assert "Agency practice: prevention talk" in shown
    days = ["contact_on", "guardian_notice_on", "consent_on", "due_on"]
    assert re.findall(r'name="(\w+_on)"', shown) == days
    follow_up, drop = re.findall(rf'action="({path}/follow-ups/[^"]+)"', shown)
    (take_back,) = re.findall(rf'action="({path}/talks/[^"]+)"', shown)
    why = {"because": "It was another child."}
    assert client.post(take_back, data=why).status_code == 303
    again = _read(client, path)
    assert "taken back" in again
    assert why["because"] in again
    assert "Known before" in again
    assert client.post(f"{path}/talks", data=talk).status_code == 303
    assert client.post(follow_up).status_code == 303
    assert client.post(drop, data=why).status_code == 404, "it is done"
    assert client.post(f"{path}/access", data={"members": "desk"}).status_code == 303
    assert client.post(f"{path}/close", data={"ending": "support-given"}).status_code == 303
    changed = record_of(node, person_id)
    assert (changed.contact_made, changed.ending) == (True, Ending.SUPPORT_GIVEN)
    said_on = (changed.guardian_notice_on, changed.consent_on)
    assert said_on == (date(2014, 5, 30), date(2014, 5, 31))


def test_a_dropped_promise_and_a_day_met_too_late_are_said_in_the_rooms_own_words(
    node: Node, desk: Desk
) -> None:
    record = record_of(
        node, recorded(node, a_case(node), suspect(birth=verified(date(2002, 1, 1))))
    )
    kind, due = FollowUpKind.HOME_VISIT, date(2014, 7, 1)
    with open_work(node, CONSOLE) as work:
        each = welfare.plan_follow_up(work, record.id, kind=kind, due_on=due)
        undoing.drop_follow_up(work, record.id, each.id, because="They moved.")
        set_clock(work, at=datetime(2014, 6, 20, 3, tzinfo=UTC))
    with open_work(node, WORKER) as work:
        welfare.miss_clocks(work)
    client, path = desk("ko"), f"/welfare/{record.id}"
    told = {"guardian_notice": "given"}
    assert "기한까지 하지 않음" not in _read(client, path), "it is late, and says so"
    assert client.post(path, data=told).status_code == 303
    shown = _read(client, path)
    assert "실시하지 않기로 함" in shown, "not what filing calls dropped"
    assert "기한까지 하지 않음" in shown


def test_removals_are_text_and_take_only_steps_that_can_follow(node: Node, desk: Desk) -> None:
    file = a_case(node)
    removal_id = _note(node, file.case.id, f"https://host.example/{HOSTILE}")
    client = desk()
    page = f"/cases/{file.case.id}/removals"
    answer = client.get(page)
    assert HOSTILE not in answer.text
    assert "host.example" not in answer.text
    assert "hxxps[:]//host[.]example" in answer.text
    path = f"{page}/{removal_id}"
    assert client.post(path, data={"state": "reappeared"}).status_code == 409
    for state in ("live", "removed", "reappeared"):
        assert client.post(path, data={"state": state}).status_code == 303
    assert client.post(f"{path}/notices").status_code == 303
    (notice,) = set(re.findall(r"/notices/([0-9a-f]+)/carried", _read(client, page)))
    carried = f"/cases/{file.case.id}/notices/{notice}/carried"
    assert client.post(carried).status_code == 303
    assert client.post(f"{path}/replies", data={"kind": "refused"}).status_code == 303
    assert client.post(f"{path}/checks").status_code == 303
    assert client.post(f"{path}/votes", data={"classification": "baseline"}).status_code == 409
    shown = _read(client, page)
    assert "not on the list" in shown
    assert "Ask: reminder" in shown
    assert "host[.]example" in _read(client, "/removals")
    assert "host[.]example" in _read(client, "/hosts")
    added = client.post(page, data={"address": "group-1", "form": "message-group", "host": "chat"})
    assert added.status_code == 303
    host = {"name": "host.example", "channel": "email", "contact": "abuse@host.example"}
    assert client.post("/hosts", data=host).status_code == 303
    allow = {"name": "host.example", "allowed": "true"}
    assert client.post("/hosts/checks", data=allow).status_code == 403


def test_korean_pages_leave_no_english_word_of_a_closed_list(node: Node, desk: Desk) -> None:
    file = a_case(node)
    facts = suspect(birth=verified(date(2002, 1, 1)), self_produced=True)
    recorded(node, file, facts)
    _note(node, file.case.id, "https://host.example/1")
    client, case_id = desk("ko"), file.case.id
    person = file.people[0].person.id
    pages = [
        f"/cases/{case_id}",
        f"/cases/{case_id}/outcomes",
        f"/cases/{case_id}/removals",
        f"/cases/{case_id}/people/{person}",
        "/welfare",
        f"/welfare/{record_of(node, person).id}",
        "/removals",
        "/hosts",
    ]
    for path in pages:
        visible = re.sub(r"<[^>]+>", " ", _read(client, path))
        for word in (
            "juvenile-division",
            "not-detained",
            "suspect",
            "inquiry",
            "not known",
            "minor",
        ):
            assert not re.search(rf"(?<![\w-]){word}(?![\w-])", visible), (path, word)


def test_the_page_of_a_restricted_case_looks_like_no_page(node: Node, desk: Desk) -> None:
    file = a_case(node)
    client = desk()
    assert client.post(f"/cases/{file.case.id}/members", data={"members": ""}).status_code == 303
    add_member(node, "other", Role.INVESTIGATOR)
    other = browser(shell_app(node, routers=ROUTERS, navigation=case_pages.NAV))
    sign_in(other, "other")
    for path in ("", "/outcomes", "/removals"):
        hidden = other.get(f"/cases/{file.case.id}{path}")
        nowhere = other.get(f"/cases/{'0' * 32}{path}")
        assert hidden.status_code == nowhere.status_code == 404
    result = taken(node, account_parts())
    assert result.opened
    assert "restricted case holds" in _read(client, f"/cases/{file.case.id}")


def test_nothing_is_done_under_the_address_of_another_case(node: Node, desk: Desk) -> None:
    file = a_case(node)
    other = taken(node, account_parts("somebody-else")).case_id
    removal_id = _note(node, file.case.id, "https://host.example/1")
    person_id = recorded(node, file, suspect())
    client, own = desk(), f"/cases/{file.case.id}"
    assert client.post(f"{own}/removals/{removal_id}/notices").status_code == 303
    (notice,) = set(re.findall(r"/notices/([0-9a-f]+)/carried", _read(client, f"{own}/removals")))
    for path, data in (
        (f"removals/{removal_id}", {"state": "live"}),
        (f"removals/{removal_id}/checks", {}),
        (f"notices/{notice}/carried", {}),
        (f"people/{person_id}/steps", {"step": "search"}),
    ):
        wrong = client.post(f"/cases/{other}/{path}", data=data)
        assert wrong.status_code == 404, path
    with open_work(node, CONSOLE) as work:
        (found,) = removals.list_removals(work, file.case.id)
    assert (found.steps, found.checks) == ((), ())
    assert [each.state for each in found.notices] == [NoticeState.DRAFT]
    assert outcome_of(node, file.case.id, person_id).steps == ()


@pytest.mark.parametrize(
    ("at", "said", "latest"),
    [
        ("2014-03-09T20:00:00Z", True, date(1999, 3, 10)),
        ("2014-03-09T03:00:00Z", False, date(1999, 3, 9)),
    ],
)
def test_the_day_of_an_incident_is_that_of_the_law(
    node: Node, desk: Desk, at: str, said: bool, latest: date
) -> None:
    """At eight in the evening of UTC it is the next day in Seoul: an age of that day counts so."""
    file = a_case(
        node, [*account_parts("kid-78"), part("incident/at", at), part("people/0/age", 15)]
    )
    birth = file.people[0].person.birth
    assert birth is not None
    assert birth.latest == latest
    shown = _read(desk(), f"/cases/{file.case.id}")
    words = " ".join(re.sub(r"<[^>]*>", " ", shown).split())
    assert ("Day of the incident under the case's law 2014-03-10" in words) is said


def test_an_examiner_opens_the_page_of_removals_with_its_own_forms_alone(node: Node) -> None:
    case_id = a_case(node).case.id
    removal_id = _note(node, case_id, "https://host.example/1")
    add_member(node, "lab", Role.EXAMINER)
    client = browser(shell_app(node, routers=ROUTERS))
    sign_in(client, "lab")
    path = f"/cases/{case_id}/removals"
    shown = _read(client, path)
    own = {f"{path}/{removal_id}/{verb}" for verb in ("item", "votes")}
    forms = {each for each in re.findall(r'<form[^>]+action="([^"]+)"', shown) if "/cases/" in each}
    assert forms == own, "the offer comes with the item's digest, once it was removed"
    assert f'href="/exhibits?case={case_id}"' in shown
    assert f"/cases/{case_id}/outcomes" not in shown, "no link to a page that is not theirs"
