"""Demands of the police, and the facts that answers bring."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tipbridge.police.cases.redated import FormerDay


class DemandKind(StrEnum):
    """What is asked. Closed."""

    PRESERVATION = "preservation"
    SUBSCRIBER = "subscriber"
    LEGAL_PROCESS = "legal-process"


class DemandState(StrEnum):
    """Where a demand stands. Closed."""

    DRAFTED = "drafted"
    SENT = "sent"
    ANSWERED = "answered"
    REFUSED = "refused"
    EXPIRED = "expired"
    DROPPED = "dropped"


class LetterLanguage(StrEnum):
    """What a demand's letter is written in. Closed."""

    KOREAN = "ko"
    ENGLISH = "en"


class FactKind(StrEnum):
    """What an answer says. Closed."""

    SUBSCRIBER_NAME = "subscriber-name"
    SUBSCRIBER_ADDRESS = "subscriber-address"
    BIRTH_DATE = "birth-date"
    PHONE = "phone"
    EMAIL = "email"
    ACCOUNT = "account"
    CONNECTION = "connection"
    DEVICE = "device"
    PRESERVED_UNTIL = "preserved-until"
    NOTHING_HELD = "nothing-held"
    OTHER = "other-fact"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandFacts:
    """What staff ask for.

    Shape: `ip`, `port` and `seen_at` are one connection; `account` is what the addressee
    knows somebody by; `authority` is the legal ground in the writer's words.
    """

    kind: DemandKind
    addressee: str
    language: LetterLanguage
    authority: str
    person_id: str | None = None
    ip: str | None = field(default=None, repr=False)
    port: int | None = None
    seen_at: datetime | None = None
    account: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One demand: what is asked, of whom, and where it stands.

    Shape: `due_on` is set when it is sent; `words` are those of a refusal, or why a draft was
    dropped. `sent_at` and `ended_at` are when that was done, `sent_recorded_at` and
    `ended_recorded_at` when it was written down, if later; `former_days` when it was said to have gone out before that
    was corrected.
    """

    id: str
    case_id: str
    asked: DemandFacts
    state: DemandState
    made_by: str
    made_at: datetime
    sent_at: datetime | None = None
    due_on: date | None = None
    ended_at: datetime | None = None
    words: str | None = field(default=None, repr=False)
    sent_recorded_at: datetime | None = None
    ended_recorded_at: datetime | None = None
    former_days: tuple[FormerDay, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that an answer says."""

    kind: FactKind
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFact:
    """One thing that is known in a case, from whom, and since when.

    Shape: never written into a person by itself: a subscriber is not yet who used a line. What
    was withdrawn stays, with who withdrew it and why.
    """

    id: str
    case_id: str
    person_id: str | None
    demand_id: str
    said: Said
    source: str
    recorded_by: str
    recorded_at: datetime
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    because: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerEnd:
    """An end of a demand that no longer stands: a refusal, or that a draft was dropped.

    Shape: `because` is None where a later answer took its place.
    """

    id: str
    case_id: str
    demand_id: str
    state: DemandState
    words: str | None = field(repr=False)
    ended_at: datetime
    because: str | None = field(repr=False)
    replaced_by: str
    replaced_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandView:
    """A demand with its letter, its answer, former ends, and what weakens what it can show."""

    demand: Demand
    number: str
    letter: str = field(repr=False)
    facts: tuple[CaseFact, ...]
    former: tuple[FormerEnd, ...]
    weak: tuple[str, ...]
