"""Stages of the law: what may follow, and that no path leads a child to be accused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.knowledge.law.builders import born, facts
from tests.police.outcomes.walking import REASON, accused, decision_of, duties_of, reachable
from tipbridge.foundation.base.errors import Conflict
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import (
    Advice,
    Ages,
    Birth,
    Certainty,
    Custody,
    Offence,
    Outcome,
    Stage,
)
from tipbridge.knowledge.law.rules import advise, law_on
from tipbridge.knowledge.law.shape import LawVersion
from tipbridge.police.outcomes import closing, rules, stages
from tipbridge.police.outcomes.combining import combined
from tipbridge.police.outcomes.errors import GroundsMissing, OutcomeForbidden, StepNotLegal
from tipbridge.police.outcomes.model import Change, Meaning

LAWS = shipped_laws()
ACT, DECIDED = date(2025, 3, 10), date(2025, 6, 2)
KR = law_on(LAWS, "KR", DECIDED)
MINIMUM = {"KR": 14, "JP": 14, "DE": 14, "GB-EW": 10}


def _advice(years: int, where: str = "KR", offence: Offence = Offence.DISTRIBUTION) -> Advice:
    birth = born(date(ACT.year - years, ACT.month, ACT.day))
    return advise(LAWS, where, facts(birth=birth, offence=offence), ACT, DECIDED)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.id)
def test_no_path_leads_from_below_the_minimum_age_to_an_accusation(law: LawVersion) -> None:
    minimum = MINIMUM.get(law.jurisdiction)
    day = law.valid_from + timedelta(days=30)
    for years in range(minimum or 0):
        birth = born(date(day.year - years - 1, day.month, day.day) + timedelta(days=1))
        for offence in (Offence.POSSESSION, Offence.PRODUCTION):
            ask = facts(birth=birth, offence=offence)
            advice = advise(LAWS, law.jurisdiction, ask, day, day + timedelta(days=1))
            reached = reachable(law, advice)
            assert not reached & accused(law), (years, reached)
            assert Stage.NOT_BOOKED in reached
    grown = facts(birth=born(date(1970, 1, 1)), offence=Offence.DISTRIBUTION)
    adult = advise(LAWS, law.jurisdiction, grown, day, day)
    assert Stage.BOOKED in reachable(law, adult)


@settings(max_examples=20)
@given(
    st.sampled_from(sorted(MINIMUM)),
    st.dates(date(1980, 1, 1), date(2015, 1, 1)),
    st.integers(0, 4000),
    st.sampled_from(list(Certainty)),
)
def test_nobody_whose_age_may_be_below_the_minimum_is_ever_accused(
    where: str, earliest: date, span: int, certainty: Certainty
) -> None:
    law = law_on(LAWS, where, DECIDED)
    birth = Birth(earliest=earliest, latest=earliest + timedelta(days=span), certainty=certainty)
    ask = replace(facts(offence=Offence.DISTRIBUTION), birth=birth)
    advice = advise(LAWS, where, ask, ACT, DECIDED)
    found = reachable(law, advice) & accused(law)
    assert advice.ages_at_act is not None
    if advice.ages_at_act.low < MINIMUM[where] or not advice.age_resolved:
        assert not found
    else:
        assert found


def test_ten_to_thirteen_go_on_to_the_juvenile_division_and_are_not_closed_before() -> None:
    advice = _advice(12)
    duties = duties_of(KR, advice)
    assert not closing.is_closed(KR, Stage.NOT_BOOKED, duties, ())
    ways = [way.leads_to for way in stages.next_steps(KR, advice, Stage.NOT_BOOKED, duties)]
    assert ways == [Stage.JUVENILE_DIVISION]
    later = [way.leads_to for way in stages.next_steps(KR, advice, Stage.JUVENILE_DIVISION, duties)]
    assert later == [Stage.PROTECTIVE_MEASURE, Stage.NO_HEARING, Stage.NO_DISPOSITION]


def test_a_child_below_ten_is_closed_with_thedecision_of() -> None:
    duties = [duty for duty in duties_of(KR, _advice(8)) if duty.keeps_open]
    assert duties == []
    assert closing.is_closed(KR, Stage.NOT_BOOKED, duties, ())
    assert stages.next_steps(KR, _advice(8), Stage.NOT_BOOKED, duties) == ()
    kept = closing.kept_rule(KR, Outcome.WELFARE_ONLY)
    until = closing.kept_until(kept, DECIDED, closed=True)
    assert until == DECIDED + timedelta(days=365)
    assert closing.kept_until(kept, DECIDED, closed=False) is None


def test_a_step_that_the_law_does_not_know_names_those_it_does() -> None:
    advice = _advice(30)
    with pytest.raises(StepNotLegal, match="not-sent, investigation-suspended under KR/2021-01-01"):
        stages.step_of(KR, advice, Stage.BOOKED, (), to=Stage.GUILTY, custody=Custody.NOT_DETAINED)
    with pytest.raises(StepNotLegal, match="a decision"):
        stages.step_of(KR, advice, Stage.INQUIRY, (), to=Stage.BOOKED, custody=Custody.NOT_DETAINED)
    with pytest.raises(StepNotLegal, match="not-detained"):
        stages.step_of(KR, advice, Stage.BOOKED, (), to=Stage.NOT_SENT, custody=Custody.DETAINED)
    old = law_on(LAWS, "KR", date(2014, 6, 2))
    with pytest.raises(StepNotLegal):
        stages.step_of(
            old, advice, Stage.BOOKED, (), to=Stage.NOT_SENT, custody=Custody.NOT_DETAINED
        )


def test_a_child_with_the_juvenile_division_is_not_sent_back_to_a_prosecutor() -> None:
    ask = {"to": Stage.SENT_TO_PROSECUTOR, "custody": Custody.NOT_DETAINED}
    with pytest.raises(OutcomeForbidden, match="Juvenile Act"):
        stages.step_of(KR, _advice(13), Stage.JUVENILE_DIVISION, (), **ask)
    assert stages.step_of(KR, _advice(14), Stage.JUVENILE_DIVISION, (), **ask).by == (
        "juvenile-division"
    )


def test_only_who_is_still_a_juvenile_on_the_day_of_the_step_goes_to_the_juvenile_division() -> (
    None
):
    ask = {"to": Stage.JUVENILE_DIVISION, "custody": Custody.NOT_DETAINED}
    sent = Stage.SENT_TO_PROSECUTOR
    with pytest.raises(StepNotLegal, match=r"still under 19: Juvenile Act, article 49.*KR-JA-49"):
        stages.step_of(KR, _advice(34), sent, (), **ask)
    assert Stage.JUVENILE_DIVISION not in {
        way.leads_to for way in stages.next_steps(KR, _advice(34), sent, ())
    }
    assert stages.step_of(KR, _advice(18), sent, (), **ask).by == "prosecutor"
    at_the_step = Ages(low=18, high=18)  # written down a year later
    assert stages.step_of(KR, _advice(19), sent, (), **ask, ages=at_the_step).by == "prosecutor"
    perhaps = Ages(low=18, high=20)
    assert stages.step_of(KR, _advice(34), sent, (), **ask, ages=perhaps).by == "prosecutor"
    duties = duties_of(KR, _advice(12))
    with pytest.raises(StepNotLegal, match="still under 19"):
        stages.step_of(KR, _advice(12), Stage.NOT_BOOKED, duties, **ask, ages=Ages(low=19, high=19))


def _way(where: str, years: int, at: Stage, *, done: bool = False) -> list[tuple[Stage, str]]:
    """What may follow a stage for somebody of an age, with the duties of the advice done or not."""
    advice = _advice(years, where)
    law = law_on(LAWS, where, DECIDED)
    duties = duties_of(law, advice, done=done)
    return [(way.leads_to, way.by) for way in stages.next_steps(law, advice, at, duties)]


def test_a_child_below_14_comes_before_a_family_court_through_the_welfare_agency_only() -> None:
    court, agency = Stage.JUVENILE_DIVISION, "child-welfare-agency"
    for where in ("JP", "DE"):
        assert _way(where, 12, Stage.NOT_BOOKED) == [], "the agency is told first"
        assert _way(where, 12, Stage.NOT_BOOKED, done=True) == [(court, agency)]
        assert _way(where, 16, Stage.NOT_BOOKED, done=True) == [], "no such duty at 16"
    judged = [Stage.PROTECTIVE_MEASURE, Stage.NO_DISPOSITION]
    assert [stage for stage, _ in _way("DE", 12, court, done=True)] == judged
    law, advice = law_on(LAWS, "JP", DECIDED), _advice(12, "JP")
    duties = duties_of(law, advice)
    told = next(duty for duty in duties if duty.code == "child-guidance-notice")
    assert not closing.is_by_step(law, advice, told), "a notice is no step to a court"
    with pytest.raises(StepNotLegal, match=r"child-guidance-notice first, which is not done yet"):
        stages.step_of(
            law, advice, Stage.NOT_BOOKED, duties, to=court, custody=Custody.NOT_DETAINED
        )


def test_in_japan_only_what_carries_a_fine_and_no_more_goes_straight_to_the_family_court() -> None:
    sent, court = (Stage.SENT_TO_PROSECUTOR, "police"), Stage.JUVENILE_DIVISION
    assert _way("JP", 16, Stage.BOOKED) == [sent]
    assert (court, "prosecutor") in _way("JP", 16, Stage.SENT_TO_PROSECUTOR)
    law, advice = law_on(LAWS, "JP", DECIDED), _advice(16, "JP")
    ask = {"to": court, "custody": Custody.NOT_DETAINED}
    with pytest.raises(StepNotLegal, match=r"what carries a fine and no more: Juvenile Act"):
        stages.step_of(law, advice, Stage.BOOKED, (), **ask)
    light = replace(advice, fine_only=True)
    assert stages.step_of(law, light, Stage.BOOKED, (), **ask).by == "police"
    both = combined([light, advice])
    assert not both.fine_only, "of several acts the heaviest counts"


def test_in_korea_a_summary_order_is_asked_for_only_where_a_fine_is_possible() -> None:
    order, sent = Stage.SUMMARY_ORDER, Stage.SENT_TO_PROSECUTOR
    ask = {"to": order, "custody": Custody.NOT_DETAINED}
    grown, decided = born(date(1980, 1, 1)), date(2020, 6, 10)
    law = law_on(LAWS, "KR", decided)
    last, first = (
        advise(LAWS, "KR", facts(birth=grown), act, decided)
        for act in (date(2020, 6, 1), date(2020, 6, 2))
    )
    assert stages.step_of(law, last, sent, (), **ask).by == "prosecutor"
    for advice in (first, combined([last, first]), combined([first, last])):
        with pytest.raises(StepNotLegal, match="goes nothing that carries no fine: Prosecutor"):
            stages.step_of(law, advice, sent, (), **ask)
        open_ = {way.leads_to for way in stages.next_steps(law, advice, sent, ())}
        assert order not in open_
        assert Stage.CHARGED in open_
    unknown = advise(LAWS, "KR", facts(birth=grown, offence=None), date(2020, 6, 2), decided)
    assert stages.step_of(law, unknown, sent, (), **ask).by == "prosecutor", "unknown is not no"


def test_a_duty_of_a_step_that_the_law_no_longer_asks_for_is_for_staff_to_end() -> None:
    (duty,) = (duty for duty in duties_of(KR, _advice(12)) if duty.keeps_open)
    assert closing.is_by_step(KR, _advice(12), duty)
    grown = advise(LAWS, "KR", facts(birth=born(date(2012, 1, 1))), ACT, date(2032, 1, 1))
    assert grown.ages_at_decision == Ages(low=20, high=20)
    assert not closing.is_by_step(KR, grown, duty)
    unsure = Birth(
        earliest=date(2010, 1, 1), latest=date(2014, 1, 1), certainty=Certainty.ESTIMATED
    )
    advice = advise(LAWS, "KR", facts(birth=unsure), ACT, DECIDED)
    assert not advice.age_resolved
    assert closing.is_by_step(KR, advice, duty)


def test_deciding_again_says_why_and_leaves_what_left_the_police_to_corrections() -> None:
    advice = _advice(30)
    booked = rules.meaning_of(KR, Outcome.BOOKED_AT_LIBERTY)
    held = rules.meaning_of(KR, Outcome.BOOKED_DETAINED)
    cleared = rules.meaning_of(KR, Outcome.NO_SUSPICION)
    ground = rules.ground_of(advice, Outcome.BOOKED_AT_LIBERTY, grounds=None, conditions=())
    stands = decision_of(booked, Outcome.BOOKED_AT_LIBERTY, advice, ground)

    def why(stage: Stage, meaning: Meaning, **given: object) -> Change:
        return stages.change_of(
            KR, stage, stands, meaning, **({"change": None, "grounds": None} | given)
        )

    assert why(Stage.BOOKED, held) is Change.CUSTODY
    with pytest.raises(GroundsMissing):
        why(Stage.BOOKED, cleared)
    assert why(Stage.BOOKED, cleared, grounds=REASON) is Change.NEW_FACTS
    with pytest.raises(Conflict, match="left the police"):
        why(Stage.CHARGED, cleared, grounds=REASON)
    assert why(Stage.CHARGED, cleared, grounds=REASON, change=Change.CORRECTION) is (
        Change.CORRECTION
    )
    with pytest.raises(Conflict):
        why(Stage.BOOKED, cleared, grounds=REASON, change=Change.FIRST)
    with pytest.raises(Conflict):
        stages.change_of(KR, Stage.INQUIRY, None, booked, change=Change.APPEAL, grounds=REASON)
