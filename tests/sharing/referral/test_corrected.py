"""What was said to be wrong is not told to anybody else, until it is said to be right."""

from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta

import pytest

from tests.nodes import CONSOLE
from tests.sharing.referral.road import PERSON, Road, hold, open_road, values, view
from tests.tips.triage.filed import report_xml
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.decisions import Reason
from tipbridge.sharing.referral import actions
from tipbridge.sharing.referral.errors import Changed, NotReleasable
from tipbridge.sharing.referral.life import actions as life
from tipbridge.sharing.referral.life import spreading
from tipbridge.sharing.referral.life.model import Saying, Why, Word
from tipbridge.sharing.referral.life.rules import corrected
from tipbridge.sharing.referral.model import SourceKind, State
from tipbridge.sharing.referral.replaying.actions import replay_decisions

NOON = datetime(2014, 3, 1, 12, tzinfo=UTC)
LABELS = (
    "incident/type",
    "people/0/name",
    "people/0/ips/0",
    "people/0/ips/0~prefix",
    "people/1/name",
)


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    with open_road(make_node) as found:
        yield found


def said(hours: int, why: Why, *labels: str) -> Saying:
    return Saying(
        id=f"{hours}", word=Word.CORRECTION, why=why, labels=labels, about=None,
        node_id="us.hsi", at=NOON + timedelta(hours=hours),
    )  # fmt: skip


def test_a_wrong_person_takes_all_about_them_along_until_they_are_the_right_one() -> None:
    wrong = said(1, Why.WRONG_PERSON, "people/0/name")
    of_person = {"people/0/name", "people/0/ips/0"}
    assert corrected(LABELS, [wrong]) == of_person
    right = said(2, Why.RIGHT_PERSON, "people/0/ips/0")
    assert corrected(LABELS, [right, wrong]) == frozenset()
    again = said(3, Why.WRONG_PERSON, "people/0/name")
    assert corrected(LABELS, [again, right, wrong]) == of_person


def test_a_wrong_value_takes_itself_along_in_each_of_its_forms_and_stays_wrong() -> None:
    wrong = said(1, Why.WRONG_VALUE, "people/0/ips/0~prefix")
    right = said(2, Why.RIGHT_PERSON, "people/0/name")
    assert corrected(LABELS, [wrong, right]) == {"people/0/ips/0"}


def draft(node: Node, kind: SourceKind, source: str, peer: str) -> str:
    with open_work(node, CONSOLE) as work:
        drafted = actions.open_referral(work, kind=kind, source_id=source, peer_id=peer)
        actions.decide_referral(work, drafted)
    return drafted


def fates(node: Node, referral_id: str) -> dict[str, tuple[bool, str]]:
    decision = view(node, referral_id).referral.decision
    assert decision is not None
    parts: list[dict[str, object]] = decision["parts"]  # type: ignore[assignment]
    return {
        str(part["label"]): (bool(part["released"]), str(part["reason"]))
        for part in parts
        if str(part["label"]).startswith("people/0/")
    }


def take_back(road: Road, sent: str, why: Why, only: str = "people/0/") -> None:
    released = spreading.released_labels(view(road.clearing, sent).referral)
    labels = tuple(each for each in released if each.startswith(only))
    assert labels
    with open_work(road.clearing, CONSOLE) as work:
        life.withdraw_referral(work, sent, Word.CORRECTION, why=why, labels=labels)
    road.settle()


def test_a_received_person_who_was_the_wrong_one_goes_no_further(road: Road) -> None:
    sent = road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    road.settle()
    received = road.received(road.liaison)[0].id
    ready = draft(road.liaison, SourceKind.REFERRAL, received, "kr.knpa")
    assert any(released for released, _ in fates(road.liaison, ready).values())
    take_back(road, sent, Why.WRONG_PERSON)
    with pytest.raises((Changed, NotReleasable)), open_work(road.liaison, CONSOLE) as work:
        actions.release_referral(work, ready)
    later = ready
    with open_work(road.liaison, CONSOLE) as work:
        actions.decide_referral(work, later)
    assert {released for released, _ in fates(road.liaison, later).values()} == {False}
    assert Reason.CORRECTED in {reason for _, reason in fates(road.liaison, later).values()}
    with open_work(road.liaison, CONSOLE) as work:
        actions.release_referral(work, later)
    road.settle()
    told = values(road.police, road.received(road.police)[0].id)
    assert not [label for label in told if label.startswith("people/0/")]
    said = [value for label, value in told.items() if label.startswith("favours/us.hsi-")]
    assert [(each["kind"], each["about"]) for each in said] == [("corrected", "people/0")]  # type: ignore[index]
    with open_work(road.liaison, CONSOLE) as work:
        replayed = replay_decisions(work)
    assert (replayed.same, replayed.different) == (replayed.decisions, ())
    with open_work(road.clearing, CONSOLE) as work:
        released = spreading.released_labels(view(road.clearing, sent).referral)
        labels = tuple(each for each in released if each.startswith("people/0/"))
        life.withdraw_referral(work, sent, Word.CORRECTION, why=Why.RIGHT_PERSON, labels=labels)
    road.settle()
    again = draft(road.liaison, SourceKind.REFERRAL, received, "kr.knpa")
    assert any(released for released, _ in fates(road.liaison, again).values())


def test_of_a_wrong_value_only_that_value_stays_back(road: Road) -> None:
    sent = road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    road.settle()
    take_back(road, sent, Why.WRONG_VALUE, "people/0/ips/0")
    later = draft(road.liaison, SourceKind.REFERRAL, road.received(road.liaison)[0].id, "kr.knpa")
    found = fates(road.liaison, later)
    assert {
        label.partition("~")[0] for label, (_, why) in found.items() if why == Reason.CORRECTED
    } == {"people/0/ips/0"}
    assert any(released for released, _ in found.values())


def test_of_an_own_tip_a_person_whom_a_receiver_found_to_be_wrong_is_told_to_nobody_else(
    road: Road,
) -> None:
    for node in (road.clearing, road.police):
        hold(node, "standing-referral", "us.clearing", "kr.knpa")
    tip = road.tip(report_xml(PERSON))
    road.refer(road.clearing, SourceKind.TIP, tip, road.liaison)
    road.settle()
    received = road.received(road.liaison)[0].id
    with open_work(road.liaison, CONSOLE) as work:
        assert spreading.say_wrong_person(work, received, "people/0", saying_id="w", at=work.now)
    road.settle()
    drafted = draft(road.clearing, SourceKind.TIP, tip, "kr.knpa")
    assert {released for released, _ in fates(road.clearing, drafted).values()} == {False}
    assert view(road.clearing, drafted).referral.state in (State.ALLOWED, State.DENIED)
