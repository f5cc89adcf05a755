"""What is expected of a report, and what was found."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tipbridge.tips.intake.model import Feedback


class OutcomeClass(StrEnum):
    """All that a provider learns of what was decided about people. Closed."""

    ACTED_ON = "acted-on"
    NO_ACTION = "no-action"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One thing that a report should hold from a day on, why, and who says so.

    Shape: `types` are incident types; none named means all. `decisive`: without it nobody
    can act on the report. `confirmed`: the source was read and says this.
    """

    check: str
    from_on: date
    types: frozenset[str]
    decisive: bool
    reason: str
    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """How one report met what was expected of it.

    Shape: `missing` are names of checks, in the order of the data; `lag_seconds` from the
    incident to the finish, None where the report does not say when it was.
    """

    expected: tuple[str, ...]
    missing: tuple[str, ...]
    actionable: bool
    lag_seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A provider's reports of one period, counted; `completeness` 0 to 1, None without reports."""

    reports: int
    actionable: int
    expected: int
    missing: int
    median_lag_seconds: int | None

    @property
    def completeness(self) -> float | None:
        """The share of what was expected that was there."""
        return None if self.expected == 0 else 1 - self.missing / self.expected

    @property
    def actionable_share(self) -> float | None:
        """The share of reports that lacked nothing decisive."""
        return None if self.reports == 0 else self.actionable / self.reports


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderQuality:
    """One provider's figures: the period's, and those of the period of the same length before."""

    provider_id: str
    name: str
    now: Figures
    before: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """One thing to mend, with the reason of the rule; the most often missed comes first."""

    check: str
    missed: int
    decisive: bool
    reason: str
    source: str
    source_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One report on its provider's page, with what came of it."""

    report_id: str
    finished_at: datetime
    actionable: bool
    missing: tuple[str, ...]
    lag_seconds: int | None
    feedback: tuple[Feedback, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A provider's figures from a moment on, up to the next period's."""

    since: datetime
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Feedback on a report of any age."""

    report_id: str
    feedback: Feedback


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityView:
    """A provider's page.

    Shape: `trend` are periods of the same length, oldest first, the last one the page's own;
    `told` is a page of the feedback that came in it, newest first; `more_told` says whether
    there are further ones.
    """

    quality: ProviderQuality
    trend: tuple[Period, ...]
    to_do: tuple[ToDo, ...]
    reports: tuple[ReportLine, ...]
    outcomes: dict[str, int]
    told: tuple[Told, ...]
    more_told: bool
