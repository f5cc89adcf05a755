"""A case-by-case grant goes round no agreement: one that covers it binds it, held up it stops it."""

import re

import pytest

from tests.nodes import CONSOLE
from tests.sharing.referral.road import (
    KOREA,
    LAPSED,
    PERSON,
    Road,
    hold,
    hold_signed,
    open_road,
    view,
)
from tests.tips.triage.filed import report_xml
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements import actions as agreements
from tipbridge.knowledge.agreements.model import DataClass, Purpose
from tipbridge.knowledge.agreements.purposes import together
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.sharing.referral import actions, requesting
from tipbridge.sharing.referral.errors import NotReleasable
from tipbridge.sharing.referral.model import SourceKind, State
from tipbridge.sharing.referral.replaying import actions as replaying


def _mou(road: Road) -> str:
    text = template_text("police-mou", sender="us.hsi", receiver="kr.knpa")
    return hold_signed(road.liaison, road.police, text)


def _received(road: Road) -> str:
    tip = road.tip(report_xml(PERSON), files=(b"bytes",))
    road.refer(road.clearing, SourceKind.TIP, tip, road.liaison)
    road.settle()
    return road.received(road.liaison)[0].id


def _draft(node: Node, source_id: str, purpose: Purpose = Purpose.INVESTIGATION) -> str:
    with open_work(node, CONSOLE) as work:
        id_ = actions.open_referral(
            work,
            kind=SourceKind.REFERRAL,
            source_id=source_id,
            peer_id="kr.knpa",
            purpose=purpose,
        )
        actions.decide_referral(work, id_)
    return id_


def _ask(node: Node, referral_id: str) -> str:
    with open_work(node, CONSOLE) as work:
        return requesting.open_request(work, referral_id).id


def _grant(road: Road, request_id: str, allowed: frozenset[DataClass] | None = None) -> None:
    with open_work(road.police, CONSOLE) as work:
        requesting.answer_request(
            work,
            request_id,
            granted=True,
            legal_basis="Act, article 5",
            minimum_age=KOREA,
            allowed=allowed,
        )
    road.settle()


def test_what_an_agreement_covers_is_not_asked_for_case_by_case(make_node):
    with open_road(make_node, agreed=False) as road:
        _mou(road)
        draft = _draft(road.liaison, _received(road))
        with pytest.raises(Conflict, match="covers this"):
            _ask(road.liaison, draft)


def test_a_suspended_agreement_is_not_gone_round(make_node):
    with open_road(make_node, agreed=False) as road:
        name = _mou(road)
        draft = _draft(road.liaison, _received(road))
        with open_work(road.liaison, CONSOLE) as work:
            agreements.suspend_agreement(work, name, reason="breach")
        with pytest.raises(Conflict, match="suspended"):
            _ask(road.liaison, draft)


def test_nobody_grants_round_an_agreement_that_is_suspended_there(make_node):
    with open_road(make_node, agreed=False) as road:
        draft = _draft(road.liaison, _received(road))
        request = _ask(road.liaison, draft)
        road.settle()
        name = _mou(road)
        with open_work(road.police, CONSOLE) as work:
            agreements.suspend_agreement(work, name, reason="breach")
        with pytest.raises(Conflict, match="suspended"):
            _grant(road, request)


@pytest.mark.parametrize("purpose", [Purpose.INVESTIGATION, Purpose.VICTIM_IDENTIFICATION])
def test_what_opens_a_case_goes_round_no_suspended_agreement_of_the_other_purpose_that_does(
    make_node, purpose: Purpose
):
    with open_road(make_node, agreed=False) as road:
        other = ({*together(purpose)} - {purpose}).pop()
        draft = _draft(road.liaison, _received(road), other)
        request = _ask(road.liaison, draft)
        road.settle()
        text = template_text("police-mou", sender="us.hsi", receiver="kr.knpa")
        mou = re.sub(r'^purpose = ".*"$', f'purpose = "{purpose}"', text, flags=re.MULTILINE)
        name = hold_signed(road.liaison, road.police, mou)
        with open_work(road.police, CONSOLE) as work:
            agreements.suspend_agreement(work, name, reason="breach")
        with pytest.raises(Conflict, match="suspended"):
            _grant(road, request)


def test_a_suspended_agreement_about_removal_stops_no_grant_for_an_investigation(make_node):
    with open_road(make_node, agreed=False) as road:
        draft = _draft(road.liaison, _received(road))
        text = template_text("police-mou", sender="us.hsi", receiver="kr.knpa")
        removal = re.sub(
            r'^purpose = ".*"$', f'purpose = "{Purpose.REMOVAL}"', text, flags=re.MULTILINE
        )
        name = hold_signed(road.liaison, road.police, removal)
        with open_work(road.police, CONSOLE) as work:
            agreements.suspend_agreement(work, name, reason="breach")
        request = _ask(road.liaison, draft)
        road.settle()
        _grant(road, request)
        with open_work(road.liaison, CONSOLE) as work:
            actions.decide_referral(work, draft)
            actions.release_referral(work, draft)
        road.settle()
        assert len(road.received(road.police)) == 1


def test_one_of_other_offences_that_is_suspended_is_said_before_anything_lapses_in_flight(
    make_node,
):
    with open_road(make_node, agreed=False) as road:
        draft = _draft(road.liaison, _received(road))
        text = template_text("police-mou", sender="us.hsi", receiver="kr.knpa")
        other = re.sub(
            r"offences = \[.*?\]", 'offences = ["online-enticement"]', text, flags=re.DOTALL
        )
        other = re.sub(r"^\[subject\]\nexcluded = .*$", "", other, flags=re.MULTILINE)
        name = hold_signed(road.liaison, road.police, other)
        request = _ask(road.liaison, draft)
        road.settle()
        _grant(road, request)
        with open_work(road.liaison, CONSOLE) as work:
            agreements.suspend_agreement(work, name, reason="breach")
            actions.decide_referral(work, draft)
        assert _refusal(road.liaison, draft) == "suspended"
        with pytest.raises(Conflict, match="denied"), open_work(road.liaison, CONSOLE) as work:
            actions.release_referral(work, draft)
        with pytest.raises(Conflict, match="suspended"):
            _ask(road.liaison, draft)


@pytest.mark.parametrize("side", ["liaison", "police"])
def test_what_waits_in_the_queue_by_a_grant_does_not_go_once_an_agreement_is_held_up(
    make_node, side: str
) -> None:
    with open_road(make_node, agreed=False) as road:
        draft = _draft(road.liaison, _received(road))
        request = _ask(road.liaison, draft)
        road.settle()
        _grant(road, request)
        with open_work(road.liaison, CONSOLE) as work:
            assert actions.decide_referral(work, draft).state is State.ALLOWED
            actions.release_referral(work, draft)
        name = _mou(road)
        with open_work(getattr(road, side), CONSOLE) as work:
            agreements.suspend_agreement(work, name, reason="breach")
        road.settle()
        assert road.received(road.police) == []
        ended = {"liaison": State.LAPSED, "police": State.REFUSED}[side]
        assert view(road.liaison, draft).referral.state is ended


def test_a_refusal_names_what_keeps_an_agreement_from_holding(make_node) -> None:
    with open_road(make_node, agreed=False) as road:
        draft = _draft(road.liaison, _received(road))
        assert _refusal(road.liaison, draft) == "no-agreement"
        text = template_text("police-mou", sender="us.hsi", receiver="kr.knpa").encode()
        with open_work(road.liaison, CONSOLE) as work:
            agreements.add_agreement(work, document=text)
        assert _refusal(road.liaison, draft) == "not-signed-by-both"
        with open_work(road.liaison, CONSOLE) as work:
            (mine,) = [each for each in agreements.list_agreements(work) if each.needs_signatures]
            agreements.withdraw_agreement(work, mine.sha256)
        assert _refusal(road.liaison, draft) == "no-agreement"
        old = hold(road.liaison, "hsi-knpa-2013", "us.hsi", "kr.knpa")
        with open_work(road.liaison, CONSOLE) as work:
            agreements.suspend_agreement(work, old, reason="breach")
        assert _refusal(road.liaison, draft) == "suspended"
        with open_work(road.liaison, CONSOLE) as work:
            found = replaying.replay_decisions(work)
        assert found.different == ()
        with open_work(road.liaison, CONSOLE) as work:
            agreements.resume_agreement(work, old)
        road.move_clocks(LAPSED)
        assert _refusal(road.liaison, draft) == "lapsed"


def _refusal(node: Node, referral_id: str) -> object:
    with open_work(node, CONSOLE) as work:
        found = actions.decide_referral(work, referral_id)
    assert found.decision is not None
    assert found.state is State.DENIED
    return found.decision["refusal"]


def test_a_grant_given_before_is_bound_by_the_agreement_that_came(make_node):
    with open_road(make_node, agreed=False) as road:
        source = _received(road)
        draft = _draft(road.liaison, source)
        request = _ask(road.liaison, draft)
        road.settle()
        _grant(road, request, frozenset(DataClass))
        name = _mou(road)
        with open_work(road.liaison, CONSOLE) as work:
            found = actions.decide_referral(work, draft)
        assert found.decision is not None
        assert found.decision["conditions"]["people"] == 2  # pyright: ignore[reportIndexIssue]
        with open_work(road.liaison, CONSOLE) as work:
            agreements.suspend_agreement(work, name, reason="breach")
        with open_work(road.liaison, CONSOLE) as work:
            assert actions.decide_referral(work, draft).state is State.DENIED


def test_content_goes_by_a_grant_when_it_was_named_and_two_people_approved(make_node):
    with open_road(make_node, agreed=False) as road:
        draft = _draft(road.liaison, _received(road))
        request = _ask(road.liaison, draft)
        road.settle()
        _grant(road, request, frozenset(DataClass))
        with open_work(road.liaison, CONSOLE) as work:
            assert actions.decide_referral(work, draft).state is State.ALLOWED
        with (
            pytest.raises(NotReleasable, match="2 people"),
            open_work(road.liaison, CONSOLE) as work,
        ):
            actions.release_referral(work, draft)


def test_a_grant_that_names_no_classes_lets_no_content_go(make_node):
    with open_road(make_node, agreed=False) as road:
        draft = _draft(road.liaison, _received(road))
        request = _ask(road.liaison, draft)
        road.settle()
        _grant(road, request)
        with open_work(road.liaison, CONSOLE) as work:
            found = requesting.read_request(work, request).answer
        assert found is not None
        assert DataClass.CONTENT not in found.allowed
