"""Which committee or chief may have decided: pure decisions on what the law's data says of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.law.model import Advice, Ages, Outcome, Permitted
from tipbridge.knowledge.law.shape import Body, LawVersion
from tipbridge.knowledge.law.words import cited_plainly
from tipbridge.police.cases.acts import PersonAct
from tipbridge.police.outcomes import rules
from tipbridge.police.outcomes.model import BodyDecision, BodyFacts, OfferedBody

INVESTIGATOR = "investigator"
"""Who decides where the law names no body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is decided, at which ages at the act, and whom the law has decide it."""

    outcome: Outcome
    ages: Ages | None
    decides: str


def day_of(facts: BodyFacts | None, today: date, acts: Iterable[PersonAct]) -> date:
    """The day on which it was decided: that of the body, about `acts` that happened, else today.

    Errors: Invalid for a day that can't be.
    """
    return today if facts is None or facts.on is None else _day(facts.on, today, acts)


def body_of(
    law: LawVersion, facts: BodyFacts | None, on: date, *, asked: Asked
) -> BodyDecision | None:
    """The body that decided on a day, as the law of that day knows it; None where staff name none.

    Shape: where the law has a body decide, no other can have, and where the investigator, one that
    it gives this outcome at these ages.
    Errors: Invalid naming the bodies there are, or what it decides.
    """
    if facts is None:
        return None
    known = {each.code: each for each in law.bodies}
    body = known.get(facts.body)
    if body is None:
        there = ", ".join(known) or "none"
        raise Invalid(f"No body of {law.id}: {facts.body}. There are: {there}.")
    refusal = _refusal(law, body, asked)
    if refusal is not None:
        raise Invalid(refusal)
    return BodyDecision(
        body=body.code,
        on=on,
        minutes=rules.check_note(facts.minutes),
        source=body.source,
    )


def offered(
    law: LawVersion,
    advice: Advice,
    others: Iterable[Outcome],
    earlier: Iterable[Permitted] = (),
) -> tuple[OfferedBody, ...]:
    """The bodies that may have decided one of the outcomes open here, each with those it may.

    Shape: `others` are open too, outside the advice; there it is the investigator who decides; `earlier`
    were, on a day on which a body may have decided.
    """
    open_ = [(each.outcome, each.decides) for each in (*advice.permitted, *earlier)]
    open_ += [(outcome, INVESTIGATOR) for outcome in others]
    ages = advice.ages_at_act
    asked = [Asked(outcome=outcome, ages=ages, decides=decides) for outcome, decides in open_]
    found = [
        OfferedBody(
            body=body.code,
            outcomes=tuple(a.outcome for a in asked if _refusal(law, body, a) is None),
        )
        for body in law.bodies
    ]
    return tuple(each for each in found if each.outcomes)


def decided_earlier(law: LawVersion, earlier: Iterable[Permitted]) -> tuple[Permitted, ...]:
    """Of what was allowed earlier, that which is a body's to decide."""
    return tuple(p for p in earlier if any(p.decides == body.code for body in law.bodies))


def _refusal(law: LawVersion, body: Body, asked: Asked) -> str | None:
    """Why a body cannot have decided this; an unknown age fits."""
    deciding = next((each for each in law.bodies if each.code == asked.decides), body)
    if body.code != deciding.code:
        cited = cited_plainly(deciding.source)
        return f"Not {body.code}: here {asked.decides} decides, {cited}."
    cited, ages, below = cited_plainly(body.source), asked.ages, body.below_age
    if body.outcomes and asked.outcome not in body.outcomes:
        allowed = ", ".join(body.outcomes)
        return f"{body.code} does not decide {asked.outcome}, only {allowed}: {cited}."
    if ages is None or (ages.high >= body.from_age and (below is None or ages.low < below)):
        return None
    last = "" if below is None else f" to {below - 1}"
    aged = f"{ages.low} to {ages.high}" if ages.low < ages.high else f"{ages.low}"
    whom = f"those aged {body.from_age}{last} at the act"
    return f"{body.code} decides about {whom}, not {aged}: {cited}."


def _day(on: date, today: date, acts: Iterable[PersonAct]) -> date:
    if on > today:
        raise Invalid("The day on which the body decided lies in the future.")
    if on < (began := max((act.first_on for act in acts if act.first_on), default=on)):
        raise Invalid(f"The day on which the body decided lies before the act, {began}.")
    return on
