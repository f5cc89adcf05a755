"""What the law room speaks of: offences, births with certainty, outcomes, advice."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Offence(StrEnum):
    """What a person is thought to have done, apart from any one country's articles. Closed."""

    PRODUCTION = "production"
    PROFIT_DISTRIBUTION = "distribution-for-profit"
    DISTRIBUTION = "distribution"
    ADVERTISING = "advertising"
    UNPAID_ADVERTISING = "advertising-without-profit"
    PROCUREMENT = "procurement"
    PURCHASE = "purchase"
    POSSESSION = "possession"
    VIEWING = "viewing"
    ATTEMPTED_PRODUCTION = "attempted-production"
    HABITUAL_PRODUCTION = "habitual-production"


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


class Part(StrEnum):
    """What part somebody had, as the law asks; one person may have both. Closed."""

    SUSPECT = "suspect"
    DEPICTED = "depicted"


class Stage(StrEnum):
    """How far a matter is with a person; says nothing of custody. Closed.

    Source: police-practice 2.3; "booked" is the police's step before any prosecutor, which
    the press called indicted. Which stages a jurisdiction has, what they are called there and
    which follows which is data.
    """

    INQUIRY = "inquiry"
    NOT_BOOKED = "not-booked"
    BOOKED = "booked"
    SENT_TO_PROSECUTOR = "sent-to-prosecutor"
    NOT_SENT = "not-sent"
    SUMMARY_TRIAL = "summary-trial"
    JUVENILE_DIVISION = "with-juvenile-division"
    SUSPENDED_INQUIRY = "investigation-suspended"
    STAYED = "prosecution-stayed"
    PROTECTIVE_MEASURE = "protective-measure"
    NO_HEARING = "no-hearing"
    NO_DISPOSITION = "no-disposition"
    CHARGED = "charged"
    SUMMARY_ORDER = "summary-order"
    SUSPENDED = "prosecution-suspended"
    NOT_CHARGED = "not-charged"
    ON_APPEAL = "on-appeal"
    GUILTY = "guilty"
    ACQUITTED = "acquitted"
    DISMISSED = "dismissed"


class Custody(StrEnum):
    """Whether a person is held; a matter of a warrant, not of guilt. Closed."""

    NOT_DETAINED = "not-detained"
    DETAINED = "detained"


class Reason(StrEnum):
    """Why a step is what it is. Closed.

    Shape: which of them a stage asks for is data.
    """

    SUSPICION = "suspicion"
    BELOW_AGE = "below-age"
    MINOR_VIOLATION = "minor-violation"
    NO_SUSPICION = "no-suspicion"
    PUBLIC_INTEREST = "public-interest"
    OTHER_FORUM = "other-forum"
    AT_RISK = "at-risk"
    NO_CRIME_FOUND = "no-crime-found"
    INSUFFICIENT_EVIDENCE = "insufficient-evidence"
    NO_CRIME_MADE_OUT = "no-crime-made-out"
    LIMITATION = "limitation-run-out"
    DEATH = "death-of-suspect"
    NO_RIGHT = "no-right-to-prosecute"
    DISMISSAL = "dismissal"
    SUSPECT_NOT_FOUND = "suspect-not-found"
    WITNESS_NOT_FOUND = "witness-not-found"


class Outcome(StrEnum):
    """What the police can decide about one person; each jurisdiction has some of them. Closed."""

    WELFARE_ONLY = "welfare-only"
    JUVENILE_DIVISION = "juvenile-division"
    CHILD_GUIDANCE_CENTRE = "child-guidance-centre"
    GUIDANCE = "guidance"
    SUMMARY_TRIAL = "summary-trial"
    PUBLIC_INTEREST_CLOSURE = "public-interest-closure"
    DIVERSION_PROGRAMME = "diversion-programme"
    PROSECUTOR_DIVERSION = "prosecutor-diversion"
    STATE_HANDOVER = "state-handover"
    FEDERAL_CERTIFICATION = "federal-certification"
    FAMILY_COURT = "family-court"
    BOOKED_AT_LIBERTY = "booked-at-liberty"
    BOOKED_DETAINED = "booked-detained"
    NO_SUSPICION = "no-suspicion"
    JUVENILE_AT_RISK = "juvenile-division-at-risk"
    NO_CRIME_MADE_OUT = "no-crime-made-out"
    LIMITATION_RUN_OUT = "limitation-run-out"
    DEATH_OF_SUSPECT = "death-of-suspect"
    NO_RIGHT_TO_PROSECUTE = "no-right-to-prosecute"
    DISMISSAL = "dismissal"


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
class Words:
    """One thing said in English and in Korean."""

    en: str
    ko: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a rule stands and how sure we are of it."""

    rule: str
    citation: str
    citation_ko: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What is known of a person when advice is asked; None means not known.

    Shape: `exploitation` says that there was force, malice, money or a wide age gap, which
    takes a case out of what is meant for the young who share their own pictures; of those who
    were `coerced` themselves it takes nothing away, it only is no such case. `at_risk` says that
    staff wrote down that a young person is likely to offend, whatever they did. `depicted_on` are
    the first and the last day on which what was made of oneself may have been made; `depicted_born`
    is when the child that others are shown of was born, over all of them where there are several.
    """

    birth: Birth | None = field(repr=False)
    offence: Offence | None
    school_level: SchoolLevel | None = None
    prepared_sales_site: bool = False
    self_produced: bool | None = None
    exploitation: bool | None = None
    coerced: bool = False
    at_risk: bool = False
    depicted_on: tuple[date, date] | None = None
    depicted_born: Birth | None = field(default=None, repr=False)
    parts: frozenset[Part] = frozenset({Part.SUSPECT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Permitted:
    """An outcome the law allows here, with the conditions that must be recorded with it.

    Shape: `kept_days` is how long what was recorded of the person is kept after it.
    """

    outcome: Outcome
    source: Source
    conditions: tuple[str, ...]
    decides: str
    kept_days: int | None
    kept: Source | None


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
class Applied:
    """The text of the offence that applies, and why that one.

    Shape: `law` is None where the act was no offence under the law that applies; `text` says
    what it carries; prosecution ends so many years after its clock began, by its own rule.
    """

    law: str | None
    text: Words | None
    source: Source
    principle: Source
    limitation_years: int | None
    limitation: Source | None


class Running(StrEnum):
    """How it stands with the limitation of prosecution on the day of a decision. Closed."""

    RUNS = "still-runs"
    RUN_OUT = "run-out"
    UNKNOWN = "not-known"
    NEVER = "never-ends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limitation:
    """When an act can no longer be prosecuted.

    Shape: it runs out at the earliest on `earliest` and at the latest on `latest`, the first day
    on which nobody may be charged any more; None: not known. `sources` are the rules used, the
    decisive one last; `unknowns` what is missing to say more.
    """

    standing: Running
    earliest: date | None
    latest: date | None
    sources: tuple[Source, ...]
    unknowns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What the law says of one person: advice, never a verdict (law 8).

    Shape: `permitted` is in order of preference; `age_resolved` is False when the ages
    possible at the act fall into bands that are treated differently; `punishable` is None
    while that is so. `drivers` are those of the inputs without which other outcomes would be
    permitted or forbidden; `cautions` are believed changes of the law that are not loaded;
    `began` says on what the first days of both laws rest; `limitation` is None without an offence
    or where the data has none; `fine_only` says that whatever text applies carries a fine and no more, `no_fine`
    that none of them does carry one; `forums` are those before which the matter goes, none while the age is open.
    """

    jurisdiction: str
    edition: int
    law_of_act: str
    law_of_decision: str
    applied: Applied | None
    permitted: tuple[Permitted, ...]
    forbidden: tuple[Forbidden, ...]
    duties: tuple[Duty, ...]
    unknowns: tuple[str, ...]
    inputs: tuple[str, ...]
    drivers: tuple[str, ...]
    cautions: tuple[Source, ...]
    began: tuple[Source, ...]
    age_resolved: bool
    punishable: bool | None
    ages_at_act: Ages | None
    ages_at_decision: Ages | None
    minor: bool | None
    limitation: Limitation | None
    fine_only: bool
    no_fine: bool
    forums: tuple[str, ...]
