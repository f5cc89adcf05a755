"""Two ways of counting age: by birthday, and by calendar year; each over uncertain births."""

from datetime import date, timedelta

from tipbridge.knowledge.law.model import Ages, Birth, Certainty


def age_at(born_on: date, on: date) -> int:
    """Completed years on a day; somebody born on 29 February has the birthday on 1 March.

    Unit: years; 0 before birth.
    """
    had_birthday = (on.month, on.day) >= (born_on.month, born_on.day)
    return max(on.year - born_on.year - (0 if had_birthday else 1), 0)


def year_age(born_on: date, on: date) -> int:
    """The age reached in the calendar year of a day, whatever the birthday.

    Source: Korean definition of "child or youth": until 1 January of the year of turning 19.
    """
    return max(on.year - born_on.year, 0)


def plausible(birth: Birth, margin_years: int) -> tuple[date, date]:
    """The days on which the person may have been born; a declared day is a range."""
    if birth.certainty is not Certainty.DECLARED:
        return birth.earliest, birth.latest
    return (
        _years_off(birth.earliest, -margin_years),
        _years_off(birth.latest, margin_years),
    )


def ages_on(birth: Birth, on: date, margin_years: int) -> Ages:
    """The completed years the person may have on a day."""
    earliest, latest = plausible(birth, margin_years)
    return Ages(low=age_at(min(latest, on), on), high=age_at(earliest, on))


def ages_before(birth: Birth, on: date, margin_years: int) -> Ages:
    """The completed years the person may have had on some unknown day up to `on`."""
    return Ages(low=0, high=ages_on(birth, on, margin_years).high)


def born_between(from_age: int, below_age: int | None, on: date) -> tuple[date, date]:
    """The days of birth of those who are from one age to below another on a day.

    Shape: first and last day; who is not born yet on that day is 0, as in `age_at`.
    """
    return (
        date.min if below_age is None else _years_before(on, below_age) + timedelta(days=1),
        date.max if from_age == 0 else _years_before(on, from_age),
    )


def birth_of_age(low: int, high: int, on: date) -> Birth:
    """The births of somebody who is between `low` and `high` years old on a day."""
    return Birth(
        earliest=_years_before(on, high + 1) + timedelta(days=1),
        latest=_years_before(on, low),
        certainty=Certainty.ESTIMATED,
    )


def _years_before(day: date, years: int) -> date:
    """The last day of birth of somebody who is so many years old on a day.

    Shape: on 29 February those born on 1 March are not yet a year older, those of the 28th are.
    """
    year = max(day.year - years, 1)
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def _years_off(day: date, years: int) -> date:
    year = min(max(day.year + years, 1), 9999)
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def years_later(day: date, years: int) -> date:
    """The first day after so many whole years; 1 March for a leap day that is not there."""
    return _years_off(day, years)


def days_after(day: date, days: int) -> date:
    """The day so many days later, or earlier below 0; the last or the first there is where there is none."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def moved_day(day: date, years: int) -> date:
    """The same day so many years later; 28 February for a leap day that is not there."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def moved_birth(birth: Birth | None, years: int, *, act_on: date) -> Birth | None:
    """A birth moved with the act, so that the age at the act stays as it was.

    Shape: a birth on a leap day that is not there moves to where the birthday would be, 1 March,
    unless the act itself was on that leap day and moved to 28 February.
    """
    if birth is None:
        return None
    with_act = (act_on.month, act_on.day) == (2, 29)

    def moved(day: date) -> date:
        return moved_day(day, years) if with_act else _years_off(day, years)

    return Birth(
        earliest=moved(birth.earliest), latest=moved(birth.latest), certainty=birth.certainty
    )
