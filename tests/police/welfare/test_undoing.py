"""What did not happen: talks taken back, promises dropped, and days that passed shown."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from tests.nodes import CONSOLE, add_unit
from tests.police.folk import (
    a_case,
    contacted,
    file_of,
    record_of,
    recorded,
    suspect,
    verified,
)
from tipbridge.bulletin import store as bulletin
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office.actions import set_clock
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.model import Exploiting, Motive
from tipbridge.police.welfare import actions, undoing
from tipbridge.police.welfare.model import (
    ClockStep,
    Ending,
    FollowUpKind,
    GuardianNotice,
    Talk,
    TalkWith,
    Welfare,
    WelfareFacts,
)
from tipbridge.police.welfare.views import WelfareView

CHILD = verified(date(1999, 1, 1))
FIRST, SECOND = date(2014, 5, 30), date(2014, 6, 1)


@pytest.fixture
def file(node: Node) -> CaseFile:
    return a_case(node)


@pytest.fixture
def record(node: Node, file: CaseFile) -> Welfare:
    return record_of(node, recorded(node, file, suspect(birth=CHILD)))


def _view(node: Node, record: Welfare) -> WelfareView:
    with open_work(node, CONSOLE) as work:
        return actions.read_record(work, record.id)


def _talk(node: Node, record: Welfare, on: date, why: Motive | None = None) -> Talk:
    with open_work(node, CONSOLE) as work:
        return actions.record_talk(work, record.id, talk_with=TalkWith.CHILD, on=on, why=why)


def _take_back(node: Node, record: Welfare, talk: Talk, by: Actor = CONSOLE) -> None:
    with open_work(node, by) as work:
        undoing.take_back_talk(work, record.id, talk.id, because="It was another child.")


def _met(node: Node, record: Welfare) -> date | None:
    clocks = {clock.step: clock for clock in _view(node, record).clocks}
    return clocks[ClockStep.CHILD_TALK].met_on


def test_a_talk_taken_back_stays_in_the_record_and_counts_no_more(
    node: Node, file: CaseFile, record: Welfare
) -> None:
    mistaken = _talk(node, record, FIRST, Motive.CURIOSITY)
    second = _talk(node, record, SECOND, Motive.SHOWING_OFF)
    assert _met(node, record) == FIRST
    with pytest.raises(Invalid), open_work(node, CONSOLE) as work:
        undoing.take_back_talk(work, record.id, mistaken.id, because=" ")
    _take_back(node, record, mistaken)
    assert _met(node, record) == SECOND, "the other talk meets the day"
    with pytest.raises(NotFound):
        _take_back(node, record, mistaken)
    _take_back(node, record, second)
    assert _met(node, record) is None
    kept = _view(node, record).talks
    assert [(talk.id, talk.why) for talk in kept] == [
        (mistaken.id, Motive.CURIOSITY),
        (second.id, Motive.SHOWING_OFF),
    ]
    assert kept[0].taken_back_by == CONSOLE.id
    assert kept[0].taken_back_because == "It was another child."
    facts = WelfareFacts(guardian_notice=GuardianNotice.GIVEN)
    contacted(node, record.person_id)
    with pytest.raises(Conflict, match="a talk with the child"), open_work(node, CONSOLE) as work:
        actions.record_welfare(work, record.id, facts)
        actions.close_welfare(work, record.id, ending=Ending.NO_NEED_FOUND)
    with open_work(node, WORKER) as work:
        said = work.db.execute(bulletin._said_by_the_child().select()).all()  # pyright: ignore[reportPrivateUsage]
    assert said == [], "no figure of why it happened counts it"
    assert file_of(node, file.case.id).people


def test_a_closed_record_whose_ending_rests_on_a_mistaken_talk_is_open_again(
    node: Node, record: Welfare
) -> None:
    one, other = (_talk(node, record, on) for on in (FIRST, SECOND))
    contacted(node, record.person_id)
    with open_work(node, CONSOLE) as work:
        facts = WelfareFacts(guardian_notice=GuardianNotice.GIVEN)
        actions.record_welfare(work, record.id, facts)
        actions.close_welfare(work, record.id, ending=Ending.CONTACT_LOST)
    _take_back(node, record, one)
    view = _view(node, record)
    assert view.welfare.ending is Ending.CONTACT_LOST, "the other talk makes it true"
    _take_back(node, record, other)
    view = _view(node, record)
    assert (view.welfare.ending, view.welfare.closed_at) == (None, None)
    assert Ending.CONTACT_LOST in [each.before for each in view.changes]
    review = next((each for each in view.clocks if each.step is ClockStep.REVIEW), None)
    assert review is None or review.met_on is None


def _stated(node: Node, file: CaseFile) -> Exploiting | None:
    stated = file_of(node, file.case.id).people[0].person.exploiting
    return None if stated is None else stated.answer


def test_what_a_talk_taken_back_said_of_exploitation_is_not_known_any_more(
    node: Node, file: CaseFile, record: Welfare
) -> None:
    one, other = (_talk(node, record, on, Motive.COERCED) for on in (FIRST, SECOND))
    assert _stated(node, file) is Exploiting.OF_THE_PERSON
    _take_back(node, record, one)
    assert _stated(node, file) is Exploiting.OF_THE_PERSON, "the other talk says it too"
    _take_back(node, record, other)
    assert _stated(node, file) is None


def test_whoever_does_not_see_the_person_takes_back_nothing_that_was_stated_of_them(
    node: Node, file: CaseFile, record: Welfare, staff: Callable[..., Actor]
) -> None:
    talk = _talk(node, record, FIRST, Motive.MONEY)
    beside = staff(node, Role.INVESTIGATOR, add_unit(node, "children"))
    with open_work(node, CONSOLE) as work:
        actions.change_access(work, record.id, members=(beside.name,), narrowed=False)
    with pytest.raises(Conflict, match="who sees the case"):
        _take_back(node, record, talk, by=beside)
    assert _view(node, record).talks == (talk,)
    assert _stated(node, file) is Exploiting.AT_HAND


def test_a_promise_that_is_dropped_says_why_and_keeps_no_record_open(
    node: Node, record: Welfare
) -> None:
    with open_work(node, CONSOLE) as work:
        each, done = (
            actions.plan_follow_up(work, record.id, kind=kind, due_on=date(2014, 6, 3))
            for kind in (FollowUpKind.HOME_VISIT, FollowUpKind.COUNSELLING)
        )
        actions.finish_follow_up(work, record.id, done.id)
    with pytest.raises(NotFound), open_work(node, CONSOLE) as work:
        undoing.drop_follow_up(work, record.id, done.id, because="Too late to drop it.")
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=datetime(2014, 6, 4, 3, tzinfo=UTC))
    with open_work(node, CONSOLE) as work:
        assert actions.count_late(work) == 1, "no day of the law passed, but a promise's"
        (line,) = actions.list_records(work)
        assert (line.is_late, line.next_follow_up) == (True, each)
        undoing.drop_follow_up(work, record.id, each.id, because="The family moved away.")
    with pytest.raises(NotFound), open_work(node, CONSOLE) as work:
        actions.finish_follow_up(work, record.id, each.id)
    with open_work(node, CONSOLE) as work:
        assert actions.count_late(work) == 0
        (line,) = actions.list_records(work)
        assert (line.is_late, line.next_follow_up) == (False, None)
        facts = WelfareFacts(contact_made=False)
        actions.record_welfare(work, record.id, facts)
        actions.close_welfare(work, record.id, ending=Ending.NOT_FOUND)
    kept = {each.id: each for each in _view(node, record).follow_ups}[each.id]
    assert (kept.dropped_by, kept.dropped_on) == (CONSOLE.id, date(2014, 6, 4))
    assert kept.dropped_because == "The family moved away."
