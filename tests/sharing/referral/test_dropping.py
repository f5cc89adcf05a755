"""A referral that was prepared by mistake is set aside, and stands in the way of no other."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.nodes import CONSOLE
from tests.sharing.referral.road import PERSON, Road, asked, open_road, view
from tests.tips.triage.filed import report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.agreements.model import MinimumAge, Purpose
from tipbridge.sharing.referral import actions, asking, pages, requesting
from tipbridge.sharing.referral.dropping import pages as dropping_pages
from tipbridge.sharing.referral.dropping.actions import drop_referral
from tipbridge.sharing.referral.model import RequestState, SourceKind, State
from tipbridge.sharing.referral.replaying.actions import replay_decisions


def _drafted(road: Road, tip: str, purpose: Purpose = Purpose.INVESTIGATION) -> str:
    with open_work(road.clearing, CONSOLE) as work:
        referral_id = actions.open_referral(
            work, kind=SourceKind.TIP, source_id=tip, peer_id="us.hsi", purpose=purpose
        )
        actions.decide_referral(work, referral_id)
    return referral_id


def _drop(node: Node, referral_id: str, reason: str = "The wrong purpose.") -> None:
    with open_work(node, CONSOLE) as work:
        drop_referral(work, referral_id, reason=reason)


def _state(node: Node, request_id: str) -> RequestState:
    with open_work(node, CONSOLE) as work:
        return requesting.read_request(work, request_id).state


def _answer(road: Road, request_id: str) -> None:
    with open_work(road.police, CONSOLE) as work:
        requesting.answer_request(
            work,
            request_id,
            granted=True,
            legal_basis="Act, article 5",
            minimum_age=MinimumAge(years=14, jurisdiction="KR", citation="Act, article 9"),
        )


def test_the_wrong_one_is_set_aside_and_the_right_one_goes(make_node: Callable[..., Node]) -> None:
    with open_road(make_node) as road:
        tip = road.tip(report_xml(PERSON))
        wrong = _drafted(road, tip, Purpose.REMOVAL)
        with pytest.raises(Conflict, match="being prepared"):
            _drafted(road, tip)
        _drop(road.clearing, wrong)
        right = _drafted(road, tip)
        with open_work(road.clearing, CONSOLE) as work:
            assert actions.count_to_release(work) == 1
            actions.release_referral(work, right)
        road.settle()
        assert len(road.received(road.liaison)) == 1
        dropped = view(road.clearing, wrong).referral
        assert (dropped.state, dropped.dropped_why) == (State.DROPPED, "The wrong purpose.")
        for verb in (actions.decide_referral, actions.release_referral, _dropping):
            with (
                pytest.raises(Conflict, match="dropped"),
                open_work(road.clearing, CONSOLE) as work,
            ):
                verb(work, wrong)
        with pytest.raises(Conflict, match="delivered"):
            _drop(road.clearing, right)
        with pytest.raises(NotFound):
            _drop(road.liaison, road.received(road.liaison)[0].id)
        with open_work(road.clearing, CONSOLE) as work:
            replayed = replay_decisions(work)
        assert (replayed.same, replayed.different) == (replayed.decisions, ())


def test_leave_that_comes_for_one_that_was_set_aside_opens_nothing(
    make_node: Callable[..., Node],
) -> None:
    with open_road(make_node, agreed=False) as road:
        referral_id, request_id = asked(road)
        _drop(road.liaison, referral_id)
        _answer(road, request_id)
        road.settle()
        assert _state(road.police, request_id) is RequestState.WITHDRAWN, "granted as it came"
        assert _state(road.liaison, request_id) is RequestState.WITHDRAWN
        with pytest.raises(Conflict, match="dropped"), open_work(road.liaison, CONSOLE) as work:
            actions.decide_referral(work, referral_id)


def _dropping(work: Work, referral_id: str) -> None:
    drop_referral(work, referral_id, reason="Again.")


@pytest.mark.parametrize("granted", [False, True])
def test_what_was_asked_about_it_is_taken_back_at_the_peer(
    make_node: Callable[..., Node], granted: bool
) -> None:
    with open_road(make_node, agreed=False) as road:
        referral_id, request_id = asked(road)
        if granted:
            _answer(road, request_id)
            road.settle()
        _drop(road.liaison, referral_id, "About the wrong person.")
        road.settle()
        for node in (road.liaison, road.police):
            assert _state(node, request_id) is RequestState.WITHDRAWN
        with open_work(road.police, CONSOLE) as work:
            assert requesting.count_waiting(work) == 0
            seen = requesting.read_request(work, request_id)
            assert seen.withdrawn_why != "About the wrong person.", "a reason stays at home"
        with pytest.raises(Conflict, match="withdrawn"):
            _answer(road, request_id)


def test_nobody_takes_back_what_another_asked(make_node: Callable[..., Node]) -> None:
    with open_road(make_node, agreed=False) as road:
        _, request_id = asked(road)
        with open_work(road.police, CONSOLE) as work:
            kept = requesting.read_request(work, request_id)
        with pytest.raises(Invalid, match="another"), open_work(road.police, WORKER) as work:
            asking.note_taken_back(work, replace(kept, peer_id="us.clearing"))


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
def test_it_is_set_aside_with_a_reason(make_node: Callable[..., Node], reason: str) -> None:
    with open_road(make_node) as road:
        wrong = _drafted(road, road.tip(report_xml(PERSON)), Purpose.REMOVAL)
        with pytest.raises(Invalid):
            _drop(road.clearing, wrong, reason)


@pytest.mark.parametrize(("language", "word"), [("en", "dropped"), ("ko", "폐기됨")])
def test_the_page_sets_aside(make_node: Callable[..., Node], language: str, word: str) -> None:
    with open_road(make_node) as road:
        wrong = _drafted(road, road.tip(report_xml(PERSON)), Purpose.REMOVAL)
        add_member(road.clearing, "desk", Role.ANALYST)
        routers = (pages.router, dropping_pages.router)
        app = shell_app(road.clearing, routers=routers, navigation=pages.NAV)
        client = browser(app, language=language)
        sign_in(client, "desk")
        address = f"/referrals/{wrong}/dropping"
        assert address in client.get(f"/referrals/{wrong}").text
        assert client.post(address, data={"reason": "Wrong desk."}).status_code == 303
        shown = client.get(f"/referrals/{wrong}").text
        assert word in shown
        assert "Wrong desk." in shown
        assert address not in shown
        assert word in client.get("/referrals").text
