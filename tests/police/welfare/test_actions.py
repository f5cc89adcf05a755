"""Welfare records on the real database."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.nodes import CONSOLE, add_unit
from tests.police.cases.builders import account_parts, part
from tests.police.folk import (
    NOW,
    a_case,
    contacted,
    file_of,
    outcome_of,
    record_of,
    recorded,
    suspect,
    verified,
)
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Mark, Outcome, SchoolLevel
from tipbridge.office.actions import set_clock
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.model import Motive, PersonFacts, PersonRole, Stage
from tipbridge.police.evidence import actions as evidence
from tipbridge.police.evidence.model import Taking
from tipbridge.police.outcomes.actions import decide_outcome
from tipbridge.police.welfare import actions, steps, store
from tipbridge.police.welfare.errors import ContactFirst
from tipbridge.police.welfare.model import (
    ClockStep,
    CoerciveStep,
    Consent,
    ConsentBy,
    Ending,
    FollowUpKind,
    GuardianNotice,
    Reason,
    TalkWith,
    WelfareFacts,
)
from tipbridge.police.welfare.views import WelfareView

CHILD = verified(date(1999, 1, 1))
BOTH = frozenset({PersonRole.SUSPECT, PersonRole.VICTIM})
WHY = "The device was about to be wiped."
BEFORE = date(2014, 5, 26)
LATER = datetime(2015, 1, 5, 3, tzinfo=UTC)


def _view(node: Node, welfare_id: str, actor: Actor = CONSOLE) -> WelfareView:
    with open_work(node, actor) as work:
        return actions.read_record(work, welfare_id)


def _clock_days(view: WelfareView) -> dict[ClockStep, date]:
    return {clock.step: clock.due_on for clock in view.clocks}


def test_a_minor_in_any_role_has_one_welfare_record_and_an_adult_none(node: Node) -> None:
    file = a_case(
        node,
        [
            *account_parts("a", person=0),
            *account_parts("b", person=1),
            part("people/2/role", "victim"),
            part("people/2/emails/0", {"address": "v@mail.example"}),
        ],
    )
    child = {"roles": frozenset({PersonRole.SUSPECT, PersonRole.VICTIM})}
    both = recorded(node, file, suspect(birth=verified(date(2002, 1, 1)), **child), 0)
    adult = recorded(node, file, suspect(), 1)
    victim = file.people[2].person.id
    recorded(node, file, suspect(birth=verified(date(2002, 1, 2)), **child), 0)
    assert outcome_of(node, file.case.id, both).welfare is not None
    assert outcome_of(node, file.case.id, adult).welfare is None
    assert outcome_of(node, file.case.id, victim).welfare is not None


def test_a_pupil_whose_age_nobody_knows_has_a_welfare_record(node: Node) -> None:
    file = a_case(node)
    facts = PersonFacts(school_level=SchoolLevel.MIDDLE, self_produced=False)
    person_id = recorded(node, file, facts)
    assert outcome_of(node, file.case.id, person_id).welfare is not None


def test_a_review_again_changes_nothing(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=verified(date(2002, 1, 1))))
    first = outcome_of(node, file.case.id, person_id).welfare
    with open_work(node, WORKER) as work:
        actions.review_case(work, case_id=file.case.id)
    assert outcome_of(node, file.case.id, person_id).welfare == first


def test_a_report_marked_self_production_opens_welfare_while_no_age_is_known(
    node: Node,
) -> None:
    marks = part("files/0/marks", {"possible_self_production": True})
    file = a_case(node, [*account_parts(), marks])
    person_id = file.people[0].person.id
    with open_work(node, WORKER) as work:
        actions.review_case(work, case_id=file.case.id)
    assert outcome_of(node, file.case.id, person_id).welfare is not None


def test_each_step_has_its_own_day_with_its_source_and_how_sure_we_are(node: Node) -> None:
    file = a_case(node)
    view = _view(node, record_of(node, recorded(node, file, suspect(birth=CHILD))).id)
    assert view.welfare.reasons == (Reason.MINOR,)
    assert _clock_days(view) == {
        ClockStep.AGENCY_CONTACT: date(2014, 6, 9),
        ClockStep.GUARDIAN_NOTICE: date(2014, 6, 9),
        ClockStep.CHILD_TALK: date(2014, 6, 16),
        ClockStep.GUARDIAN_TALK: date(2014, 6, 16),
        ClockStep.SCHOOL_TALK: date(2014, 7, 2),
        ClockStep.REVIEW: date(2014, 8, 31),
    }
    marks = {clock.step: clock.mark for clock in view.clocks}
    assert marks[ClockStep.GUARDIAN_NOTICE] is Mark.UNCONFIRMED
    assert all(clock.citation for clock in view.clocks)


def test_a_later_fact_adds_its_reason_and_its_day(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=CHILD))
    recorded(node, file, PersonFacts(self_produced=True))
    view = _view(node, record_of(node, person_id).id)
    assert view.welfare.reasons == (Reason.MINOR, Reason.SELF_PRODUCTION)
    assert _clock_days(view)[ClockStep.REMOVAL_REQUEST] == date(2014, 6, 2)


def test_a_child_found_to_be_a_victim_too_is_reported_on_that_day(node: Node) -> None:
    file = a_case(node, now=LATER)  # the duty to report at once is of 29 September 2014
    person_id = recorded(node, file, suspect(birth=CHILD))
    record = record_of(node, person_id)
    assert _clock_days(_view(node, record.id))[ClockStep.AGENCY_CONTACT] == date(2015, 1, 12)
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=LATER + timedelta(days=2))
    recorded(node, file, PersonFacts(roles=BOTH))
    view = _view(node, record.id)
    days = {clock.step: clock for clock in view.clocks}
    report = days[ClockStep.AGENCY_CONTACT]
    assert report.due_on == view.welfare.due_on == date(2015, 1, 7)
    assert "report at once" in report.citation
    assert days[ClockStep.REVIEW].due_on == date(2015, 4, 5), "no later day for the rest"
    assert [clock.due_on for clock in view.replaced] == [date(2015, 1, 12)]
    contacted(node, person_id)
    met = {clock.step: clock.met_on for clock in _view(node, record.id).clocks if clock.met_on}
    assert met == {ClockStep.AGENCY_CONTACT: date(2015, 1, 7)}


def test_contact_guardian_and_consent_are_recorded_and_stop_their_clocks(node: Node) -> None:
    file = a_case(node)
    record = record_of(node, recorded(node, file, suspect(birth=CHILD)))
    facts = WelfareFacts(
        agency="Child protection agency",
        contact_made=True,
        contact_on=date(2014, 6, 1),
        guardian_notice=GuardianNotice.WITHHELD_GUARDIAN_SUSPECTED,
        consent=Consent.GIVEN,
        consent_by=ConsentBy.CHILD,
    )
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid):
        actions.record_welfare(work, record.id, WelfareFacts(contact_on=date(2015, 1, 1)))
    with open_work(node, CONSOLE) as work:
        actions.record_welfare(work, record.id, facts)
    view = _view(node, record.id)
    assert view.welfare.guardian_notice_on == view.welfare.consent_on == date(2014, 6, 2)
    met = {clock.step: clock.met_on for clock in view.clocks if clock.met_on}
    assert met == {
        ClockStep.AGENCY_CONTACT: date(2014, 6, 1),
        ClockStep.GUARDIAN_NOTICE: date(2014, 6, 2),
    }
    standing = outcome_of(node, file.case.id, record.person_id).welfare
    assert standing is not None
    assert standing.contacted_on == date(2014, 6, 1)
    with open_work(node, CONSOLE) as work:
        actions.record_welfare(work, record.id, WelfareFacts(contact_made=False))
    met = {clock.step for clock in _view(node, record.id).clocks if clock.met_on}
    assert met == {ClockStep.GUARDIAN_NOTICE}, "contact was not made after all"


@pytest.mark.parametrize(
    ("outcome", "step"),
    [
        (Outcome.BOOKED_AT_LIBERTY, CoerciveStep.BOOKING),
        (Outcome.BOOKED_DETAINED, CoerciveStep.DETENTION),
    ],
)
def test_a_child_is_not_booked_before_contact_nor_without_a_named_persons_reason(
    node: Node, outcome: Outcome, step: CoerciveStep
) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=CHILD))
    for _ in range(2):
        with pytest.raises(ContactFirst), open_work(node, CONSOLE) as work:
            decide_outcome(work, person_id, outcome=outcome)
        with open_work(node, CONSOLE) as work:
            other = CoerciveStep.SEARCH
            steps.record_step(work, person_id, other, grounds=WHY)  # opens the search alone
    assert file_of(node, file.case.id).people[0].person.stage is Stage.INQUIRY
    with open_work(node, CONSOLE) as work:
        taken = steps.record_step(work, person_id, step, grounds=WHY)
        decide_outcome(work, person_id, outcome=outcome)
    assert (taken.by, taken.grounds, taken.contacted) == (CONSOLE.id, WHY, False)
    assert file_of(node, file.case.id).people[0].person.stage is Stage.BOOKED


def test_a_reason_of_another_day_does_not_open_the_step_today(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=CHILD))
    with open_work(node, CONSOLE) as work:
        steps.record_step(work, person_id, CoerciveStep.BOOKING, on=date(2014, 6, 1), grounds=WHY)
    with pytest.raises(ContactFirst), open_work(node, CONSOLE) as work:
        decide_outcome(work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY)


@pytest.mark.parametrize("step", list(CoerciveStep))
def test_no_coercive_step_on_a_child_stands_before_contact_without_a_reason(
    node: Node, step: CoerciveStep
) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=CHILD, roles=BOTH))
    with pytest.raises(ContactFirst), open_work(node, CONSOLE) as work:
        steps.record_step(work, person_id, step)
    with pytest.raises(Invalid), open_work(node, CONSOLE) as work:
        steps.record_step(work, person_id, step, grounds="short")
    welfare_id = contacted(node, person_id)
    with open_work(node, CONSOLE) as work:
        assert steps.record_step(work, person_id, step).contacted
    with pytest.raises(ContactFirst), open_work(node, CONSOLE) as work:
        steps.record_step(work, person_id, step, on=BEFORE)
    assert [taken.step for taken in _view(node, welfare_id).steps] == [step]
    with open_work(node, CONSOLE) as work:
        earlier = steps.record_step(work, person_id, step, on=BEFORE, grounds=WHY)
    assert not earlier.contacted, "the contact came after it"


def test_an_attempt_at_contact_is_no_contact(node: Node) -> None:
    file = a_case(node)
    record = record_of(node, recorded(node, file, suspect(birth=CHILD)))
    with open_work(node, CONSOLE) as work:
        actions.record_welfare(work, record.id, WelfareFacts(contact_made=False))
    with pytest.raises(ContactFirst), open_work(node, CONSOLE) as work:
        steps.record_step(work, record.person_id, CoerciveStep.ARREST)


def test_a_grown_up_needs_nobody_beside_them(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect())
    with open_work(node, CONSOLE) as work:
        assert steps.record_step(work, person_id, CoerciveStep.ARREST).contacted
        decide_outcome(work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY)


def test_talks_keep_with_whom_and_why_it_happened(node: Node) -> None:
    file = a_case(node)
    record = record_of(node, recorded(node, file, suspect(birth=CHILD)))
    with open_work(node, CONSOLE) as work:
        for talk_with in TalkWith:
            why = Motive.FOLLOWERS if talk_with is TalkWith.CHILD else None
            actions.record_talk(work, record.id, talk_with=talk_with, why=why)
    view = _view(node, record.id)
    assert [(talk.talk_with, talk.why) for talk in view.talks] == [
        (TalkWith.CHILD, Motive.FOLLOWERS),
        (TalkWith.GUARDIAN, None),
        (TalkWith.SCHOOL, None),
    ]
    talks = {ClockStep.CHILD_TALK, ClockStep.GUARDIAN_TALK, ClockStep.SCHOOL_TALK}
    assert {clock.step for clock in view.clocks if clock.met_on} == talks


def test_a_record_closes_with_what_came_of_it_once_everything_is_answered(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=CHILD))
    record = record_of(node, person_id)

    def close(ending: Ending = Ending.SUPPORT_GIVEN) -> None:
        with open_work(node, CONSOLE) as work:
            actions.close_welfare(work, record.id, ending=ending)

    with pytest.raises(Conflict, match="guardian was told"):
        close()
    contacted(node, person_id)
    with open_work(node, CONSOLE) as work:
        told = WelfareFacts(guardian_notice=GuardianNotice.GIVEN)
        actions.record_welfare(work, record.id, told)
        due_on = date(2014, 7, 1)
        planned = actions.plan_follow_up(
            work, record.id, kind=FollowUpKind.COUNSELLING, due_on=due_on
        )
    with pytest.raises(Conflict, match=r"a talk with the child; that consent .* follow-up is done"):
        close()
    with open_work(node, CONSOLE) as work:
        actions.record_talk(work, record.id, talk_with=TalkWith.CHILD)
        agreed = WelfareFacts(consent=Consent.GIVEN, consent_by=ConsentBy.CHILD)
        actions.record_welfare(work, record.id, agreed)
        actions.finish_follow_up(work, record.id, planned.id)
    close()
    view = _view(node, record.id)
    assert view.welfare.ending is Ending.SUPPORT_GIVEN
    assert view.follow_ups[0].done_by == CONSOLE.id
    for change in (WelfareFacts(contact_made=False),):
        with pytest.raises(Conflict), open_work(node, CONSOLE) as work:
            actions.record_welfare(work, record.id, change)
    with open_work(node, CONSOLE) as work:
        assert actions.list_records(work) == []


def test_a_follow_up_of_another_record_is_not_found(node: Node) -> None:
    parts = [*account_parts("a", person=0), *account_parts("b", person=1)]
    file = a_case(node, parts)
    one = record_of(node, recorded(node, file, suspect(birth=CHILD), 0))
    other = record_of(node, recorded(node, file, suspect(birth=CHILD), 1))
    with open_work(node, CONSOLE) as work:
        each = actions.plan_follow_up(
            work, one.id, kind=FollowUpKind.HOME_VISIT, due_on=date(2014, 7, 1)
        )
    with pytest.raises(NotFound), open_work(node, CONSOLE) as work:
        actions.finish_follow_up(work, other.id, each.id)
    assert _view(node, one.id).follow_ups[0].done_on is None


def test_of_what_is_done_later_a_review_alone_is_the_review(node: Node) -> None:
    record = record_of(node, recorded(node, a_case(node), suspect(birth=CHILD)))
    met: dict[FollowUpKind, set[ClockStep]] = {}
    for kind in FollowUpKind:
        with open_work(node, CONSOLE) as work:
            each = actions.plan_follow_up(work, record.id, kind=kind, due_on=date(2014, 7, 1))
            actions.finish_follow_up(work, record.id, each.id)
        met[kind] = {clock.step for clock in _view(node, record.id).clocks if clock.met_on}
    review = met.pop(FollowUpKind.REVIEW)
    assert review == {ClockStep.REVIEW}
    assert set().union(*met.values()) == set()


def test_a_day_that_passed_is_marked_once_and_comes_first(node: Node) -> None:
    parts = [*account_parts("a", person=0), *account_parts("b", person=1)]
    file = a_case(node, parts)
    contacted(node, recorded(node, file, suspect(birth=CHILD), 0))
    late = record_of(node, recorded(node, file, suspect(birth=CHILD), 1))
    with open_work(node, CONSOLE) as work:
        told = WelfareFacts(guardian_notice=GuardianNotice.GIVEN)
        for line in actions.list_records(work):
            actions.record_welfare(work, line.welfare.id, told)
    with open_work(node, WORKER) as work:
        assert actions.miss_clocks(work) == 0
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=datetime(2014, 6, 9, 15, tzinfo=UTC))  # there it is the 10th
    for missed in (1, 0):
        with open_work(node, WORKER) as work:
            assert actions.miss_clocks(work) == missed
    with open_work(node, CONSOLE) as work:
        lines = actions.list_records(work)
        assert actions.count_late(work) == 1
    assert [(line.welfare.id == late.id, line.is_late) for line in lines] == [
        (True, True),
        (False, False),
    ]


def test_a_record_has_its_own_list_and_the_case_sees_only_that_it_is_there(
    node: Node, staff: Callable[..., Actor]
) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=CHILD, roles=BOTH))
    record = record_of(node, person_id)
    other_unit = add_unit(node, "children")
    beside, colleague = staff(node, Role.INVESTIGATOR, other_unit), staff(node, Role.INVESTIGATOR)
    with pytest.raises(NotFound):
        _view(node, record.id, beside)
    with open_work(node, CONSOLE) as work:
        actions.change_access(work, record.id, members=(beside.name,), narrowed=False)
    assert _view(node, record.id, beside).welfare.id == record.id
    assert _view(node, record.id, colleague).welfare.id == record.id
    with pytest.raises(NotFound), open_work(node, beside) as work:
        cases.read_case(work, file.case.id)
    with open_work(node, CONSOLE) as work:
        actions.change_access(work, record.id, members=(beside.name,), narrowed=True)
    with pytest.raises(NotFound):
        _view(node, record.id, colleague)
    with open_work(node, colleague) as work:
        assert actions.list_records(work) == []
        assert store.clocks_of(work.db, [record.id]) == []
    with pytest.raises(ContactFirst), open_work(node, colleague) as work:
        steps.record_step(work, person_id, CoerciveStep.ARREST)
    with open_work(node, beside) as work:
        actions.record_welfare(work, record.id, WelfareFacts(agency="Agency", contact_made=True))
    with open_work(node, colleague) as work:
        assert steps.record_step(work, person_id, CoerciveStep.ARREST).contacted


def test_a_record_of_a_restricted_case_is_not_seen_by_others(
    node: Node, staff: Callable[..., Actor]
) -> None:
    file = a_case(node)
    record = record_of(node, recorded(node, file, suspect(birth=CHILD)))
    colleague = staff(node, Role.INVESTIGATOR)
    with open_work(node, CONSOLE) as work:
        cases.restrict_case(work, file.case.id, members=())
    with pytest.raises(NotFound):
        _view(node, record.id, colleague)


def _seize(
    node: Node, file: CaseFile, mark: str = "E1", at: datetime | None = None, **said: str
) -> str:
    with open_work(node, CONSOLE) as work:
        return evidence.add_exhibit(
            work,
            file.case.id,
            mark=mark,
            kind="device",
            description="a phone",
            place="at home",
            authority="warrant 2014-1",
            taking=Taking(at=at, **said),
        ).id


def _seizures(node: Node, file: CaseFile, person_id: str) -> list[tuple[bool, str | None]]:
    taken = outcome_of(node, file.case.id, person_id).steps
    return [(each.contacted, each.grounds) for each in taken if each.step is CoerciveStep.SEIZURE]


def test_a_childs_phone_is_not_taken_in_before_contact_without_a_reason(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=CHILD))
    for said in ({}, {"person": "1"}, {"person": person_id}):
        with pytest.raises(ContactFirst):
            _seize(node, file, **said)
    with pytest.raises(Invalid):
        _seize(node, file, person="1", grounds="short")
    with pytest.raises(NotFound):
        _seize(node, file, person="2")
    with open_work(node, CONSOLE) as work:
        assert evidence.list_exhibits(work, case=file.case.id) == []
    _seize(node, file, person="1", grounds=WHY)
    assert _seizures(node, file, person_id) == [(False, WHY)]
    _seize(node, file, "E2", person=person_id)
    assert _seizures(node, file, person_id) == [(False, WHY)], "the same day's reason serves"
    contacted(node, person_id)
    _seize(node, file, "E3", person="1")
    assert _seizures(node, file, person_id)[1:] == [(True, None)]
    _seize(node, file, "E4")
    before = NOW - timedelta(days=7)
    for said in ({}, {"person": "1"}):
        with pytest.raises(ContactFirst):
            _seize(node, file, "E5", before, **said)
    _seize(node, file, "E5", before, person="1", grounds=WHY)
    assert _seizures(node, file, person_id) == [(False, WHY), (False, WHY), (True, None)]


def test_beside_a_child_without_contact_a_seizure_names_whom_it_was_from(node: Node) -> None:
    file = a_case(node)
    child = recorded(node, file, suspect(birth=CHILD))
    with open_work(node, CONSOLE) as work:
        grown = cases.add_person(work, file.case.id, roles=[PersonRole.SUSPECT])
        cases.record_person(work, grown, suspect())
    with pytest.raises(ContactFirst, match="of whom"):
        _seize(node, file)
    _seize(node, file, person="2")
    assert _seizures(node, file, grown) == [(True, None)]
    assert _seizures(node, file, child) == []
