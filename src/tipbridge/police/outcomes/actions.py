"""Verbs on outcomes: advice, decision, duties, welfare, feedback."""

from collections.abc import Collection
from dataclasses import fields, replace
from datetime import date

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import Advice, Outcome
from tipbridge.knowledge.law.rules import advise, law_on, local_day
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.model import Case, Person, TaskKind
from tipbridge.police.outcomes import rules, store
from tipbridge.police.outcomes.model import (
    MEANINGS,
    Decision,
    Ground,
    PersonOutcome,
    Welfare,
    WelfareFacts,
)
from tipbridge.sharing.referral import actions as referrals

_DECIDING = (Role.INVESTIGATOR,)


@action("outcomes.advice.read", roles=_DECIDING)
def read_advice(work: Work, person_id: str) -> Advice:
    """What the law of today says of somebody: advice, never a verdict.

    Errors: NotFound; Conflict for somebody who is no suspect; NoLaw.
    """
    person = _decidable(work, person_id)
    advice = _advise(work, cases.case_seen(work, person.case_id), person)
    work.record(
        person.case_id,
        person=person.id,
        law=advice.law_of_decision,
        age_resolved=advice.age_resolved,
    )
    return advice


@action("outcomes.outcome.decided", roles=_DECIDING)
def decide_outcome(
    work: Work,
    person_id: str,
    *,
    outcome: Outcome,
    grounds: str | None = None,
    conditions: Collection[str] = (),
) -> Decision:
    """Decide about somebody; the newest decision stands.

    Shape: `grounds` is the decider's own reason, required outside the advice; `conditions`
    are those that the outcome stands or falls with.
    Errors: NotFound; Conflict, OutcomeForbidden, ConditionsMissing, GroundsMissing; NoLaw.
    """
    person = _decidable(work, person_id)
    case = cases.case_seen(work, person.case_id)
    advice = _advise(work, case, person)
    ground = rules.ground_of(advice, outcome, grounds=grounds, conditions=conditions)
    decision = _decision(work, case, person, advice, outcome=outcome, ground=ground)
    decision = replace(decision, grounds=grounds)
    store.insert_decision(work.db, decision, rules.advice_document(advice))
    meaning = decision.meaning
    cases.set_stage(work, person, stage=meaning.stage, custody=meaning.custody)
    for duty in advice.duties:
        store.add_duty(work.db, work.ids.new(), person, duty)
    _review(work, case, person)
    work.record(
        case.id,
        person=person.id,
        outcome=outcome,
        rule=ground.rule,
        law=decision.law_of_decision,
        within_advice=ground.within_advice,
    )
    work.emit("outcomes.outcome.decided", outcome_id=decision.id)
    return decision


@action("outcomes.case.reviewed", system=True)
def review_case(work: Work, *, case_id: str) -> None:
    """Open the welfare records and age tasks that a case wants; a repeat changes nothing."""
    case = cases.case_seen(work, case_id)
    people = cases.people_seen(work, case_id)
    opened = sum(_review(work, case, person) for person in people)
    work.record(case_id, people=len(people), welfare_opened=opened)


@action("outcomes.feedback.sent", system=True)
def send_feedback(work: Work, *, outcome_id: str) -> None:
    """Send a decision back to every referral about the person; a repeat changes nothing.

    What goes back names the police step, its reason and its day, and nobody.
    """
    decision = store.decision_by_id(work.db, outcome_id)
    if decision is None:
        raise NotFound("decision", outcome_id)
    done = store.fed_back(work.db, outcome_id)
    person = cases.person_seen(work, decision.person_id)
    waiting = [r for r in cases.referrals_about(work, person) if r not in done]
    for referral_id in waiting:
        _feed_back(work, decision, referral_id)
    store.note_feedback(work.db, decision, waiting, work.now)
    work.record(decision.case_id, decision=decision.id, referrals=len(waiting))


@action("outcomes.case.read", roles=_DECIDING)
def read_outcomes(work: Work, case_id: str) -> list[PersonOutcome]:
    """Everybody in a case with advice, standing decision, duties and welfare.

    Errors: NotFound.
    """
    case = cases.case_seen(work, case_id)
    people = cases.people_seen(work, case.id)
    decisions = {d.person_id: d for d in store.decisions_of(work.db, case.id) if d.standing}
    welfare = {record.person_id: record for record in store.welfare_of(work.db, case.id)}
    duties = store.duties_of(work.db, case.id)
    work.record(case.id, people=len(people))
    return [
        PersonOutcome(
            person=person,
            advice=_advice_if_any(work, case, person),
            decision=decisions.get(person.id),
            duties=tuple(duty for duty in duties if duty.person_id == person.id),
            welfare=welfare.get(person.id),
        )
        for person in people
    ]


@action("outcomes.duty.done", roles=_DECIDING)
def finish_duty(work: Work, duty_id: str) -> None:
    """Say that a duty is done.

    Errors: NotFound when there is no such open duty.
    """
    if not store.finish_duty(work.db, duty_id, by=work.actor.id, at=work.now):
        raise NotFound("open duty", duty_id)
    work.record(duty_id)


@action("outcomes.welfare.recorded", roles=_DECIDING)
def record_welfare(work: Work, welfare_id: str, facts: WelfareFacts) -> Welfare:
    """Write down agency, contact and talks; what is left None stays as it was.

    Errors: NotFound; Invalid for a day in the future; Conflict when closed.
    """
    welfare = _open_welfare(work, welfare_id)
    changes = {
        field.name: value
        for field in fields(facts)
        if (value := getattr(facts, field.name)) is not None
    }
    today = _today(work, cases.case_seen(work, welfare.case_id))
    if any(name.endswith("_on") and day > today for name, day in changes.items()):
        raise Invalid("A talk lies in the future.")
    changed = replace(welfare, **changes)
    store.update_welfare(work.db, changed)
    work.record(welfare.case_id, welfare=welfare.id, fields=",".join(sorted(changes)))
    return changed


@action("outcomes.welfare.closed", roles=_DECIDING)
def close_welfare(work: Work, welfare_id: str) -> None:
    """Close a child's welfare record; contact with the agency must have been answered.

    Errors: NotFound; Conflict while nobody said whether contact was made.
    """
    welfare = _open_welfare(work, welfare_id)
    if welfare.contact_made is None:
        raise Conflict("Record first whether contact with the agency was made.")
    store.update_welfare(work.db, replace(welfare, closed_at=work.now))
    work.record(welfare.case_id, welfare=welfare.id)


def case_number(work: Work, case_id: str) -> str:
    """The own number of a case, for the head of a page.

    Errors: NotFound.
    """
    return cases.case_seen(work, case_id).number


def _open_welfare(work: Work, welfare_id: str) -> Welfare:
    welfare = store.welfare_by_id(work.db, welfare_id)
    if welfare is None:
        raise NotFound("welfare record", welfare_id)
    if welfare.closed_at is not None:
        raise Conflict("This welfare record is closed.")
    return welfare


def _decidable(work: Work, person_id: str) -> Person:
    person = cases.person_seen(work, person_id)
    if not rules.may_be_decided(person):
        raise Conflict("Nothing is decided about somebody who is neither reported nor suspect.")
    return person


def _today(work: Work, case: Case) -> date:
    return local_day(shipped_laws(), case.jurisdiction, work.now)


def _advise(work: Work, case: Case, person: Person) -> Advice:
    today = _today(work, case)
    return advise(shipped_laws(), case.jurisdiction, rules.law_facts(person), person.act_on, today)


def _advice_if_any(work: Work, case: Case, person: Person) -> Advice | None:
    """Advice for those about whom something is to be decided; None without a law to ask."""
    if not rules.may_be_decided(person):
        return None
    try:
        return _advise(work, case, person)
    except NoLaw:
        return None


def _decision(
    work: Work,
    case: Case,
    person: Person,
    advice: Advice,
    *,
    outcome: Outcome,
    ground: Ground,
) -> Decision:
    return Decision(
        id=work.ids.new(),
        case_id=case.id,
        person_id=person.id,
        outcome=outcome,
        meaning=MEANINGS[outcome],
        ground=ground,
        law_of_act=advice.law_of_act,
        law_of_decision=advice.law_of_decision,
        grounds=None,
        decided_by=work.actor.id,
        decided_at=work.now,
        decided_on=_today(work, case),
    )


def _review(work: Work, case: Case, person: Person) -> bool:
    """Open what a person's facts want: welfare record, age task; says whether welfare opened."""
    today = _today(work, case)
    wanted = rules.wants_age_task(person, _advice_if_any(work, case, person))
    cases.ensure_task(work, person, TaskKind.RESOLVE_AGE, wanted=wanted)
    law = law_on(shipped_laws(), case.jurisdiction, today)
    marked = cases.self_production_marked(work, person)
    if not rules.wants_welfare(law, person, today, marked=marked):
        return False
    welfare = Welfare(
        id=work.ids.new(),
        case_id=case.id,
        person_id=person.id,
        opened_at=work.now,
        due_on=rules.welfare_due_on(law, today),
        agency=None,
        contact_made=None,
        child_talk_on=None,
        guardian_talk_on=None,
        school_talk_on=None,
        closed_at=None,
    )
    return store.open_welfare(work.db, welfare)


def _feed_back(work: Work, decision: Decision, referral_id: str) -> None:
    meaning = decision.meaning
    referrals.send_feedback(
        work,
        referral_id,
        feedback_id=decision.id,
        outcome=decision.outcome.value,
        at=decision.decided_at,
        facts={
            "stage": meaning.stage.value,
            "custody": meaning.custody.value,
            "reason": meaning.reason.value,
        },
    )
