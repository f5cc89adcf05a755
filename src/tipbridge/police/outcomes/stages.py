"""How far a matter may go under the law, and by which step: pure decisions."""

from collections.abc import Collection, Sequence

from tipbridge.foundation.base.errors import Conflict
from tipbridge.knowledge.law.model import (
    Advice,
    Ages,
    Custody,
    Limitation,
    Reason,
    Running,
    Stage,
)
from tipbridge.knowledge.law.shape import By, LawVersion, Transition
from tipbridge.knowledge.law.words import cited_plainly
from tipbridge.police.cases.model import Person
from tipbridge.police.outcomes import closing
from tipbridge.police.outcomes.errors import GroundsMissing, OutcomeForbidden, StepNotLegal
from tipbridge.police.outcomes.model import (
    Change,
    Decision,
    Meaning,
    OpenDuty,
    StageStep,
)

_AFTER_THE_POLICE = frozenset({Change.CORRECTION, Change.APPEAL})


def change_of(
    law: LawVersion,
    stage: Stage,
    standing: Decision | None,
    meaning: Meaning,
    *,
    change: Change | None,
    grounds: str | None,
) -> Change:
    """Why somebody is decided about, first or again.

    Shape: another custody at the same stage needs no reason; everything else that changes a
    standing decision does; once the matter has left the police, only a correction or an
    appeal changes what they decided.
    Errors: Conflict; GroundsMissing.
    """
    if standing is None:
        if change not in {None, Change.FIRST}:
            raise Conflict(f"Nothing was decided yet that {change} could change.")
        return Change.FIRST
    same_stage = standing.meaning.stage is meaning.stage is stage
    if change in {None, Change.CUSTODY} and same_stage and len(_custodies(law, stage)) > 1:
        return Change.CUSTODY
    found = Change.NEW_FACTS if change is None else change
    if found in {Change.FIRST, Change.CUSTODY}:
        raise Conflict("A decision stands already, and it is not its custody that changes.")
    if grounds is None:
        raise GroundsMissing("A decision stands already: say in your own words why it changes.")
    if stage not in police_stages(law) and found not in _AFTER_THE_POLICE:
        raise Conflict("This has left the police: only a correction or an appeal changes it.")
    return found


def police_stages(law: LawVersion) -> frozenset[Stage]:
    """The stages that a decision of the police leads to."""
    return frozenset(rule.stage for rule in law.outcomes)


def step_of(
    law: LawVersion,
    advice: Advice,
    stage: Stage,
    duties: Collection[OpenDuty],
    *,
    to: Stage,
    custody: Custody,
    ages: Ages | None = None,
    decided: Reason | None = None,
) -> Transition:
    """The transition of the law by which somebody goes from one stage to another.

    Shape: `ages` are those on the day of the step; without them, those of today's advice; `decided` is
    the reason of the decision that stands.
    Errors: StepNotLegal naming what may follow; OutcomeForbidden for a stage at which they
    would be accused, while the law forbids to accuse them.
    """
    ways = [way for way in law.transitions if way.stage is stage]
    way = next((way for way in ways if way.leads_to is to), None)
    if way is None or stage is Stage.INQUIRY:
        allowed = ", ".join(way.leads_to for way in ways) or "nothing"
        needs = "a decision" if stage is Stage.INQUIRY else allowed
        raise StepNotLegal(f"After {stage} comes {needs} under {law.id}, not {to}.")
    if custody not in _custodies(law, to):
        allowed = ", ".join(_custodies(law, to))
        raise StepNotLegal(f"At {to} somebody is {allowed} under {law.id}.")
    if is_accused(law, to):
        check_accusable(law, advice)
    _check_leads_on(way, advice, duties, decided)
    _check_fine(way, advice)
    _check_still_below(way, ages or advice.ages_at_decision)
    return way


def _check_leads_on(
    way: Transition, advice: Advice, duties: Collection[OpenDuty], decided: Reason | None
) -> None:
    """Refuse to go on from not booked without a duty of it that today's advice asks for.

    Shape: what earlier advice asked for opens nothing, and nothing does for who is cleared or dead; where
    another duty comes first, that one is done.
    """
    if way.stage is Stage.NOT_BOOKED and decided in closing.ENDS_ALL:
        raise StepNotLegal(f"Decided is {decided}: from there they are sent nowhere.")
    asked = {duty.code for duty in advice.duties}
    if way.after_duty is None:
        open_ = [each for each in duties if each.done_at is None and each.code in asked]
        leads_on = any(duty.source.rule == way.source.rule for duty in open_)
        if way.stage is Stage.NOT_BOOKED and not leads_on:
            raise StepNotLegal("Not booked, and no duty of the law of today leads on from there.")
        return
    first = [each for each in duties if each.code == way.after_duty and each.code in asked]
    if not any(duty.done_at is not None for duty in first):
        missing = "is not done yet" if first else "is no duty here"
        cited = cited_plainly(way.source)
        raise StepNotLegal(
            f"To {way.leads_to} comes {way.after_duty} first, which {missing}: {cited}."
        )


def _check_fine(way: Transition, advice: Advice) -> None:
    cited = cited_plainly(way.source)
    if way.fine_only and not advice.fine_only:
        raise StepNotLegal(
            f"From {way.stage} to {way.leads_to} goes what carries a fine and no more: {cited}."
        )
    if way.needs_fine and advice.no_fine:
        raise StepNotLegal(f"To {way.leads_to} goes nothing that carries no fine: {cited}.")


def check_reason(law: LawVersion, advice: Advice, to: Stage, reason: Reason | None) -> None:
    """Refuse a stage without the reason it asks for, and a reason that can't be.

    Errors: StepNotLegal naming what is allowed, or until when prosecution is open for certain.
    """
    allowed = reasons_at(law, to)
    if reason not in (allowed or (None,)):
        names = ", ".join(allowed) or "none"
        raise StepNotLegal(f"The reasons at {to} under {law.id}: {names}; given: {reason}.")
    found = advice.limitation
    if reason is not Reason.LIMITATION or found is None:
        return
    cited = cited_plainly(found.sources[-1])
    if found.standing is Running.RUNS:
        raise StepNotLegal(f"The limitation runs until {found.earliest} at least: {cited}.")
    if found.standing is Running.NEVER:
        raise StepNotLegal(f"There is no limitation: {cited}.")


def check_in_time(way: Transition, found: Limitation | None, note: str | None) -> None:
    """Refuse to go on prosecuting after the limitation without a word on what had stopped it.

    Errors: StepNotLegal.
    """
    is_over = found is not None and found.standing is Running.RUN_OUT
    if found is not None and is_over and way.within_limitation and note is None:
        cited = cited_plainly(found.sources[-1])
        raise StepNotLegal(
            f"The limitation ran out on {found.latest}: {cited}. Say in the note what had stopped"
            " the clock."
        )


def reasons_at(law: LawVersion, stage: Stage) -> tuple[Reason, ...]:
    """The reasons of which a stage asks for one; none where it asks for none."""
    rule = law.stage_of(stage)
    return () if rule is None else rule.reasons


def _check_still_below(way: Transition, ages: Ages | None) -> None:
    limit = way.still_below
    if limit is not None and ages is not None and ages.low >= limit:
        cited = cited_plainly(way.source)
        raise StepNotLegal(f"To {way.leads_to} goes who is still under {limit}: {cited}.")


def next_steps(
    law: LawVersion,
    advice: Advice,
    stage: Stage,
    duties: Collection[OpenDuty],
    *,
    decided: Reason | None = None,
) -> tuple[Transition, ...]:
    """The transitions that are open now, `decided` being the reason of the decision that stands."""
    found: list[Transition] = []
    for way in law.transitions:
        if way.stage is stage:
            try:
                custody = _custodies(law, way.leads_to)[0]
                found.append(
                    step_of(
                        law,
                        advice,
                        stage,
                        duties,
                        to=way.leads_to,
                        custody=custody,
                        decided=decided,
                    )
                )
            except Conflict:
                continue
    return tuple(found)


def authorities_of(law: LawVersion, steps: Collection[StageStep]) -> tuple[By, ...]:
    """Who besides the police took a step in somebody's matter, or is to take the next from it."""
    known = {step.by for step in steps}
    for step in steps:
        known |= {way.by for way in law.transitions if way.stage is step.stage}
    return tuple(sorted(known - {By.POLICE}))


def check_holding(law: LawVersion, person: Person, custody: Custody, by: By) -> None:
    """Refuse a custody that a stage does not have, or that is the police's to decide.

    Errors: StepNotLegal; Conflict.
    """
    stage, allowed = person.stage, _custodies(law, person.stage)
    if custody not in allowed:
        named = ", ".join(allowed) or "nothing"
        raise StepNotLegal(f"At {stage} somebody is {named} under {law.id}, not {custody}.")
    if custody is person.custody:
        raise Conflict(f"They are {custody} already.")
    if by is By.POLICE and stage in police_stages(law):
        raise Conflict(f"At {stage} the police decide: decide again with the other custody.")


def other_custodies(law: LawVersion, person: Person) -> tuple[Custody, ...]:
    """The custodies that somebody's stage allows besides the present one."""
    return tuple(each for each in _custodies(law, person.stage) if each is not person.custody)


def is_accused(law: LawVersion, stage: Stage) -> bool:
    """Whether somebody at a stage is an accused person."""
    rule = law.stage_of(stage)
    return rule is not None and rule.accused


def check_accusable(law: LawVersion, advice: Advice) -> None:
    """Refuse to accuse somebody whom the law allows to accuse in no way.

    Errors: OutcomeForbidden, with the rule.
    """
    forbidden = {each.outcome: each.source for each in advice.forbidden}
    closed = [forbidden[outcome] for outcome in sorted(law.accusing) if outcome in forbidden]
    if len(closed) == len(law.accusing):
        raise OutcomeForbidden(f"Not allowed: {cited_plainly(closed[0])}.")


def _custodies(law: LawVersion, stage: Stage) -> Sequence[Custody]:
    rule = law.stage_of(stage)
    return () if rule is None else rule.custody


def custody_at(law: LawVersion, stage: Stage, person: Person, asked: Custody | None) -> Custody:
    """The custody at a stage: as asked, else as it is where the stage allows, else none."""
    allowed = _custodies(law, stage)
    if asked is not None:
        return asked
    return person.custody if person.custody in allowed else Custody.NOT_DETAINED
