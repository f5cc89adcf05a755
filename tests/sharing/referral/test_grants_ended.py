"""A request has a day by which it is answered, and a grant is taken back by who gave it."""

from collections.abc import Callable, Generator
from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.referral.road import KOREA, START, Road, asked, follow, open_road, view
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.sharing.referral import actions, pages, requesting
from tipbridge.sharing.referral.errors import NotReleasable
from tipbridge.sharing.referral.model import RequestState, SourceKind, State
from tipbridge.sharing.referral.present import request_json
from tipbridge.sharing.referral.terms import due_on


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes without an agreement between liaison and police."""
    with open_road(make_node, agreed=False) as found:
        yield found


def _granted(road: Road) -> tuple[str, str]:
    referral_id, request_id = asked(road)
    with open_work(road.police, CONSOLE) as work:
        requesting.answer_request(
            work, request_id, granted=True, legal_basis="A warrant", minimum_age=KOREA
        )
    return referral_id, request_id


def _withdraw(road: Road, request_id: str) -> None:
    with open_work(road.police, CONSOLE) as work:
        requesting.withdraw_grant(work, request_id, reason="The warrant was lifted.")


def _state(node: Node, request_id: str) -> RequestState:
    with open_work(node, CONSOLE) as work:
        return requesting.read_request(work, request_id).state


def test_what_is_queued_under_a_grant_that_was_taken_back_lapses(road: Road) -> None:
    referral_id, request_id = _granted(road)
    road.settle()
    with open_work(road.liaison, CONSOLE) as work:
        actions.decide_referral(work, referral_id)
        actions.release_referral(work, referral_id)
    queued = net.events(road.liaison)
    _withdraw(road, request_id)
    net.settle([road.police, road.liaison], follow)
    assert _state(road.liaison, request_id) is RequestState.WITHDRAWN
    assert view(road.liaison, referral_id).referral.state is State.LAPSED
    for event, ids in queued:
        follow(road.liaison, event, ids)
    road.settle()
    assert road.received(road.police) == []
    with open_work(road.liaison, CONSOLE) as work:
        read = requesting.read_request(work, request_id)
    assert read.withdrawn_why == "The warrant was lifted."


def test_nothing_is_released_or_let_in_after_a_grant_was_taken_back(road: Road) -> None:
    referral_id, request_id = _granted(road)
    road.settle()
    with open_work(road.liaison, CONSOLE) as work:
        actions.decide_referral(work, referral_id)
    _withdraw(road, request_id)
    with open_work(road.liaison, CONSOLE) as work:
        actions.release_referral(work, referral_id)  # the word is on its way
    sent = net.events(road.liaison)
    for event, ids in sent:
        follow(road.liaison, event, ids)
    assert view(road.liaison, referral_id).referral.state is not State.DELIVERED
    road.settle()
    assert road.received(road.police) == []
    with open_work(road.liaison, CONSOLE) as work:
        second = actions.open_referral(
            work,
            kind=SourceKind.REFERRAL,
            source_id=road.received(road.liaison)[0].id,
            peer_id="kr.knpa",
        )
        assert actions.decide_referral(work, second).state is State.DENIED
        with pytest.raises((NotReleasable, Conflict)):
            actions.release_referral(work, second)


def test_a_grant_that_comes_after_its_withdrawal_opens_nothing(road: Road) -> None:
    _, request_id = _granted(road)
    granting = net.events(road.police)
    _withdraw(road, request_id)
    net.settle([road.police, road.liaison], follow)
    assert _state(road.liaison, request_id) is RequestState.REFUSED
    for event, ids in granting:
        follow(road.police, event, ids)
    road.settle()
    assert _state(road.liaison, request_id) is RequestState.REFUSED


def test_only_a_grant_of_this_node_is_taken_back_with_a_reason_and_once(road: Road) -> None:
    _, request_id = asked(road)
    with pytest.raises(Conflict, match="open, not granted"):
        _withdraw(road, request_id)
    with pytest.raises(NotFound), open_work(road.liaison, CONSOLE) as work:
        requesting.withdraw_grant(work, request_id, reason="It is not mine.")
    with open_work(road.police, CONSOLE) as work:
        requesting.answer_request(
            work, request_id, granted=True, legal_basis="A warrant", minimum_age=KOREA
        )
        with pytest.raises(Invalid, match="reason"):
            requesting.withdraw_grant(work, request_id, reason=" ")
    _withdraw(road, request_id)
    with pytest.raises(Conflict, match="withdrawn"):
        _withdraw(road, request_id)


def test_a_request_is_due_by_the_rule_of_its_day_and_late_ones_are_counted_at_both_ends(
    road: Road,
) -> None:
    _, request_id = asked(road)
    due = due_on(START)
    assert date(2014, 3, 1) < due
    for node, open_now in ((road.liaison, 0), (road.police, 1)):
        with open_work(node, CONSOLE) as work:
            told = request_json(requesting.read_request(work, request_id), work.now)
            assert (told["due_on"], told["overdue"]) == (due, False)
            assert requesting.count_waiting(work) == open_now
    road.move_clocks(START + (due - START.date()) + timedelta(days=1))
    for node in (road.liaison, road.police):
        with open_work(node, CONSOLE) as work:
            assert request_json(requesting.read_request(work, request_id), work.now)["overdue"]
            assert requesting.count_waiting(work) == 1, "who asked sees that nobody answered"
    with open_work(road.police, CONSOLE) as work:
        requesting.answer_request(work, request_id, granted=False, legal_basis="Not by our law")
        assert not request_json(requesting.read_request(work, request_id), work.now)["overdue"]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Take the grant back"), ("ko", "승인 철회")]
)
def test_staff_see_the_day_and_take_a_grant_back_by_the_page(
    road: Road, language: str, words: str
) -> None:
    _, request_id = asked(road)
    client: TestClient = browser(shell_app(road.police, routers=(pages.router,)), language=language)
    add_member(road.police, "officer", Role.INVESTIGATOR)
    sign_in(client, "officer")
    assert due_on(START).isoformat() in client.get("/requests").text
    assert words not in client.get(f"/requests/{request_id}").text
    with open_work(road.police, CONSOLE) as work:
        requesting.answer_request(
            work, request_id, granted=True, legal_basis="A warrant", minimum_age=KOREA
        )
    assert words in client.get(f"/requests/{request_id}").text
    path = f"/requests/{request_id}/withdrawal"
    assert client.post(path, data={"reason": "The warrant was lifted."}).status_code == 303
    page = client.get(f"/requests/{request_id}").text
    assert words not in page
    assert "The warrant was lifted." in page


def test_the_page_grants_content_to_nobody_who_did_not_tick_it(road: Road) -> None:
    _, request_id = asked(road)
    client: TestClient = browser(shell_app(road.police, routers=(pages.router,)))
    add_member(road.police, "officer", Role.INVESTIGATOR)
    sign_in(client, "officer")
    page = client.get(f"/requests/{request_id}").text
    assert 'name="allowed" value="account" checked' in page
    assert 'name="allowed" value="content">' in page
