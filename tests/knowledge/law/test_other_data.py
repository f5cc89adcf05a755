"""What the rules make of law that is not loaded: a shipped file with one thing changed."""

from dataclasses import replace
from datetime import date
from importlib import resources

import pytest

from tests.knowledge.law.builders import ACT, aged, facts, outcomes
from tipbridge.knowledge.law.ages import birth_of_age
from tipbridge.knowledge.law.differences import law_differences
from tipbridge.knowledge.law.errors import NotALaw
from tipbridge.knowledge.law.loading import load_law, shipped_laws
from tipbridge.knowledge.law.model import Mark, Offence, Outcome, Running
from tipbridge.knowledge.law.rules import advise
from tipbridge.knowledge.law.words import cited

LAWS = shipped_laws()


def _file(name: str) -> str:
    return (resources.files("tipbridge.knowledge.law") / "jurisdictions" / name).read_text("utf-8")


def test_in_japan_the_police_must_refer_a_child_for_an_offence_that_begins_at_two_years() -> None:
    """No text that is loaded begins there; the one on production is made heavier here."""
    light = 'text = { en = "produce: up to 3 years or a fine up to 3 million yen"'
    text = _file("jp.toml")
    assert text.count(light) == 1
    for months, asked in ((23, False), (24, True), (None, False)):
        heavier = text if months is None else text.replace(light, f"min_months = {months}\n{light}")
        ask = facts(birth=aged(12), offence=Offence.PRODUCTION)
        duties = {duty.code: duty for duty in advise(load_law(heavier), "JP", ask, ACT, ACT).duties}
        assert ("child-guidance-referral" in duties) is asked, months
        assert "child-guidance-notice" in duties
        if asked:
            duty = duties["child-guidance-referral"]
            assert (duty.due_on, duty.who) == (ACT, "police-chief")
            assert (duty.source.rule, duty.source.mark) == ("JP-JA-6-6", Mark.UNCONFIRMED)
    grown = facts(birth=aged(16), offence=Offence.PRODUCTION)
    heavy = load_law(text.replace(light, f"min_months = 36\n{light}"))
    codes = {duty.code for duty in advise(heavy, "JP", grown, ACT, ACT).duties}
    assert "child-guidance-referral" not in codes


def test_an_act_carries_a_fine_only_where_every_text_that_may_apply_does() -> None:
    before, after = date(2013, 3, 10), date(2014, 6, 2)
    for offence, act_on, fine_only in (
        (Offence.POSSESSION, before, True),
        (Offence.POSSESSION, ACT, False),
        (Offence.POSSESSION, None, False),
        (Offence.DISTRIBUTION, before, False),
        (Offence.VIEWING, before, False),
        (None, before, False),
    ):
        advice = advise(LAWS, "KR", facts(offence=offence), act_on, after)
        assert advice.fine_only is fine_only, (offence, act_on)


def test_several_ways_to_one_outcome_are_for_ages_apart() -> None:
    text = _file("de.toml")
    assert text.count("from_age = 18\nbelow_age = 21\noffences") == 1
    broken = text.replace(
        "from_age = 18\nbelow_age = 21\noffences", "from_age = 17\nbelow_age = 21\noffences"
    )
    with pytest.raises(NotALaw, match=r"diversions\[1\] and diversions\[2\] are open at one age"):
        load_law(broken)
    old = next(law for law in LAWS if law.id == "DE/2013")
    lines = [each.said("en") for each in law_differences(replace(old, diversions=()), old, "en")]
    assert len(lines) == 2
    assert "14-17: new" in lines[0]
    assert "18-20: new" in lines[1]


def test_a_duty_of_an_offence_is_asked_when_one_of_the_texts_that_may_apply_brings_it() -> None:
    """Possession is none before July 2015; the day of the act is not known."""
    text = _file("jp.toml")
    assert text.count("max_months = 12\n") == 1
    laws = load_law(text.replace("max_months = 12\n", "min_months = 24\nmax_months = 36\n"))
    day = date(2016, 6, 2)
    ask = facts(birth=aged(12, on=day), offence=Offence.POSSESSION)
    for act_on, asked in ((None, True), (date(2014, 3, 10), False), (day, True)):
        codes = {duty.code for duty in advise(laws, "JP", ask, act_on, day).duties}
        assert ("child-guidance-referral" in codes) is asked, act_on


def test_what_one_possible_age_does_not_permit_is_not_permitted_though_nothing_forbids_it() -> None:
    text = _file("kr.toml")
    closed = '"guidance", "summary-trial", "welfare-only"]\nduties = ["juvenile-division-transfer"]'
    assert text.count(closed) == 1
    laws = load_law(text.replace(closed, closed.replace(', "welfare-only"', "")))
    for years, permitted in (((9, 9), True), ((9, 10), False), ((10, 10), False)):
        ask = facts(birth=birth_of_age(*years, ACT))
        advice = advise(laws, "KR", ask, ACT, ACT)
        assert (Outcome.WELFARE_ONLY in outcomes(advice)) is permitted, years
        assert Outcome.NO_SUSPICION in outcomes(advice)


def test_the_highest_minimum_sentence_of_a_way_out_is_itself_within_it() -> None:
    text, day = _file("de.toml"), date(2024, 7, 10)
    for highest, is_open in ((6, True), (5, False)):
        laws = load_law(text.replace("max_minimum_months = 11", f"max_minimum_months = {highest}"))
        ask = facts(birth=aged(16, on=day), offence=Offence.DISTRIBUTION, exploitation=False)
        found = outcomes(advise(laws, "DE", ask, day, day))
        assert (Outcome.PROSECUTOR_DIVERSION in found) is is_open, highest


def test_what_may_have_run_out_on_the_day_limitation_ended_is_not_said_to_never_run_out() -> None:
    """Production of 10 March 2014 runs out on 10 March 2029 at the earliest."""
    text, by = _file("kr.toml"), "since = 2021-06-09\nnever"
    assert text.count(by) == 1
    for day, standing in (("2029-03-09", Running.NEVER), ("2029-03-10", Running.UNKNOWN)):
        laws = load_law(text.replace(by, f"since = {day}\nnever"))
        ask = facts(offence=Offence.PRODUCTION)
        found = advise(laws, "KR", ask, ACT, date(2030, 1, 1)).limitation
        assert found is not None
        assert found.standing is standing, day


def test_in_korea_a_text_in_between_that_was_milder_than_both_ends_applies() -> None:
    """No text that is loaded is such a one: the one of 2013 on distribution is made milder here."""
    text = _file("kr.toml")
    laws = load_law(
        text.replace(
            "max_months = 84\nfine_possible = true", "max_months = 6\nfine_possible = true"
        )
    )
    ask = facts(offence=Offence.DISTRIBUTION)
    for act_on, decided_on, applies in (
        (date(2013, 3, 10), date(2013, 6, 10), "KR/2012"),
        (date(2013, 3, 10), date(2014, 6, 2), "KR/2013-06-19"),
        (date(2013, 3, 10), date(2021, 6, 2), "KR/2013-06-19"),
        (date(2020, 6, 2), date(2021, 6, 2), "KR/2020-06-02"),
    ):
        applied = advise(laws, "KR", ask, act_on, decided_on).applied
        assert applied is not None
        assert applied.law == applies, (act_on, decided_on)
        assert "every text from the act to the judgment" in cited(
            applied.principle, laws[0].words, "en"
        )
