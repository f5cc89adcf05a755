"""The bulletin's page."""

import json

import pytest

from tests.bulletin.test_actions import add_case, add_person, decide
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.bulletin import pages
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.work import open_work

PERIOD = "from=2013-11-01&to=2014-10-31"


def reader(node, role: Role):
    add_member(node, "reader", role)
    app = shell_app(node)
    app.include_router(pages.router)
    client = browser(app)
    sign_in(client, "reader")
    return client


def seven_people(node):
    with open_work(node, WORKER) as work:
        add_case(work, "a")
        for number in range(7):
            add_person(work, f"p{number}", "a", position=number + 1)
            decide(work, f"p{number}", "a")


def test_the_page_shows_the_public_view_first_and_the_full_one_to_those_who_may(node):
    seven_people(node)
    client = reader(node, Role.INVESTIGATOR)
    public = client.get(f"/bulletin?{PERIOD}")
    assert public.status_code == 200
    assert "public view" in public.text
    assert "7" in public.text
    full = client.get(f"/bulletin?{PERIOD}&view=full")
    assert "full view, not for publication" in full.text
    assert "booked without detention" in full.text


def test_the_press_sees_no_way_to_the_full_view_and_is_refused(node):
    client = reader(node, Role.PRESS)
    assert "view=full" not in client.get(f"/bulletin?{PERIOD}").text
    assert client.get(f"/bulletin?{PERIOD}&view=full").status_code == 403


def test_the_page_speaks_korean(node):
    seven_people(node)
    client = reader(node, Role.PRESS)
    client.get("/language/ko")
    assert "불구속" in client.get(f"/bulletin?{PERIOD}").text


def test_the_same_figures_are_there_as_json(node):
    seven_people(node)
    client = reader(node, Role.PRESS)
    found = client.get(f"/bulletin.json?{PERIOD}")
    assert found.headers["content-type"].startswith("application/json")
    assert json.loads(found.text)["people"] == 7


def test_without_a_period_the_last_twelve_months_are_shown(node):
    assert reader(node, Role.AUDITOR).get("/bulletin").status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        "?to=0001-01-01",
        "?from=0001-01-01&to=2014-12-31",
        "?to=9999-12-31",
        ".json?from=1800-01-01&to=9999-12-31",
    ],
)
def test_a_period_at_the_edge_of_the_calendar_is_refused(node, asked: str):
    answer = reader(node, Role.AUDITOR).get(f"/bulletin{asked}")
    assert answer.status_code == 400
    assert "1900" in answer.text


def test_a_stranger_is_sent_to_sign_in(node):
    app = shell_app(node)
    app.include_router(pages.router)
    assert browser(app).get("/bulletin").status_code == 303
