"""The days of the whole road bind whoever holds it, and an end is stated when it is one everywhere."""

import re
from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.referral.road import (
    PERSON,
    START,
    Road,
    follow,
    hold,
    hold_signed,
    open_road,
    values,
)
from tests.sharing.referral.test_keeping import SHORT, kept_days
from tests.tips.triage.filed import report_xml
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases.actions import open_or_attach
from tipbridge.police.retention import lapsing
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange import outgoing
from tipbridge.sharing.exchange.model import Statement
from tipbridge.sharing.referral import store
from tipbridge.sharing.referral.actions import read_referral
from tipbridge.sharing.referral.keeping import actions as keeping
from tipbridge.sharing.referral.keeping.model import Days
from tipbridge.sharing.referral.keeping.rules import days_said, strictest
from tipbridge.sharing.referral.life.actions import life_of
from tipbridge.sharing.referral.life.model import Word
from tipbridge.sharing.referral.model import Referral, SourceKind, State

AT = datetime(2014, 3, 1, tzinfo=UTC)
_MOMENTS = st.none() | st.integers(0, 900).map(lambda days: AT + timedelta(days=days))
_DAYS = st.builds(
    Days,
    review_at=_MOMENTS,
    keep_until=_MOMENTS,
    proof=st.booleans(),
    proof_due_at=_MOMENTS,
)
_H0 = re.sub(r"^codes = .*$", 'codes = ["H0"]', SHORT, flags=re.MULTILINE)
_GRANTED = _H0.replace('onward = "consent"', 'onward = "granted"')
FREE = _GRANTED.replace("TLP:AMBER+STRICT", "TLP:AMBER")


@given(st.lists(st.none() | _DAYS, max_size=4), _DAYS, st.randoms())
def test_one_sender_more_never_lets_it_be_kept_longer(
    road: list[Days | None], more: Days, random: object
) -> None:
    before, after = strictest(road), strictest([*road, more])
    assert after is not None
    for name in ("review_at", "keep_until", "proof_due_at"):
        said = [getattr(each, name) for each in (before, more) if each is not None]
        earliest = min((each for each in said if each is not None), default=None)
        assert getattr(after, name) == earliest
    assert after.proof is (more.proof or (before is not None and before.proof))
    shuffled = [*road, more]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert strictest(shuffled) == after


@pytest.mark.parametrize(
    "said",
    [
        None,
        {},
        {"conditions": None},
        {"conditions": {"keep_days": True, "review_days": None, "acknowledge_days": 7}},
        {"conditions": {"keep_days": "30", "review_days": None, "acknowledge_days": 7}},
        {"conditions": {"keep_days": 10**12, "review_days": None, "acknowledge_days": 7,
                        "proof_of_deletion": True}},
    ],
)  # fmt: skip
def test_what_can_not_be_read_sets_no_days(said: object) -> None:
    assert days_said(said, AT) is None


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes: the first agreement has 400 days and wants proof, the second none at all."""
    with open_road(make_node, standing=False, agreed=False) as found:
        hold_signed(found.clearing, found.liaison, FREE)
        for node in (found.liaison, found.police):
            hold(node, "hsi-knpa-2013", "us.hsi", "kr.knpa")
        net.settle(found.nodes)
        yield found


def _carried(road: Road) -> tuple[str, str, str, str]:
    return road.carry(road.tip(report_xml(PERSON)))


def _ended(road: Road, node: Node, days: int) -> None:
    road.move_clocks(START + timedelta(days=days))
    for _ in range(2):  # what was deleted is seen to be gone at the next look
        with open_work(node, WORKER) as work:
            lapsing.end_kept(work)
    road.settle()


def _said(node: Node, referral_id: str) -> set[Word]:
    with open_work(node, CONSOLE) as work:
        return {each.word for each in life_of(work, read_referral(work, referral_id).referral).said}


def test_the_first_senders_days_bind_the_last_receiver(road: Road) -> None:
    _, at_liaison, onward, at_police = _carried(road)
    first = kept_days(road.liaison, at_liaison).days
    assert first.keep_until == START + timedelta(days=400)
    assert kept_days(road.police, at_police).days == first
    assert kept_days(road.liaison, onward).days == first
    _ended(road, road.police, 401)
    assert values(road.police, at_police) == {}
    with open_work(road.liaison, CONSOLE) as work:
        kept = keeping.kept_of(work, onward)
        assert kept is not None
        assert kept.ended_at is not None, "the liaison has the police's signed word"


@pytest.mark.parametrize("year", [START.year + 100, 9999])
def test_a_senders_clock_that_is_ahead_lets_nothing_be_kept_longer(
    road: Road, monkeypatch: pytest.MonkeyPatch, year: int
) -> None:
    wrong = START.replace(year=year)

    def stamped(**values: object) -> Statement:
        return Statement(**{**values, "sent_at": wrong})  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(outgoing, "Statement", stamped)
    road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    road.settle()
    (came,) = road.received(road.liaison)
    assert kept_days(road.liaison, came.id).days.keep_until == START + timedelta(days=400)


def test_nobody_states_a_deletion_while_whom_it_passed_it_on_to_holds_it(road: Road) -> None:
    sent, at_liaison, _, at_police = _carried(road)
    _ended(road, road.liaison, 401)
    assert values(road.liaison, at_liaison) == {}
    assert values(road.police, at_police)
    assert kept_days(road.clearing, sent).ended_at is None
    assert Word.DELETED not in _said(road.clearing, sent)
    _ended(road, road.police, 402)
    assert values(road.police, at_police) == {}
    assert kept_days(road.clearing, sent).ended_at is not None
    _ended(road, road.liaison, 403)
    told = [id_ for event, id_, _ in net.audit(road.clearing) if event.endswith("saying.received")]
    assert told.count(sent) == 2, "the police's own word, and the liaison's, once"


def test_what_a_case_further_on_keeps_by_its_law_is_said_to_be_kept(road: Road) -> None:
    sent, _, onward, at_police = _carried(road)
    with open_work(road.police, WORKER) as work:
        assert open_or_attach(work, referral_id=at_police)
    _ended(road, road.police, 401)
    assert values(road.police, at_police)
    assert kept_days(road.liaison, onward).held_at is not None
    assert kept_days(road.clearing, sent).held_at is None, "the liaison holds it itself still"
    _ended(road, road.liaison, 402)
    held = kept_days(road.clearing, sent)
    assert (held.ended_at, held.held_at is None) == (None, False)


def test_a_package_whose_receipt_was_lost_may_have_arrived_and_is_waited_for(road: Road) -> None:
    sent, _, onward, at_police = _carried(road)
    package_id = referral_of(road.liaison, onward).package_id
    unanswered = "UPDATE outbox SET state = 'queued', settled_at = NULL, receipt = NULL WHERE package_id = :id"
    with open_work(road.liaison, WORKER) as work:
        work.db.execute(text(unanswered), {"id": package_id})
        store.set_state(work.db, onward, State.RELEASED)
    _ended(road, road.liaison, 401)
    assert referral_of(road.liaison, onward).state is State.LAPSED
    assert values(road.police, at_police)
    assert Word.DELETED not in _said(road.clearing, sent)
    assert kept_days(road.clearing, sent).ended_at is None
    _ended(road, road.police, 402)
    assert kept_days(road.clearing, sent).ended_at is not None


def referral_of(node: Node, referral_id: str) -> Referral:
    with open_work(node, WORKER) as work:
        found = store.referral_by_id(work.db, referral_id)
    assert found is not None
    return found


def _releasing_onward(road: Road) -> tuple[str, str, str]:
    """A referral that the liaison has, and one of it that waits to be sent on for the first time."""
    sent = road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    road.settle()
    at_liaison = road.received(road.liaison)[0].id
    onward = road.refer(road.liaison, SourceKind.REFERRAL, at_liaison, road.police)
    net.events(road.liaison)  # it is sent by the test
    package_id = referral_of(road.liaison, onward).package_id
    assert package_id is not None
    return sent, onward, package_id


def test_a_package_that_is_on_its_way_for_the_first_time_is_waited_for(road: Road) -> None:
    sent, onward, package_id = _releasing_onward(road)
    road.move_clocks(START + timedelta(days=401))
    with open_work(road.liaison, WORKER) as sending:
        exchange.send_package(sending, package_id)
        # The police have it, and this node does not know yet.
        net.settle([road.police], follow)
        assert road.received(road.police)
        _ended(road, road.liaison, 401)
        assert Word.DELETED not in _said(road.clearing, sent)
    road.settle()
    assert referral_of(road.liaison, onward).state is State.DELIVERED
    assert kept_days(road.clearing, sent).ended_at is None
    _ended(road, road.police, 402)
    assert kept_days(road.clearing, sent).ended_at is not None


def test_one_that_was_held_and_never_left_is_waited_for_until_it_ends(road: Road) -> None:
    sent, onward, package_id = _releasing_onward(road)
    with open_work(road.liaison, WORKER) as holding:
        query = "SELECT 1 FROM outbox WHERE package_id = :id FOR UPDATE"
        holding.db.execute(text(query), {"id": package_id})
        _ended(road, road.liaison, 401)
        assert Word.DELETED not in _said(road.clearing, sent)
    with open_work(road.liaison, WORKER) as work:
        exchange.send_package(work, package_id)
    road.settle()
    assert referral_of(road.liaison, onward).state is State.LAPSED
    assert not road.received(road.police)
    assert kept_days(road.clearing, sent).ended_at is not None
