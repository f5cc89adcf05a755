"""Steps, corrections, appeals, differences and comparison on the real database."""

import contextlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import a_case, contacted, file_of, outcome_of, recorded, suspect, verified
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Custody, Offence, Outcome, Reason, SchoolLevel, Stage
from tipbridge.office.actions import set_clock
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.model import PersonFacts
from tipbridge.police.outcomes import actions, comparing, steps
from tipbridge.police.outcomes.errors import (
    GroundsMissing,
    OnlyByStep,
    OutcomeForbidden,
    StepNotLegal,
)
from tipbridge.police.outcomes.model import (
    AppealBy,
    AppealState,
    Change,
    Decision,
    StepFacts,
)
from tipbridge.police.welfare import steps as coercive
from tipbridge.police.welfare.errors import NotAccusable
from tipbridge.police.welfare.model import CoerciveStep

REASON = "The birth certificate came and says otherwise."
CHILD = suspect(birth=verified(date(2001, 5, 5)), offence=Offence.DISTRIBUTION)
PUPIL = suspect(birth=verified(date(1999, 1, 1)), school_level=SchoolLevel.MIDDLE)
GUIDANCE = ("guidance-by-parents", "guidance-by-school")


def _decided(node: Node, person_id: str, outcome: Outcome, **chosen: object) -> Decision:
    with open_work(node, CONSOLE) as work:
        return actions.decide_outcome(work, person_id, outcome=outcome, **chosen)  # type: ignore[arg-type]


def _step(node: Node, person_id: str, stage: Stage, **said: object) -> None:
    with open_work(node, CONSOLE) as work:
        steps.record_step(work, person_id, StepFacts(stage=stage, **said))  # type: ignore[arg-type]


def _stage(node: Node, file: CaseFile) -> Stage:
    return file_of(node, file.case.id).people[0].person.stage


def test_not_booked_is_closed_only_when_the_juvenile_division_was_sent_to(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, CHILD)
    _decided(node, person_id, Outcome.JUVENILE_DIVISION)
    before = outcome_of(node, file.case.id, person_id)
    assert before.person.stage is Stage.NOT_BOOKED
    assert not before.history.closed
    assert before.history.kept_until is None
    _step(node, person_id, Stage.JUVENILE_DIVISION, note="By post.")
    sent = outcome_of(node, file.case.id, person_id)
    assert sent.person.stage is Stage.JUVENILE_DIVISION
    done = {duty.code: duty.done_at is not None for duty in sent.duties}
    assert done["juvenile-division-transfer"]
    assert not done["guardian-notice"]
    _step(node, person_id, Stage.NO_DISPOSITION)
    after = outcome_of(node, file.case.id, person_id).history
    assert after.closed
    assert after.kept_until is not None
    assert [(each.before, each.stage) for each in after.steps] == [
        (Stage.INQUIRY, Stage.NOT_BOOKED),
        (Stage.NOT_BOOKED, Stage.JUVENILE_DIVISION),
        (Stage.JUVENILE_DIVISION, Stage.NO_DISPOSITION),
    ]
    assert after.steps[1].source.rule == "KR-JA-4-2"
    assert after.steps[1].note == "By post."


def test_no_word_but_the_step_fulfils_the_duty_to_send_a_child_on(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, CHILD)
    _decided(node, person_id, Outcome.JUVENILE_DIVISION)
    duties = outcome_of(node, file.case.id, person_id).duties
    (transfer,) = [each for each in duties if each.by_step]
    assert transfer.code == "juvenile-division-transfer"
    with open_work(node, CONSOLE) as work, pytest.raises(OnlyByStep):
        actions.finish_duty(work, transfer.id)
    history = outcome_of(node, file.case.id, person_id).history
    assert (history.closed, history.kept_until) == (False, None)


def test_a_child_cleared_of_all_suspicion_is_closed_and_sent_nowhere(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, CHILD)
    _decided(node, person_id, Outcome.JUVENILE_DIVISION)
    _decided(node, person_id, Outcome.NO_SUSPICION, grounds="Somebody else did it.")
    history = outcome_of(node, file.case.id, person_id).history
    assert history.closed
    assert history.kept_until is not None


def test_a_file_not_sent_is_closed_once_its_review_is_over(node: Node) -> None:
    file = a_case(node, now=datetime(2021, 6, 2, 3, tzinfo=UTC))
    person_id = recorded(node, file, suspect(act_on=date(2021, 3, 10)))
    _decided(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    _step(node, person_id, Stage.NOT_SENT, reason=Reason.INSUFFICIENT_EVIDENCE)
    before = outcome_of(node, file.case.id, person_id).history
    (review,) = before.clocks
    assert (review.code, review.source.rule) == ("file-review", "KR-SEND-2021")
    assert review.due_on == date(2021, 8, 31), "90 days after 2 June"
    assert (before.closed, before.kept_until) == (False, None)
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=datetime(2021, 8, 31, 3, tzinfo=UTC))
    assert not outcome_of(node, file.case.id, person_id).history.closed, "its last day"
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=datetime(2021, 9, 1, 3, tzinfo=UTC))
    after = outcome_of(node, file.case.id, person_id).history
    assert after.closed
    assert after.kept_until == date(2021, 8, 31) + timedelta(days=365), "as short as the cleared"


def test_no_verb_brings_a_child_to_an_accusation(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, CHILD)
    accused = {Stage.BOOKED, Stage.SENT_TO_PROSECUTOR, Stage.CHARGED, Stage.SUMMARY_TRIAL}
    _decided(node, person_id, Outcome.JUVENILE_DIVISION)
    _step(node, person_id, Stage.JUVENILE_DIVISION)
    reached = set[Stage]()
    for outcome in Outcome:
        for change in (None, Change.CORRECTION):
            with contextlib.suppress(Conflict), open_work(node, CONSOLE) as work:
                actions.decide_outcome(
                    work, person_id, outcome=outcome, grounds=REASON, change=change
                )
                reached.add(cases.person_seen(work, person_id).stage)
    assert reached == {Stage.NOT_BOOKED}  # the juvenile division, or no suspicion
    for stage in accused:
        with pytest.raises((StepNotLegal, OutcomeForbidden)):
            _step(node, person_id, stage)
    assert _stage(node, file) is Stage.NOT_BOOKED


def test_an_adult_goes_to_the_prosecutor_and_a_court(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect())
    _decided(node, person_id, Outcome.BOOKED_DETAINED)
    with pytest.raises(StepNotLegal, match="sent-to-prosecutor"):
        _step(node, person_id, Stage.NOT_SENT)  # only since 2021
    _step(node, person_id, Stage.SENT_TO_PROSECUTOR)
    found = file_of(node, file.case.id).people[0].person
    assert (found.stage, found.custody) == (Stage.SENT_TO_PROSECUTOR, Custody.DETAINED)
    _step(node, person_id, Stage.SUSPENDED)
    found = file_of(node, file.case.id).people[0].person
    assert (found.stage, found.custody) == (Stage.SUSPENDED, Custody.NOT_DETAINED)
    with pytest.raises(Invalid):
        _step(node, person_id, Stage.CHARGED, on=date(2031, 1, 1))


def _not_sent(node: Node) -> tuple[CaseFile, str]:
    file = a_case(node, now=datetime(2021, 6, 2, 3, tzinfo=UTC))
    person_id = recorded(node, file, suspect(act_on=date(2021, 3, 10)))
    _decided(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    _step(node, person_id, Stage.NOT_SENT, reason=Reason.NO_CRIME_FOUND)
    return file, person_id


def _objection(node: Node, person_id: str, by: AppealBy = AppealBy.VICTIM) -> str:
    with open_work(node, CONSOLE) as work:
        return steps.file_appeal(work, person_id, by=by, grounds="The file shows otherwise.").id


def _answered(node: Node, appeal_id: str, state: AppealState) -> None:
    with open_work(node, CONSOLE) as work:
        steps.answer_appeal(work, appeal_id, state=state, answer="Looked at again.")


@pytest.mark.parametrize("again", [False, True])
def test_a_victims_objection_forces_what_was_not_sent_to_the_prosecutor(
    node: Node, again: bool
) -> None:
    file, person_id = _not_sent(node)
    appeal = _objection(node, person_id)
    (duty,) = [d for d in outcome_of(node, file.case.id, person_id).duties if d.by_step]
    assert (duty.code, duty.due_on) == ("send-on-objection", date(2021, 6, 2))
    with open_work(node, CONSOLE) as work, pytest.raises(OnlyByStep):
        actions.finish_duty(work, duty.id)
    with pytest.raises(StepNotLegal, match=r"Not for the police to reject.*KR-SEND-OBJECTION"):
        _answered(node, appeal, AppealState.REJECTED)
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=datetime(2021, 9, 20, 3, tzinfo=UTC))
    assert not outcome_of(node, file.case.id, person_id).history.closed, "ninety days are over"
    if again:  # the prosecutor has the police look again first: sent is sent, by whichever way
        _step(node, person_id, Stage.BOOKED)
    _step(node, person_id, Stage.SENT_TO_PROSECUTOR)
    after = outcome_of(node, file.case.id, person_id)
    assert [d.done_at is not None for d in after.duties if d.code == duty.code] == [True]
    _answered(node, appeal, AppealState.UPHELD)


def test_an_objection_that_is_withdrawn_or_anothers_forces_nothing(node: Node) -> None:
    file, person_id = _not_sent(node)
    _answered(node, _objection(node, person_id), AppealState.WITHDRAWN)
    _answered(node, _objection(node, person_id, AppealBy.COUNSEL), AppealState.REJECTED)
    duties = outcome_of(node, file.case.id, person_id).duties
    assert [d.done_at is not None for d in duties if d.code == "send-on-objection"] == [True]
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=datetime(2021, 9, 1, 3, tzinfo=UTC))
    assert outcome_of(node, file.case.id, person_id).history.closed


@pytest.mark.parametrize(
    "step", [CoerciveStep.BOOKING, CoerciveStep.DETENTION, CoerciveStep.ARREST]
)
def test_a_child_is_booked_held_or_arrested_by_no_reason(node: Node, step: CoerciveStep) -> None:
    file = a_case(node)
    person_id = recorded(node, file, CHILD)
    contacted(node, person_id)
    with open_work(node, CONSOLE) as work, pytest.raises(NotAccusable, match="KR-JA-4-2"):
        coercive.record_step(work, person_id, step, grounds=REASON)
    with open_work(node, CONSOLE) as work:
        coercive.record_step(work, person_id, CoerciveStep.QUESTIONING)
    assert [s.step for s in outcome_of(node, file.case.id, person_id).steps] == [
        CoerciveStep.QUESTIONING
    ]


def test_an_act_older_than_every_loaded_law_opens_no_booking_of_a_child(node: Node) -> None:
    person_id = recorded(node, a_case(node), replace(CHILD, further_acts=("viewing 2008-05-01",)))
    contacted(node, person_id)
    with open_work(node, CONSOLE) as work, pytest.raises(NotAccusable, match="KR-JA-4-2"):
        coercive.record_step(work, person_id, CoerciveStep.BOOKING, grounds=REASON)


def test_while_an_age_is_open_nobody_is_booked_or_held_and_an_arrest_is_written_down(
    node: Node,
) -> None:
    person_id = recorded(node, a_case(node), suspect(birth=None))
    for step in (CoerciveStep.BOOKING, CoerciveStep.DETENTION):
        with open_work(node, CONSOLE) as work, pytest.raises(NotAccusable, match="AGE-UNRESOLVED"):
            coercive.record_step(work, person_id, step, grounds=REASON)
    with open_work(node, CONSOLE) as work:
        coercive.record_step(work, person_id, CoerciveStep.ARREST, grounds=REASON)


def test_a_correction_keeps_what_was_decided_and_says_why(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=verified(date(2000, 1, 1))))
    contacted(node, person_id)  # fourteen: nothing coercive before
    first = _decided(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    with pytest.raises(Invalid, match="before the last step of the matter, 2014-06-02"):
        _step(node, person_id, Stage.SENT_TO_PROSECUTOR, on=date(2014, 6, 1))
    _step(node, person_id, Stage.SENT_TO_PROSECUTOR)
    recorded(node, file, PersonFacts(birth=verified(date(2001, 1, 1))))
    assert _stage(node, file) is Stage.SENT_TO_PROSECUTOR  # facts change nothing by themselves
    with open_work(node, CONSOLE) as work:
        (found,) = comparing.list_differences(work)
    assert (found.decision_id, found.allowed) == (first.id, False)
    assert any("without detention" in line for line in found.says)
    with pytest.raises(GroundsMissing):
        _decided(node, person_id, Outcome.JUVENILE_DIVISION)
    later = _decided(
        node, person_id, Outcome.JUVENILE_DIVISION, grounds=REASON, change=Change.CORRECTION
    )
    assert (later.change, later.replaces) == (Change.CORRECTION, first.id)
    history = outcome_of(node, file.case.id, person_id).history
    assert [each.standing for each in history.decisions] == [False, True]
    assert history.decisions[0].outcome is Outcome.BOOKED_AT_LIBERTY
    assert _stage(node, file) is Stage.NOT_BOOKED
    with open_work(node, CONSOLE) as work:
        assert comparing.list_differences(work) == []


def test_an_appeal_is_kept_holds_the_records_and_changes_nothing_by_itself(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect())
    grounds = "He says that the account was taken over."
    with open_work(node, CONSOLE) as work, pytest.raises(Conflict):
        steps.file_appeal(work, person_id, by=AppealBy.COUNSEL, grounds=grounds)
    _decided(node, person_id, Outcome.NO_SUSPICION)
    assert outcome_of(node, file.case.id, person_id).history.closed
    with open_work(node, CONSOLE) as work:
        appeal = steps.file_appeal(work, person_id, by=AppealBy.VICTIM, grounds=grounds)
    open_ = outcome_of(node, file.case.id, person_id).history
    assert (open_.closed, open_.kept_until) == (False, None)
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid):
        steps.answer_appeal(work, appeal.id, state=AppealState.OPEN, answer=REASON)
    with open_work(node, CONSOLE) as work:
        steps.answer_appeal(work, appeal.id, state=AppealState.UPHELD, answer=REASON)
    with open_work(node, CONSOLE) as work, pytest.raises(NotFound):
        steps.answer_appeal(work, appeal.id, state=AppealState.REJECTED, answer=REASON)
    answered = outcome_of(node, file.case.id, person_id).history
    assert [each.state for each in answered.appeals] == [AppealState.UPHELD]
    assert answered.appeals[0].answered_by == CONSOLE.id
    assert (answered.closed, answered.kept_until) == (False, None), "it asks for a new decision"
    assert _stage(node, file) is Stage.NOT_BOOKED
    again = _decided(
        node, person_id, Outcome.BOOKED_AT_LIBERTY, grounds=REASON, change=Change.APPEAL
    )
    assert again.change is Change.APPEAL


def test_a_change_of_law_lists_the_decision_and_changes_nothing(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, PUPIL)
    decision = _decided(node, person_id, Outcome.GUIDANCE, conditions=GUIDANCE)
    assert decision.ground.source.mark == "unconfirmed"  # the police rule is not read
    with open_work(node, CONSOLE) as work:
        assert comparing.list_differences(work) == []
        (found,) = comparing.list_differences(work, decided_on=date(2025, 1, 6), language="ko")
    assert found.case_number == file.case.number
    assert not found.allowed  # the lighter old text still applies, but they are 26 by then
    assert any("KR/2021-01-01" in line for line in found.says)
    assert outcome_of(node, file.case.id, person_id).decision == decision


def test_the_same_facts_in_another_year_are_counted_side_by_side(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, PUPIL)
    _decided(node, person_id, Outcome.GUIDANCE, conditions=GUIDANCE)
    with open_work(node, CONSOLE) as work:
        found = comparing.compare_with(work, year=2025)
        (shift,) = found.shifts
        assert (shift.before, shift.after) == (Outcome.GUIDANCE, Outcome.BOOKED_AT_LIBERTY)
        assert (shift.before_source.rule, shift.after_source.rule) == (
            "KR-GUIDE-2012",
            "KR-JUV-14",
        )
        assert (found.people, found.left_out) == (1, ())
        choices = {each.outcome: (each.before, each.after) for each in found.permitted}
        assert choices[Outcome.GUIDANCE] == (1, 0)
        assert choices[Outcome.BOOKED_DETAINED] == (1, 1)
        same = comparing.compare_with(work, year=2014)
        assert [(each.before, each.after) for each in same.shifts] == [
            (Outcome.GUIDANCE, Outcome.GUIDANCE)
        ]
        assert comparing.compare_with(work, year=2005).left_out == (("law", 1),)
        with pytest.raises(Invalid):
            comparing.compare_with(work, year=1900)


def test_every_act_that_a_decision_covers_is_compared(node: Node) -> None:
    file = a_case(node)
    acts = ("distribution 2014-03-01 suspect not-own",)
    person_id = recorded(node, file, replace(PUPIL, further_acts=acts))
    contacted(node, person_id)
    _decided(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    with open_work(node, CONSOLE) as work:
        (shift,) = comparing.compare_with(work, year=2025).shifts
        assert (shift.before, shift.after) == (
            Outcome.BOOKED_AT_LIBERTY,
            Outcome.BOOKED_AT_LIBERTY,
        ), "what was spread closes the way out of booking for what was kept"
    recorded(node, file, PersonFacts(further_acts=("distribution ?",)))
    with open_work(node, CONSOLE) as work:
        work_again = {"outcome": Outcome.NO_SUSPICION, "grounds": REASON}
        actions.decide_outcome(work, person_id, **work_again)  # type: ignore[arg-type]
        assert comparing.compare_with(work, year=2025).left_out == (("act-date", 1),)
