"""Properties of advice: birthdays to the day, time zones, ranges, the lenient law."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.knowledge.law.builders import born, facts, outcomes, some_facts
from tipbridge.knowledge.law.ages import age_at, birth_of_age
from tipbridge.knowledge.law.lenient import applied_text, severity
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import Birth, Certainty, Mark, Offence, Part
from tipbridge.knowledge.law.rules import advise, laws_between, local_day
from tipbridge.knowledge.law.shape import Lenient

LAWS = shipped_laws()
MINIMUM = {"KR": 14, "JP": 14, "DE": 14, "GB-EW": 10}
acts = st.dates(date(2013, 1, 2), date(2025, 12, 31))
where = st.sampled_from(sorted(MINIMUM))
leap_births = st.sampled_from([date(year, 2, 29) for year in range(1988, 2016, 4)])
births = st.dates(date(1980, 1, 1), date(2012, 12, 31)) | leap_births


def birthday(birth: date, years: int) -> date:
    """The day somebody turns so many years; born on 29 February: 1 March outside leap years."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)


@given(where, births)
def test_the_day_of_the_birthday_is_the_first_on_which_somebody_can_be_accused(
    jurisdiction: str, birth: date
) -> None:
    turns = birthday(birth, MINIMUM[jurisdiction])
    assume(date(2013, 1, 2) <= turns <= date(2026, 1, 1))
    given_facts = facts(birth=born(birth), offence=Offence.DISTRIBUTION)
    for act_on, punishable in ((turns - timedelta(days=1), False), (turns, True)):
        advice = advise(LAWS, jurisdiction, given_facts, act_on, turns + timedelta(days=400))
        assert advice.punishable is punishable
        accusing = _accusing(advice.law_of_decision) & set(outcomes(advice))
        assert bool(accusing) is punishable


def _accusing(law_id: str) -> frozenset[object]:
    return frozenset(next(law for law in LAWS if law.id == law_id).accusing)


@given(where, some_facts, st.none() | acts, st.integers(0, 4000))
def test_an_age_that_may_be_below_the_minimum_is_never_accused(
    jurisdiction: str, given_facts: object, act_on: date | None, later: int
) -> None:
    decided_on = (act_on or date(2020, 1, 1)) + timedelta(days=later)
    advice = advise(LAWS, jurisdiction, given_facts, act_on, decided_on)  # type: ignore[arg-type]
    if _accusing(advice.law_of_decision) & set(outcomes(advice)):
        assert advice.age_resolved
        assert advice.ages_at_act is not None
        assert advice.ages_at_act.low >= MINIMUM[jurisdiction]
    else:
        assert advice.permitted


@given(where, births, st.integers(0, 900), st.integers(0, 900), acts)
def test_a_range_never_permits_what_one_of_its_days_forbids(
    jurisdiction: str, birth: date, before: int, after: int, act_on: date
) -> None:
    assume(birth + timedelta(days=after) <= act_on)
    wide = Birth(
        earliest=birth - timedelta(days=before),
        latest=birth + timedelta(days=after),
        certainty=Certainty.ESTIMATED,
    )
    ask = replace(facts(offence=Offence.DISTRIBUTION), birth=wide)
    decided_on = act_on + timedelta(days=90)
    allowed = set(outcomes(advise(LAWS, jurisdiction, ask, act_on, decided_on)))
    for day in (wide.earliest, birth, wide.latest):
        single = advise(LAWS, jurisdiction, replace(ask, birth=born(day)), act_on, decided_on)
        assert not allowed & {each.outcome for each in single.forbidden}


@example(low=1, more=0, on=date(2024, 2, 29))
@example(low=4, more=3, on=date(2024, 2, 29))
@given(st.integers(0, 25), st.integers(0, 6), acts)
def test_an_estimated_age_covers_exactly_its_years(low: int, more: int, on: date) -> None:
    birth = birth_of_age(low, low + more, on)
    assert (age_at(birth.latest, on), age_at(birth.earliest, on)) == (low, low + more)
    assert age_at(birth.earliest - timedelta(days=1), on) == low + more + 1


@given(
    st.sampled_from(sorted({law.jurisdiction for law in LAWS})),
    st.integers(0, 12 * 365 * 24 * 60),
    st.integers(0, 18),
)
def test_the_day_of_an_act_is_that_of_the_law_and_not_of_the_agency(
    jurisdiction: str, minutes: int, years: int
) -> None:
    zone = ZoneInfo(next(law.time_zone for law in LAWS if law.jurisdiction == jurisdiction))
    at = datetime(2013, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)
    day = local_day(LAWS, jurisdiction, at)
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    assert midnight <= at.astimezone(zone) < midnight + timedelta(days=1)
    for agency in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/London"):
        assert local_day(LAWS, jurisdiction, at.astimezone(ZoneInfo(agency))) == day
    birth = born(date(day.year - years, day.month, min(day.day, 28)))
    assert advise(LAWS, jurisdiction, facts(birth=birth), day, day).ages_at_act is not None


@given(
    st.sampled_from(sorted({law.jurisdiction for law in LAWS})),
    st.sampled_from(list(Offence)),
    acts,
    acts,
)
def test_the_law_that_applies_is_never_heavier_than_that_of_the_act(
    jurisdiction: str, offence: Offence, one: date, other: date
) -> None:
    act_on, decided_on = sorted((one, other))
    versions = laws_between(LAWS, jurisdiction, act_on, decided_on)
    assert [a.valid_to for a, _ in pairwise(versions)] == [
        b.valid_from - timedelta(days=1) for _, b in pairwise(versions)
    ]
    applied = applied_text(offence, versions)
    at_act = versions[0].text_of(offence)
    if at_act is None:
        assert applied.text is None
        return
    texts = {law.id: severity(law.text_of(offence)) for law in versions}
    assert severity(applied.text) <= severity(at_act)
    match versions[-1].lenient:
        case Lenient.ACT:
            assert applied.law is versions[0]
        case Lenient.LATER_IF_LIGHTER:
            ends = (texts[versions[0].id], texts[versions[-1].id])
            assert severity(applied.text) == min(ends)
        case Lenient.MILDEST:
            assert severity(applied.text) == min(texts.values())


@given(where, some_facts, acts)
def test_somebody_who_is_depicted_only_is_never_decided_about(
    jurisdiction: str, given_facts: object, act_on: date
) -> None:
    victim = replace(given_facts, parts=frozenset({Part.DEPICTED}))  # type: ignore[type-var]
    advice = advise(LAWS, jurisdiction, victim, act_on, act_on)  # type: ignore[arg-type]
    assert advice.permitted == advice.forbidden == ()
    assert not {"resolve-age", "juvenile-division-transfer"} & {d.code for d in advice.duties}


def test_a_text_is_lighter_by_life_then_its_longest_then_its_shortest_sentence_then_by_a_fine() -> (
    None
):
    text = next(law for law in LAWS if law.id == "DE/2013").text_of(Offence.POSSESSION)
    assert text is not None
    base = replace(text, life=False, max_months=36, min_months=6, fine_possible=False)
    ordered = [
        None,
        replace(base, max_months=24, min_months=12),
        replace(base, min_months=0),
        replace(base, fine_possible=True),
        base,
        replace(base, min_months=12, fine_possible=True),
        replace(base, max_months=48, min_months=0, fine_possible=True),
        replace(base, max_months=None),
        replace(base, life=True, max_months=12, min_months=0, fine_possible=True),
    ]
    weights = [severity(each) for each in ordered]
    assert weights == sorted(weights)
    assert len(set(weights)) == len(weights)


def test_where_a_later_law_counts_if_lighter_none_in_between_does() -> None:
    """No law that is loaded has this principle; it is one that a file may name."""
    last = next(law for law in LAWS if law.id == "DE/2024-06-28")
    text = last.text_of(Offence.POSSESSION)
    assert text is not None
    texts = {months: replace(text, max_months=months, min_months=0) for months in (6, 36, 60)}

    def applied(*months: int | None) -> str:
        versions = [
            replace(
                last,
                id=name,
                lenient=Lenient.LATER_IF_LIGHTER,
                offences=() if each is None else (texts[each],),
            )
            for name, each in zip(("act", "between", "decided"), months, strict=True)
        ]
        return applied_text(Offence.POSSESSION, versions).law.id

    assert applied(36, 36, 60) == "act"
    assert applied(36, 36, 36) == "act"
    assert applied(60, 60, 36) == "decided"
    assert applied(60, 6, 36) == "decided"
    assert applied(36, 6, 60) == "act"
    assert applied(36, 36, None) == "decided", "no offence any more"
    assert applied(None, 36, 36) == "act", "never one that was none at the act"


def test_a_lighter_text_between_act_and_decision_counts_where_the_law_is_the_mildest() -> None:
    mildest = {"KR": True, "JP": True, "DE": True, "GB-EW": False, "US": False}
    for jurisdiction, counts in mildest.items():
        last = next(law for law in LAWS if law.jurisdiction == jurisdiction and not law.valid_to)
        text = last.text_of(Offence.POSSESSION)
        assert text is not None
        heavy = replace(text, max_months=240, min_months=12, life=False)
        light = replace(heavy, max_months=6, min_months=0)
        at_act, between, decided = (
            replace(last, id=name, offences=(each,))
            for name, each in (("act", heavy), ("between", light), ("decided", heavy))
        )
        applied = applied_text(Offence.POSSESSION, (at_act, between, decided))
        assert (applied.law is between) is counts, jurisdiction
    japan = next(law for law in LAWS if law.jurisdiction == "JP" and not law.valid_to)
    assert (japan.principle.rule, japan.principle.mark) == ("JP-PC-6", Mark.UNCONFIRMED)
