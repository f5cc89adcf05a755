"""No path from a person under the minimum age to an accusation, whatever is corrected on the way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.knowledge.law.builders import aged, born, facts
from tests.police.outcomes.walking import START, Place, accused, duties_of, steps_from, walk
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import (
    Advice,
    Ages,
    Birth,
    Certainty,
    Offence,
    Outcome,
    Part,
    PersonFacts,
    SchoolLevel,
    Stage,
)
from tipbridge.knowledge.law.rules import advise, law_on
from tipbridge.knowledge.law.shape import LawVersion
from tipbridge.police.outcomes import closing
from tipbridge.police.outcomes.combining import combined
from tipbridge.police.outcomes.model import OpenDuty

LAWS = shipped_laws()
MINIMUM = {"KR": 14, "JP": 14, "DE": 14, "GB-EW": 10}
MARGIN = 5
FIRST = date(2013, 1, 2)
LEAP = [date(year, 2, 29) for year in range(1996, 2013, 4)]


@dataclass(frozen=True)
class Known:
    """What is known of somebody at one time: the acts of one person, and when it is decided."""

    facts: PersonFacts
    acts: tuple[date | None, ...]
    later: int


def birthday(birth: date, years: int) -> date:
    """The day somebody turns so many years; born on 29 February: 1 March outside leap years."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)


def may_be_below(known: Known, minimum: int) -> bool:
    """Whether somebody may have been below the minimum at one of the acts, counted by hand."""
    birth = known.facts.birth
    if birth is None or None in known.acts:
        return True
    declared = birth.certainty is Certainty.DECLARED
    latest = birthday(birth.latest, MARGIN) if declared else birth.latest
    return any(act is not None and act < birthday(latest, minimum) for act in known.acts)


@st.composite
def births(draw: st.DrawFn) -> Birth | None:
    """Nothing known; a day known for certain, or said by the person; a range."""
    if draw(st.integers(0, 5)) == 0:
        return None
    earliest = draw(st.dates(date(1990, 1, 1), date(2015, 1, 1)) | st.sampled_from(LEAP))
    span = draw(st.sampled_from([0, 0, 0, 1, 365, 1500]))
    return Birth(
        earliest=earliest,
        latest=earliest + timedelta(days=span),
        certainty=Certainty.ESTIMATED if span else draw(st.sampled_from(list(Certainty))),
    )


@st.composite
def known(draw: st.DrawFn) -> Known:
    """Facts as they may be recorded, and recorded again when they are corrected."""
    birth = draw(births())
    near = [] if birth is None else _around(birth)
    act = st.none() | st.dates(FIRST, date(2025, 1, 1))
    acts = draw(st.lists(act | st.sampled_from(near) if near else act, min_size=1, max_size=2))
    given_facts = PersonFacts(
        birth=birth,
        offence=draw(st.none() | st.sampled_from(list(Offence))),
        school_level=draw(st.none() | st.sampled_from(list(SchoolLevel))),
        prepared_sales_site=draw(st.booleans()),
        self_produced=draw(st.none() | st.booleans()),
        exploitation=draw(st.none() | st.booleans()),
        coerced=draw(st.booleans()),
        at_risk=draw(st.booleans()),
        parts=draw(st.sampled_from([frozenset({Part.SUSPECT}), frozenset(Part)])),
    )
    return Known(facts=given_facts, acts=tuple(acts), later=draw(st.sampled_from([0, 90, 3000])))


def _around(birth: Birth) -> list[date]:
    """The days around the birthdays that count: the last day below an age, and the first of it."""
    turns = [birthday(day, years) for day in (birth.earliest, birth.latest) for years in (10, 14)]
    days = [day + timedelta(days=off) for day in turns for off in (-1, 0)]
    return [day for day in days if FIRST <= day <= date(2025, 1, 1)]


def _entered(
    where: str, known: Known, starts: set[Place], carried: list[OpenDuty] | None = None
) -> tuple[set[Place], set[Stage]]:
    """Where somebody gets to under what is known, and the stages at which they are accused there.

    Shape: the duties of what was known before are `carried` along, done or not, and these are added to them.
    """
    law, advice = _asked(where, known)
    older = [] if carried is None else carried
    entered = walk(law, advice, starts, older)
    older += [*duties_of(law, advice), *duties_of(law, advice, done=True)]
    return entered, accused(law)


def _asked(where: str, known: Known) -> tuple[LawVersion, Advice]:
    """The law and its advice under what is known."""
    last = max((act for act in known.acts if act is not None), default=date(2020, 1, 1))
    day = min(last + timedelta(days=known.later), date(2026, 1, 1))
    law = law_on(LAWS, where, day)
    return law, combined([advise(LAWS, where, known.facts, act, day) for act in known.acts])


def surely(known: Known, low: int, high: int) -> bool:
    """Whether somebody was for certain of these ages at every act, and is not said to be at risk."""
    birth = known.facts.birth
    if birth is None or birth.certainty is Certainty.DECLARED or known.facts.at_risk:
        return False
    return all(
        act is not None and birthday(birth.latest, low) <= act < birthday(birth.earliest, high + 1)
        for act in known.acts
    )


BOOKED_THEN_A_CHILD = (
    Known(
        facts=facts(birth=aged(30), offence=Offence.DISTRIBUTION),
        acts=(date(2014, 3, 10),),
        later=90,
    ),
    Known(
        facts=facts(birth=aged(13), offence=Offence.DISTRIBUTION),
        acts=(date(2014, 3, 10),),
        later=90,
    ),
)
THE_ACT_WAS_EARLIER = (
    Known(facts=facts(birth=born(date(2004, 2, 29))), acts=(date(2018, 3, 1),), later=90),
    Known(facts=facts(birth=born(date(2004, 2, 29))), acts=(date(2018, 2, 28),), later=90),
)


SAID_TO_BE_ELEVEN = (
    Known(
        facts=facts(birth=born(date(2003, 3, 10), certainty=Certainty.DECLARED)),
        acts=(date(2014, 3, 10),),
        later=90,
    ),
)


@settings(max_examples=60)
@example(where="GB-EW", times=SAID_TO_BE_ELEVEN)
@example(where="KR", times=BOOKED_THEN_A_CHILD)
@example(where="JP", times=BOOKED_THEN_A_CHILD)
@example(where="KR", times=THE_ACT_WAS_EARLIER)
@given(st.sampled_from(sorted(MINIMUM)), st.lists(known(), min_size=1, max_size=3))
def test_nobody_who_may_be_below_the_minimum_age_comes_to_be_accused_by_any_correction(
    where: str, times: Sequence[Known]
) -> None:
    places, carried = {START}, list[OpenDuty]()
    for each in times:
        entered, accusing = _entered(where, each, places, carried)
        if may_be_below(each, MINIMUM[where]):
            assert not {place.stage for place in entered} & accusing
            assert Stage.NOT_BOOKED in {place.stage for place in entered}, "a way out stays open"
        places |= entered


A_CHILD_THEN_NINE = (
    Known(facts=facts(birth=aged(12)), acts=(date(2014, 3, 10),), later=90),
    Known(facts=facts(birth=aged(9)), acts=(date(2014, 3, 10),), later=90),
)
A_CHILD_THEN_SIXTEEN = (
    Known(facts=facts(birth=aged(12)), acts=(date(2014, 3, 10),), later=90),
    Known(facts=facts(birth=aged(16)), acts=(date(2014, 3, 10),), later=90),
)


@settings(max_examples=60)
@example(times=A_CHILD_THEN_NINE)
@example(times=A_CHILD_THEN_SIXTEEN)
@given(st.lists(known(), min_size=1, max_size=3))
def test_from_not_booked_only_who_is_ten_to_thirteen_goes_to_the_juvenile_division(
    times: Sequence[Known],
) -> None:
    """Whatever duties earlier facts left, done or not; and nobody does who is cleared or dead."""
    carried = list[OpenDuty]()
    for each in times:
        law, advice = _asked("KR", each)
        duties = [*duties_of(law, advice), *duties_of(law, advice, done=True), *carried]
        for place in walk(law, advice, {START}, carried):
            if place.stage is Stage.NOT_BOOKED and place.standing is not None:
                led = set(steps_from(law, advice, place, duties))
                below, above = surely(each, 0, 9), surely(each, 14, 200)
                if below or above or place.standing.meaning.reason in closing.ENDS_ALL:
                    assert not led, place
        carried = duties


def test_of_several_acts_one_at_an_unsettled_age_leaves_the_age_unsettled() -> None:
    """Born on a day of three months of 2000: 14 for certain at the later act, perhaps 13 at the first."""
    birth = born(date(2000, 2, 1), date(2000, 4, 30))
    acts = (date(2014, 3, 10), date(2015, 3, 10))
    first, second = (advise(LAWS, "KR", facts(birth=birth), act, acts[1]) for act in acts)
    assert (first.age_resolved, second.age_resolved) == (False, True)
    for several in ([first, second], [second, first]):
        both = combined(several)
        assert not both.age_resolved
        assert both.punishable is None
        assert both.ages_at_act == Ages(low=13, high=15)
        assert [each.outcome for each in both.permitted] == [Outcome.NO_SUSPICION]
        assert "resolve-age" in {duty.code for duty in both.duties}


def test_who_is_of_age_is_booked_and_a_correction_leads_out_again() -> None:
    """What the property asks is not empty: both examples are booked first, and not after."""
    for times in (BOOKED_THEN_A_CHILD, THE_ACT_WAS_EARLIER):
        first, accusing = _entered("KR", times[0], {START})
        assert {place.stage for place in first} & accusing
        second, _ = _entered("KR", times[1], first)
        assert not {place.stage for place in second} & accusing
        only_one = replace(times[0], acts=(*times[0].acts, times[1].acts[0]))
        below = may_be_below(only_one, 14)
        both, _ = _entered("KR", only_one, {START})
        assert bool({place.stage for place in both} & accusing) is not below, (
            "the younger act counts"
        )
