"""Who returns a referral sees how far its word came, and whether anything answers it."""

import pytest

from tests.nodes import CONSOLE
from tests.sharing.referral.road import PERSON, Road, open_road
from tests.tips.triage.filed import report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange.parking.actions import list_parked
from tipbridge.sharing.referral import actions, pages
from tipbridge.sharing.referral.life import actions as life
from tipbridge.sharing.referral.life import travelling
from tipbridge.sharing.referral.life.model import Returned, Why, Word
from tipbridge.sharing.referral.model import SourceKind


def _returned(road: Road, referral_id: str) -> Returned | None:
    with open_work(road.liaison, CONSOLE) as work:
        return life.life_of(work, actions.read_referral(work, referral_id).referral).returned


def _arrived(road: Road, tip: str) -> str:
    road.refer(road.clearing, SourceKind.TIP, tip, road.liaison)
    road.settle()
    return road.received(road.liaison)[0].id


def _say_returned(road: Road, referral_id: str) -> None:
    with open_work(road.liaison, CONSOLE) as work:
        life.say_stage(work, referral_id, Word.RETURNED, why=Why.LACKED_PORT)


def _page(road: Road, referral_id: str, language: str) -> str:
    name = f"reader-{language}"
    add_member(road.liaison, name, Role.LIAISON)
    app = shell_app(road.liaison, routers=(pages.router,), navigation=pages.NAV)
    client = browser(app, language=language)
    sign_in(client, name)
    return client.get(f"/referrals/{referral_id}").text


def test_a_return_waits_in_sight_until_a_referral_answers_it(make_node) -> None:
    with open_road(make_node) as road:
        tip = road.tip(report_xml(PERSON))
        first = _arrived(road, tip)
        assert _returned(road, first) is None
        _say_returned(road, first)
        waiting = _returned(road, first)
        assert waiting is not None
        assert (waiting.saying.why, waiting.package_state) == (Why.LACKED_PORT, "queued")
        road.settle()
        _arrived(road, road.tip(report_xml(PERSON)))  # of another report: no answer
        told = _returned(road, first)
        assert told is not None
        assert (told.package_state, told.answered_in) == ("delivered", ())
        assert "not answered yet" in _page(road, first, "en")
        second = _arrived(road, tip)
        answered = _returned(road, first)
        assert answered is not None
        assert answered.answered_in == (second,)
        assert f'href="/referrals/{second}"' in _page(road, first, "ko")


def test_a_word_that_the_other_side_could_not_read_is_not_said_to_be_answered(
    make_node, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unread(*_: object) -> None:
        raise Invalid("This says nothing about a referral.")

    with open_road(make_node) as road:
        first = _arrived(road, road.tip(report_xml(PERSON)))
        _say_returned(road, first)
        with monkeypatch.context() as earlier:
            earlier.setattr(travelling, "said_in", unread)
            road.settle()
        with open_work(road.clearing, CONSOLE) as work:
            assert len(list_parked(work)) == 1
        shown = _page(road, first, "ko")
        assert "아직 회신 없음" in shown
        assert "다른 경로로 문의하십시오" in shown
        with open_work(road.clearing, CONSOLE) as work:
            assert actions.count_to_release(work) == 0
