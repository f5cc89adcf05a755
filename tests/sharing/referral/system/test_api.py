"""An agency's own system fetches referrals over the HTTP API, keeps them and answers."""

from collections.abc import Callable, Generator, Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.nodes import CONSOLE, add_staff, add_unit
from tests.sharing import net
from tests.sharing.referral.road import Road, open_road
from tests.sharing.referral.test_road import PERSON
from tests.tips.triage.filed import report_xml
from tests.web.pages import shell_app
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office.actions import change_staff
from tipbridge.office.tokens.actions import add_token, end_token
from tipbridge.sharing.referral import pages
from tipbridge.sharing.referral.life import actions as lives
from tipbridge.sharing.referral.life.model import Why, Word
from tipbridge.sharing.referral.system import api
from tipbridge.web import session

PATH = api.PATH


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes with agreements on both stretches."""
    with open_road(make_node) as found:
        yield found


def _token(node: Node, actor: Actor) -> str:
    with open_work(node, actor) as work:
        return add_token(work, label="our case system").token


def _system(node: Node, token: str | None = None) -> TestClient:
    app = shell_app(node, routers=(api.router, pages.router))
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    return TestClient(app, base_url="http://localhost", headers=headers, follow_redirects=False)


def _waiting(client: TestClient, **asked: int) -> list[dict[str, Any]]:
    answer = client.get(PATH, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["waiting"]


def test_a_system_fetches_keeps_and_answers_and_hears_of_a_recall(road: Road) -> None:
    first, _, _, at_police = road.carry(road.tip(report_xml(PERSON)))
    client = _system(road.police, _token(road.police, add_staff(road.police, Role.INVESTIGATOR)))
    (line,) = _waiting(client)
    assert (line["id"], line["version"], line["peer"]) == (at_police, 1, "us.hsi")
    whole = client.get(f"{PATH}/{at_police}").json()
    assert "203.0.113.7" in str(whole["parts"])
    assert {part["sender"] for part in whole["parts"]} <= {"us.clearing", "us.hsi"}
    assert whole["next_stages"] == ["accepted", "refused", "returned"]

    assert _waiting(client) == [line], "it waits until the system says that it keeps it"
    assert client.post(f"{PATH}/{at_police}/taken", json={"version": 1}).status_code == 204
    assert _waiting(client) == []
    said = client.post(f"{PATH}/{at_police}/stage", json={"word": "accepted"})
    assert (said.status_code, said.json()["word"]) == (200, "accepted")
    useful = {"appraisal": "useful"}
    assert client.post(f"{PATH}/{at_police}/appraisal", json=useful).json() == {"told": True}
    assert client.post(f"{PATH}/{at_police}/appraisal", json=useful).json() == {"told": False}
    road.settle()
    with open_work(road.clearing, CONSOLE) as work:
        lives.withdraw_referral(work, first, Word.RECALL, why=Why.WRONG_PERSON)
    road.settle()

    (again,) = _waiting(client)
    assert (again["id"], again["version"], again["state"]) == (at_police, 2, "recalled")
    whole = client.get(f"{PATH}/{at_police}").json()
    assert whole["recalled"] is True
    assert ("recall", "wrong-person") in {(each["word"], each["why"]) for each in whole["said"]}
    client.post(f"{PATH}/{at_police}/taken", json={"version": 2})
    client.post(f"{PATH}/{at_police}/taken", json={"version": 1})
    assert _waiting(client) == [], "an older word takes nothing back"


def test_two_systems_each_have_their_own_list_and_the_oldest_comes_first(road: Road) -> None:
    ids = [road.carry(road.tip(report_xml(PERSON)))[3] for _ in range(2)]
    one, two = (
        _system(road.police, _token(road.police, add_staff(road.police, Role.INVESTIGATOR)))
        for _ in range(2)
    )
    assert [line["id"] for line in _waiting(one, limit=1)] == ids[:1]
    # What can't be taken over yet does not hide what comes after it.
    first = one.get(PATH, params={"limit": 1}).json()
    second = one.get(PATH, params={"limit": 1, "after": first["next"]}).json()
    assert [line["id"] for line in second["waiting"]] == ids[1:]
    last = one.get(PATH, params={"limit": 1, "after": second["next"]}).json()
    assert last == {"waiting": [], "next": None}
    assert one.get(PATH, params={"after": "0" * 32}).status_code == 404
    one.post(f"{PATH}/{ids[0]}/taken", json={"version": 1})
    assert [line["id"] for line in _waiting(one)] == ids[1:]
    assert [line["id"] for line in _waiting(two)] == ids


@pytest.fixture
def police(make_node: Callable[..., Node]) -> Node:
    """A police node that received nothing."""
    return make_node("kr.knpa", profiles=("police",))


def test_only_a_token_that_holds_opens_the_api(police: Node) -> None:
    holder = add_staff(police, Role.INVESTIGATOR)
    token = _token(police, holder)
    assert _waiting(_system(police, token)) == []
    for shown in (None, "", "tbt_" + "0" * 64, token[:-1], f"{token} x"):
        refused = _system(police, shown).get(PATH)
        assert refused.status_code == 401, shown
        assert refused.headers["www-authenticate"] == "Bearer"
        assert refused.json()["error"] == "unauthenticated"
    with open_work(police, holder) as work:
        made = add_token(work, label="another")
        end_token(work, made.id)
    assert _system(police, made.token).get(PATH).status_code == 401
    with open_work(police, CONSOLE) as work:
        change_staff(
            work, username=holder.name, roles=("investigator",), unit="headquarters", active=False
        )
    assert _system(police, token).get(PATH).status_code == 401, "its holder works here no more"


def test_a_token_opens_no_page(police: Node) -> None:
    client = _system(police, _token(police, add_staff(police, Role.INVESTIGATOR)))
    assert client.get("/referrals").status_code == 401


def test_a_token_is_over_after_its_days(police: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_work(police, add_staff(police, Role.INVESTIGATOR)) as work:
        made = add_token(work, label="a day", days=1)
    assert _system(police, made.token).get(PATH).status_code == 200
    monkeypatch.setattr(session, "machine_now", lambda: made.expires_at + timedelta(seconds=1))
    assert _system(police, made.token).get(PATH).status_code == 401


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"version": 0}', "versions 1 to 1"),
        (b'{"version": 2}', "versions 1 to 1"),
        (b'{"version": "x"}', "version: "),
        (b'{"version": 1, "more": 1}', "more: "),
        (b"{", "the body: "),
        (b" " * 20_000, "at most 16384 bytes"),
    ],
    ids=("none", "too new", "no number", "more", "broken", "too long"),
)
def test_a_wrong_body_is_refused_with_its_place(road: Road, body: bytes, words: str) -> None:
    at_police = road.carry(road.tip(report_xml(PERSON)))[3]
    client = _system(road.police, _token(road.police, add_staff(road.police, Role.INVESTIGATOR)))
    refused = client.post(f"{PATH}/{at_police}/taken", content=body)
    assert refused.status_code == 400
    assert words in refused.json()["message"]
    assert len(_waiting(client)) == 1


def test_another_units_referral_looks_like_none(road: Road) -> None:
    at_police = road.carry(road.tip(report_xml(PERSON)))[3]
    unit = add_unit(road.police, "busan")
    client = _system(
        road.police, _token(road.police, add_staff(road.police, Role.ANALYST, unit=unit))
    )
    assert _waiting(client) == []
    nothing = client.get(f"{PATH}/{'0' * 32}")
    hidden = client.get(f"{PATH}/{at_police}")
    assert (hidden.status_code, nothing.status_code) == (404, 404)
    assert hidden.json()["message"].replace(at_police, "") == nothing.json()["message"].replace(
        "0" * 32, ""
    )
    net.events(road.police)


def test_the_description_has_every_call_and_every_document_that_it_names(police: Node) -> None:
    told = _system(police).get("/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    calls = {(path, method) for path, found in told["paths"].items() for method in found}
    assert calls == {
        (PATH, "get"),
        (f"{PATH}/{{received_id}}", "get"),
        (f"{PATH}/{{received_id}}/taken", "post"),
        (f"{PATH}/{{received_id}}/stage", "post"),
        (f"{PATH}/{{received_id}}/appraisal", "post"),
    }
    named = set(_references(told))
    assert named
    assert named <= {f"#/components/schemas/{name}" for name in told["components"]["schemas"]}
    words = told["components"]["schemas"]["Word"]["enum"]
    assert "accepted" in words
    assert told["security"] == [{"token": []}]


def _references(found: object) -> Iterator[str]:
    if isinstance(found, dict):
        for name, value in found.items():
            if name == "$ref":
                yield str(value)
            yield from _references(value)
    elif isinstance(found, list):
        for value in found:
            yield from _references(value)
