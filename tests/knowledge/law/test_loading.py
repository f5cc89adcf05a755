"""Law files: strict, dated, every line cited and marked; errors name file, entry and field."""

from datetime import date
from importlib import resources

import pytest

from tipbridge.knowledge.law.ages import age_at, birth_of_age, year_age
from tipbridge.knowledge.law.checking import gaps
from tipbridge.knowledge.law.errors import NotALaw
from tipbridge.knowledge.law.lenient import severity
from tipbridge.knowledge.law.loading import load_law, shipped_jurisdictions, shipped_laws
from tipbridge.knowledge.law.model import Mark, Offence, Outcome, Reason, Stage
from tipbridge.knowledge.law.terms import shipped_terms

TEXT = (resources.files("tipbridge.knowledge.law") / "jurisdictions" / "kr.toml").read_text("utf-8")


def test_the_versions_of_korea_follow_each_other_without_a_gap() -> None:
    ends = [(law.id, law.valid_from, law.valid_to) for law in load_law(TEXT)]
    assert ends == [
        ("KR/2012", date(2012, 1, 1), date(2013, 6, 18)),
        ("KR/2013-06-19", date(2013, 6, 19), date(2020, 6, 1)),
        ("KR/2020-06-02", date(2020, 6, 2), date(2020, 12, 31)),
        ("KR/2021-01-01", date(2021, 1, 1), None),
    ]


def test_the_jurisdictions_of_the_shelf_are_there() -> None:
    assert [each.code for each in shipped_jurisdictions()] == ["DE", "GB-EW", "JP", "KR", "US"]


def test_article_11_before_and_after_2020() -> None:
    _, old, new, _ = load_law(TEXT)
    old_text, new_text = old.text_of(Offence.POSSESSION), new.text_of(Offence.POSSESSION)
    assert old_text is not None
    assert new_text is not None
    assert (old_text.max_months, old_text.fine_possible, old_text.min_months) == (12, True, 0)
    assert (new_text.max_months, new_text.fine_possible, new_text.min_months) == (None, False, 12)
    assert old.text_of(Offence.VIEWING) is None
    viewing = new.text_of(Offence.VIEWING)
    assert viewing is not None
    assert viewing.text.ko == "알면서 시청: 1년 이상의 징역"
    assert old_text.text.ko == "알면서 소지: 1년 이하의 징역 또는 2천만원 이하의 벌금"


def test_before_june_2013_the_texts_are_lighter_and_none_of_them_is_confirmed() -> None:
    before, after, *_ = load_law(TEXT)
    assert {text.source.mark for text in before.offences} == {Mark.UNCONFIRMED}
    possession, production = before.text_of(Offence.POSSESSION), before.text_of(Offence.PRODUCTION)
    assert possession is not None
    assert (possession.max_months, possession.fine_possible) == (0, True)
    assert production is not None
    assert (production.life, production.min_months) == (False, 60)
    for text in before.offences:
        later = after.text_of(text.offence)
        assert later is not None
        assert severity(text) < severity(later), text.offence


def test_attempt_and_habit_of_production_by_period() -> None:
    texts = {
        law.id: (
            law.text_of(Offence.ATTEMPTED_PRODUCTION),
            law.text_of(Offence.HABITUAL_PRODUCTION),
        )
        for law in load_law(TEXT)
    }
    found = {
        law: [(text.source.rule, text.min_months) for text in pair if text is not None]
        for law, pair in texts.items()
    }
    assert found == {
        "KR/2012": [("KR-YPA-OLD", 60), ("KR-YPA-OLD", 60)],
        "KR/2013-06-19": [("KR-YPA-11-6", 60), ("KR-YPA-HABIT-OLD", 60)],
        "KR/2020-06-02": [("KR-YPA-11-6", 60), ("KR-YPA-11-7", 90)],
        "KR/2021-01-01": [("KR-YPA-11-6", 60), ("KR-YPA-11-7", 90)],
    }
    for law in shipped_laws():
        for offence in (Offence.ATTEMPTED_PRODUCTION, Offence.HABITUAL_PRODUCTION):
            assert law.text_of(offence) is not None, "nowhere does an attempt become no offence"


def test_every_version_says_on_what_its_first_day_rests() -> None:
    marks = {law.id: law.began.mark for law in shipped_laws()}
    assert marks["KR/2012"] is marks["KR/2013-06-19"] is Mark.UNCONFIRMED
    assert marks["KR/2020-06-02"] is Mark.CONFIRMED
    assert marks["KR/2021-01-01"] is Mark.UNCONFIRMED
    korea = next(each for each in shipped_jurisdictions() if each.code == "KR")
    assert any("KR-SINCE-2013 is unconfirmed" in line for line in gaps(korea))


def test_not_sending_to_the_prosecutor_exists_since_2021() -> None:
    before, after = (law.stage_of(Stage.NOT_SENT) for law in load_law(TEXT)[2:])
    assert before is None
    assert after is not None
    clocks = [clock.days for clock in load_law(TEXT)[3].clocks if clock.starts == Stage.NOT_SENT]
    assert clocks == [90]


def test_what_was_not_confirmed_stays_marked_and_is_listed() -> None:
    law = load_law(TEXT)[0]
    marks = {duty.code: duty.source.mark for duty in law.duties}
    assert marks["guardian-notice"] is Mark.UNCONFIRMED
    assert marks["juvenile-division-transfer"] is Mark.CONFIRMED
    korea = next(each for each in shipped_jurisdictions() if each.code == "KR")
    told = list(gaps(korea))
    assert any("KR-YPA-20-4 is unconfirmed" in line for line in told)
    assert any("2024" in line and "not loaded" in line for line in told)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "adult_at = 19\nadult_since = 2013-07-01\n",
            "",
            r"limitations\[1\]: adult_at is given, or",
        ),
        ("since = 2021-06-09\nnever = true", "never = true", r"limitations\[2\]: since is needed"),
        ("below_age = 19\nforum", "below_age = 10\nforum", r"at_risk\[1\]: below_age must be more"),
        ("on_grounds = true\n", "", r"no band and no diversion names: .*dismissal"),
    ],
)
def test_limitation_and_at_risk_are_read_strictly(old: str, new: str, says: str) -> None:
    assert old in TEXT
    with pytest.raises(NotALaw, match=says):
        load_law(TEXT.replace(old, new))


def test_every_rule_of_every_jurisdiction_is_cited_in_both_languages() -> None:
    for found in shipped_jurisdictions():
        assert found.used_rules == set(found.rules)
        assert all(source.citation and source.citation_ko for source in found.rules.values())


def test_every_outcome_of_every_version_has_words() -> None:
    terms = shipped_terms()
    for law in shipped_laws():
        for rule in law.outcomes:
            assert rule.outcome in terms
            assert rule.stage in terms


def test_records_of_the_cleared_are_kept_the_shortest_and_below_the_age_shorter_than_the_rest() -> (
    None
):
    for law in shipped_laws():
        days = {rule.reason: rule.kept_days for rule in law.outcomes}
        cleared = law.outcome_of(Outcome.NO_SUSPICION)
        assert cleared is not None
        assert cleared.kept is not None
        assert (cleared.kept_days, cleared.kept.mark) == (365, Mark.UNCONFIRMED)
        assert cleared.kept_days == min(kept for kept in days.values() if kept is not None)
        rest = [kept for why, kept in days.items() if kept and why is not Reason.NO_SUSPICION]
        if below := days.get(Reason.BELOW_AGE):
            assert below <= min(rest)


def test_the_accusing_outcomes_of_korea() -> None:
    assert load_law(TEXT)[0].accusing == {
        Outcome.BOOKED_AT_LIBERTY,
        Outcome.BOOKED_DETAINED,
        Outcome.SUMMARY_TRIAL,
    }


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "KR/2012"', 'id = ""', "versions[1]: id is empty"),
        ('id = "KR/2012"', 'id = "KR/2012"\nsurprise = 1', "unknown surprise; allowed here are"),
        ('id = "KR/2012"', 'id = "KR/2020-06-02"', "an id stands twice"),
        ("since = 2012-01-01", "since = 2021-01-01", "must begin after"),
        ("below_age = 10", "below_age = 9", "each begins where the one before ends"),
        ("below_age = 10", "below_age = 0", "must be more than from_age"),
        (
            "decided_below = 19\npunish",
            "decided_below = 18\npunish",
            "bands from 10: at the decision",
        ),
        ("decided_from = 19", "decided_from = 19\ndecided_below = 30", "where the one before ends"),
        ("decided_below = 19\npunish", "decided_below = 0\npunish", "more than decided_from (0)"),
        ("Asia/Seoul", "Asia/Nowhere", "allowed are IANA names"),
        ("from_age = 19", "from_age = 19\nbelow_age = 99", "from 0 without end"),
        ("from_age = 19", "from_age = true", "must be a whole number, not True"),
        ("from_age = 19", "from_age = -1", "must be 0 or more"),
        ('offence = "possession"', 'offence = "jaywalking"', "allowed are: production"),
        ('offence = "viewing"', 'offence = "purchase"', "hold on the same day"),
        (
            'since = 2020-06-02\nrule = "KR-YPA',
            'since = 2020-06-03\nrule = "KR-YPA',
            "allowed are the first days",
        ),
        ("until = 2020-06-01", "until = 2020-06-02", "allowed are the days before"),
        (
            "since = 2013-06-19\nuntil = 2020-06-01",
            "since = 2021-01-01\nuntil = 2020-06-01",
            "not lie before since",
        ),
        ('mark = "confirmed"', 'mark = "sure"', "allowed are: confirmed, unconfirmed"),
        ('\nrule = "KR-JA-2"', '\nrule = "KR-X"', "which [rules] does not cite"),
        ('duties = ["juvenile-division-transfer"]', 'duties = ["ice-cream"]', "ice-cream"),
        ('duties = ["juvenile-division-transfer"]', "duties = [1]", "texts in quotes only"),
        ('duties = ["juvenile-division-transfer"]', "duties = []", "nothing asks for"),
        (
            'permitted = ["juvenile-division", "no-suspicion"]',
            'permitted = ["guidance"]',
            "forbidden holds guidance, which permitted holds too",
        ),
        (
            'forbidden = ["booked-at-liberty", "booked-detained", "guidance", "summary-trial", "juvenile-division"]',
            'forbidden = ["booked-detained", "summary-trial"]',
            "not punishable, so forbidden must hold booked-at-liberty",
        ),
        (
            'forbidden = ["juvenile-division", "welfare-only"]',
            'forbidden = ["guidance"]',
            "open by",
        ),
        ("fine_possible = true", "fine_possible = 1", "must be true or false, not 1"),
        (
            "min_months = 12\nmax_months = 120",
            "min_months = 121\nmax_months = 120",
            "121 (min_months) or more",
        ),
        ('limitation_rule = "KR-CPA-249"', "", "come together or not at all"),
        ("kept_days = 730", "kept_days = 4000", "the shortest of all is allowed"),
        (
            'kept_days = 365\nkept_rule = "RETENTION-CLEARED"',
            'kept_days = 366\nkept_rule = "RETENTION-CLEARED"',
            "366 for no suspicion; allowed is 365 or less",
        ),
        ("since = 2012-01-01", "since = 2012-01-01T00:00:00", "must be a day like 2020-06-02"),
        ("since = 2012-01-01\n", "", "versions[1]: since is missing"),
        ('by = "court"', 'by = "jury"', "allowed are: police, prosecutor"),
        ('leads_to = ["not-booked", "booked"]', 'leads_to = ["booked"]', "does not lead to"),
        ('leads_to = ["guilty", "charged"]', 'leads_to = ["inquiry"]', "nothing leads back"),
        ('who = "everybody"', 'who = "nobody-known"', "no words in English and Korean"),
        ("[[bands]]", "[bands", "not TOML"),
        ('ko = "형법 제9조"', 'ko = ""', "rules: KR-ADULT: ko is empty"),
    ],
)
def test_a_law_file_that_says_too_much_or_too_little_does_not_load(
    old: str, new: str, says: str
) -> None:
    assert old in TEXT
    with pytest.raises(NotALaw) as refused:
        load_law(TEXT.replace(old, new), "kr.toml")
    assert refused.value.public.startswith("kr.toml: ")
    assert says in refused.value.public


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        (date(2000, 3, 10), date(2014, 3, 9), 13),
        (date(2000, 3, 10), date(2014, 3, 10), 14),
        (date(2000, 2, 29), date(2014, 2, 28), 13),
        (date(2000, 2, 29), date(2014, 3, 1), 14),
        (date(2014, 3, 10), date(2014, 3, 1), 0),
    ],
)
def test_age_counts_birthdays(birth: date, on: date, years: int) -> None:
    assert age_at(birth, on) == years


def test_calendar_age_changes_on_new_years_day() -> None:
    assert year_age(date(1995, 12, 31), date(2013, 12, 31)) == 18
    assert year_age(date(1995, 12, 31), date(2014, 1, 1)) == 19


def test_an_estimated_age_becomes_a_range_of_births() -> None:
    on = date(2014, 3, 10)
    birth = birth_of_age(12, 15, on)
    assert age_at(birth.latest, on) == 12
    assert age_at(birth.earliest, on) == 15
