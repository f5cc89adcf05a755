"""Law files: strict, dated, every line with a citation and a mark."""

from datetime import date
from importlib import resources

import pytest

from tipbridge.knowledge.law.ages import age_at, birth_of_age, year_age
from tipbridge.knowledge.law.errors import NotALaw
from tipbridge.knowledge.law.loading import check_succession, load_law, shipped_laws
from tipbridge.knowledge.law.model import Mark

TEXT = (resources.files("tipbridge.knowledge.law") / "jurisdictions" / "kr-2012.toml").read_text(
    "utf-8"
)


def test_shipped_versions_follow_each_other_without_a_gap() -> None:
    first, second = (law for law in shipped_laws() if law.jurisdiction == "KR")
    assert first.valid_to == date(2020, 6, 1)
    assert second.valid_from == date(2020, 6, 2)


def test_two_versions_never_hold_on_one_day() -> None:
    with pytest.raises(NotALaw):
        check_succession([load_law(TEXT), load_law(TEXT)])


def test_what_was_not_confirmed_stays_marked() -> None:
    marks = {duty.code: duty.source.mark for duty in load_law(TEXT).duties}
    assert marks["guardian-notice"] is Mark.UNCONFIRMED
    assert marks["juvenile-division-transfer"] is Mark.CONFIRMED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "KR/2012"', 'id = ""'),
        ('id = "KR/2012"', 'id = "KR/2012"\nsurprise = 1'),
        ('rule = "KR-JA-2"', 'rule = "KR-JA-2"\nsurprise = 1'),
        ("below_age = 10", "below_age = 9"),
        ("Asia/Seoul", "Asia/Nowhere"),
        ("from_age = 19", "from_age = 19\nbelow_age = 99"),
        ("from_age = 19", "from_age = true"),
        ("from_age = 19", "from_age = -1"),
        ('offence = "possession"', 'offence = "jaywalking"'),
        ('offence = "possession"', 'offence = "production"'),
        ('mark = "confirmed"', 'mark = "sure"'),
        ('duties = ["juvenile-division-transfer"]', 'duties = ["ice-cream"]'),
        ('duties = ["juvenile-division-transfer"]', "duties = [1]"),
        ('permitted = ["juvenile-division", "no-suspicion"]', 'permitted = ["guidance"]'),
        ("fine_possible = true", "fine_possible = 1"),
        ("valid_from = 2012-01-01", "valid_from = 2012-01-01T00:00:00"),
        ("valid_from = 2012-01-01\n", ""),
        ("[[bands]]", "[bands"),
        ("[minor]\nduties = [", "[minor]\nduties = [ [], "),
    ],
)
def test_a_law_file_that_says_too_much_or_too_little_does_not_load(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(NotALaw):
        load_law(TEXT.replace(old, new))


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
