"""Where a tip stands in the queue and why, and leads."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements.model import Part
from tipbridge.tips.enrichment.model import Tip
from tipbridge.tips.intake.model import ReportRecord

_GRADE = re.compile(r"([ABCX])([1-4])")


class Queue(StrEnum):
    """Which desk looks first. Closed; in the order in which they are looked at."""

    URGENT = "urgent"
    CHILD = "child-path"
    ORDINARY = "ordinary"
    INFORMATIONAL = "informational"


class ReasonCode(StrEnum):
    """Why a tip stands where it stands. Closed."""

    ESCALATED = "escalated-by-provider"
    SELF_PRODUCTION = "possible-self-production"
    MINOR_TO_MINOR = "minor-to-minor"
    REPORTED_CHILD = "reported-person-is-a-child"
    VICTIM_NAMED = "victim-described"
    DIRECT_DANGER = "offence-against-a-child-in-contact"
    KNOWN_MATERIAL = "known-material"
    NEAR_MATERIAL = "near-known-material"
    """Something of a file is like something on a list: advice to look, and nothing more."""
    SEEN_BEFORE = "files-seen-before"
    PRIOR_REPORTS = "prior-reports-on-the-account"
    ALL_VIRAL = "all-files-viral"
    BATCHED = "batched-by-provider"
    COUNTRY_LIKELY = "country-likely"
    COUNTRY_UNKNOWN = "country-unknown"
    AGE_UNKNOWN = "age-unknown"
    NO_FILES = "no-files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason that held, and what it is about (a part's label, or the report)."""

    code: ReasonCode
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """Advice on order, never a verdict: nothing is closed by it.

    Shape: `child_path` holds also when the tip is urgent; then both desks look.
    """

    queue: Queue
    child_path: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildAge:
    """Below this age a reported person takes the child path."""

    years: int
    citation: str


class LeadSource(StrEnum):
    """Where a lead comes from. Closed."""

    TIP = "tip"
    OWN_GROUNDS = "own-grounds"


class LeadState(StrEnum):
    """Where a lead stands. Closed."""

    OPEN = "open"
    CLOSED = "closed"


class Suspicion(StrEnum):
    """What a lead says somebody may do or have done. Closed."""

    POSTING = "posting"
    DISTRIBUTION = "distribution"
    POSSESSION = "possession"
    PRODUCTION = "production"
    SALE = "sale"
    PREPARING_SALE = "preparing-sale"
    ENTICEMENT = "enticement"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceGrade:
    """How reliable a source is and how well its information is confirmed.

    Shape: written `B2`: A (reliable) to C (unreliable) or X (cannot be judged), then 1
    (certain) to 4 (cannot be judged). Source: Europol's 4x4 code.
    """

    source: str
    information: int

    def __str__(self) -> str:
        """The usual short form."""
        return f"{self.source}{self.information}"


def read_grade(text: str) -> SourceGrade:
    """A source grade from its short form.

    Errors: Invalid, naming the form.
    """
    found = _GRADE.fullmatch(text.strip().upper())
    if found is None:
        raise Invalid("A source grade is A, B, C or X and a number 1 to 4, such as B2.")
    return SourceGrade(source=found[1], information=int(found[2]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """What concerns one person or account."""

    id: str
    source: LeadSource
    report_id: int | None
    person_index: int
    identifiers: dict[str, object] = field(repr=False)
    grounds: str = field(repr=False)
    incident_type: str
    suspicion: Suspicion | None
    grade: SourceGrade | None
    unit_id: int
    restricted: bool
    members: tuple[str, ...]
    state: LeadState
    opened_at: datetime
    opened_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TipLine:
    """One tip in the queue; `queue` is None until it was triaged."""

    report_id: str
    provider: str
    received_at: datetime
    incident_type: str | None
    queue: Queue | None
    child_path: bool
    countries: tuple[str, ...]
    file_count: int
    unit: str
    restricted: bool
    assigned_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingLine:
    """A report that its provider calls urgent and has not finished yet."""

    report_id: str
    provider: str
    opened_at: datetime
    expires_at: datetime
    file_count: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TipView:
    """Everything of one tip that a reader may see.

    Shape: `visible_reports` are the earlier reports with the same files that this reader may
    open; others stay a number of reports without a name.
    """

    record: ReportRecord = field(repr=False)
    tip: Tip = field(repr=False)
    triage: Triage | None
    unit: str
    leads: tuple[Lead, ...]
    visible_reports: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadView:
    """One lead with the parts that it would be referred by."""

    lead: Lead
    unit: str
    parts: tuple[Part, ...] = field(repr=False)
