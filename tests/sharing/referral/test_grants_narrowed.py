"""Who asked for leave chooses itself which of the granted classes it releases: narrower, never wider."""

from collections.abc import Callable, Collection, Generator

import pytest

from tests.nodes import CONSOLE
from tests.sharing.referral.road import KOREA, START, Road, asked, open_road, values
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import DataClass
from tipbridge.sharing.referral import actions, pages, requesting
from tipbridge.sharing.referral.errors import Changed
from tipbridge.sharing.referral.model import State
from tipbridge.sharing.referral.present import request_json

GRANTED = frozenset({DataClass.INCIDENT, DataClass.IP, DataClass.ACCOUNT, DataClass.CONTACT})


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes without an agreement between liaison and police."""
    with open_road(make_node, agreed=False) as found:
        yield found


def _grant(road: Road, request_id: str) -> None:
    with open_work(road.police, CONSOLE) as work:
        requesting.answer_request(
            work,
            request_id,
            granted=True,
            legal_basis="A warrant",
            minimum_age=KOREA,
            allowed=GRANTED,
        )
    road.settle()


def _narrow(node: Node, request_id: str, classes: Collection[DataClass]) -> None:
    with open_work(node, CONSOLE) as work:
        requesting.narrow_grant(work, request_id, frozenset(classes))


def _came(road: Road, referral_id: str) -> set[str]:
    with open_work(road.liaison, CONSOLE) as work:
        assert actions.decide_referral(work, referral_id).state is State.ALLOWED
        actions.release_referral(work, referral_id)
    road.settle()
    return set(values(road.police, road.received(road.police)[0].id))


@pytest.mark.parametrize("before", [True, False])
def test_only_the_chosen_classes_leave_whether_chosen_before_the_answer_or_after(
    road: Road, before: bool
) -> None:
    referral_id, request_id = asked(road)
    chosen = {DataClass.INCIDENT, DataClass.IP} | ({DataClass.NAME} if before else set())
    if before:
        _narrow(road.liaison, request_id, chosen)
    _grant(road, request_id)
    if not before:
        _narrow(road.liaison, request_id, chosen)
    came = _came(road, referral_id)
    assert "people/0/ips/0" in came
    assert not any("emails" in label or "accounts" in label for label in came)
    assert "people/0/name" not in came, "what was chosen and not granted stays too"


def test_a_choice_after_the_decision_has_it_decided_anew(road: Road) -> None:
    referral_id, request_id = asked(road)
    _grant(road, request_id)
    with open_work(road.liaison, CONSOLE) as work:
        actions.decide_referral(work, referral_id)
    _narrow(road.liaison, request_id, {DataClass.INCIDENT})
    with pytest.raises(Changed), open_work(road.liaison, CONSOLE) as work:
        actions.release_referral(work, referral_id)
    assert not any(label.startswith("people/") for label in _came(road, referral_id))


def test_nothing_wider_than_the_grant_is_chosen_and_nothing_after_the_release(road: Road) -> None:
    referral_id, request_id = asked(road)
    _grant(road, request_id)
    with pytest.raises(Invalid, match="name"):
        _narrow(road.liaison, request_id, {DataClass.IP, DataClass.NAME})
    with pytest.raises(Invalid, match="at least one"):
        _narrow(road.liaison, request_id, ())
    with pytest.raises(NotFound):
        _narrow(road.police, request_id, {DataClass.IP})
    _came(road, referral_id)
    with pytest.raises(Conflict):
        _narrow(road.liaison, request_id, {DataClass.INCIDENT})


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Release these classes alone"), ("ko", "선택한 종류만 송부")]
)
def test_staff_choose_by_the_page(road: Road, language: str, words: str) -> None:
    referral_id, request_id = asked(road)
    _grant(road, request_id)
    client = browser(shell_app(road.liaison, routers=(pages.router,)), language=language)
    add_member(road.liaison, "officer", Role.LIAISON)
    sign_in(client, "officer")
    page = client.get(f"/requests/{request_id}").text
    assert words in page
    assert page.count('name="chosen"') == len(GRANTED)
    answer = client.post(
        f"/requests/{request_id}/classes", data={"chosen": ["incident", "account"]}
    )
    assert answer.status_code == 303
    assert client.get(f"/requests/{request_id}").text.count("checked") == 2
    assert not any("ips" in label for label in _came(road, referral_id))


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Nothing that was chosen was granted"), ("ko", "선택한 종류 가운데 허가된 것이 없어")],
)
def test_a_choice_that_shares_nothing_with_the_grant_is_said(
    road: Road, language: str, words: str
) -> None:
    _, request_id = asked(road)
    client = browser(shell_app(road.liaison, routers=(pages.router,)), language=language)
    add_member(road.liaison, "officer", Role.LIAISON)
    sign_in(client, "officer")
    _narrow(road.liaison, request_id, {DataClass.CONTENT})
    assert words not in client.get(f"/requests/{request_id}").text
    _grant(road, request_id)
    assert words in client.get(f"/requests/{request_id}").text
    with open_work(road.liaison, CONSOLE) as work:
        found = requesting.read_request(work, request_id)
    assert request_json(found, START)["nothing_in_common"]
    _narrow(road.liaison, request_id, {DataClass.IP})
    assert words not in client.get(f"/requests/{request_id}").text


def test_a_grant_of_no_class_is_no_grant(road: Road) -> None:
    _, request_id = asked(road)
    with (
        pytest.raises(Invalid, match="at least one class"),
        open_work(road.police, CONSOLE) as work,
    ):
        requesting.answer_request(
            work,
            request_id,
            granted=True,
            legal_basis="A warrant",
            minimum_age=KOREA,
            allowed=frozenset(),
        )
