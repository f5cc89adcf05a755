"""Case by case: what no agreement covers is asked for, granted, refused, and bound to the answer."""

from collections.abc import Callable, Generator
from datetime import timedelta

import pytest

from tests.nodes import CONSOLE
from tests.sharing.referral.road import (
    KOREA,
    PERSON,
    START,
    Road,
    open_road,
    values,
    view,
)
from tests.tips.triage.filed import report_xml
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import CASE_BY_CASE, DataClass
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.referral import actions, requesting
from tipbridge.sharing.referral.model import (
    RequestState,
    SourceKind,
    State,
    StepName,
)


@pytest.fixture
def half_road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes without an agreement between liaison and police."""
    with open_road(make_node, agreed=False) as found:
        yield found


def test_without_agreement_nothing_leaves_and_the_record_says_why(half_road: Road) -> None:
    road = half_road
    road.refer(road.clearing, SourceKind.TIP, road.tip(), road.liaison)
    road.settle()
    at_liaison = road.received(road.liaison)[0].id
    with open_work(road.liaison, CONSOLE) as work:
        referral_id = actions.open_referral(
            work, kind=SourceKind.REFERRAL, source_id=at_liaison, peer_id="kr.knpa"
        )
        denied = actions.decide_referral(work, referral_id)
    assert denied.state is State.DENIED
    assert denied.decision is not None
    assert denied.decision["refusal"] == "no-agreement"
    with pytest.raises(Conflict), open_work(road.liaison, CONSOLE) as work:
        actions.release_referral(work, referral_id)
    assert road.received(road.police) == []


def test_a_case_by_case_request_asks_without_personal_data_and_opens_the_way(
    half_road: Road,
) -> None:
    road = half_road
    road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    road.settle()
    at_liaison = road.received(road.liaison)[0].id
    with open_work(road.liaison, CONSOLE) as work:
        referral_id = actions.open_referral(
            work, kind=SourceKind.REFERRAL, source_id=at_liaison, peer_id="kr.knpa"
        )
        request = requesting.open_request(work, referral_id)
    with pytest.raises(Conflict), open_work(road.liaison, CONSOLE) as work:
        requesting.open_request(work, referral_id)
    road.settle()
    with open_work(road.police, CONSOLE) as work:
        asked = requesting.list_requests(work)
        front = exchange.received_header(work, asked[0].package_id)
    assert [(one.id, one.state) for one in asked] == [(request.id, RequestState.OPEN)]
    assert [item.part.label for item in front.parts] == ["request/asked"]
    assert set(front.parts[0].part.value) == {"request_id", "offences", "incident_on"}
    road.move_clocks(START + timedelta(days=9))
    with open_work(road.police, CONSOLE) as work:
        requesting.answer_request(
            work,
            request.id,
            granted=True,
            legal_basis="Act on International Judicial Mutual Assistance, article 5",
            minimum_age=KOREA,
            allowed=frozenset(DataClass) - {DataClass.DEVICE, DataClass.CONTENT},
        )
    road.settle()
    with open_work(road.liaison, CONSOLE) as work:
        assert requesting.read_request(work, request.id).state is RequestState.GRANTED
        allowed = actions.decide_referral(work, referral_id)
        assert (allowed.state, allowed.channel) == (State.ALLOWED, CASE_BY_CASE)
        actions.release_referral(work, referral_id)
    road.settle()
    at_police = road.received(road.police)[0]
    assert at_police.channel == CASE_BY_CASE
    assert "people/0/devices/0" not in values(road.police, at_police.id)
    with open_work(road.police, WORKER) as work:
        received = actions.read_received(work, at_police.id)
    days = {step.name: step.at for step in received.steps if step.node_id == "kr.knpa"}
    assert days[StepName.REQUEST_ANSWERED] - days[StepName.REQUEST_OPENED] == timedelta(days=9)
    assert received.first_sent_at == START


def test_a_refused_request_keeps_the_way_closed(half_road: Road) -> None:
    road = half_road
    road.refer(road.clearing, SourceKind.TIP, road.tip(), road.liaison)
    road.settle()
    with open_work(road.liaison, CONSOLE) as work:
        referral_id = actions.open_referral(
            work,
            kind=SourceKind.REFERRAL,
            source_id=road.received(road.liaison)[0].id,
            peer_id="kr.knpa",
        )
        request = requesting.open_request(work, referral_id)
    road.settle()
    with open_work(road.police, CONSOLE) as work:
        requesting.answer_request(work, request.id, granted=False, legal_basis="Not covered by law")
    with pytest.raises(Conflict), open_work(road.police, CONSOLE) as work:
        requesting.answer_request(work, request.id, granted=False, legal_basis="again")
    road.settle()
    with open_work(road.liaison, CONSOLE) as work:
        assert requesting.read_request(work, request.id).state is RequestState.REFUSED
        assert actions.decide_referral(work, referral_id).state is State.DENIED


def test_a_package_under_a_request_that_was_not_granted_is_refused(half_road: Road) -> None:
    road = half_road
    road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    road.settle()
    with open_work(road.liaison, CONSOLE) as work:
        referral_id = actions.open_referral(
            work,
            kind=SourceKind.REFERRAL,
            source_id=road.received(road.liaison)[0].id,
            peer_id="kr.knpa",
        )
        request = requesting.open_request(work, referral_id)
        # the sender believes in a grant that the receiver never gave
        from tipbridge.sharing.referral import store
        from tipbridge.sharing.referral.model import RequestAnswer

        forged = RequestAnswer(
            granted=True,
            legal_basis="none",
            allowed=frozenset(DataClass) - {DataClass.CONTENT},
            valid_from=START.date(),
            valid_to=START.date() + timedelta(days=5),
            minimum_age=KOREA,
        )
        store.keep_answer(work.db, request.id, forged, at=START, by="x")
        actions.decide_referral(work, referral_id)
        actions.release_referral(work, referral_id)
    road.settle()
    assert view(road.liaison, referral_id).referral.state is State.REFUSED
    assert road.received(road.police) == []


VICTIM = """<victim><victimPerson><firstName>Given</firstName><lastName>Other</lastName><age>9</age>
</victimPerson></victim>"""


def test_the_name_of_a_victim_comes_with_a_second_release_that_was_granted(
    make_node: Callable[..., Node],
) -> None:
    """Over the real reader: a receiver never refuses what its sender may send by its own grant."""
    with open_road(make_node) as road:
        report_id = road.tip(report_xml(PERSON + VICTIM))
        road.refer(road.clearing, SourceKind.TIP, report_id, road.liaison)
        road.settle()
        with open_work(road.clearing, CONSOLE) as work:
            second = actions.open_referral(
                work, kind=SourceKind.TIP, source_id=report_id, peer_id="us.hsi"
            )
            request = requesting.open_request(work, second)
        road.settle()
        with open_work(road.liaison, CONSOLE) as work:
            requesting.answer_request(
                work, request.id, granted=True, legal_basis="A warrant", minimum_age=KOREA
            )
        road.settle()
        with open_work(road.clearing, CONSOLE) as work:
            assert actions.decide_referral(work, second).channel == CASE_BY_CASE
            actions.release_referral(work, second)
        road.settle()
        found = [values(road.liaison, each.id) for each in road.received(road.liaison)]
    victims = [{f"{label.rpartition('/')[0]}/name" for label, value in each.items()
                if label.endswith("/role") and value == "victim"} for each in found]  # fmt: skip
    named = sorted(bool(each.keys() & names) for each, names in zip(found, victims, strict=True))
    assert all(victims)
    assert named == [False, True]
