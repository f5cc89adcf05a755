"""What the law room speaks of: offences, births with certainty, advice."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Offence(StrEnum):
    """What a person is thought to have done, apart from any one country's articles. Closed."""

    PRODUCTION = "production"
    PROFIT_DISTRIBUTION = "distribution-for-profit"
    DISTRIBUTION = "distribution"
    PROCUREMENT = "procurement"
    POSSESSION = "possession"


class Certainty(StrEnum):
    """How a birth date is known; ordered from best to worst."""

    VERIFIED = "verified"
    DECLARED = "declared"
    ESTIMATED = "estimated"


class SchoolLevel(StrEnum):
    """Which school a person goes to; `none` means that it is known that they go to none."""

    ELEMENTARY = "elementary"
    MIDDLE = "middle"
    HIGH = "high"
    UNIVERSITY = "university"
    NONE = "none"


class Outcome(StrEnum):
    """What the police can decide about one person. Closed."""

    WELFARE_ONLY = "welfare-only"
    JUVENILE_DIVISION = "juvenile-division"
    GUIDANCE = "guidance"
    BOOKED_AT_LIBERTY = "booked-at-liberty"
    BOOKED_DETAINED = "booked-detained"
    NO_SUSPICION = "no-suspicion"


BOOKING = frozenset({Outcome.BOOKED_AT_LIBERTY, Outcome.BOOKED_DETAINED})


class Mark(StrEnum):
    """How sure we are of a line of law or practice."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    PRACTICE = "agency-practice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """When a person was born, as a range of days with its certainty.

    Shape: a known day has `earliest == latest`.
    """

    earliest: date
    latest: date
    certainty: Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """The completed years a person may have had on a day, both ends included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a rule stands and how sure we are of it."""

    rule: str
    citation: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class OffenceText:
    """One offence as the law says it in one version."""

    offence: Offence
    source: Source
    penalty: str
    fine_possible: bool
    serious: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRule:
    """Something that must be done; `due_days` after the decision, or at once when 0."""

    code: str
    source: Source
    due_days: int
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What the law allows for the ages from `from_age` to below `below_age` at the act."""

    source: Source
    from_age: int
    below_age: int | None
    permitted: tuple[Outcome, ...]
    forbidden: tuple[Outcome, ...]
    duties: tuple[str, ...]
    decides: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diversion:
    """A way out of booking for the young and a minor violation, with its conditions."""

    source: Source
    outcome: Outcome
    from_age: int
    below_age: int
    school_levels: frozenset[SchoolLevel]
    offences: frozenset[Offence]
    needs_fine: bool
    conditions: tuple[str, ...]
    decides: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LawVersion:
    """One jurisdiction's law as it stood from `valid_from` to `valid_to`.

    Shape: days are those of `time_zone`, an IANA name; `child_year_age` is the calendar-year age from whose first day on a person no
    longer counts as child or youth in the offences; `juvenile_below` counts birthdays.
    """

    id: str
    jurisdiction: str
    title: str
    time_zone: str
    valid_from: date
    valid_to: date | None
    juvenile_below: int
    child_year_age: int
    juvenile: Source
    child: Source
    declared_margin_years: int
    offences: tuple[OffenceText, ...]
    bands: tuple[Band, ...]
    diversions: tuple[Diversion, ...]
    duties: tuple[DutyRule, ...]
    unresolved: Source
    unresolved_duties: tuple[str, ...]
    minor_duties: tuple[str, ...]
    self_produced_duties: tuple[str, ...]
    serious: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What is known of a person when advice is asked; None means not known."""

    birth: Birth | None = field(repr=False)
    offence: Offence | None
    school_level: SchoolLevel | None = None
    prepared_sales_site: bool = False
    self_produced: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Permitted:
    """An outcome the law allows here, with the conditions that must be recorded with it."""

    outcome: Outcome
    source: Source
    conditions: tuple[str, ...]
    decides: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden:
    """An outcome the law does not allow here."""

    outcome: Outcome
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Something that must be done whatever is decided."""

    code: str
    source: Source
    due_on: date
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What the law says of one person: advice, never a verdict (law 8).

    Shape: `permitted` is in order of preference; `age_resolved` is False when the ages
    possible at the act fall into bands that are treated differently.
    """

    jurisdiction: str
    law_of_act: str
    law_of_decision: str
    permitted: tuple[Permitted, ...]
    forbidden: tuple[Forbidden, ...]
    duties: tuple[Duty, ...]
    unknowns: tuple[str, ...]
    inputs: tuple[str, ...]
    age_resolved: bool
    ages_at_act: Ages | None
    minor: bool | None
