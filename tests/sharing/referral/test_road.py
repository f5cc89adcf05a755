"""A tip all the way over real HTTP, and back: parts, receipts, feedback."""

import hashlib
from collections.abc import Callable, Generator
from datetime import UTC, datetime

import pytest

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.referral.road import (
    AGELESS,
    LAPSED,
    MARKED,
    PERSON,
    START,
    Road,
    follow,
    open_road,
    values,
    view,
)
from tests.tips.triage.filed import report_xml
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.decisions import Reason
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.referral import actions
from tipbridge.sharing.referral.errors import NotReleasable
from tipbridge.sharing.referral.model import (
    Direction,
    Origin,
    SourceKind,
    State,
    StepName,
)
from tipbridge.tips.intake.actions import read_report
from tipbridge.tips.triage.actions import add_lead, list_leads
from tipbridge.tips.triage.identifiers import OwnGrounds
from tipbridge.tips.triage.model import SourceGrade, Suspicion

DATA = b"synthetic file " * 20


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes with agreements on both stretches."""
    with open_road(make_node) as found:
        yield found


def _said(value: object) -> tuple[object, object]:
    assert isinstance(value, dict)
    return value["kind"], value["about"]


def _fates(node: Node, referral_id: str) -> dict[str, str]:
    decision = view(node, referral_id).referral.decision
    assert decision is not None
    parts = decision["parts"]
    assert isinstance(parts, list)
    return {part["label"]: part["reason"] for part in parts}


def test_a_tip_travels_through_three_nodes_and_its_file_is_the_same(road: Road) -> None:
    report_id = road.tip(report_xml(PERSON), files=(DATA,))
    first, _, second, at_police = road.carry(report_id)
    with open_work(road.police, WORKER) as work:
        sealed = actions.contents_of(work, at_police)["files/0/content"]
        arrived = work.node.vault.read(sealed)
        package_id = view(road.police, at_police).referral.package_id
        header = exchange.received_header(work, str(package_id))
    assert hashlib.sha256(arrived).digest() == hashlib.sha256(DATA).digest()
    assert [statement.sender for statement in header.statements] == ["us.clearing", "us.hsi"]
    assert view(road.clearing, first).referral.state is State.ACKNOWLEDGED
    assert view(road.liaison, second).referral.state is State.DELIVERED
    found = values(road.police, at_police)
    assert found["people/0/name"] is not None
    assert found["report/id"] == report_id


def test_what_the_narrower_agreement_withholds_is_neither_there_nor_guessable(road: Road) -> None:
    report_id = road.tip(report_xml(PERSON), files=(DATA,))
    _, at_liaison, second, at_police = road.carry(report_id)
    at_first, at_last = values(road.liaison, at_liaison), values(road.police, at_police)
    assert "people/0/devices/0" in at_first
    assert "people/0/age" in at_first
    assert "people/0/devices/0" not in at_last
    assert "people/0/age" not in at_last
    assert at_last["people/0/age~band"] == {"from": 30, "to": 39}
    assert _fates(road.liaison, second)["people/0/devices/0"] == Reason.RULE_WITHHOLDS
    with open_work(road.police, WORKER) as work:
        package_id = str(view(road.police, at_police).referral.package_id)
        front = work.node.vault.read(exchange.received_package(work, package_id).header)
    assert b"00-synthetic" not in front
    with open_work(road.liaison, WORKER) as work:
        known = exchange.received_header(
            work, str(view(road.liaison, at_liaison).referral.package_id)
        )
    salts = {item.part.label: item.salt.hex().encode() for item in known.parts}
    assert salts["people/0/devices/0"] not in front
    assert salts["people/0/age~band"] in front


def test_the_final_receipt_comes_back_unchanged_hop_by_hop(road: Road) -> None:
    first, _, second, _ = road.carry(road.tip(report_xml(PERSON)))
    receipts = view(road.clearing, first).receipts
    assert [(line.signer, line.final, line.verified) for line in receipts] == [
        ("us.hsi", False, True),
        ("kr.knpa", True, True),
    ]
    own = view(road.liaison, second).receipts
    assert own[0].content_sha256 == receipts[1].content_sha256
    names = {step.name for step in view(road.clearing, first).steps}
    assert {StepName.RELEASED, StepName.DELIVERED, StepName.ACKNOWLEDGED} <= names


def test_feedback_reaches_the_report_it_began_with_once(road: Road) -> None:
    report_id = road.tip(report_xml(PERSON))
    first, _, _, at_police = road.carry(report_id)
    for expected in (True, False):
        with open_work(road.police, CONSOLE) as work:
            told = actions.send_feedback(
                work,
                at_police,
                feedback_id="outcome-1",
                outcome="booked",
                at=START,
                facts={"people": 1, "welfare": True, "age_band": "19-29"},
            )
            assert told is expected
        road.settle()
    for node in (road.liaison, road.clearing):
        assert not [event for event in net.audit(node) if event[0] == "access.action.refused"]
    with open_work(road.clearing, WORKER) as work:
        feedback = read_report(work, report_id).feedback
    assert [(item.sender, item.outcome, item.facts["people"]) for item in feedback] == [
        ("kr.knpa", "booked", 1)
    ]
    assert [item.sender for item in view(road.clearing, first).feedback] == ["kr.knpa"]


def test_feedback_on_a_lead_of_a_tip_reaches_the_report(road: Road) -> None:
    report_id, lead_id = _tip_and_lead(road)
    road.refer(road.clearing, SourceKind.LEAD, lead_id, road.liaison)
    road.settle()
    at_liaison = road.received(road.liaison)[0].id
    with open_work(road.liaison, CONSOLE) as work:
        actions.send_feedback(work, at_liaison, feedback_id="o", outcome="booked", at=START)
    road.settle()
    with open_work(road.clearing, WORKER) as work:
        feedback = read_report(work, report_id).feedback
    assert [(item.sender, item.outcome) for item in feedback] == [("us.hsi", "booked")]


def _tip_and_lead(road: Road) -> tuple[str, str]:
    """A tip at the clearinghouse and the lead that came of it."""
    report_id = road.tip(report_xml(PERSON))
    with open_work(road.clearing, CONSOLE) as work:
        (lead,) = list_leads(work)
    return report_id, lead.id


def test_a_feedback_may_hold_no_free_text(road: Road) -> None:
    _, _, _, at_police = road.carry(road.tip(report_xml(PERSON)))
    with pytest.raises(Invalid), open_work(road.police, CONSOLE) as work:
        actions.send_feedback(
            work, at_police, feedback_id="a", outcome="booked", at=START, facts={"x": "y" * 200}
        )


@pytest.mark.parametrize("case", ["possible self-production", "no known age", "too young"])
def test_a_name_stays_back_when_its_bearer_may_be_a_child(road: Road, case: str) -> None:
    person = {
        "possible self-production": PERSON,
        "no known age": AGELESS,
        "too young": PERSON.replace("<age>30", "<age>12"),
    }[case]
    details = [MARKED] if case == "possible self-production" else []
    report_id = road.tip(report_xml(person), details=details)
    first, at_liaison, _, at_police = road.carry(report_id)
    assert view(road.clearing, first).referral.name_withheld
    for node, referral_id in ((road.liaison, at_liaison), (road.police, at_police)):
        found = values(node, referral_id)
        assert "people/0/name" not in found
        said = [value for label, value in found.items() if label.startswith("favours/us.")]
        assert [_said(item) for item in said] == [("name-withheld", "people/0")]
        assert view(node, referral_id).referral.name_withheld


def test_what_favours_the_suspect_travels_to_the_end(road: Road) -> None:
    _, at_liaison, second, at_police = road.carry(road.tip(report_xml(PERSON)))
    before = {label for label in values(road.liaison, at_liaison) if label.startswith("favours/")}
    assert before
    assert before <= set(values(road.police, at_police))
    assert {_fates(road.liaison, second)[label] for label in before} == {Reason.FAVOURS_SUSPECT}


def test_an_agreement_that_lapsed_after_the_decision_lets_nothing_leave(road: Road) -> None:
    report_id = road.tip(report_xml(PERSON))
    with open_work(road.clearing, CONSOLE) as work:
        referral_id = actions.open_referral(
            work, kind=SourceKind.TIP, source_id=report_id, peer_id="us.hsi"
        )
        actions.decide_referral(work, referral_id)
    with pytest.raises(Conflict), open_work(road.clearing, CONSOLE) as work:
        actions.open_referral(work, kind=SourceKind.TIP, source_id=report_id, peer_id="us.hsi")
    net.set_clock(road.clearing, LAPSED)
    with pytest.raises(NotReleasable), open_work(road.clearing, CONSOLE) as work:
        actions.release_referral(work, referral_id)
    assert net.audit(road.clearing)[-1][0] == "access.action.refused"
    road.settle()
    assert road.received(road.liaison) == []


def test_an_agreement_that_lapsed_in_the_queue_marks_the_referral(road: Road) -> None:
    first = road.refer(road.clearing, SourceKind.TIP, road.tip(), road.liaison)
    held = net.events(road.clearing)
    net.set_clock(road.clearing, LAPSED)
    for event, ids in held:
        follow(road.clearing, event, ids)
    road.settle()
    assert view(road.clearing, first).referral.state is State.LAPSED
    assert road.received(road.liaison) == []


def test_a_lead_on_own_grounds_is_referred_by_the_same_parts(road: Road) -> None:
    with open_work(road.liaison, CONSOLE) as work:
        lead = add_lead(
            work,
            OwnGrounds(
                grounds="planned a site",
                grade=SourceGrade(source="B", information=2),
                suspicion=Suspicion.PREPARING_SALE,
                accounts=(("Example Forum", "seller"),),
                age=40,
                name="Synthetic Name",
            ),
        )
    road.refer(road.liaison, SourceKind.LEAD, lead.id, road.police)
    road.settle()
    at_police = road.received(road.police)[0]
    assert at_police.origin is Origin.LIAISON_LEAD
    found = values(road.police, at_police.id)
    assert found["lead/suspicion"] == "preparing-sale"
    assert found["people/0/name"]
    with open_work(road.police, CONSOLE) as work:
        actions.send_feedback(work, at_police.id, feedback_id="o", outcome="booked", at=START)
    road.settle()
    with open_work(road.liaison, CONSOLE) as work:
        sent = actions.list_referrals(work, direction=Direction.OUT)[0]
    assert [item.outcome for item in view(road.liaison, sent.id).feedback] == ["booked"]


def test_repeated_events_have_one_effect(road: Road) -> None:
    first = road.refer(road.clearing, SourceKind.TIP, road.tip(), road.liaison)
    seen: list[tuple[Node, str, dict[str, str]]] = []

    def twice(node: Node, event: str, ids: dict[str, str]) -> None:
        seen.append((node, event, ids))
        follow(node, event, ids)
        follow(node, event, ids)

    net.settle(road.nodes, twice)
    for node, event, ids in seen:
        follow(node, event, ids)
    assert len(road.received(road.liaison)) == 1
    assert view(road.clearing, first).referral.state is State.DELIVERED
    with open_work(road.liaison, CONSOLE) as work:
        names = [
            event for event, _, _ in net.audit(road.liaison) if event == "referral.package.taken"
        ]
        assert len(names) >= 2
        assert len(actions.list_referrals(work)) == 1


def test_times_are_domain_times(road: Road) -> None:
    _, _, _, at_police = road.carry(road.tip())
    steps = view(road.police, at_police).steps
    assert {step.at for step in steps} == {START}
    assert steps[0].at.astimezone(UTC) < datetime(2015, 1, 1, tzinfo=UTC)
