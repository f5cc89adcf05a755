"""Verbs that ask the law again: what would other facts, other law or another year say?

Nothing here changes anything: differences are listed for people to look at.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.law.ages import moved_birth, moved_day
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import Advice, Outcome, Source
from tipbridge.knowledge.law.rules import advise
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.acts import PersonAct, acts_of
from tipbridge.police.cases.model import Case, Person
from tipbridge.police.outcomes import readvising, rules, store
from tipbridge.police.outcomes.combining import combined
from tipbridge.police.outcomes.model import AdviceChange, Choices, Comparison, Decision, Shift

_DECIDING = (Role.INVESTIGATOR,)
_YEARS = range(2000, 2101)


@action("outcomes.differences.read", roles=_DECIDING)
def list_differences(
    work: Work, *, decided_on: date | None = None, language: str = "en"
) -> list[AdviceChange]:
    """Standing decisions for which the law would now advise otherwise than when they were made.

    Shape: each is asked again as of its own day, and as of today while the matter goes on; or as
    of `decided_on` alone. The same differences have raised a task, once. It changes nothing.
    """
    found: list[AdviceChange] = []
    asked = store.standing_decisions(work.db)
    for decision, document in asked:
        person = cases.person_seen(work, decision.person_id)
        case = cases.case_seen(work, decision.case_id)
        if decided_on is None:
            says = readvising.differing(work, case, person, decision, document, language=language)
        else:
            acts = decision.acts
            other = readvising.differences_on(
                case, person, document, decided_on, language, acts=acts
            )
            says = tuple(each.said(language) for each in other or ())
        day = decided_on or decision.decided_on
        now = readvising.advice_if_any(case, person, day, decision.acts)
        if says and now is not None:
            allowed = readvising.is_allowed(work, case, person, decision.outcome, now)
            found.append(_change(case, person, decision, says, allowed=allowed))
    work.record("all", asked=len(asked), differing=len(found))
    return found


def _change(
    case: Case, person: Person, decision: Decision, says: tuple[str, ...], *, allowed: bool
) -> AdviceChange:
    return AdviceChange(
        case_id=case.id,
        case_number=case.number,
        person_id=person.id,
        position=person.position,
        decision_id=decision.id,
        outcome=decision.outcome,
        decided_on=decision.decided_on,
        allowed=allowed,
        says=says,
        since=decision.differs_at,
    )


@action("outcomes.comparison.read", roles=_DECIDING)
def compare_with(work: Work, *, year: int) -> Comparison:
    """The advice to everybody decided about, and the advice to the same facts in another year.

    Shape: the first act that the decision covers moves to that year; birth, decision and the other acts by
    as many years, so that every age stays. The advice on all of them together is compared: its first
    choice as before and after, and for each outcome how many it is permitted for.
    Errors: Invalid.
    """
    if year not in _YEARS:
        raise Invalid(f"A year is from {_YEARS[0]} to {_YEARS[-1]}.")
    pairs: list[tuple[Advice, Advice]] = []
    left_out: Counter[str] = Counter()
    asked = store.standing_decisions(work.db)
    for decision, _ in asked:
        person = cases.person_seen(work, decision.person_id)
        case = cases.case_seen(work, decision.case_id)
        pair = _pair(case, person, decision, year)
        if isinstance(pair, str):
            left_out[pair] += 1
        else:
            pairs.append(pair)
    work.record("all", people=len(asked), year=year)
    return _comparison(year, pairs, left_out)


def _pair(case: Case, person: Person, decision: Decision, year: int) -> tuple[Advice, Advice] | str:
    """The two pieces of advice, or why there is nothing to compare."""
    acts = [act for act in acts_of(person) if act.text in decision.acts] or acts_of(person)
    first = acts[0].first_on
    if first is None or None in {day for act in acts for day in act.days}:
        return "act-date"
    day, years = decision.decided_on, year - first.year
    then = readvising.advice_if_any(case, person, day, [act.text for act in acts])
    try:
        later = combined([each for act in acts for each in _moved(case, person, act, day, years)])
    except NoLaw:
        return "law"
    if then is None:
        return "law"
    return (then, later) if then.permitted and later.permitted else "offence"


def _moved(case: Case, person: Person, act: PersonAct, day: date, years: int) -> Iterator[Advice]:
    """The advice on one act, moved by years with everything that has a day."""
    facts, laws = rules.act_facts(person, act), shipped_laws()
    depicted = facts.depicted_on
    if depicted is not None:
        depicted = (moved_day(depicted[0], years), moved_day(depicted[1], years))
    for act_on in act.days:
        if act_on is not None:
            birth = moved_birth(facts.birth, years, act_on=act_on)
            shown = moved_birth(facts.depicted_born, years, act_on=act_on)
            moved = replace(facts, birth=birth, depicted_on=depicted, depicted_born=shown)
            yield advise(
                laws, case.jurisdiction, moved, moved_day(act_on, years), moved_day(day, years)
            )


def _comparison(
    year: int, pairs: list[tuple[Advice, Advice]], left_out: Counter[str]
) -> Comparison:
    return Comparison(
        year=year,
        people=len(pairs) + left_out.total(),
        before_laws=tuple(sorted({before.law_of_act for before, _ in pairs})),
        after_laws=tuple(sorted({after.law_of_act for _, after in pairs})),
        shifts=tuple(_shifts(pairs)),
        before_counts=_counted(before for before, _ in pairs),
        after_counts=_counted(after for _, after in pairs),
        permitted=tuple(_choices(pairs)),
        left_out=tuple(sorted(left_out.items())),
    )


def _shifts(pairs: list[tuple[Advice, Advice]]) -> Iterator[Shift]:
    counts = Counter((_first(before), _first(after)) for before, after in pairs)
    for (before, after), people in sorted(counts.items(), key=lambda item: (-item[1], str(item))):
        yield Shift(
            before=before[0],
            before_source=before[1],
            after=after[0],
            after_source=after[1],
            people=people,
        )


def _choices(pairs: list[tuple[Advice, Advice]]) -> Iterator[Choices]:
    """How many people each outcome is permitted for, as dated and in the other year."""
    counts = [
        Counter(each.outcome for a in side for each in a.permitted)
        for side in zip(*pairs, strict=True)
    ]
    before, after = counts or (Counter[Outcome](), Counter[Outcome]())
    for outcome in Outcome:
        if before[outcome] or after[outcome]:
            yield Choices(outcome=outcome, before=before[outcome], after=after[outcome])


def _first(advice: Advice) -> tuple[Outcome, Source]:
    first = advice.permitted[0]
    return first.outcome, first.source


def _counted(advices: Iterable[Advice]) -> tuple[tuple[Outcome, int], ...]:
    counts = Counter(advice.permitted[0].outcome for advice in advices)
    return tuple((outcome, counts[outcome]) for outcome in Outcome if outcome in counts)
