"""What was sent for one purpose goes on for another only by the leave of all who sent it."""

import re
from collections.abc import Callable, Generator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.nodes import CONSOLE
from tests.sharing.referral.road import PERSON, Road, open_road
from tests.tips.triage.filed import report_xml
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import add_agreement, list_agreements
from tipbridge.knowledge.agreements.clauses import Leave
from tipbridge.knowledge.agreements.markings import UNMARKED
from tipbridge.knowledge.agreements.model import DataClass, Purpose
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import Basis, BasisKind, Draft, PackageKind
from tipbridge.sharing.exchange.parking.actions import list_parked
from tipbridge.sharing.referral import actions
from tipbridge.sharing.referral.consent import actions as consents
from tipbridge.sharing.referral.consent import leaves, rules
from tipbridge.sharing.referral.consent.model import Mark, Use
from tipbridge.sharing.referral.model import Referral, SourceKind, State
from tipbridge.sharing.referral.releasing import salted

REMOVAL, INVESTIGATION = Purpose.REMOVAL, Purpose.INVESTIGATION


def _mark(node_id: str, purpose: Purpose, onward: Leave = Leave.GRANTED) -> Mark:
    return Mark(
        node_id=node_id,
        marking=UNMARKED,
        onward=onward,
        court=Leave.GRANTED,
        consents=frozenset(),
        purpose=purpose,
    )


_MARKS = st.lists(
    st.builds(
        _mark,
        st.sampled_from("abc"),
        st.sampled_from(Purpose),
        st.sampled_from(Leave),
    ),
    min_size=1,
    max_size=4,
)


@given(_MARKS, st.sampled_from(Purpose))
def test_a_purpose_that_anybody_did_not_send_it_for_needs_them_all(
    marks: list[Mark], purpose: Purpose
) -> None:
    bound = rules.bound_by(marks, Use.ONWARD, purpose)
    never = any(each.onward is Leave.NEVER for each in marks)
    assert bound.other_purpose is any(each.purpose is not purpose for each in marks)
    assert bound.never is never
    if bound.other_purpose and not never:
        assert set(bound.nodes) == {each.node_id for each in marks}
    assert set(rules.bound_by(marks, Use.ONWARD).nodes) <= set(bound.nodes)
    assert not rules.bound_by(marks, Use.COURT, purpose).other_purpose


def test_who_passed_it_on_for_another_purpose_without_a_leave_is_named() -> None:
    marks = (_mark("a", REMOVAL), _mark("b", INVESTIGATION))
    assert rules.unasked(marks) == "b"
    assert rules.unasked((_mark("a", REMOVAL), _mark("b", REMOVAL))) is None


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes; the first stretch is for removal alone, and lets everything go on."""
    with open_road(make_node, standing=False) as found:
        text = template_text("standing-referral", sender="us.clearing", receiver="us.hsi")
        text = text.replace(INVESTIGATION.value, REMOVAL.value)
        text = re.sub(r"^codes = .*$", 'codes = ["H0"]', text, flags=re.MULTILINE)
        for node in (found.clearing, found.liaison):
            with open_work(node, CONSOLE) as work:
                add_agreement(work, document=text.encode())
        yield found


def _at_liaison(road: Road) -> str:
    report_id = road.tip(report_xml(PERSON))
    with open_work(road.clearing, CONSOLE) as work:
        sent = actions.open_referral(
            work, kind=SourceKind.TIP, source_id=report_id, peer_id="us.hsi", purpose=REMOVAL
        )
        actions.decide_referral(work, sent)
    with open_work(road.clearing, CONSOLE) as work:
        actions.release_referral(work, sent)
    road.settle()
    (received,) = road.received(road.liaison)
    assert received.purpose is REMOVAL
    return received.id


def _decided(road: Road, at_liaison: str) -> Referral:
    with open_work(road.liaison, CONSOLE) as work:
        onward = actions.open_referral(
            work, kind=SourceKind.REFERRAL, source_id=at_liaison, peer_id="kr.knpa"
        )
        return actions.decide_referral(work, onward)


def test_what_came_for_removal_is_investigated_only_by_its_senders_leave_for_that(
    road: Road,
) -> None:
    at_liaison = _at_liaison(road)
    denied = _decided(road, at_liaison)
    assert denied.state is State.DENIED
    assert denied.decision is not None
    assert denied.decision["refusal"] == "not-consented-to-another-purpose"
    with pytest.raises(Invalid, match="Nothing binds"), open_work(road.liaison, CONSOLE) as work:
        consents.ask_consent(work, at_liaison, Use.ONWARD, recipient="kr.knpa")
    with pytest.raises(Invalid, match="court"), open_work(road.liaison, CONSOLE) as work:
        consents.ask_consent(work, at_liaison, Use.COURT, purpose=INVESTIGATION)
    with open_work(road.liaison, CONSOLE) as work:
        (asked,) = consents.ask_consent(
            work, at_liaison, Use.ONWARD, recipient="kr.knpa", purpose=INVESTIGATION
        )
    assert (asked.ask.originator, asked.ask.aim.purpose) == ("us.clearing", INVESTIGATION)
    road.settle()
    with open_work(road.clearing, CONSOLE) as work:
        consents.answer_consent(work, asked.ask.id, granted=True)
    road.settle()
    with open_work(road.liaison, CONSOLE) as work:
        allowed = actions.decide_referral(work, denied.id)
    assert allowed.state is State.ALLOWED
    with open_work(road.liaison, CONSOLE) as work:
        actions.release_referral(work, denied.id)
    road.settle()
    (arrived,) = road.received(road.police)
    assert arrived.purpose is INVESTIGATION


def test_a_receiver_does_not_take_what_was_sent_for_another_purpose_without_leave(
    road: Road,
) -> None:
    """A liaison whose program does not ask sends all the same; the police park it, with reason."""
    received = _at_liaison(road)
    with open_work(road.liaison, CONSOLE) as work:
        package_id = str(actions.referral_seen(work, received).package_id)
        header = exchange.received_header(work, package_id)
        said = next(each.part for each in header.parts if each.part.label == "release/us.clearing")
        # Marked as much as what it got, which is all that bound it but for the purpose.
        mark = salted(work, [replace(said, label="release/us.hsi")], 1)
        told = [each for each in header.parts if each.part.data_class is DataClass.INCIDENT]
    with open_work(road.police, CONSOLE) as work:
        (agreement,) = list_agreements(work)
    with open_work(road.liaison, CONSOLE) as work:
        sent = exchange.queue_package(
            work,
            Draft(
                kind=PackageKind.REFERRAL,
                recipient="kr.knpa",
                basis=Basis(kind=BasisKind.AGREEMENT, id=agreement.sha256),
                purpose=INVESTIGATION,
                parts=(*told, *mark),
                passes_on=package_id,
            ),
        )
    road.settle()
    assert road.received(road.police) == []
    with open_work(road.police, CONSOLE) as work:
        (parked,) = list_parked(work)
    assert (parked.package_id, parked.reason) == (sent, "invalid")


def test_no_hit_is_told_to_who_asks_for_what_it_was_not_sent_for(road: Road) -> None:
    received = _at_liaison(road)
    with open_work(road.liaison, CONSOLE) as work:
        assert leaves.tellable(work, [received], "kr.knpa", INVESTIGATION) == {}
        assert set(leaves.tellable(work, [received], "kr.knpa", REMOVAL)) == {received}
