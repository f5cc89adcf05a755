"""The originator's leave over real HTTP: asked, granted in part, ended, refused, passed along."""

import json
from collections.abc import Callable, Generator
from datetime import timedelta

import pytest

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.referral.road import PERSON, START, Road, follow, open_road, values, view
from tests.tips.triage.filed import report_xml
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import list_agreements
from tipbridge.knowledge.agreements.model import DataClass
from tipbridge.police.cases.actions import open_or_attach
from tipbridge.police.disclosure.actions import (
    preview_disclosure,
    propose_disclosure,
    write_disclosure,
)
from tipbridge.police.evidence.actions import add_exhibit
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import Basis, BasisKind, Draft, PackageKind
from tipbridge.sharing.exchange.parking.actions import list_parked
from tipbridge.sharing.referral import actions
from tipbridge.sharing.referral.consent import actions as consents
from tipbridge.sharing.referral.consent import leaves
from tipbridge.sharing.referral.consent.leaves import check_court
from tipbridge.sharing.referral.consent.model import (
    Consent,
    ConsentState,
    CourtLeave,
    Place,
    Refusing,
    Use,
)
from tipbridge.sharing.referral.errors import NoCourtLeave
from tipbridge.sharing.referral.model import Referral, SourceKind, State

BOUND = '"H0", "H1", "H2"'


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes; the clearinghouse lets nothing go on, nor into court, without its leave."""
    with open_road(make_node, codes=BOUND) as found:
        yield found


def _at_liaison(road: Road) -> str:
    road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    road.settle()
    return road.received(road.liaison)[0].id


def _decide(road: Road, referral_id: str) -> Referral:
    with open_work(road.liaison, CONSOLE) as work:
        return actions.decide_referral(work, referral_id)


def _onward(road: Road, at_liaison: str) -> str:
    with open_work(road.liaison, CONSOLE) as work:
        return actions.open_referral(
            work, kind=SourceKind.REFERRAL, source_id=at_liaison, peer_id="kr.knpa"
        )


def _ask(node: Node, referral_id: str, use: Use, recipient: str | None = None) -> list[Consent]:
    with open_work(node, CONSOLE) as work:
        return consents.ask_consent(work, referral_id, use, recipient=recipient)


def _kept(node: Node) -> list[Consent]:
    with open_work(node, CONSOLE) as work:
        return consents.list_consents(work)


def _answer(node: Node, consent_id: str, **said: object) -> Consent:
    with open_work(node, CONSOLE) as work:
        return consents.answer_consent(work, consent_id, **said)  # pyright: ignore[reportArgumentType]


def _court(node: Node, referral_id: str) -> CourtLeave:
    with open_work(node, CONSOLE) as work:
        return leaves.court_leave(work, referral_id)


def _refusal(referral: Referral) -> object:
    return None if referral.decision is None else referral.decision["refusal"]


def test_what_is_bound_goes_on_only_as_far_as_its_originator_consents(road: Road) -> None:
    at_liaison = _at_liaison(road)
    onward = _onward(road, at_liaison)
    denied = _decide(road, onward)
    assert (denied.state, _refusal(denied)) == (State.DENIED, "originator-has-not-consented")
    (asked,) = _ask(road.liaison, at_liaison, Use.ONWARD, "kr.knpa")
    assert asked.ask.originator == "us.clearing"
    with pytest.raises(Conflict):
        _ask(road.liaison, at_liaison, Use.ONWARD, "kr.knpa")
    road.settle()
    (before,) = _kept(road.clearing)
    assert (before.place, before.ask, before.state) == (Place.OURS, asked.ask, ConsentState.OPEN)
    with pytest.raises(Invalid):
        _answer(road.clearing, asked.ask.id, granted=False)
    covered = frozenset(DataClass) - {DataClass.NAME}
    _answer(road.clearing, asked.ask.id, granted=True, classes=covered, days=10)
    with pytest.raises(Conflict):
        _answer(road.clearing, asked.ask.id, granted=False, why=Refusing.NOT_NEEDED)
    road.settle()
    allowed = _decide(road, onward)
    assert allowed.state is State.ALLOWED
    assert allowed.decision is not None
    fates = {part["label"]: part["reason"] for part in allowed.decision["parts"]}  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType, reportIndexIssue]
    assert fates["people/0/name"] == "outside-consent"
    with open_work(road.liaison, CONSOLE) as work:
        actions.release_referral(work, onward)
    road.settle()
    at_police = road.received(road.police)[0].id
    found = values(road.police, at_police)
    assert "people/0/name" not in found
    assert found["people/0/accounts/0"] == values(road.liaison, at_liaison)["people/0/accounts/0"]
    said = found["release/us.hsi"]
    assert isinstance(said, dict)
    assert said["consents"] == [asked.ask.id]
    # The strictest marking of the road, although the second agreement alone says the same or less.
    assert set(said["handling"]) >= {"H0", "H1", "H2"}
    assert "release/us.clearing" in found


def test_a_consent_that_ended_covers_nothing_not_even_in_the_queue(road: Road) -> None:
    at_liaison = _at_liaison(road)
    onward = _onward(road, at_liaison)
    (asked,) = _ask(road.liaison, at_liaison, Use.ONWARD, "kr.knpa")
    road.settle()
    _answer(road.clearing, asked.ask.id, granted=True, days=10)
    road.settle()
    _decide(road, onward)
    with open_work(road.liaison, CONSOLE) as work:
        actions.release_referral(work, onward)
    waiting = net.events(road.liaison)
    net.set_clock(road.liaison, START + timedelta(days=10))
    net.events(road.liaison)
    for event, ids in waiting:
        follow(road.liaison, event, ids)
    road.settle()
    assert view(road.liaison, onward).referral.state is State.LAPSED
    again = _onward(road, at_liaison)
    assert _refusal(_decide(road, again)) == "originator-has-not-consented"
    (once_more,) = _ask(road.liaison, at_liaison, Use.ONWARD, "kr.knpa")
    assert once_more.ask.id != asked.ask.id
    assert road.received(road.police) == []


def test_a_refused_consent_keeps_the_way_closed_and_names_its_reason(road: Road) -> None:
    at_liaison = _at_liaison(road)
    (asked,) = _ask(road.liaison, at_liaison, Use.ONWARD, "kr.knpa")
    road.settle()
    _answer(road.clearing, asked.ask.id, granted=False, why=Refusing.SOURCE_PROTECTED)
    road.settle()
    (kept,) = _kept(road.liaison)
    assert kept.state is ConsentState.REFUSED
    assert kept.answer is not None
    assert kept.answer.why is Refusing.SOURCE_PROTECTED
    assert _refusal(_decide(road, _onward(road, at_liaison))) == "originator-has-not-consented"
    with pytest.raises(NotFound):
        _answer(road.liaison, asked.ask.id, granted=True)


def _at_police(road: Road) -> str:
    at_liaison = _at_liaison(road)
    (asked,) = _ask(road.liaison, at_liaison, Use.ONWARD, "kr.knpa")
    road.settle()
    _answer(road.clearing, asked.ask.id, granted=True)
    road.settle()
    road.refer(road.liaison, SourceKind.REFERRAL, at_liaison, road.police)
    road.settle()
    return road.received(road.police)[0].id


def _case_with_exhibit(node: Node, referral_id: str) -> str:
    with open_work(node, WORKER) as work:
        case = open_or_attach(work, referral_id=referral_id)
    with open_work(node, CONSOLE) as work:
        add_exhibit(
            work,
            case,
            mark="E-1",
            kind="device",
            description="A synthetic stick",
            place="at work",
            authority="consent",
        )
    return case


def test_court_use_is_asked_of_the_originator_two_hops_back_and_signed_by_it(road: Road) -> None:
    at_police = _at_police(road)
    before = _court(road.police, at_police)
    # The liaison only inherited the mark; the clearinghouse set it.
    assert (before.may, before.waiting, before.never) == ((), ("us.clearing",), False)
    case = _case_with_exhibit(road.police, at_police)
    with (
        pytest.raises(NoCourtLeave, match=r"us\.clearing"),
        open_work(road.police, CONSOLE) as work,
    ):
        propose_disclosure(work, case, recipient="Court", purpose="court")
    (asked,) = _ask(road.police, at_police, Use.COURT)
    road.settle()
    along = next(each for each in _kept(road.liaison) if each.ask.id == asked.ask.id)
    ours = next(each for each in _kept(road.clearing) if each.ask.id == asked.ask.id)
    assert (along.place, ours.place) == (Place.ALONG, Place.OURS)
    with open_work(road.clearing, CONSOLE) as work:
        header = exchange.received_header(work, ours.package_id)
    assert [each.sender for each in header.statements] == ["kr.knpa", "us.hsi"]
    text = json.dumps([item.part.value for item in header.parts])
    assert not [word for word in ("203.0.113.7", "user-1", "Family", "8210000001") if word in text]
    with pytest.raises(NotFound):
        _answer(road.liaison, asked.ask.id, granted=True)
    _answer(road.clearing, asked.ask.id, granted=True, days=30)
    road.settle()
    after = _court(road.police, at_police)
    assert (after.may_not, after.waiting) == ((), ())
    assert set(after.may) == set(values(road.police, at_police))
    with open_work(road.police, CONSOLE) as work:
        made = propose_disclosure(work, case, recipient="Court", purpose="court")
    for node in (road.liaison, road.police):
        kept = next(each for each in _kept(node) if each.ask.id == asked.ask.id)
        assert (kept.state, kept.answered_by) == (ConsentState.GRANTED, "us.clearing")
    net.set_clock(road.police, START + timedelta(days=30))
    assert _court(road.police, at_police).waiting == ("us.clearing",)
    with pytest.raises(NoCourtLeave), open_work(road.police, CONSOLE) as work:
        write_disclosure(work, made.id)


def test_leave_for_some_classes_lets_these_into_a_bundle_and_withholds_the_rest(road: Road) -> None:
    at_police = _at_police(road)
    case = _case_with_exhibit(road.police, at_police)
    (asked,) = _ask(road.police, at_police, Use.COURT)
    road.settle()
    covered = frozenset(DataClass) - {DataClass.INCIDENT}
    _answer(road.clearing, asked.ask.id, granted=True, classes=covered)
    road.settle()
    found = _court(road.police, at_police)
    assert "incident/at" in found.may_not
    with open_work(road.police, CONSOLE) as work:
        made = propose_disclosure(work, case, recipient="Court", purpose="court")
        files = preview_disclosure(work, made.id)
        (told,) = json.loads(files["data/referrals.json"])
    assert told["withheld"] == list(found.may_not)
    assert (told["incident_at"], told["referral_id"]) == (None, at_police)


@pytest.mark.parametrize("classes", [frozenset(DataClass), frozenset({DataClass.INCIDENT})])
def test_what_favours_somebody_is_in_a_bundle_whatever_a_leave_covers(
    road: Road, classes: frozenset[DataClass]
) -> None:
    at_police = _at_police(road)
    case = _case_with_exhibit(road.police, at_police)
    (asked,) = _ask(road.police, at_police, Use.COURT)
    road.settle()
    _answer(road.clearing, asked.ask.id, granted=True, classes=classes)
    road.settle()
    with open_work(road.police, CONSOLE) as work:
        made = propose_disclosure(work, case, recipient="Court", purpose="court")
        files = preview_disclosure(work, made.id)
    told = json.loads(files["data/favours.json"])
    said = [*told["of_case"], *(each for one in told["people"] for each in one["favours"])]
    sent = values(road.police, at_police)
    assert {each["part"] for each in said} == {name for name in sent if "favours/" in name}
    assert all(each["text"] == sent[each["part"]]["text"] for each in said)  # type: ignore[index]
    assert {(each["kind"], each["via"]) for each in said} == {("referral", at_police)}
    addresses = {each["of"] for each in said}
    assert addresses - {None} == ({"203.0.113.7"} if DataClass.IP in classes else set())


def test_repeated_messages_have_one_effect_and_forged_answers_none(road: Road) -> None:
    at_liaison = _at_liaison(road)
    (asked,) = _ask(road.liaison, at_liaison, Use.ONWARD, "kr.knpa")
    seen: list[tuple[Node, str, dict[str, str]]] = []

    def twice(node: Node, event: str, ids: dict[str, str]) -> None:
        seen.append((node, event, ids))
        follow(node, event, ids)
        follow(node, event, ids)

    net.settle(road.nodes, twice)
    _answer(road.clearing, asked.ask.id, granted=True)
    net.settle(road.nodes, twice)
    for node, event, ids in seen:
        follow(node, event, ids)
    assert [each.state for each in _kept(road.clearing)] == [ConsentState.GRANTED]
    assert [each.state for each in _kept(road.liaison)] == [ConsentState.GRANTED]
    told = [each for each in net.audit(road.liaison) if each[0] == "consent.answer.received"]
    assert [facts["fresh"] for _, _, facts in told].count(True) == 1
    assert len(told) > 1


def test_a_referral_passed_on_without_leave_is_not_taken_by_its_receiver(road: Road) -> None:
    """A liaison whose program does not ask sends all the same; the police park it, with reason."""
    at_liaison = _at_liaison(road)
    referral = view(road.liaison, at_liaison).referral
    header_of = str(referral.package_id)
    with open_work(road.police, CONSOLE) as work:
        (agreement,) = list_agreements(work)
    with open_work(road.liaison, CONSOLE) as work:
        header = exchange.received_header(work, header_of)
        told = tuple(each for each in header.parts if each.part.data_class is DataClass.INCIDENT)
        sent = exchange.queue_package(
            work,
            Draft(
                kind=PackageKind.REFERRAL,
                recipient="kr.knpa",
                basis=Basis(kind=BasisKind.AGREEMENT, id=agreement.sha256),
                purpose=referral.purpose,
                parts=told,
                passes_on=header_of,
            ),
        )
    road.settle()
    assert road.received(road.police) == []
    with open_work(road.police, CONSOLE) as work:
        (parked,) = list_parked(work)
    assert (parked.package_id, parked.kind, parked.reason) == (
        sent,
        PackageKind.REFERRAL,
        "invalid",
    )


def test_a_referral_that_is_not_seen_is_refused_with_both_reasons(road: Road) -> None:
    with (
        pytest.raises(NoCourtLeave, match="never allows it, or you do not see it"),
        open_work(road.police, CONSOLE) as work,
    ):
        check_court(work, ["0" * 32])
