"""Whether somebody is held, apart from how far the matter is: held or let go at the same stage."""

from dataclasses import replace

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.law.model import Custody
from tipbridge.knowledge.law.shape import By, LawVersion
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.model import Case, Person
from tipbridge.police.outcomes import asking, rules, stages, steps, store
from tipbridge.police.outcomes.errors import StepNotLegal
from tipbridge.police.outcomes.model import CustodyFacts, StageStep
from tipbridge.police.welfare import steps as coercive
from tipbridge.police.welfare.model import CoerciveStep

HOLDING_BY = (By.COURT, By.PROSECUTOR, By.JUVENILE, By.POLICE)
"""Who may hold or let somebody go, the likeliest first."""


@action("outcomes.custody.changed", roles=(Role.INVESTIGATOR,))
def change_custody(work: Work, person_id: str, facts: CustodyFacts) -> StageStep:
    """Write down that somebody is held or let go, while their matter stays where it is.

    Shape: what the police themselves do at a stage of theirs is a decision, and made as one; nobody is
    held whom the law forbids to accuse, or who is only to be cleared.
    Errors: NotFound; StepNotLegal naming what the stage allows; Conflict; OutcomeForbidden; WrongPerson;
    Invalid for a day that can't be; ContactFirst before a child is held; NoLaw.
    """
    person = asking.decidable(work, person_id)
    case = cases.case_seen(work, person.case_id)
    if facts.by not in HOLDING_BY:
        allowed = ", ".join(HOLDING_BY)
        raise Invalid(f"Held or let go is somebody by one of: {allowed}; not by {facts.by}.")
    on = facts.on or asking.today(work, case)
    taken = [step for step in store.steps_of(work.db, case.id) if step.person_id == person.id]
    if on > asking.today(work, case):
        raise Invalid("The day lies in the future.")
    law = asking.law_of(work, case, on)
    rules.check_order(on, taken)
    stages.check_holding(law, person, facts.custody, facts.by)
    if facts.custody is Custody.DETAINED:
        _check_held(work, case, person, law, facts)
    step = _step(work, person, law, facts)
    store.insert_step(work.db, replace(step, on=on, note=rules.check_note(facts.note)))
    cases.set_stage(work, person, stage=person.stage, custody=facts.custody)
    work.record(case.id, person=person.id, stage=person.stage, custody=facts.custody, by=facts.by)
    work.emit("outcomes.step.recorded", step_id=step.id)
    return replace(step, on=on)


def _check_held(
    work: Work, case: Case, person: Person, law: LawVersion, facts: CustodyFacts
) -> None:
    asking.check_step(work, case, person, person.stage)
    standing = steps.standing_of(work, case, person)
    acts = () if standing is None else standing.acts
    day = facts.on or asking.today(work, case)
    stages.check_accusable(law, asking.advice_of(work, case, person, acts, day))
    coercive.check_contact(work, case, person, CoerciveStep.DETENTION, day)


def _step(work: Work, person: Person, law: LawVersion, facts: CustodyFacts) -> StageStep:
    rule = law.stage_of(person.stage)
    if rule is None:
        raise StepNotLegal(f"{law.id} knows no stage {person.stage}.")
    case = cases.case_seen(work, person.case_id)
    to, decision = (person.stage, facts.custody), steps.standing_of(work, case, person)
    if decision is None:
        raise Conflict("Nothing is decided about this person: nobody is held or let go yet.")
    return steps.note_step(
        work, person, to=to, by=facts.by, source=rule.source, decision=decision, law=law.id
    )
