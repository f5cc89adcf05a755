"""Korean law of the operation and after: tables of cases, and properties."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.knowledge.law.builders import (
    ACT,
    DECIDED,
    aged,
    born,
    facts,
    forbidden,
    outcomes,
    some_facts,
)
from tipbridge.knowledge.law.ages import ages_on
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import (
    BOOKING,
    Advice,
    Ages,
    Certainty,
    Offence,
    Outcome,
    PersonFacts,
    SchoolLevel,
)
from tipbridge.knowledge.law.rules import advise, counts_as_child, is_juvenile, law_on, local_day

LAWS = shipped_laws()
KR = law_on(LAWS, "KR", ACT)
PUPIL = {"birth": aged(15), "school_level": SchoolLevel.MIDDLE}


def _advice(
    given_facts: PersonFacts, act_on: date | None = ACT, decided_on: date = DECIDED
) -> Advice:
    return advise(LAWS, "KR", given_facts, act_on, decided_on)


@pytest.mark.parametrize(
    ("years", "first"),
    [
        (0, Outcome.WELFARE_ONLY),
        (9, Outcome.WELFARE_ONLY),
        (10, Outcome.JUVENILE_DIVISION),
        (13, Outcome.JUVENILE_DIVISION),
        (14, Outcome.BOOKED_AT_LIBERTY),
        (18, Outcome.BOOKED_AT_LIBERTY),
        (19, Outcome.BOOKED_AT_LIBERTY),
        (46, Outcome.BOOKED_AT_LIBERTY),
    ],
)
def test_the_age_at_the_act_decides_the_first_outcome(years: int, first: Outcome) -> None:
    advice = _advice(facts(birth=aged(years), offence=Offence.DISTRIBUTION))
    assert outcomes(advice)[0] is first


def test_thirteen_at_the_act_stays_below_age_after_the_birthday() -> None:
    day_before = born(date(2000, 3, 11))
    advice = _advice(facts(birth=day_before), decided_on=date(2014, 12, 1))
    assert outcomes(advice)[0] is Outcome.JUVENILE_DIVISION
    assert forbidden(advice)[Outcome.BOOKED_AT_LIBERTY] == "KR-JA-4-2"
    assert set(outcomes(_advice(facts(birth=born(date(2000, 3, 10)))))) >= BOOKING


def test_below_fourteen_must_go_to_the_juvenile_division_by_the_police_chief() -> None:
    advice = _advice(facts(birth=aged(12)))
    assert advice.permitted[0].decides == "police-chief"
    duties = {duty.code: duty for duty in advice.duties}
    assert duties["juvenile-division-transfer"].source.citation.startswith("Juvenile Act")
    assert duties["juvenile-division-transfer"].due_on > DECIDED


def test_a_pupil_with_a_minor_violation_is_diverted_with_guidance_as_condition() -> None:
    advice = _advice(facts(**PUPIL))
    assert outcomes(advice)[:3] == [
        Outcome.GUIDANCE,
        Outcome.SUMMARY_TRIAL,
        Outcome.BOOKED_AT_LIBERTY,
    ]
    assert advice.permitted[0].conditions == ("guidance-by-parents", "guidance-by-school")
    assert advice.permitted[0].decides == "guidance-screening-committee"


@pytest.mark.parametrize(
    "change",
    [
        {"offence": Offence.PROFIT_DISTRIBUTION},
        {"offence": Offence.PRODUCTION},
        {"offence": Offence.DISTRIBUTION},
        {"prepared_sales_site": True},
        {"birth": aged(19)},
        {"birth": aged(13)},
    ],
)
def test_guidance_is_closed_to_the_serious_the_older_and_children(
    change: dict[str, object],
) -> None:
    advice = _advice(facts(**PUPIL | change))
    assert Outcome.GUIDANCE not in outcomes(advice)
    assert Outcome.GUIDANCE in forbidden(advice)


@pytest.mark.parametrize(
    ("level", "asked"),
    [
        (SchoolLevel.HIGH, True),
        (SchoolLevel.MIDDLE, True),
        (SchoolLevel.NONE, False),
        (SchoolLevel.UNIVERSITY, False),
        (None, True),
    ],
)
def test_guidance_by_the_school_is_asked_of_who_goes_to_one_and_closes_it_to_nobody(
    level: SchoolLevel | None, asked: bool
) -> None:
    advice = _advice(facts(birth=aged(15), school_level=level))
    (guided,) = [each for each in advice.permitted if each.outcome is Outcome.GUIDANCE]
    assert "guidance-by-parents" in guided.conditions
    assert ("guidance-by-school" in guided.conditions) is asked
    assert ("school-level" in advice.unknowns) is (level is None)


def test_an_unknown_school_is_said_to_be_unknown() -> None:
    advice = _advice(facts(birth=aged(15), school_level=None))
    assert Outcome.GUIDANCE not in forbidden(advice)
    assert "school-level" in advice.unknowns


def test_since_2020_possession_leaves_no_way_out_of_booking() -> None:
    act, decided = date(2021, 5, 1), date(2021, 9, 1)
    birth = aged(15, on=act)
    advice = _advice(facts(birth=birth, school_level=SchoolLevel.HIGH), act, decided)
    assert advice.law_of_act == "KR/2021-01-01"
    assert Outcome.GUIDANCE in forbidden(advice)
    older = _advice(facts(birth=birth, school_level=SchoolLevel.HIGH), date(2020, 6, 1), decided)
    assert (older.law_of_act, older.law_of_decision) == ("KR/2013-06-19", "KR/2021-01-01")
    assert outcomes(older)[0] is Outcome.GUIDANCE


@pytest.mark.parametrize(
    "birth",
    [
        None,
        born(date(1999, 1, 1), date(2001, 1, 1)),
        born(date(1994, 1, 1), date(1996, 12, 31)),
        born(date(1970, 1, 1), date(2004, 1, 1)),
        born(date(1999, 1, 1), certainty=Certainty.DECLARED),
    ],
)
def test_an_age_that_spans_a_threshold_stops_booking(birth: object) -> None:
    advice = _advice(facts(birth=birth))
    assert not advice.age_resolved
    assert not BOOKING & set(outcomes(advice))
    assert {forbidden(advice)[outcome] for outcome in BOOKING} == {"AGE-UNRESOLVED"}
    assert "resolve-age" in {duty.code for duty in advice.duties}
    assert {"birth-date", "age-at-act"} & set(advice.unknowns)


def test_a_range_within_one_band_is_as_good_as_a_day() -> None:
    advice = _advice(facts(birth=born(date(2001, 1, 1), date(2003, 1, 1))))
    assert advice.age_resolved
    assert outcomes(advice)[0] is Outcome.JUVENILE_DIVISION


def test_a_declared_birth_date_far_from_every_threshold_settles_the_age() -> None:
    declared = born(date(1970, 1, 1), certainty=Certainty.DECLARED)
    assert _advice(facts(birth=declared)).age_resolved


def test_an_unknown_act_date_counts_every_age_up_to_now() -> None:
    assert not _advice(facts(birth=aged(15)), act_on=None).age_resolved
    assert _advice(facts(birth=aged(9)), act_on=None).age_resolved
    assert "act-date" in _advice(facts(), act_on=None).unknowns
    assert _advice(facts(birth=aged(15)), act_on=None).ages_at_act == Ages(low=0, high=15)


def test_no_offence_no_booking() -> None:
    advice = _advice(facts(offence=None))
    assert not BOOKING & set(outcomes(advice))
    assert "offence" in advice.unknowns


@pytest.mark.parametrize(("years", "expected"), [(8, True), (13, True), (18, True), (19, False)])
def test_a_minor_brings_the_welfare_duties(years: int, expected: bool) -> None:
    advice = _advice(facts(birth=aged(years, on=DECIDED)))
    codes = {duty.code for duty in advice.duties}
    assert ({"welfare-referral", "guardian-notice", "confidentiality"} <= codes) == expected


def test_a_childs_own_material_is_to_be_removed() -> None:
    advice = _advice(facts(birth=aged(12), self_produced=True))
    assert "removal-of-own-material" in {duty.code for duty in advice.duties}


def test_child_in_the_offences_goes_by_calendar_year_and_juvenile_by_birthday() -> None:
    birth = born(date(1995, 12, 31))
    assert is_juvenile(KR, birth, date(2014, 12, 30)) is True
    assert counts_as_child(KR, birth, date(2014, 1, 1)) is False
    assert counts_as_child(KR, birth, date(2013, 12, 31)) is True
    assert is_juvenile(KR, birth, date(2014, 12, 31)) is False
    span = born(date(1995, 1, 1), date(1996, 1, 1))
    assert counts_as_child(KR, span, date(2014, 5, 1)) is None
    assert counts_as_child(KR, None, ACT) is None
    assert is_juvenile(KR, None, ACT) is None


def test_a_day_without_loaded_law_is_an_error_not_a_guess() -> None:
    with pytest.raises(NoLaw):
        _advice(facts(), act_on=date(2009, 1, 1))
    with pytest.raises(NoLaw):
        law_on(LAWS, "XX", ACT)


@given(some_facts, st.none() | st.dates(date(2013, 1, 1), DECIDED))
def test_booking_is_never_advised_for_anybody_who_may_be_below_the_age(
    given_facts: PersonFacts, act_on: date | None
) -> None:
    advice = _advice(given_facts, act_on)
    if BOOKING & set(outcomes(advice)):
        assert advice.age_resolved
        assert given_facts.birth is not None
        assert advice.ages_at_act is not None
        assert advice.ages_at_act.low >= 14


@given(some_facts, st.none() | st.dates(date(2013, 1, 1), DECIDED))
def test_no_outcome_is_both_permitted_and_forbidden_and_each_has_a_citation(
    given_facts: PersonFacts, act_on: date | None
) -> None:
    advice = _advice(given_facts, act_on)
    assert not set(outcomes(advice)) & set(forbidden(advice))
    assert len(set(outcomes(advice))) == len(outcomes(advice))
    assert all(each.source.citation for each in (*advice.permitted, *advice.forbidden))
    assert advice == _advice(given_facts, act_on)


def test_advice_says_before_whom_the_matter_goes() -> None:
    assert _advice(facts(birth=aged(12))).forums == ("juvenile-division",)
    assert _advice(facts(birth=aged(16))).forums == ("juvenile-or-criminal",)
    at_risk = facts(birth=aged(16), offence=Offence.VIEWING, at_risk=True)
    assert _advice(at_risk).forums == ("juvenile-division",)
    assert _advice(facts(birth=None)).forums == (), "not before the age is settled"


def test_the_age_at_the_decision_is_named_where_it_decides() -> None:
    """Twelve at the act; at twenty no juvenile division any more."""
    grown = _advice(facts(birth=aged(12)), decided_on=date(2022, 6, 2))
    assert outcomes(grown)[0] is Outcome.WELFARE_ONLY
    assert {"age-at-act", "age-at-decision"} <= set(grown.drivers)
    adult = _advice(facts())
    assert "age-at-decision" not in adult.drivers


@given(some_facts)
def test_guidance_is_only_for_those_of_fourteen_to_eighteen(given_facts: PersonFacts) -> None:
    advice = _advice(given_facts)
    if Outcome.GUIDANCE in outcomes(advice):
        assert advice.ages_at_act is not None
        assert advice.ages_at_act.low >= 14
        assert advice.ages_at_act.high <= 18
        assert given_facts.offence is Offence.POSSESSION
        assert not given_facts.prepared_sales_site


@given(some_facts)
def test_ages_are_ranges_in_order(given_facts: PersonFacts) -> None:
    if given_facts.birth is not None:
        ages = ages_on(given_facts.birth, ACT, 5)
        assert 0 <= ages.low <= ages.high


def test_a_day_begins_at_midnight_where_the_law_applies() -> None:
    assert local_day(LAWS, "KR", datetime(2014, 3, 9, 15, tzinfo=UTC)) == date(2014, 3, 10)
    assert local_day(LAWS, "KR", datetime(2014, 3, 9, 14, 59, tzinfo=UTC)) == date(2014, 3, 9)
    with pytest.raises(NoLaw):
        local_day(LAWS, "XX", datetime(2014, 3, 9, tzinfo=UTC))
