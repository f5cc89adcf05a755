"""Verbs on outcomes: advice, decision, duties, feedback."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.knowledge.law.model import Advice, Outcome, Words
from tipbridge.knowledge.law.shape import By, LawVersion
from tipbridge.knowledge.law.terms import shipped_terms
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.fairness import favouring
from tipbridge.police.cases.fairness.model import Favour
from tipbridge.police.cases.model import Case, Person, TaskKind
from tipbridge.police.outcomes import (
    anew,
    asking,
    bodies,
    closing,
    readvising,
    recorded,
    rules,
    stages,
    steps,
    store,
)
from tipbridge.police.outcomes.errors import OnlyByRecord, OnlyByStep, RequestWaits
from tipbridge.police.outcomes.model import (
    BodyFacts,
    Change,
    Decision,
    Ground,
    Meaning,
    PersonOutcome,
)
from tipbridge.police.outcomes.telling import Told
from tipbridge.police.welfare import steps as coercive
from tipbridge.sharing.referral import actions as referrals

_DECIDING = (Role.INVESTIGATOR,)


@action("outcomes.advice.read", roles=_DECIDING)
def read_advice(work: Work, person_id: str) -> Advice:
    """What the law of today says of somebody: advice, never a verdict.

    Errors: NotFound; Conflict for somebody who is no suspect; NoLaw.
    """
    person = asking.decidable(work, person_id)
    advice = asking.advice_of(work, cases.case_seen(work, person.case_id), person)
    work.record(
        person.case_id,
        person=person.id,
        law=advice.law_of_decision,
        age_resolved=advice.age_resolved,
    )
    return advice


def advice_beside(work: Work, person_id: str) -> tuple[Advice, tuple[Favour, ...]]:
    """What the law of today says of somebody, and beside it what favours them.

    Errors: as for `read_advice`.
    """
    advice = read_advice(work, person_id)
    person = cases.person_seen(work, person_id)
    found = favouring.favours_of_people(work, cases.case_seen(work, person.case_id))
    return advice, found[person.id]


@action("outcomes.outcome.decided", roles=_DECIDING)
def decide_outcome(
    work: Work,
    person_id: str,
    *,
    outcome: Outcome,
    grounds: str | None = None,
    conditions: Collection[str] = (),
    change: Change | None = None,
    acts: Collection[str] = (),
    body: BodyFacts | None = None,
) -> Decision:
    """Decide about somebody; the newest decision stands, earlier ones are kept.

    Shape: what a body decided is judged by the law and the ages of its own day. `grounds` is the decider's own reason, required outside the advice and when a
    decision stands already; `conditions` are those that the outcome stands or falls with;
    `change` says why it is decided again; `acts` are those it is about, all without any named:
    what the law forbids for one of them it forbids for the decision; `body` is the committee or chief
    that decided, where the actor only writes it down.
    Errors: NotFound; Invalid; Conflict, OutcomeForbidden, ConditionsMissing, GroundsMissing; WrongPerson
    for who was corrected as such; ContactFirst for a child nobody stood beside on that day; NoLaw.
    """
    person = asking.decidable(work, person_id)
    case = cases.case_seen(work, person.case_id)
    asking.check_outcome(work, case, person, outcome)
    about = rules.covered_acts(person, acts)
    covered = tuple(act.text for act in about)
    on = bodies.day_of(body, asking.today(work, case), about)
    advice = asking.advice_of(work, case, person, covered, on)
    law = asking.law_of(work, case, on)
    meaning = rules.meaning_of(law, outcome)
    ground = rules.ground_of(advice, outcome, grounds=grounds, conditions=conditions)
    coercive.check_contact(work, case, person, rules.coercive_step(meaning), on)
    standing = steps.standing_of(work, case, person)
    why = stages.change_of(law, person.stage, standing, meaning, change=change, grounds=grounds)
    known = bodies.Asked(outcome=outcome, ages=advice.ages_at_act, decides=ground.decides)
    decision = replace(
        _decision(work, case, person, advice, outcome=outcome, meaning=meaning, ground=ground),
        grounds=grounds,
        change=why,
        replaces=None if standing is None else standing.id,
        acts=covered,
        body=bodies.body_of(law, body, on, asked=known),
        decided_on=on,
    )
    store.insert_decision(work.db, decision, rules.advice_document(advice))
    _follow(work, person, decision, advice, law)
    _review(work, case, person)
    work.record(
        case.id,
        person=person.id,
        outcome=outcome,
        rule=ground.rule,
        law=decision.law_of_decision,
        within_advice=ground.within_advice,
        change=why,
        acts=len(covered),
        **({} if body is None else {"body": body.body}),
    )
    work.emit("outcomes.outcome.decided", outcome_id=decision.id)
    return decision


def _follow(
    work: Work, person: Person, decision: Decision, advice: Advice, law: LawVersion
) -> None:
    """Stage, custody, step and duties that a decision brings."""
    to = (decision.meaning.stage, decision.meaning.custody)
    source = decision.ground.source
    step = steps.note_step(
        work, person, to=to, by=By.POLICE, source=source, decision=decision, law=law.id
    )
    taken = [
        each.on for each in store.steps_of(work.db, person.case_id) if each.person_id == person.id
    ]
    store.insert_step(work.db, replace(step, on=max([decision.decided_on, *taken])))
    cases.set_stage(work, person, stage=to[0], custody=to[1])
    keeping = {rule.code for rule in law.duties if rule.keeps_open}
    for duty in advice.duties:
        open_ = duty.code in keeping
        anew = open_ and closing.is_asked_anew(law, to[0], duty)
        store.add_duty(work.db, work.ids.new(), person, duty, keeps_open=open_, anew=anew)


@action("outcomes.case.reviewed", system=True)
def review_case(work: Work, *, case_id: str) -> None:
    """Open the tasks that the law wants of a case's people, close others; a repeat changes nothing.

    An age to be settled, and a standing decision that today's facts or law advise otherwise.
    """
    case = cases.case_seen(work, case_id)
    people = cases.people_seen(work, case_id)
    for person in people:
        _review(work, case, person)
    work.record(case_id, people=len(people))


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
    """Everybody in a case with advice, what favours them, standing decision, duties and welfare.

    Errors: NotFound.
    """
    case = cases.case_seen(work, case_id)
    people = cases.people_seen(work, case.id)
    told, favours = Told(work, case), favouring.favours_of_people(work, case)
    work.record(case.id, people=len(people))
    return [replace(told.about(person), favours=favours[person.id]) for person in people]


@action("outcomes.duty.done", roles=_DECIDING)
def finish_duty(work: Work, duty_id: str) -> None:
    """Say that a duty is done, unless only a step of the law fulfils it, or the record says whether it is.

    Errors: NotFound when there is no such open duty; OnlyByStep; OnlyByRecord; RequestWaits while a request
    for removal of the child's own material has yet to go out.
    """
    found = store.open_duty(work.db, duty_id)
    if found is None:
        raise NotFound("open duty", duty_id)
    case_id, duty = found
    case = cases.case_seen(work, case_id)
    person = cases.person_seen(work, duty.person_id)
    advice, standing = (
        asking.advice_if_any(work, case, person),
        steps.standing_of(work, case, person),
    )
    why = None if standing is None else standing.meaning.reason
    if advice is not None and closing.is_by_step(asking.law_of(work, case), advice, duty, why):
        raise OnlyByStep(duty.code)
    known = Told(work, case).known_of(person, advice)
    if recorded.is_settled(duty.code, known) is not None:
        raise OnlyByRecord(duty.code)
    if duty.code == rules.REMOVAL_DUTY and coercive.removal_waits(work, duty.person_id):
        raise RequestWaits
    if not store.finish_duty(work.db, duty_id, by=work.actor.id, at=work.now):
        raise NotFound("open duty", duty_id)
    work.record(duty_id)


def check_duty(work: Work, case_id: str, duty_id: str) -> None:
    """Refuse what was done to a duty under another case's address; nothing of it is kept.

    Errors: NotFound.
    """
    case = cases.case_seen(work, case_id)
    if duty_id not in {duty.id for duty in store.duties_of(work.db, case.id)}:
        raise NotFound("open duty", duty_id)


def case_number(work: Work, case_id: str) -> str:
    """The own number of a case, for the head of a page.

    Errors: NotFound.
    """
    return cases.case_seen(work, case_id).number


def law_words(work: Work, case_id: str) -> Mapping[str, Words]:
    """What the codes of the law are called where a case is, for a page.

    Errors: NotFound.
    """
    try:
        return asking.law_of(work, cases.case_seen(work, case_id)).words
    except NoLaw:
        return shipped_terms()


def _decision(
    work: Work,
    case: Case,
    person: Person,
    advice: Advice,
    *,
    outcome: Outcome,
    meaning: Meaning,
    ground: Ground,
) -> Decision:
    return Decision(
        id=work.ids.new(),
        case_id=case.id,
        person_id=person.id,
        outcome=outcome,
        meaning=meaning,
        ground=ground,
        law_of_act=advice.law_of_act,
        law_of_decision=advice.law_of_decision,
        grounds=None,
        decided_by=work.actor.id,
        decided_at=work.now,
        decided_on=asking.today(work, case),
    )


def _review(work: Work, case: Case, person: Person) -> None:
    """Open the tasks that a person's facts want, close those they no longer want."""
    advice = asking.advice_if_any(work, case, person)
    cases.ensure_task(
        work,
        person,
        TaskKind.RESOLVE_AGE,
        wanted=rules.wants_age_task(person, advice),
        due_on=rules.age_due_on(advice),
    )
    anew.ensure_decision(work, case, person)
    readvising.readvise(work, case, person)


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
