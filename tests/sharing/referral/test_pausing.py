"""A suspension and its end are told to the other side by a signed word, and hold there at once."""

import re
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.referral.road import PERSON, START, Road, hold, open_road, view
from tests.tips.triage.filed import report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements import actions as agreements
from tipbridge.knowledge.agreements.model import Agreement, Suspension
from tipbridge.knowledge.agreements.rules import in_force, is_suspended
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import Basis, BasisKind, Draft, PackageKind
from tipbridge.sharing.exchange.parking.actions import list_parked
from tipbridge.sharing.referral import actions, appraising, arriving
from tipbridge.sharing.referral.agreeing import pages
from tipbridge.sharing.referral.errors import NotReleasable
from tipbridge.sharing.referral.model import SourceKind, State
from tipbridge.sharing.referral.pausing import actions as pausing
from tipbridge.sharing.referral.pausing import messages
from tipbridge.sharing.referral.releasing import salted
from tipbridge.sharing.referral.replaying.actions import replay_decisions
from tipbridge.tips.intake.model import Appraisal

LATER = START + timedelta(hours=1)


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    with open_road(make_node) as found:
        yield found


def _held(node: Node, sender: str) -> Agreement:
    with open_work(node, CONSOLE) as work:
        every = agreements.list_agreements(work)
    return next(each for each in every if each.terms.sender == sender)


def _suspend(node: Node, sender: str, reason: str = "under review") -> str:
    sha256 = _held(node, sender).sha256
    with open_work(node, CONSOLE) as work:
        agreements.suspend_agreement(work, sha256, reason=reason)
    return sha256


def _draft(road: Road) -> str:
    with open_work(road.clearing, CONSOLE) as work:
        return actions.open_referral(
            work,
            kind=SourceKind.TIP,
            source_id=road.tip(report_xml(PERSON)),
            peer_id="us.hsi",
        )


def _decided(node: Node, referral_id: str) -> tuple[State, object]:
    with open_work(node, CONSOLE) as work:
        found = actions.decide_referral(work, referral_id)
    assert found.decision is not None
    return found.state, found.decision["refusal"]


def _say(node: Node, to: str, sha256: str, pause: Suspension) -> None:
    with open_work(node, CONSOLE) as work:
        exchange.queue_package(
            work,
            Draft(
                kind=PackageKind.SUSPENSION,
                recipient=to,
                basis=Basis(kind=BasisKind.OPEN, id=""),
                purpose=_held(node, "us.clearing").terms.purpose,
                parts=tuple(salted(work, [messages.suspension_part(sha256, pause)])),
            ),
        )


def test_a_sender_hears_that_its_receiver_suspends_and_queues_nothing_in_vain(road: Road) -> None:
    allowed = _draft(road)
    assert _decided(road.clearing, allowed) == (State.ALLOWED, None)
    waiting = road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    sha256 = _suspend(road.liaison, "us.clearing")
    # The word comes before what waits is tried: it lapses here, and is not refused there.
    queued = [each for each in net.events(road.clearing) if each[0] == "exchange.package.queued"]
    road.settle()
    held = _held(road.clearing, "us.clearing")
    assert held.suspensions == ()
    assert held.told == (
        Suspension(starts_at=START, ends_at=None, by="us.hsi", reason="under review"),
    )
    assert not in_force(held, START)
    for _, ids in queued:
        with open_work(road.clearing, WORKER) as work:
            exchange.send_package(work, **ids)
    road.settle()
    assert view(road.clearing, waiting).referral.state is State.LAPSED
    with pytest.raises(NotReleasable, match="suspended"), open_work(road.clearing, CONSOLE) as work:
        actions.release_referral(work, allowed)
    assert _decided(road.clearing, allowed) == (State.DENIED, "suspended")
    with pytest.raises(Conflict, match="other party"), open_work(road.clearing, CONSOLE) as work:
        agreements.resume_agreement(work, sha256)
    road.move_clocks(LATER)
    with open_work(road.liaison, CONSOLE) as work:
        agreements.resume_agreement(work, sha256)
    road.settle()
    assert _held(road.clearing, "us.clearing").told[0].ends_at == LATER
    assert _decided(road.clearing, allowed) == (State.ALLOWED, None)
    with open_work(road.clearing, CONSOLE) as work:
        replayed = replay_decisions(work)
    assert (replayed.different, replayed.unread) == ((), ())
    assert replayed.same == replayed.decisions > 2


def test_either_sides_record_stays_its_own(road: Road) -> None:
    sha256 = _suspend(road.liaison, "us.clearing")
    road.settle()
    _suspend(road.clearing, "us.clearing", "ours too")
    road.settle()
    with open_work(road.liaison, CONSOLE) as work:
        agreements.resume_agreement(work, sha256)
    road.settle()
    here, there = (_held(node, "us.clearing") for node in (road.clearing, road.liaison))
    assert [pause.reason for pause in here.suspensions] == ["ours too"]
    assert here.told[0].ends_at == START
    assert is_suspended(here, START)
    assert [(pause.by, pause.ends_at) for pause in there.told] == [("us.clearing", None)]
    # What its sender says stops that sender; what it sent before is let in.
    assert not is_suspended(there, START)


def test_what_was_sent_before_its_sender_suspended_is_let_in(road: Road) -> None:
    road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    packages = [ids for event, ids in net.events(road.clearing) if event.endswith("queued")]
    for ids in packages:
        with open_work(road.clearing, WORKER) as work:
            exchange.send_package(work, **ids)
    _suspend(road.clearing, "us.clearing")
    road.settle()
    assert len(road.received(road.liaison)) == 1


def _pause(hours: int, ends: int | None) -> Suspension:
    return Suspension(
        starts_at=START + timedelta(hours=hours),
        ends_at=None if ends is None else START + timedelta(hours=ends),
        by="us.hsi",
        reason="under review",
    )


def test_words_that_come_late_twice_or_in_another_order_say_the_same(road: Road) -> None:
    sha256 = _held(road.clearing, "us.clearing").sha256
    words = [_pause(0, None), _pause(0, 1), _pause(2, None)]
    for number, order in enumerate(permutations([*words, words[0]])):
        shifted = [
            replace(
                each,
                starts_at=each.starts_at + timedelta(days=number),
                ends_at=each.ends_at and each.ends_at + timedelta(days=number),
            )
            for each in order
        ]
        for each in shifted:
            _say(road.liaison, "us.clearing", sha256, each)
        road.settle()
        found = _held(road.clearing, "us.clearing").told[-2:]
        day = START + timedelta(days=number)
        assert [(each.starts_at - day, each.ends_at and each.ends_at - day) for each in found] == [
            (timedelta(), timedelta(hours=1)),
            (timedelta(hours=2), None),
        ]


def test_an_end_that_was_not_heard_comes_with_the_next_suspension(road: Road) -> None:
    sha256 = _held(road.clearing, "us.clearing").sha256
    for each in (_pause(5, None), _pause(0, None)):
        _say(road.liaison, "us.clearing", sha256, each)
    road.settle()
    first, last = _held(road.clearing, "us.clearing").told
    assert (first.ends_at, last.ends_at) == (last.starts_at, None)
    _say(road.liaison, "us.clearing", sha256, _pause(0, 2))
    road.settle()
    first, last = _held(road.clearing, "us.clearing").told
    assert (first.ends_at, last.ends_at) == (_pause(0, 2).ends_at, None)


@pytest.mark.parametrize("senders_alone", [True, False])
def test_a_word_about_what_its_sender_may_not_suspend_waits_for_staff(
    road: Road, *, senders_alone: bool
) -> None:
    sha256 = _senders_alone(road.clearing) if senders_alone else "0" * 64
    _say(road.liaison, "us.clearing", sha256, _pause(0, None))
    road.settle()
    with open_work(road.clearing, CONSOLE) as work:
        (parked,) = list_parked(work)
        every = agreements.list_agreements(work)
    assert parked.kind is PackageKind.SUSPENSION
    assert not any(each.told for each in every)


def _senders_alone(node: Node) -> str:
    """An agreement, beside the one of the road, that only its sender may suspend."""
    text = template_text("hotline-exchange", sender="us.clearing", receiver="us.hsi")
    text = re.sub(r"(?m)^by = .*$", 'by = ["sender"]', text)
    assert 'by = ["sender"]' in text
    with open_work(node, CONSOLE) as work:
        return agreements.add_agreement(work, document=text.encode()).sha256


def test_a_word_that_says_nothing_usable_is_none() -> None:
    said = messages.suspension_part("a" * 64, _pause(0, 1)).value
    assert isinstance(said, dict)
    assert messages.read_suspension(said, "us.hsi") == ("a" * 64, _pause(0, 1))
    odd: list[dict[str, object]] = [
        {**said, "starts_at": "2014-03-01T00:00:00"},
        {**said, "starts_at": 5},
        {**said, "ends_at": "2014-02-01T00:00:00+00:00"},
        {**said, "reason": ""},
        {**said, "reason": "x" * 1001},
        {**said, "reason": "a\0"},
        {**said, "agreement": "a" * 65},
        {**said, "more": 1},
        {},
    ]
    for value in odd:
        with pytest.raises(Invalid):
            messages.read_suspension(value, "us.hsi")


def test_who_is_not_pinned_is_told_nothing_and_the_page_says_so(
    make_node: Callable[..., Node],
) -> None:
    node = make_node("us.hsi")
    sha256 = hold(node, "standing-referral", "us.clearing", "us.hsi")
    with open_work(node, CONSOLE) as work:
        agreements.suspend_agreement(work, sha256, reason="alone")
    with open_work(node, WORKER) as work:
        pausing.say_suspension(work, sha256=sha256, starts_at=_starts(node))
    with open_work(node, CONSOLE) as work:
        (said,) = pausing.pauses_said(work, agreements.read_agreement(work, sha256))
    assert (said.pause.reason, said.state) == ("alone", None)


def _starts(node: Node) -> str:
    return _held(node, "us.clearing").suspensions[0].starts_at.isoformat()


def test_a_repeated_event_says_nothing_new(road: Road) -> None:
    sha256 = _suspend(road.liaison, "us.clearing")
    road.settle()
    with open_work(road.liaison, WORKER) as work:
        pausing.say_suspension(work, sha256=sha256, starts_at=_starts(road.liaison))
    assert net.events(road.liaison) == []


def test_suspended_again_at_the_same_moment_is_said_in_words(road: Road) -> None:
    sha256 = _suspend(road.liaison, "us.clearing")
    with open_work(road.liaison, CONSOLE) as work:
        agreements.resume_agreement(work, sha256)
    with pytest.raises(Conflict, match="from this moment on"):
        _suspend(road.liaison, "us.clearing")
    with pytest.raises(Invalid, match="1000"):
        _suspend(road.police, "us.hsi", "x" * 1001)


@pytest.mark.parametrize(("language", "told"), [("en", "suspended"), ("ko", "정지됨")])
def test_both_pages_say_since_when_by_whom_and_why(road: Road, language: str, told: str) -> None:
    sha256 = _suspend(road.liaison, "us.clearing")
    road.settle()
    for node in (road.clearing, road.liaison):
        add_member(node, "reader", Role.LIAISON)
        client = browser(
            shell_app(node, routers=(pages.router,), navigation=pages.NAV), language=language
        )
        sign_in(client, "reader")
        shown = client.get(f"/agreements/{sha256}").text
        assert told in client.get("/agreements").text
        assert told in shown
        assert "under review" in shown
        assert "2014" in shown
    assert ("delivered" if language == "en" else "전달됨") in shown


def test_a_word_is_taken_where_the_package_is_taken_again(road: Road) -> None:
    _suspend(road.liaison, "us.clearing")
    road.settle()
    with open_work(road.clearing, CONSOLE) as work:
        _, came, _ = exchange.list_packages(work)
    (word,) = [each for each in came if each.kind is PackageKind.SUSPENSION]
    with open_work(road.clearing, WORKER) as work:
        arriving.take_package(work, package_id=word.package_id, kind=word.kind.value)
    assert len(_held(road.clearing, "us.clearing").told) == 1


def test_feedback_goes_back_whatever_is_suspended(road: Road) -> None:
    road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    road.settle()
    (came,) = road.received(road.liaison)
    _suspend(road.liaison, "us.clearing")
    _suspend(road.clearing, "us.clearing")
    road.settle()
    with open_work(road.liaison, CONSOLE) as work:
        appraising.appraise_referral(work, came.id, appraisal=Appraisal.USEFUL)
    road.settle()
    told = [event for event, _, _ in net.audit(road.clearing)]
    assert told.count("intake.feedback.received") == 1
