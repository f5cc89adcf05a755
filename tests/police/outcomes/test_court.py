"""What a court says is no dead end: appeal, the juvenile division, a dismissed summary trial."""

from datetime import date

import pytest

from tests.knowledge.law.builders import aged, facts
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import Advice, Ages, Custody, Offence, Stage
from tipbridge.knowledge.law.rules import advise, law_on
from tipbridge.knowledge.law.shape import LawVersion
from tipbridge.police.outcomes import closing, stages
from tipbridge.police.outcomes.errors import OutcomeForbidden, StepNotLegal

LAWS = shipped_laws()
ACT, DECIDED = date(2025, 3, 10), date(2025, 6, 2)
KR = law_on(LAWS, "KR", DECIDED)
JUDGED = (Stage.GUILTY, Stage.ACQUITTED, Stage.DISMISSED)


def _advice(years: int) -> Advice:
    who = facts(birth=aged(years, on=ACT), offence=Offence.POSSESSION)
    return advise(LAWS, "KR", who, ACT, DECIDED)


def _after(stage: Stage, years: int = 30) -> set[Stage]:
    return {way.leads_to for way in stages.next_steps(KR, _advice(years), stage, ())}


def test_a_judgment_can_be_appealed_and_the_higher_court_judges_or_sends_back() -> None:
    for stage in JUDGED:
        assert _after(stage) == {Stage.ON_APPEAL, Stage.CHARGED}
        (clock,) = closing.clocks_of(KR, stage, DECIDED)
        assert (clock.code, clock.due_on) == ("appeal-period", date(2025, 6, 9))
        assert not closing.is_closed(KR, stage, (), (), runs=True)
    assert _after(Stage.ON_APPEAL) == {*JUDGED, Stage.CHARGED}
    assert not closing.is_closed(KR, Stage.ON_APPEAL, (), ())


def test_the_court_sends_a_juvenile_to_the_juvenile_division_and_nobody_who_is_nineteen() -> None:
    for stage in (Stage.CHARGED, Stage.ON_APPEAL):
        assert Stage.JUVENILE_DIVISION in _after(stage, years=16)
        assert Stage.JUVENILE_DIVISION not in _after(stage)
        to = {"to": Stage.JUVENILE_DIVISION, "custody": Custody.NOT_DETAINED}
        with pytest.raises(StepNotLegal, match="KR-JA-50"):
            stages.step_of(KR, _advice(16), stage, (), **to, ages=Ages(low=19, high=19))
    assert Stage.CHARGED in _after(Stage.JUVENILE_DIVISION, years=16)
    assert _after(Stage.PROTECTIVE_MEASURE, years=12) == {Stage.JUVENILE_DIVISION}


def test_a_dismissed_request_for_summary_trial_goes_to_the_prosecutor() -> None:
    assert Stage.SENT_TO_PROSECUTOR in _after(Stage.SUMMARY_TRIAL, years=16)


def test_who_cannot_be_punished_is_not_taken_to_an_accusation_by_any_of_it() -> None:
    for stage in (*JUDGED, Stage.SUMMARY_TRIAL, Stage.JUVENILE_DIVISION):
        for to in (Stage.ON_APPEAL, Stage.CHARGED, Stage.SENT_TO_PROSECUTOR):
            with pytest.raises((OutcomeForbidden, StepNotLegal)):
                stages.step_of(KR, _advice(12), stage, (), to=to, custody=Custody.NOT_DETAINED)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.id)
def test_in_every_law_somebody_found_guilty_can_appeal(law: LawVersion) -> None:
    ways = {(way.stage, way.leads_to) for way in law.transitions}
    assert (Stage.GUILTY, Stage.ON_APPEAL) in ways
    assert {to for stage, to in ways if stage is Stage.ON_APPEAL} >= {
        Stage.GUILTY,
        Stage.ACQUITTED,
        Stage.CHARGED,
    }
