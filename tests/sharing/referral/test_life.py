"""A referral after its release: stages back, recalls and corrections onward, over real HTTP."""

from collections.abc import Callable, Generator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.referral.road import (
    PERSON,
    START,
    Road,
    follow,
    open_road,
    view,
)
from tests.tips.triage.filed import report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.carrying import handing
from tipbridge.sharing.referral import actions, pages
from tipbridge.sharing.referral.life import actions as lives
from tipbridge.sharing.referral.life.messages import read_saying, saying_part
from tipbridge.sharing.referral.life.model import (
    ENDINGS,
    REASONS,
    STAGES,
    WITHDRAWALS,
    Life,
    Saying,
    Why,
    Word,
)
from tipbridge.sharing.referral.life.rules import check_reason, next_stages, stage_of
from tipbridge.sharing.referral.model import SourceKind, State


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes with agreements on both stretches."""
    with open_road(make_node) as found:
        yield found


def _life(node: Node, referral_id: str) -> Life:
    with open_work(node, CONSOLE) as work:
        return lives.life_of(work, actions.read_referral(work, referral_id).referral)


def _say(node: Node, referral_id: str, word: Word, why: Why | None = None) -> Saying:
    with open_work(node, CONSOLE) as work:
        return lives.say_stage(work, referral_id, word, why=why)


def _withdraw(node: Node, referral_id: str, word: Word, why: Why, *labels: str) -> Saying:
    with open_work(node, CONSOLE) as work:
        return lives.withdraw_referral(work, referral_id, word, why=why, labels=labels)


def test_what_a_receiver_says_reaches_everyone_before_it_once(road: Road) -> None:
    first, at_liaison, second, at_police = road.carry(road.tip(report_xml(PERSON)))
    assert _life(road.police, at_police).next_stages == (
        Word.ACCEPTED,
        Word.REFUSED,
        Word.RETURNED,
    )
    with pytest.raises(Conflict):
        _say(road.police, at_police, Word.CLOSED)
    with pytest.raises(Invalid):
        _say(road.police, at_police, Word.REFUSED)
    with pytest.raises(NotFound):
        _say(road.liaison, second, Word.ACCEPTED)
    said = [_say(road.police, at_police, Word.RETURNED, Why.LACKED_PORT)]
    for hours, word in enumerate((Word.ACCEPTED, Word.WORKED, Word.CLOSED), 1):
        road.settle()
        road.move_clocks(START + timedelta(hours=hours))
        said.append(_say(road.police, at_police, word))
        road.settle()
    for node, referral_id in ((road.liaison, second), (road.clearing, first)):
        found = _life(node, referral_id)
        assert list(found.said) == said
        assert found.stage is Word.CLOSED
        assert {each.node_id for each in found.said} == {"kr.knpa"}
    # What the police say is not what the liaison says of its own.
    assert _life(road.liaison, at_liaison).stage is None
    with pytest.raises(Conflict):
        _say(road.police, at_police, Word.ACCEPTED)


def test_where_it_stands_is_told_of_each_holder(road: Road) -> None:
    first, at_liaison, second, at_police = road.carry(road.tip(report_xml(PERSON)))
    _say(road.police, at_police, Word.RETURNED, Why.LACKED_PORT)
    road.settle()
    road.move_clocks(START + timedelta(hours=1))
    _say(road.liaison, at_liaison, Word.ACCEPTED)
    road.settle()
    stands = [(each.node_id, each.word) for each in _life(road.clearing, first).stages]
    assert stands == [("us.hsi", Word.ACCEPTED), ("kr.knpa", Word.RETURNED)]
    assert _life(road.liaison, second).stage is Word.RETURNED
    add_member(road.clearing, "liaison-1", Role.LIAISON)
    desk = browser(shell_app(road.clearing, routers=(pages.router,)))
    sign_in(desk, "liaison-1")
    page = desk.get(f"/referrals/{first}").text
    assert "<strong>returned</strong> · kr.knpa" in page
    assert "<strong>accepted</strong> · us.hsi" in page


def test_a_recall_reaches_every_receiver_and_each_acknowledges(road: Road) -> None:
    first, at_liaison, second, at_police = road.carry(road.tip(report_xml(PERSON)))
    recall = _withdraw(road.clearing, first, Word.RECALL, Why.SENT_IN_ERROR)
    (waiting,) = _life(road.clearing, first).withdrawals
    assert waiting.waiting == ("kr.knpa", "us.hsi")
    road.settle()
    (done,) = _life(road.clearing, first).withdrawals
    assert done.waiting == ()
    assert {(each.node_id, each.word) for each in done.acknowledged} == {
        ("us.hsi", Word.RECEIVED_BACK),
        ("kr.knpa", Word.RECEIVED_BACK),
    }
    for node, referral_id in ((road.liaison, at_liaison), (road.police, at_police)):
        assert view(node, referral_id).referral.state is State.RECALLED
        assert _life(node, referral_id).said[0] == recall
        assert _life(node, referral_id).next_stages == ()
    # Nothing of it goes on any more, and it is recalled once.
    with pytest.raises(Conflict), open_work(road.liaison, CONSOLE) as work:
        actions.open_referral(
            work, kind=SourceKind.REFERRAL, source_id=at_liaison, peer_id="kr.knpa"
        )
    with pytest.raises(Conflict):
        _withdraw(road.clearing, first, Word.RECALL, Why.SENT_IN_ERROR)
    assert [each.acknowledged for each in _life(road.liaison, second).withdrawals] != []


def test_a_receiver_that_cannot_be_reached_is_seen_and_overdue_until_it_answers(
    road: Road,
) -> None:
    first, _, _, at_police = road.carry(road.tip(report_xml(PERSON)))
    _withdraw(road.clearing, first, Word.RECALL, Why.SOURCE_RETRACTED)
    # The liaison takes it, but what it sends to the police stays in its outbox.
    net.settle([road.clearing], net.follow_exchange)
    taken = net.events(road.liaison)
    _follow_at_liaison(road, taken)
    held = net.events(road.liaison)
    (found,) = _life(road.clearing, first).withdrawals
    assert found.waiting == ("kr.knpa", "us.hsi")
    road.move_clocks(START + timedelta(days=8))
    (late,) = _life(road.clearing, first).withdrawals
    assert late.overdue
    with open_work(road.clearing, CONSOLE) as work:
        assert [each.waiting for each in lives.list_withdrawals(work)] == [late.waiting]
        assert [each.waiting for each in lives.overdue(work)] == [("kr.knpa", "us.hsi")]
        # Where it lies it counts, and it stands first on the page.
        assert pages.NAV[0].waiting is not None
        assert pages.NAV[0].waiting(work) == 1
    add_member(road.clearing, "liaison-1", Role.LIAISON)
    desk = browser(shell_app(road.clearing, routers=(pages.router,)))
    sign_in(desk, "liaison-1")
    shown = desk.get("/referrals").text
    assert "not acknowledged in time" in shown
    assert "kr.knpa, us.hsi" in shown
    _follow_at_liaison(road, held)
    road.settle()
    (done,) = _life(road.clearing, first).withdrawals
    assert (done.waiting, done.overdue) == ((), False)
    with open_work(road.clearing, CONSOLE) as work:
        assert lives.overdue(work) == []
    assert view(road.police, at_police).referral.state is State.RECALLED


def _follow_at_liaison(road: Road, events: list[tuple[str, dict[str, str]]]) -> None:
    """What the liaison's worker does with these events."""
    for event, ids in events:
        follow(road.liaison, event, ids)


def test_a_correction_names_parts_that_left_and_leaves_the_rest(road: Road) -> None:
    first, _, _, at_police = road.carry(road.tip(report_xml(PERSON)))
    with pytest.raises(Invalid):
        _withdraw(road.clearing, first, Word.CORRECTION, Why.WRONG_VALUE, "people/9/name")
    with pytest.raises(Invalid):
        _withdraw(road.clearing, first, Word.CORRECTION, Why.WRONG_VALUE)
    wrong = _withdraw(road.clearing, first, Word.CORRECTION, Why.WRONG_VALUE, "people/0/phones/0")
    road.settle()
    found = _life(road.police, at_police)
    assert found.said[0] == wrong
    assert found.said[0].labels == ("people/0/phones/0",)
    assert view(road.police, at_police).referral.state is State.RECEIVED
    assert Word.ACCEPTED in found.next_stages
    (done,) = _life(road.clearing, first).withdrawals
    assert done.waiting == ()


def test_a_correction_names_what_gives_the_right_parts_and_both_are_linked_at_every_hop(
    road: Road,
) -> None:
    first, _, _, at_police = road.carry(road.tip(report_xml(PERSON)))
    right = PERSON.replace("8210000001", "8210000002")
    second, _, _, right_at_police = road.carry(road.tip(report_xml(right)))
    label = "people/0/phones/0"

    def correct(instead: str, word: Word = Word.CORRECTION) -> Saying:
        with open_work(road.clearing, CONSOLE) as work:
            return lives.withdraw_referral(
                work,
                first,
                word,
                why=Why.WRONG_PERSON,
                labels=(label,) if word is Word.CORRECTION else (),
                instead=instead,
            )

    with pytest.raises(Invalid):
        correct(first)  # it does not give its own right parts
    with pytest.raises(NotFound):
        correct("0" * 32)
    with pytest.raises(Invalid):
        correct(second, Word.RECALL)
    said = correct(second)
    assert said.instead == view(road.clearing, second).referral.package_id
    road.settle()
    for node, wrong_id, right_id in (
        (road.clearing, first, second),
        (road.police, at_police, right_at_police),
    ):
        assert _life(node, wrong_id).right_in == (right_id,)
        assert _life(node, right_id).corrects == (wrong_id,)
        assert (_life(node, right_id).right_in, _life(node, wrong_id).corrects) == ((), ())
    assert _life(road.police, at_police).said[0] == said


def test_a_recall_stops_what_waits_and_is_answered_by_who_holds_nothing(road: Road) -> None:
    sent = road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    _withdraw(road.clearing, sent, Word.RECALL, Why.SENT_IN_ERROR)
    road.settle()
    assert road.received(road.liaison) == []
    assert view(road.clearing, sent).referral.state is State.LAPSED
    (done,) = _life(road.clearing, sent).withdrawals
    assert [each.word for each in done.acknowledged] == [Word.NOT_HERE_YET]
    assert done.waiting == ()


def test_what_was_taken_back_before_it_came_is_held_as_taken_back_when_it_comes(
    road: Road, tmp_path: Path
) -> None:
    # One is carried as a file, and its recall, sent later, is there before it.
    carried = road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    with open_work(road.clearing, CONSOLE) as work:
        (path,) = handing.export_packages(work, "us.hsi", tmp_path)
    _withdraw(road.clearing, carried, Word.RECALL, Why.SENT_IN_ERROR)
    road.settle()
    (done,) = _life(road.clearing, carried).withdrawals
    assert [each.word for each in done.acknowledged] == [Word.NOT_HERE_YET]
    with open_work(road.liaison, WORKER) as work, path.open("rb") as sealed:
        exchange.receive_package(work, sealed)
    road.settle()
    (at_liaison,) = road.received(road.liaison)
    assert at_liaison.state is State.RECALLED
    (done,) = _life(road.clearing, carried).withdrawals
    assert [each.word for each in done.acknowledged] == [Word.NOT_HERE_YET, Word.RECEIVED_BACK]
    # Of another, the receiver follows the correction first.
    sent = road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    net.settle([road.clearing], net.follow_exchange)
    came_first = net.events(road.liaison)
    wrong = _withdraw(road.clearing, sent, Word.CORRECTION, Why.WRONG_VALUE, "people/0/phones/0")
    road.settle()
    _follow_at_liaison(road, came_first)
    road.settle()
    held = next(each for each in road.received(road.liaison) if each.id != at_liaison.id)
    assert _life(road.liaison, held.id).said[0] == wrong
    (done,) = _life(road.clearing, sent).withdrawals
    assert [each.word for each in done.acknowledged] == [Word.NOT_HERE_YET, Word.RECEIVED_BACK]
    assert done.waiting == ()


def test_only_what_was_released_can_be_taken_back(road: Road) -> None:
    with open_work(road.clearing, CONSOLE) as work:
        draft = actions.open_referral(
            work, kind=SourceKind.TIP, source_id=road.tip(), peer_id="us.hsi"
        )
    with pytest.raises(Conflict):
        _withdraw(road.clearing, draft, Word.RECALL, Why.SENT_IN_ERROR)


@pytest.mark.parametrize("word", list(Word))
def test_each_word_comes_with_its_own_reasons_and_no_other(word: Word) -> None:
    labels = ("a",) if word is Word.CORRECTION else ()
    for why in (None, *Why):
        fits = why in REASONS[word] if word in REASONS else why is None
        if fits:
            check_reason(word, why, labels)
        else:
            with pytest.raises(Invalid):
                check_reason(word, why, labels)


def test_after_a_recall_nothing_is_said_and_every_stage_leads_somewhere_or_ends() -> None:
    for stage in (None, *STAGES):
        assert next_stages(stage, recalled=True) == ()
        assert set(next_stages(stage, recalled=False)) <= STAGES - {stage}
    assert stage_of([], "us.hsi") is None


def test_a_saying_survives_the_journey_and_nobody_speaks_for_another() -> None:
    for word in Word:
        why = min(REASONS[word]) if word in REASONS else None
        said = Saying(
            id="1" * 32,
            word=word,
            why=why,
            labels=("people/0/name",) if word is Word.CORRECTION else (),
            about=None if word in STAGES | WITHDRAWALS | ENDINGS else "2" * 32,
            node_id="us.hsi",
            at=START,
        )
        value = saying_part(said).value
        assert isinstance(value, dict)
        assert read_saying(value, "us.hsi") == said
        for bent in ({"word": "eaten"}, {"at": "2014-03-01T00:00:00"}, {"labels": "x"}, {"id": ""}):
            with pytest.raises(Invalid):
                read_saying({**value, **bent}, "us.hsi")
        with pytest.raises(Invalid):
            read_saying(value, "kr.knpa")
