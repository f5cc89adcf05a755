"""Young people likely to offend who committed no offence: which outcome the law has for them; pure."""

from tipbridge.knowledge.law.model import Ages, Outcome, Source
from tipbridge.knowledge.law.question import Question
from tipbridge.knowledge.law.shape import AtRisk


def advised(question: Question) -> tuple[AtRisk, ...]:
    """The rules for those at risk that apply: staff say so, nothing else was done, and of age.

    Shape: an act that is or may be an offence leads on as what it is.
    """
    if not question.facts.at_risk or not (question.facts.offence is None or question.is_no_offence):
        return ()
    return tuple(rule for rule in question.law.at_risk if _of_age(rule, question.ages_now))


def refused(question: Question) -> dict[Outcome, Source]:
    """The outcomes for those at risk that do not apply, by their rule, or by the unsettled age."""
    open_ = {rule.outcome for rule in advised(question)}
    return {
        rule.outcome: rule.source
        if _of_age(rule, question.ages_now) is not None
        else question.law.unresolved
        for rule in question.law.at_risk
        if rule.outcome not in open_
    }


def _of_age(rule: AtRisk, ages: Ages | None) -> bool | None:
    if ages is None:
        return None
    if ages.high < rule.from_age or ages.low >= rule.below_age:
        return False
    return True if rule.from_age <= ages.low and ages.high < rule.below_age else None
