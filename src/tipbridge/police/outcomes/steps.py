"""Verbs on what follows a decision: stages of the law, appeals."""

from dataclasses import replace
from datetime import date

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.law.model import Custody, Duty, Source, Stage
from tipbridge.knowledge.law.shape import By
from tipbridge.knowledge.law.words import cited_plainly
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.changing import actions as changing
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.fairness import telling
from tipbridge.police.cases.fairness.model import Target
from tipbridge.police.cases.model import Case, Person, TaskKind
from tipbridge.police.outcomes import anew, asking, closing, rules, stages, store
from tipbridge.police.outcomes.errors import StepNotLegal
from tipbridge.police.outcomes.model import (
    Appeal,
    AppealBy,
    AppealState,
    Decision,
    StageStep,
    StepFacts,
)
from tipbridge.police.welfare import steps as coercive
from tipbridge.police.welfare.model import CoerciveStep
from tipbridge.sharing.referral import actions as referrals

_DECIDING = (Role.INVESTIGATOR,)
FURTHER_STAGE = "further-stage"
"""The word under which a step after a decision travels; providers are never told of it."""


@action("outcomes.step.recorded", roles=_DECIDING)
def record_step(work: Work, person_id: str, facts: StepFacts) -> StageStep:
    """Write down that somebody's matter went on to another stage, as the law of the step's day allows.

    A step to the juvenile division fulfils the duty that asked for it; a stage that asks for a
    reason gets one, and what limitation ended goes on only with a note on what stopped the clock.
    Errors: NotFound; StepNotLegal; OutcomeForbidden; WrongPerson; Invalid for a day in the future, or
    before the last step of the matter; NoLaw; ContactFirst before a child is detained.
    """
    person = asking.decidable(work, person_id)
    case = cases.case_seen(work, person.case_id)
    on = facts.on or asking.today(work, case)
    if on > asking.today(work, case):
        raise Invalid("The step lies in the future.")
    law = asking.law_of(work, case, on)
    rules.check_order(on, (s for s in store.steps_of(work.db, case.id) if s.person_id == person.id))
    asking.check_step(work, case, person, facts.stage)
    duties = [each for each in store.duties_of(work.db, case.id) if each.person_id == person.id]
    custody = stages.custody_at(law, facts.stage, person, facts.custody)
    decision = standing_of(work, case, person)
    acts = () if decision is None else decision.acts
    advice = asking.advice_of(work, case, person, acts, on)
    way = stages.step_of(
        law,
        advice,
        person.stage,
        duties,
        to=facts.stage,
        custody=custody,
        decided=None if decision is None else decision.meaning.reason,
    )
    note = rules.check_note(facts.note)
    stages.check_reason(law, advice, facts.stage, facts.reason)
    stages.check_in_time(way, asking.advice_on(case, person, on, acts).limitation, note)
    if custody is Custody.DETAINED and person.custody is not Custody.DETAINED:
        coercive.check_contact(work, case, person, CoerciveStep.DETENTION, on)
    step = note_step(
        work,
        person,
        to=(facts.stage, custody),
        by=way.by,
        source=way.source,
        decision=decision,
        law=law.id,
    )
    step = replace(step, on=on, reason=facts.reason, note=note)
    store.insert_step(work.db, step)
    cases.set_stage(work, person, stage=facts.stage, custody=custody)
    for duty in duties:
        if duty.keeps_open and closing.fulfils(law, way, duty):
            store.finish_duty(work.db, duty.id, by=work.actor.id, at=work.now)
    anew.ensure_decision(work, case, person)
    work.record(case.id, person=person.id, stage=facts.stage, custody=custody, law=law.id)
    work.emit("outcomes.step.recorded", step_id=step.id)
    return step


@action("outcomes.appeal.filed", roles=_DECIDING)
def file_appeal(
    work: Work, person_id: str, *, by: AppealBy, grounds: str, on: date | None = None
) -> Appeal:
    """Write down that somebody objects to the decision that stands; nothing changes by itself.

    Shape: where the law has the victim's objection force a step, that step is a duty from then on.
    `on` is the day on which it was filed, without it today.
    Errors: NotFound; Conflict without a decision; Invalid for grounds that are none, or for a day
    that is to come or before the decision.
    """
    person = asking.decidable(work, person_id)
    case = cases.case_seen(work, person.case_id)
    rules.check_grounds(grounds)
    decision = standing_of(work, case, person)
    if decision is None:
        raise Conflict("Nothing is decided about this person that an appeal could be against.")
    today = asking.today(work, case)
    day = on or today
    if day > today:
        raise Invalid("The day on which the appeal was filed lies in the future.")
    if day < decision.decided_on:
        raise Invalid(
            f"The day on which the appeal was filed lies before the decision, {decision.decided_on}."
        )
    appeal = Appeal(
        id=work.ids.new(),
        case_id=case.id,
        person_id=person.id,
        decision_id=decision.id,
        by=by,
        filed_on=day,
        grounds=grounds.strip(),
        state=AppealState.OPEN,
        answer=None,
        answered_by=None,
        answered_at=None,
    )
    store.insert_appeal(work.db, appeal)
    duty = _forced(work, case, person, by, day)
    if duty is not None:
        store.add_duty(work.db, work.ids.new(), person, duty, keeps_open=True, anew=True)
    work.record(case.id, person=person.id, appeal=appeal.id, decision=decision.id, by=by)
    return appeal


@action("outcomes.appeal.answered", roles=_DECIDING)
def answer_appeal(work: Work, appeal_id: str, *, state: AppealState, answer: str) -> None:
    """Answer an appeal; one that is upheld asks for a new decision, and makes none.

    Shape: until that decision, or the step that a victim's objection forces, the matter is not closed, and a task waits.
    Errors: NotFound when no such appeal is open; Invalid; StepNotLegal for a victim's objection
    that is rejected where the law has it force a step.
    """
    rules.check_grounds(answer)
    if state is AppealState.OPEN:
        raise Invalid("An answer is one of: upheld, rejected, withdrawn.")
    _check_answer(work, appeal_id, state)
    case_id = store.answer_appeal(
        work.db, appeal_id, state, answer.strip(), by=work.actor.id, at=work.now
    )
    appeal = store.appeal_by_id(work.db, appeal_id)
    if case_id is None or appeal is None:
        raise NotFound("open appeal", appeal_id)
    person = cases.person_seen(work, appeal.person_id)
    anew.ensure_decision(work, cases.case_seen(work, case_id), person)
    work.record(case_id, appeal=appeal_id, state=state)


def _forced(
    work: Work, case: Case, person: Person, by: AppealBy, on: date | None = None
) -> Duty | None:
    if by is not AppealBy.VICTIM:
        return None
    return closing.duty_on_objection(
        asking.law_of(work, case), person.stage, on or asking.today(work, case)
    )


def _check_answer(work: Work, appeal_id: str, state: AppealState) -> None:
    """Refuse to reject what the law has force a step; with what is withdrawn that duty ends."""
    appeal = store.appeal_by_id(work.db, appeal_id)
    if appeal is None or appeal.by is not AppealBy.VICTIM:
        return
    person = cases.person_seen(work, appeal.person_id)
    duty = _forced(work, cases.case_seen(work, appeal.case_id), person, appeal.by)
    if duty is None:
        return
    if state is AppealState.REJECTED:
        cited = cited_plainly(duty.source)
        raise StepNotLegal(
            f"Not for the police to reject: {cited}. Allowed are upheld and withdrawn; the step"
            " of the law is recorded by itself."
        )
    if state is AppealState.WITHDRAWN:
        for each in store.duties_of(work.db, appeal.case_id):
            if each.person_id == person.id and each.code == duty.code and each.done_at is None:
                store.finish_duty(work.db, each.id, by=work.actor.id, at=work.now)


@action("outcomes.step.told", system=True)
def tell_step(work: Work, *, step_id: str) -> None:
    """Tell every referral about somebody that their matter went on; a repeat changes nothing.

    What goes back names stage, custody, whose step it was and its day, and nobody.
    """
    step = store.step_by_id(work.db, step_id)
    if step is None:
        raise NotFound("step", step_id)
    person = cases.person_seen(work, step.person_id)
    about = cases.referrals_about(work, person)
    for referral_id in about:
        referrals.send_feedback(
            work,
            referral_id,
            feedback_id=step.id,
            outcome=FURTHER_STAGE,
            at=step.recorded_at,
            facts={
                "stage": step.stage.value,
                "custody": step.custody.value,
                "step_by": step.by.value,
                "happened_on": step.on.isoformat(),
            },
        )
    work.record(step.case_id, step=step.id, referrals=len(about))


@action("outcomes.authorities.told", system=True)
def tell_authorities(work: Work, *, correction_id: str) -> int:
    """Open a task to tell each authority that has somebody's matter that it was the wrong person.

    Shape: how many tasks; again opens none. Errors: NotFound; NoLaw.
    """
    correction = fairness.corrected(work, correction_id)
    case = cases.case_seen(work, correction.case_id)
    taken = [s for s in store.steps_of(work.db, case.id) if s.person_id == correction.person_id]
    told = 0
    for by in stages.authorities_of(asking.law_of(work, case), taken) if taken else ():
        told += telling.tell(work, correction, Target.AUTHORITY, by, by) is not None
    work.record(case.id, correction=correction_id, tasks=told)
    return told


@action("outcomes.change.told", system=True)
def tell_change(work: Work, *, change_id: str) -> int:
    """Open a task to tell each authority that has somebody's matter that a fact of them changed.

    Shape: how many tasks; again opens none. No message carries it: what is fed back names no
    fact of a person. Errors: NotFound; NoLaw.
    """
    person = changing.to_tell_of(work, change_id)
    if person is None:
        work.record(change_id, tasks=0)
        return 0
    case = cases.case_seen(work, person.case_id)
    taken = [step for step in store.steps_of(work.db, case.id) if step.person_id == person.id]
    told = stages.authorities_of(asking.law_of(work, case), taken) if taken else ()
    for by in told:
        diary.open_task(work, case.id, TaskKind.TELL_CHANGE, person.id, title=by)
    changing.note_told(work, change_id)
    work.record(case.id, change=change_id, tasks=len(told))
    return len(told)


def check_appeal(work: Work, case_id: str, appeal_id: str) -> None:
    """Refuse what was done to an appeal under another case's address; nothing of it is kept.

    Errors: NotFound.
    """
    case = cases.case_seen(work, case_id)
    if appeal_id not in {appeal.id for appeal in store.appeals_of(work.db, case.id)}:
        raise NotFound("open appeal", appeal_id)


def standing_of(work: Work, case: Case, person: Person) -> Decision | None:
    """The decision that stands about somebody."""
    decisions = store.decisions_of(work.db, case.id)
    return next((d for d in decisions if d.person_id == person.id and d.standing), None)


def note_step(
    work: Work,
    person: Person,
    *,
    to: tuple[Stage, Custody],
    by: By,
    source: Source,
    decision: Decision | None,
    law: str,
) -> StageStep:
    """A step of today, for the verbs of this room to write down."""
    stage, custody = to
    return StageStep(
        id=work.ids.new(),
        case_id=person.case_id,
        person_id=person.id,
        decision_id=None if decision is None else decision.id,
        before=person.stage,
        stage=stage,
        custody=custody,
        by=by,
        source=source,
        law=law,
        on=asking.today(work, cases.case_seen(work, person.case_id)),
        reason=None,
        note=None,
        recorded_by=work.actor.id,
        recorded_at=work.now,
    )
