"""The advice on several acts of one person as one: what any of them forbids is forbidden; pure."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from tipbridge.knowledge.law.model import (
    Advice,
    Ages,
    Forbidden,
    Limitation,
    Outcome,
    Permitted,
    Running,
)

_Item = TypeVar("_Item")
_LASTING = (Running.NEVER, Running.RUNS, Running.UNKNOWN, Running.RUN_OUT)


def combined(advices: Sequence[Advice]) -> Advice:
    """One advice: permitted is what every act permits, forbidden what any forbids.

    Shape: in the order of the first act; duties, unknowns and inputs are those of all; the
    limitation is that of the act that can be prosecuted longest; the text is the first act's.
    """
    first, *others = advices
    if not others:
        return first
    forbidden = _forbidden(advices)
    closed = {each.outcome for each in forbidden}
    punishable = {each.punishable for each in advices}
    return replace(
        first,
        law_of_act=", ".join(dict.fromkeys(each.law_of_act for each in advices)),
        permitted=tuple(_permitted(advices, closed)),
        forbidden=forbidden,
        duties=_merged((each.duties for each in advices), lambda duty: duty.code),
        unknowns=_merged((each.unknowns for each in advices), str),
        inputs=_merged((each.inputs for each in advices), str),
        drivers=_merged((each.drivers for each in advices), str),
        cautions=_merged((each.cautions for each in advices), lambda source: source.rule),
        began=_merged((each.began for each in advices), lambda source: source.rule),
        age_resolved=all(each.age_resolved for each in advices),
        punishable=None if None in punishable else punishable == {True},
        ages_at_act=_ages(advices),
        minor=None if any(each.minor is None for each in advices) else first.minor,
        limitation=_longest(advices),
        fine_only=all(each.fine_only for each in advices),
        no_fine=any(each.no_fine for each in advices),
        forums=_merged((each.forums for each in advices), str),
    )


def _forbidden(advices: Sequence[Advice]) -> tuple[Forbidden, ...]:
    found: dict[Outcome, Forbidden] = {}
    for advice in advices:
        for each in advice.forbidden:
            found.setdefault(each.outcome, each)
    return tuple(found[outcome] for outcome in Outcome if outcome in found)


def _permitted(advices: Sequence[Advice], closed: set[Outcome]) -> Iterable[Permitted]:
    """What every act permits, with the conditions of all; who decides is the first act's."""
    for each in advices[0].permitted:
        alike = [
            other
            for advice in advices
            for other in advice.permitted
            if other.outcome is each.outcome
        ]
        if len(alike) == len(advices) and each.outcome not in closed:
            conditions = dict.fromkeys(code for other in alike for code in other.conditions)
            yield replace(each, conditions=tuple(conditions))


def _merged(
    several: Iterable[Sequence[_Item]], key: Callable[[_Item], Hashable]
) -> tuple[_Item, ...]:
    found: dict[Hashable, _Item] = {}
    for items in several:
        for item in items:
            found.setdefault(key(item), item)
    return tuple(found.values())


def _ages(advices: Sequence[Advice]) -> Ages | None:
    ages = [each.ages_at_act for each in advices if each.ages_at_act is not None]
    if len(ages) < len(advices):
        return None
    return Ages(low=min(each.low for each in ages), high=max(each.high for each in ages))


def _longest(advices: Sequence[Advice]) -> Limitation | None:
    found = [each.limitation for each in advices if each.limitation is not None]
    return min(found, key=lambda each: _LASTING.index(each.standing), default=None)
