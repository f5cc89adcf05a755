"""What retention speaks of: periods by outcome, holds, and records of what was erased."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tipbridge.knowledge.law.model import Outcome, Source, Stage


class HoldGround(StrEnum):
    """Why nothing of a case may be erased. Closed."""

    COURT = "court-proceedings"
    APPEAL = "appeal-expected"
    COMPLAINT = "complaint"
    OTHER_INVESTIGATION = "other-investigation"
    ACCESS_REQUEST = "access-request"


class Waits(StrEnum):
    """Why something is not erased yet. Closed."""

    HELD = "held"
    NOBODY_DECIDED = "nobody-decided"
    NOT_DECIDED = "not-decided"
    NOT_CLOSED = "not-closed"
    NO_PERIOD = "no-period"
    PERIOD_RUNS = "period-runs"
    WELFARE_OPEN = "welfare-open"
    MATERIAL_UP = "material-up"
    EXHIBITS_HELD = "exhibits-held"
    MERGED = "merged"
    OTHERS = "others-of-the-case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How long what was recorded after an outcome is kept, by which rule, until when.

    Shape: `stage` is where the matter ended, if others than the police ended it: the last ending counts.
    """

    outcome: Outcome
    source: Source
    days: int
    ended_on: date
    due_on: date
    stage: Stage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What the period of one person depends on; the room's rules read nothing else.

    Shape: `decided` is None for somebody about whom nothing is to be decided (a victim), else
    whether something is; `kept` is None while the matter is open or the law names no period.
    """

    person_id: str
    position: int
    decided: bool | None
    closed: bool
    kept: Kept | None
    welfare_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What the period of a case depends on."""

    case_id: str
    number: str
    people: tuple[PersonFacts, ...]
    held: bool
    material_up: int
    exhibits_held: int
    merged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDue:
    """Until when one person's records are kept, and what they still wait for."""

    person_id: str
    position: int
    kept: Kept | None
    waits: tuple[Waits, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDue:
    """Until when a case is kept, and what it still waits for; with nothing to wait for it is due.

    Shape: `kept` is that of the person whose period ends last.
    """

    case_id: str
    number: str
    kept: Kept | None
    waits: tuple[Waits, ...]
    people: tuple[PersonDue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Nothing of a case may be erased while this stands."""

    id: str
    case_id: str
    ground: HoldGround
    words: str = field(repr=False)
    placed_by: str
    placed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was erased, when and by which rule: ids, closed words, days and counts only.

    Shape: `person_id` is None where a whole case went; `keys_gone_at` is None until the keys
    of its documents and packages are destroyed.
    """

    id: str
    case_id: str
    person_id: str | None
    kept: Kept
    rows_gone: int
    packages: tuple[str, ...]
    erased_at: datetime
    keys_gone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is kept until when, what is held, and what was last erased.

    Shape: `cases` are those of one page, what is due on the day first, then by the age of the
    last decision; `page` counts from 1, and `more` says whether another follows.
    """

    on: date
    page: int
    more: bool
    due_count: int
    case_count: int
    cases: tuple[CaseDue, ...]
    holds: tuple[Hold, ...]
    erased: tuple[Erased, ...]
    numbers: dict[str, str]
