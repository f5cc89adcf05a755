"""Days at the edge of the calendar, and times that say less than it takes to name somebody."""

from datetime import UTC, datetime

import pytest

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, part, taken
from tests.police.folk import a_case, file_of
from tests.web.pages import add_member, browser, sign_in
from tipbridge.app import build_app
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases.demands import actions as demands
from tipbridge.police.cases.demands.letters import letter
from tipbridge.police.cases.demands.pages import DemandForm, demand_facts


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("incident/at", "0001-01-01T00:00:00+14:00"),
        ("incident/at", "9999-12-31T23:59:59-12:00"),
        ("report/received_at", "9999-12-31T23:59:59-12:00"),
        ("people/0/age~band", {"from": 40, "to": 10}),
    ],
)
def test_what_no_calendar_has_stops_no_referral_and_is_said(
    node: Node, label: str, value: object
) -> None:
    age = [] if "age" in label else [part("people/0/age", 30)]
    result = taken(node, [*account_parts(), *age, part(label, value)])
    assert result.opened
    assert result.unread == 1
    (known,) = file_of(node, result.case_id).people
    assert (known.person.birth is None) == ("age" in label)


def _form(seen_at: str, language: str = "en") -> DemandForm:
    return DemandForm.model_validate(
        {
            "kind": "subscriber",
            "addressee": "Example Telecom",
            "language": language,
            "authority": "An order",
            "ip": "203.0.113.7",
            "seen_at": seen_at,
        }
    )


def test_a_demands_time_is_the_moment_that_was_written() -> None:
    there = datetime(2014, 2, 20, 1, 0, 7, tzinfo=UTC)
    for text in ("2014-02-20T10:00:07+09:00", "2014-02-20T01:00:07", "2014-02-20T01:00:07Z"):
        assert demand_facts(_form(text)).seen_at == there


@pytest.mark.parametrize("text", ["2014-02-20", "20140220", "0001-01-01T00:00+14:00", "yesterday"])
def test_a_day_without_its_time_names_nobody(text: str) -> None:
    with pytest.raises(Invalid, match="seen_at"):
        demand_facts(_form(text))


def test_a_korean_letter_says_the_time_of_korea_too(node: Node) -> None:
    case_id = a_case(node).case.id
    with open_work(node, CONSOLE) as work:
        form = _form("2014-02-20T22:00:07", "ko")
        demand = demands.draft_demand(work, case_id, demand_facts(form))
    text = letter(demand, "2014-000001", synthetic=True)
    assert "2014-02-20 22:00:07 UTC (2014-02-21 07:00:07 KST)" in text


def test_the_form_takes_seconds_and_an_odd_page_is_refused(node: Node) -> None:
    case_id = a_case(node).case.id
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(build_app(node))
    sign_in(client, "desk")
    page = client.get(f"/cases/{case_id}/demands").text
    (field,) = [line for line in page.splitlines() if 'name="seen_at"' in line]
    assert 'step="1"' in field
    assert client.get("/deconfliction?page=99999999999999999999").status_code in {400, 422}
