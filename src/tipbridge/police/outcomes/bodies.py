"""Which committee or chief may have decided: pure decisions on what the law's data says of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.law.model import Ages, Outcome
from tipbridge.knowledge.law.shape import Body, LawVersion
from tipbridge.knowledge.law.words import cited_plainly
from tipbridge.police.cases.acts import PersonAct
from tipbridge.police.outcomes import rules
from tipbridge.police.outcomes.model import BodyDecision, BodyFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is decided, at which ages at the act, and whom the law has decide it."""

    outcome: Outcome
    ages: Ages | None
    decides: str


def body_of(
    law: LawVersion,
    facts: BodyFacts | None,
    today: date,
    *,
    asked: Asked,
    acts: Iterable[PersonAct],
) -> BodyDecision | None:
    """The body that decided, as the law knows it; None where staff name none.

    Shape: where the law has a body decide, no other can have, and where the investigator, one that
    it gives this outcome at these ages. A body decides about `acts` that happened.
    Errors: Invalid naming the bodies there are, what it decides, or for a day that can't be.
    """
    if facts is None:
        return None
    known = {each.code: each for each in law.bodies}
    if facts.body not in known:
        there = ", ".join(known) or "none"
        raise Invalid(f"No body of {law.id}: {facts.body}. There are: {there}.")
    if asked.decides in known and facts.body != asked.decides:
        cited = cited_plainly(known[asked.decides].source)
        raise Invalid(f"Not {facts.body}: here {asked.decides} decides, {cited}.")
    body = known[facts.body]
    _check_competent(body, asked.outcome, asked.ages)
    return BodyDecision(
        body=body.code,
        on=_day(facts.on or today, today, acts),
        minutes=rules.check_note(facts.minutes),
        source=body.source,
    )


def _check_competent(body: Body, outcome: Outcome, ages: Ages | None) -> None:
    """Refuse what the law's data does not give a body; an unknown age fits."""
    cited = cited_plainly(body.source)
    if body.outcomes and outcome not in body.outcomes:
        allowed = ", ".join(body.outcomes)
        raise Invalid(f"{body.code} does not decide {outcome}, only {allowed}: {cited}.")
    below = body.below_age
    if ages is None or (ages.high >= body.from_age and (below is None or ages.low < below)):
        return
    last = "" if below is None else f" to {below - 1}"
    aged = f"{ages.low} to {ages.high}" if ages.low < ages.high else f"{ages.low}"
    raise Invalid(
        f"{body.code} decides about those aged {body.from_age}{last} at the act, not {aged}: {cited}."
    )


def _day(on: date, today: date, acts: Iterable[PersonAct]) -> date:
    if on > today:
        raise Invalid("The day on which the body decided lies in the future.")
    if on < (began := max((act.first_on for act in acts if act.first_on), default=on)):
        raise Invalid(f"The day on which the body decided lies before the act, {began}.")
    return on
