"""What a bulletin is made of: rows it counts, tables it shows, and the words of its lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

UNKNOWN = "unknown"
"""A fact nobody recorded; it is counted apart and never read as "no" (house law 7)."""


class View(StrEnum):
    """Who the figures are for: the public view hides small cells."""

    PUBLIC = "public"
    FULL = "full"


class Dimension(StrEnum):
    """What people are counted by. Closed."""

    STAGE = "stage"
    CUSTODY = "custody"
    AGE_BAND = "age-band"
    REASON = "reason"
    OFFENCE = "offence"
    ACT = "act"
    PLACE = "place"
    SCHOOL = "school"
    SELF_PRODUCED = "self-produced"
    MOTIVE = "motive"
    ORIGIN = "origin"
    CHANNEL = "channel"


class Step(StrEnum):
    """The recorded steps of the road whose distance is measured."""

    REPORTED = "reported"
    RECEIVED = "received"
    DECIDED = "decided"


SPANS = (
    (Step.REPORTED, Step.RECEIVED),
    (Step.RECEIVED, Step.DECIDED),
    (Step.REPORTED, Step.DECIDED),
)
"""The distances shown, each from an earlier to a later step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From one day to another, both counted, in the time zone of the definitions."""

    from_on: date
    to_on: date

    def facts(self) -> dict[str, str]:
        """The period as an audit event says it."""
        return {"from_on": self.from_on.isoformat(), "to_on": self.to_on.isoformat()}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeBand:
    """Ages in whole years, both ends counted; no upper end when `to_years` is None."""

    code: str
    from_years: int
    to_years: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonAges:
    """The ages at the act that the law leaves for a reason; no upper end when None.

    Unit: whole years; `below_years` itself is not among them. `unsettled`: an age that no band
    holds may have this reason too.
    """

    reason: str
    from_years: int
    below_years: int | None
    unsettled: bool
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """What the figures mean, as dated data with a citation.

    Unit: `small_cell` is a number of people; cells from 1 up to below it are hidden from
    the public view.
    """

    version: str
    citation: str
    time_zone: str
    small_cell: int
    age_bands: tuple[AgeBand, ...]
    reason_ages: tuple[ReasonAges, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One person with the police decision that counts, as codes of closed lists.

    Shape: `ages_at_act` are the completed years the person may have had, both ends included; `human`
    names the one human of whom there are records in several cases, where that is said; `accuses` says
    that the decision makes them an accused.
    """

    person_id: str
    case_id: str
    decided_at: datetime
    ages_at_act: tuple[int, int] | None = field(default=None, repr=False)
    facts: Mapping[Dimension, str] = field(default_factory=dict[Dimension, str], repr=False)
    steps: Mapping[Step, datetime] = field(default_factory=dict[Step, datetime])
    law_of_decision: str = ""
    human: str = ""
    accuses: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """How many different files one case holds (by SHA-256)."""

    case_id: str
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """People with these values; `count` is None when it is hidden.

    Unit: `share` is per cent of all people of the bulletin, one decimal.
    """

    values: tuple[str, ...]
    count: int | None
    share: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """People counted by some dimensions; a combination not listed has nobody.

    Shape: a withheld table has no cells, because hiding some of them would not be enough.
    """

    name: str
    dimensions: tuple[Dimension, ...]
    cells: tuple[Cell, ...]
    withheld: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """How long the road took between two steps, for people of one origin and channel.

    Unit: `median_days` in days of 24 hours, one decimal; `people` have both steps recorded.
    """

    origin: str
    channel: str
    from_step: Step
    to_step: Step
    people: int | None
    median_days: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Items of the cases in which a counted person was decided.

    Unit: an item is a file, counted once per case by SHA-256.
    """

    cases: int | None
    total: int | None
    median_per_case: Decimal | None
    largest_case: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """From so many hours after the first notice on, so much is still up.

    Unit: `still_up` is per cent of the places, one decimal.
    """

    hours: int
    still_up: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakFigure:
    """How long material stayed up at one host after the first notice; None is hidden.

    Unit: `places` are addresses; `still_up` is per cent at 24 h, 3 and 28 days, by the
    product-limit estimate, None also where nobody watched for so long. `reappeared` is the same
    address; `noted_elsewhere` counts places that went whose file was noted at another address
    since; a bulletin that was published before that was counted has no `counts_elsewhere`.
    """

    host: str
    places: int | None
    still_up: tuple[Decimal | None, ...]
    reappeared: int | None
    curve: tuple[CurvePoint, ...] = ()
    noted_elsewhere: int | None = None
    counts_elsewhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LawCount:
    """How many people were decided under one version of a law; `people` is None when hidden."""

    law: str
    people: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """One set of figures with what they mean and when they were taken."""

    node_name: str
    synthetic: bool
    view: View
    period: Period
    as_of: datetime
    definitions: Definitions
    people: int | None
    tables: tuple[Table, ...]
    spans: tuple[Span, ...]
    items: Items
    leaks: tuple[LeakFigure, ...] = ()
    laws: tuple[LawCount, ...] = ()
