"""Contact stays what it is, open record or closed, and a record opens again when it is wanted."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import (
    NOW,
    a_case,
    contacted,
    looked_after,
    outcome_of,
    record_of,
    recorded,
    suspect,
    verified,
)
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Birth, Certainty, Outcome, SchoolLevel
from tipbridge.office.actions import set_clock
from tipbridge.police.cases.model import PersonFacts
from tipbridge.police.outcomes.actions import decide_outcome
from tipbridge.police.welfare import actions, rules, steps
from tipbridge.police.welfare.errors import AgencyMissing, ContactFirst, MayBeMinor
from tipbridge.police.welfare.model import (
    Clock,
    ClockStep,
    CoerciveStep,
    Ending,
    GuardianNotice,
    Reason,
    TalkWith,
    Welfare,
    WelfareFacts,
)
from tipbridge.police.welfare.views import WelfareView

CHILD = verified(date(1998, 1, 1))
PUPIL = PersonFacts(school_level=SchoolLevel.HIGH, self_produced=False)


def _close(node: Node, record: Welfare, ending: Ending) -> None:
    with open_work(node, CONSOLE) as work:
        actions.close_welfare(work, record.id, ending=ending)


def _tell(node: Node, record: Welfare, facts: WelfareFacts) -> Welfare:
    with open_work(node, CONSOLE) as work:
        return actions.record_welfare(work, record.id, facts)


def _arrested_with_contact(node: Node, person_id: str) -> bool:
    with open_work(node, CONSOLE) as work:
        return steps.record_step(work, person_id, CoerciveStep.ARREST).contacted


def _refused(node: Node, person_id: str) -> None:
    with pytest.raises(ContactFirst):
        _arrested_with_contact(node, person_id)
    with pytest.raises(ContactFirst), open_work(node, CONSOLE) as work:
        decide_outcome(work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY)


def _without_contact(node: Node, birth: Birth = CHILD) -> Welfare:
    """A record that was closed after an attempt at contact."""
    record = record_of(node, recorded(node, a_case(node), suspect(birth=birth)))
    tried = WelfareFacts(contact_made=False, guardian_notice=GuardianNotice.GIVEN)
    _tell(node, record, tried)
    _close(node, record, Ending.NOT_FOUND)
    return record


@pytest.mark.parametrize(
    "birth",
    [CHILD, Birth(earliest=date(1990, 1, 1), latest=CHILD.latest, certainty=Certainty.ESTIMATED)],
)
def test_nobodys_record_ends_as_not_a_minors_while_the_birth_says_they_may_be_one(
    node: Node, birth: Birth
) -> None:
    person_id = recorded(node, a_case(node), suspect(birth=birth))
    record = record_of(node, person_id)
    with pytest.raises(MayBeMinor, match="correct the birth"):
        _close(node, record, Ending.NOT_A_MINOR)
    assert record_of(node, person_id).closed_at is None
    with pytest.raises(ContactFirst):
        _arrested_with_contact(node, person_id)


def test_a_record_of_a_grown_up_ends_as_not_a_minors_and_asks_no_more(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=CHILD))
    record = record_of(node, person_id)
    recorded(node, file, suspect())
    _refused(node, person_id)
    _close(node, record, Ending.NOT_A_MINOR)
    assert _arrested_with_contact(node, person_id)
    assert record_of(node, person_id).ending is Ending.NOT_A_MINOR


def test_closing_a_childs_record_is_no_contact(node: Node) -> None:
    record = _without_contact(node)
    _refused(node, record.person_id)
    told = outcome_of(node, record.case_id, record.person_id)
    assert told.welfare is not None
    assert told.welfare.closed_at is not None
    assert told.steps == ()


def test_a_closed_record_takes_the_contact_that_was_missing_and_nothing_else(node: Node) -> None:
    record = _without_contact(node)
    for facts in (
        WelfareFacts(agency="Agency"),
        WelfareFacts(contact_made=False),
        WelfareFacts(guardian_notice=GuardianNotice.NO_GUARDIAN),
    ):
        with pytest.raises(Conflict, match="closed"):
            _tell(node, record, facts)
    made = WelfareFacts(agency="Agency", contact_made=True)
    assert _tell(node, record, made).ending is Ending.NOT_FOUND
    assert _arrested_with_contact(node, record.person_id)
    with pytest.raises(Conflict, match="closed"):
        _tell(node, record, made)


def test_contact_that_was_made_outlives_the_record(node: Node) -> None:
    record = record_of(node, recorded(node, a_case(node), suspect(birth=CHILD)))
    with open_work(node, CONSOLE) as work:
        looked_after(work, record)
    assert _arrested_with_contact(node, record.person_id)
    assert record_of(node, record.person_id).ending is Ending.SUPPORT_GIVEN


def test_a_record_closed_as_not_a_minors_opens_again_with_a_childs_birth(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, PUPIL)
    record = record_of(node, person_id)
    _close(node, record, Ending.NOT_A_MINOR)
    with pytest.raises(ContactFirst):
        _arrested_with_contact(node, person_id)
    assert record_of(node, person_id).closed_at is not None, "nothing new is known"
    for _ in range(2):
        recorded(node, file, suspect(birth=CHILD, school_level=SchoolLevel.HIGH))
        again = record_of(node, person_id)
        assert (again.id, again.closed_at, again.ending) == (record.id, None, None)
        assert again.reasons == (Reason.PUPIL, Reason.MINOR)
        _refused(node, person_id)
        recorded(node, file, suspect(school_level=SchoolLevel.HIGH))
        _close(node, record, Ending.NOT_A_MINOR)
        assert _arrested_with_contact(node, person_id)


def test_contact_is_with_an_agency_that_has_a_name(node: Node) -> None:
    record = record_of(node, recorded(node, a_case(node), suspect(birth=CHILD)))
    with pytest.raises(AgencyMissing, match="agency"):
        _tell(node, record, WelfareFacts(contact_made=True))
    _refused(node, record.person_id)
    _tell(node, record, WelfareFacts(agency="Agency"))
    assert _tell(node, record, WelfareFacts(contact_made=True)).contact_made


def test_growing_older_or_being_verified_opens_no_closed_record_again(node: Node) -> None:
    person_id = recorded(node, a_case(node), suspect(birth=CHILD))
    contacted(node, person_id)
    with open_work(node, CONSOLE) as work:
        looked_after(work, record_of(node, person_id))
    closed = record_of(node, person_id)
    assert not rules.reopens(closed, (Reason.AGE_MAY_BE_MINOR,))
    assert not rules.reopens(closed, ())
    assert rules.reopens(closed, (Reason.MINOR, Reason.SELF_PRODUCTION))


def test_contact_said_again_without_a_day_keeps_its_day(node: Node) -> None:
    record = record_of(node, recorded(node, a_case(node), suspect(birth=CHILD)))
    first = date(2014, 5, 30)
    _tell(node, record, WelfareFacts(agency="Agency", contact_made=True, contact_on=first))
    given = GuardianNotice.GIVEN
    _tell(node, record, WelfareFacts(guardian_notice=given, guardian_notice_on=first))
    again = WelfareFacts(agency="Agency, desk 2", contact_made=True, guardian_notice=given)
    changed = _tell(node, record, again)
    assert (changed.contact_on, changed.guardian_notice_on) == (first, first)
    with open_work(node, CONSOLE) as work:
        earlier = steps.record_step(work, record.person_id, CoerciveStep.SEARCH, on=first)
    assert earlier.contacted, "the contact did not move behind the step"
    withheld = WelfareFacts(guardian_notice=GuardianNotice.WITHHELD_AGENCY_ADVISES)
    assert _tell(node, record, withheld).guardian_notice_on == date(2014, 6, 2), "said anew"
    moved = WelfareFacts(contact_made=True, contact_on=date(2014, 5, 31))
    assert _tell(node, record, moved).contact_on == date(2014, 5, 31)


def _view(node: Node, record: Welfare) -> WelfareView:
    with open_work(node, CONSOLE) as work:
        return actions.read_record(work, record.id)


def _by_step(clocks: tuple[Clock, ...]) -> dict[ClockStep, Clock]:
    return {clock.step: clock for clock in clocks}


def test_a_record_that_opens_again_has_new_days_and_keeps_the_old_ones(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=CHILD))
    record = record_of(node, person_id)
    with open_work(node, CONSOLE) as work:
        looked_after(work, record)
    first = _view(node, record)
    before = first.today
    again_on = before + timedelta(days=90)
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=NOW + timedelta(days=90))
    recorded(node, file, suspect(birth=CHILD, self_produced=True))
    view = _view(node, record)
    assert view.today == again_on
    assert set(view.replaced) == {
        replace(clock, replaced_at=NOW + timedelta(days=90)) for clock in first.clocks
    }
    now = _by_step(view.clocks)
    assert now[ClockStep.AGENCY_CONTACT].due_on >= again_on
    assert view.welfare.due_on == now[ClockStep.AGENCY_CONTACT].due_on
    _tell(node, record, WelfareFacts(agency="Another agency"))
    with open_work(node, CONSOLE) as work:
        actions.record_talk(work, record.id, talk_with=TalkWith.CHILD, on=before)
        assert actions.count_late(work) == 0
    now = _by_step(_view(node, record).clocks)
    for step in (ClockStep.AGENCY_CONTACT, ClockStep.GUARDIAN_NOTICE, ClockStep.CHILD_TALK):
        assert now[step].met_on is None, "what was done before answers no new day"
    with open_work(node, CONSOLE) as work:
        looked_after(work, record)
    done = _view(node, record)
    assert _by_step(done.clocks)[ClockStep.AGENCY_CONTACT].met_on == again_on
    assert done.replaced == view.replaced
