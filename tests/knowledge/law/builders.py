"""Births and facts for tests of the law."""

from datetime import date, timedelta

from hypothesis import strategies as st

from tipbridge.knowledge.law.model import (
    Advice,
    Birth,
    Certainty,
    Offence,
    Outcome,
    PersonFacts,
    SchoolLevel,
)

ACT = date(2014, 3, 10)
DECIDED = date(2014, 6, 2)


def born(day: date, latest: date | None = None, certainty: Certainty | None = None) -> Birth:
    """A verified birth date, or a range when `latest` is given."""
    known = Certainty.VERIFIED if latest is None else Certainty.ESTIMATED
    return Birth(earliest=day, latest=latest or day, certainty=certainty or known)


def aged(years: int, on: date = ACT) -> Birth:
    """Somebody who has their birthday on a day."""
    return born(on.replace(year=on.year - years))


def facts(**changes: object) -> PersonFacts:
    """An adult thought to possess material."""
    values: dict[str, object] = {
        "birth": aged(30),
        "offence": Offence.POSSESSION,
        "school_level": SchoolLevel.NONE,
        "self_produced": False,
    }
    return PersonFacts(**(values | changes))  # type: ignore[arg-type]


def outcomes(advice: Advice) -> list[Outcome]:
    """Permitted outcomes in order."""
    return [permitted.outcome for permitted in advice.permitted]


def forbidden(advice: Advice) -> dict[Outcome, str]:
    """Forbidden outcomes with their rules."""
    return {each.outcome: each.source.rule for each in advice.forbidden}


days = st.dates(date(1930, 1, 1), date(2013, 12, 31))


@st.composite
def births(draw: st.DrawFn) -> Birth | None:
    """Known days, ranges, declared days, and nothing."""
    if draw(st.booleans()) and draw(st.booleans()):
        return None
    earliest = draw(days)
    latest = earliest + timedelta(days=draw(st.sampled_from([0, 0, 30, 400, 4000])))
    return Birth(
        earliest=earliest,
        latest=min(latest, date(2013, 12, 31)),
        certainty=draw(st.sampled_from(list(Certainty))),
    )


some_facts = st.builds(
    PersonFacts,
    birth=births(),
    offence=st.none() | st.sampled_from(list(Offence)),
    school_level=st.none() | st.sampled_from(list(SchoolLevel)),
    prepared_sales_site=st.booleans(),
    self_produced=st.none() | st.booleans(),
)
