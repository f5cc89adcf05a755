"""Which version of a law holds on a day, and what somebody counts as under it."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tipbridge.knowledge.law.ages import ages_on, plausible, year_age
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.knowledge.law.model import Birth
from tipbridge.knowledge.law.shape import AgeRule, Count, LawVersion


def law_on(laws: Iterable[LawVersion], jurisdiction: str, day: date) -> LawVersion:
    """The version of a jurisdiction's law that held on a day.

    Errors: NoLaw.
    """
    for law in laws:
        holds = law.valid_from <= day and (law.valid_to is None or day <= law.valid_to)
        if law.jurisdiction == jurisdiction and holds:
            return law
    raise NoLaw(jurisdiction, day.isoformat())


def laws_between(
    laws: Iterable[LawVersion], jurisdiction: str, first: date | None, last: date
) -> tuple[LawVersion, ...]:
    """Every version that held on some day from `first` to `last`, oldest first."""
    return tuple(
        law
        for law in laws
        if law.jurisdiction == jurisdiction
        and law.valid_from <= last
        and (first is None or law.valid_to is None or first <= law.valid_to)
    )


def local_day(laws: Iterable[LawVersion], jurisdiction: str, at: datetime) -> date:
    """The day a moment falls on where the law applies: birthdays begin at local midnight.

    Errors: NoLaw.
    """
    for law in laws:
        if law.jurisdiction == jurisdiction:
            return at.astimezone(ZoneInfo(law.time_zone)).date()
    raise NoLaw(jurisdiction, at.date().isoformat())


def is_juvenile(law: LawVersion, birth: Birth | None, on: date) -> bool | None:
    """Whether somebody is a juvenile on a day; None when it is uncertain."""
    return counts_as(law, law.juvenile, birth, on)


def counts_as_child(law: LawVersion, birth: Birth | None, on: date) -> bool | None:
    """Whether somebody is a child in the offences on a day; None when it is uncertain."""
    return counts_as(law, law.child, birth, on)


def counts_as(law: LawVersion, rule: AgeRule, birth: Birth | None, on: date) -> bool | None:
    """Whether somebody is below the age of a rule, counted as the rule counts."""
    if birth is None:
        return None
    if rule.count is Count.BIRTHDAY:
        ages = ages_on(birth, on, law.declared_margin_years)
        low, high = ages.low, ages.high
    else:
        earliest, latest = plausible(birth, law.declared_margin_years)
        low, high = year_age(latest, on), year_age(earliest, on)
    if high < rule.below:
        return True
    return False if low >= rule.below else None
