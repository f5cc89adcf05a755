"""When an act can no longer be prosecuted, and what is missing to say so; pure."""

from datetime import date

from tipbridge.knowledge.law.ages import plausible, years_later
from tipbridge.knowledge.law.model import (
    Birth,
    Limitation,
    Outcome,
    Part,
    PersonFacts,
    Reason,
    Running,
    Source,
)
from tipbridge.knowledge.law.question import Question
from tipbridge.knowledge.law.shape import LawVersion, LimitationRule

Days = tuple[date | None, date | None]


def limitation_of(question: Question) -> Limitation | None:
    """How it stands with the limitation; None without an offence, or without data on it.

    Shape: the day of the act counts as the first. What stops the clock, such as flight abroad,
    is not worked out: it only ever runs out later than said here.
    """
    text = None if question.text is None else question.text.text
    if text is None or text.limitation is None or text.limitation_years is None:
        return None
    act_on, rules = question.act_on, question.law.limitations
    rules = tuple(rule for rule in rules if rule.is_of(text.offence))
    begins = next((rule for rule in rules if rule.adult_at is not None), None)
    sources = (text.limitation,) if begins is None else (text.limitation, begins.source)
    if act_on is None:
        return _said(Running.UNKNOWN, (None, None), sources, ("act-date",))
    days = _days(question, act_on, text.limitation_years, begins)
    never = next((r for r in rules if r.never and _reaches(r, days, question.decided_on)), None)
    if never is not None:
        return _without_end(never, days, sources)
    over, first = _is_over(days, question.decided_on), days[0]
    runs = first is not None and question.decided_on < first
    standing = Running.RUNS if runs else Running.RUN_OUT if over else Running.UNKNOWN
    return _said(standing, days, sources, () if days[1] else _MISSING)


def _without_end(never: LimitationRule, days: Days, sources: tuple[Source, ...]) -> Limitation:
    """No limitation for what could still be charged when that began; not known: perhaps."""
    first, since, by = days[0], never.since, (*sources, never.source)
    if first is not None and since is not None and first > since:
        return _said(Running.NEVER, (None, None), by, ())
    return _said(Running.UNKNOWN, (first, None), by, _MISSING)


def _reaches(rule: LimitationRule, days: Days, decided_on: date) -> bool:
    """Whether a rule is in force at the decision, and what it is of had not run out before."""
    return rule.since is not None and rule.since <= decided_on and not _is_over(days, rule.since)


_MISSING = ("depicted-birth-date",)


def _said(
    standing: Running, days: Days, sources: tuple[Source, ...], unknowns: tuple[str, ...]
) -> Limitation:
    return Limitation(
        standing=standing, earliest=days[0], latest=days[1], sources=sources, unknowns=unknowns
    )


def _is_over(days: Days, on: date) -> bool:
    return days[1] is not None and days[1] <= on


def _days(question: Question, act_on: date, years: int, begins: LimitationRule | None) -> Days:
    """The earliest and the latest first day on which nobody may be charged any more."""
    if begins is None or begins.adult_at is None:
        day = years_later(act_on, years)
        return day, day
    child = _depicted(question.facts)
    if child is None:
        return years_later(act_on, years), None
    born = plausible(child, question.law.declared_margin_years)
    starts = [max(act_on, years_later(day, begins.adult_at)) for day in born]
    first, last = (years_later(day, years) for day in starts)
    since = begins.adult_since
    older = since is not None and years_later(born[0], begins.adult_at) < since
    return first, None if older else last


def _depicted(facts: PersonFacts) -> Birth | None:
    """The birth of the child who is shown: of the person, or what is known of another's."""
    return facts.birth if facts.self_produced else facts.depicted_born


def refusal_while_it_runs(law: LawVersion, found: Limitation | None) -> dict[Outcome, Source]:
    """What says that the limitation ran out, forbidden while it surely did not."""
    if found is None or found.standing not in {Running.RUNS, Running.NEVER}:
        return {}
    return dict.fromkeys(closing(law), found.sources[-1])


def closing(law: LawVersion) -> tuple[Outcome, ...]:
    """The outcomes that say that the limitation ran out."""
    return tuple(rule.outcome for rule in law.outcomes if rule.reason is Reason.LIMITATION)


def has_run_out(question: Question, found: Limitation | None) -> bool:
    """Whether a suspect of an age that can be punished can no longer be prosecuted, for certain."""
    return (
        found is not None
        and found.standing is Running.RUN_OUT
        and Part.SUSPECT in question.facts.parts
        and question.resolved
        and question.bands[0].punishable
    )
