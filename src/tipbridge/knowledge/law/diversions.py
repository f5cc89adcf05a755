"""The ways out of booking: which are open, which a rule closes, and what leaves one open; pure."""

from collections.abc import Iterator
from itertools import groupby

from tipbridge.knowledge.law.model import Outcome, PersonFacts, SchoolLevel, Source
from tipbridge.knowledge.law.question import Question
from tipbridge.knowledge.law.shape import Diversion

_NO_PUPILS = frozenset({SchoolLevel.UNIVERSITY, SchoolLevel.NONE})


def advised(question: Question) -> tuple[Diversion, ...]:
    """The ways out that are open, in the order of the law."""
    return tuple(each for each in question.law.diversions if refusal_of(each, question) is None)


def refused(question: Question) -> dict[Outcome, Source]:
    """The outcomes to which every way is closed, by the rule that closes the one of the age.

    Shape: a law may have several ways to one outcome, each for other ages.
    """
    found: dict[Outcome, Source] = {}
    for outcome, ways in _by_outcome(question):
        closed = [(_of_age(way, question) is False, refusal_of(way, question)) for way in ways]
        rules = [(far, why) for far, why in closed if isinstance(why, Source)]
        if len(rules) == len(closed):
            found[outcome] = min(rules, key=lambda each: each[0])[1]
    return found


def left_open(question: Question) -> set[str]:
    """The unknowns that leave a way neither open nor closed, or its conditions unsettled."""
    whys = {each: refusal_of(each, question) for each in question.law.diversions}
    found = {why for why in whys.values() if isinstance(why, str)}
    asked = any(each.pupil_conditions for each, why in whys.items() if why is None)
    return found | ({"school-level"} if asked and question.facts.school_level is None else set())


def conditions_of(diversion: Diversion, facts: PersonFacts) -> tuple[str, ...]:
    """What a way out stands or falls with; what is asked of pupils, unless they are known to be none."""
    if facts.school_level in _NO_PUPILS:
        return diversion.conditions
    return (*diversion.conditions, *diversion.pupil_conditions)


def _by_outcome(question: Question) -> Iterator[tuple[Outcome, list[Diversion]]]:
    ways = sorted(question.law.diversions, key=lambda each: each.outcome)
    for outcome, alike in groupby(ways, key=lambda each: each.outcome):
        yield outcome, list(alike)


def refusal_of(diversion: Diversion, question: Question) -> Source | str | None:
    """The rule that closes this way out, the unknown that leaves it open, or None: it is open."""
    facts = question.facts
    if facts.prepared_sales_site:
        return question.law.serious
    of_age = _of_age(diversion, question)
    if of_age is False:
        return _serious(question) or diversion.source
    for closes in (_serious(question), _text_refusal(diversion, question)):
        if isinstance(closes, Source):
            return closes
    if of_age is None:
        return "age"
    return _text_refusal(diversion, question) or _fact_refusal(diversion, facts)


def _of_age(diversion: Diversion, question: Question) -> bool | None:
    """Whether a way out is for the ages at the act and at the decision; None: perhaps."""
    ages, now = question.ages, question.ages_now
    if ages is None or now is None:
        return None
    limit = diversion.decided_below
    if ages.high < diversion.from_age or ages.low >= diversion.below_age:
        return False
    if limit is not None and now.low >= limit:
        return False
    within = diversion.from_age <= ages.low and ages.high < diversion.below_age
    return True if within and (limit is None or now.high < limit) else None


def _serious(question: Question) -> Source | None:
    """A serious offence, whichever of the possible texts applies."""
    texts = [each.text for each in question.texts]
    serious = bool(texts) and all(text is not None and text.serious for text in texts)
    return question.law.serious if serious else None


def _text_refusal(diversion: Diversion, question: Question) -> Source | str | None:
    if question.facts.offence is None:
        return "offence"
    longest = diversion.max_minimum_months
    answers = {
        each.text is not None
        and not each.text.serious
        and each.text.offence in diversion.offences
        and (each.text.fine_possible or not diversion.needs_fine)
        and (longest is None or each.text.min_months <= longest)
        for each in question.texts
    }
    if answers == {True}:
        return None
    return diversion.source if answers == {False} else "act-date"


def _fact_refusal(diversion: Diversion, facts: PersonFacts) -> Source | str | None:
    asked: dict[str, bool | None] = {}
    if diversion.needs_self_produced:
        asked["self-produced"] = facts.self_produced
    if diversion.needs_no_exploitation and facts.coerced:
        asked["coerced"] = None  # neither advised nor closed to who was made to do it
    elif diversion.needs_no_exploitation:
        asked["exploitation"] = None if facts.exploitation is None else not facts.exploitation
    if False in asked.values():
        return diversion.source
    return next((name for name, answer in asked.items() if answer is None), None)
