"""Referrals: what goes to whom, by what right, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tipbridge.foundation.storage.vault import Sealed
from tipbridge.knowledge.agreements.clauses import Occasion
from tipbridge.knowledge.agreements.markings import UNMARKED, Marking
from tipbridge.knowledge.agreements.model import (
    CoveredOffence,
    DataClass,
    MinimumAge,
    Part,
    Purpose,
)
from tipbridge.sharing.exchange.model import Basis, SaltedPart

FactValue = str | int | bool | None
"""A fact of a feedback: counts, dates and closed words, never personal data."""


class Direction(StrEnum):
    """Whether this node sends or receives it."""

    OUT = "out"
    IN = "in"


class SourceKind(StrEnum):
    """What a referral takes its parts from. Closed."""

    TIP = "tip"
    REFERRAL = "referral"
    LEAD = "lead"


class Origin(StrEnum):
    """What the whole road began with. Closed."""

    PROVIDER_TIP = "provider-tip"
    LIAISON_LEAD = "liaison-lead"


class State(StrEnum):
    """Where a referral stands; `dropped` before anything left, the last two are those of a received one."""

    DRAFT = "draft"
    ALLOWED = "allowed"
    DENIED = "denied"
    DROPPED = "dropped"
    RELEASED = "released"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    LAPSED = "lapsed"
    RECEIVED = "received"
    RECALLED = "recalled"


class StepName(StrEnum):
    """What happened to a referral on the road, for its days by channel. Closed."""

    REPORT_RECEIVED = "report-received"
    OPENED = "opened"
    DECIDED = "decided"
    REQUEST_OPENED = "request-opened"
    REQUEST_ANSWERED = "request-answered"
    RELEASED = "released"
    DELIVERED = "delivered"
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a referral refers."""

    kind: SourceKind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a referral goes: what it answers to, and from which desk to which; None names none."""

    occasion: Occasion = Occasion.SPONTANEOUS
    sender_desk: str | None = None
    receiver_desk: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceContent:
    """Everything a source has to give, and who sees it here.

    Shape: `parts` are this node's own; `received` those of earlier senders with their salts,
    which came in package `passes_on`; `marks` say how those `senders` marked them, and always
    go on, each for one of `purposes`; `key_id` is the vault's group that ends with the source, None for a lead on own grounds;
    `grading` is how sure who wrote it down was, which an agreement's own grade never betters;
    `corrected` are labels, without a form, of what was said to be wrong since it was told.
    """

    unit_id: int
    restricted: bool
    members: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    received: tuple[SaltedPart, ...] = ()
    marks: tuple[SaltedPart, ...] = ()
    senders: tuple[str, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    contents: Mapping[str, Sealed] = field(default_factory=dict[str, Sealed])
    passes_on: str | None = None
    hop: int = 0
    key_id: str | None = None
    grading: Marking = UNMARKED
    corrected: frozenset[str] = frozenset()

    @property
    def all_parts(self) -> tuple[Part, ...]:
        """Own and received parts."""
        return (*self.parts, *(item.part for item in self.received))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One moment of a referral's road."""

    name: StepName
    node_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """One tip, lead or received referral on its way to one peer, or come from one.

    Shape: `source` is None for a received referral, `earlier` the packages in which it
    travelled before; `decision` is the release decision as JSON, labels and reasons, never values.
    """

    id: str
    direction: Direction
    unit_id: int
    restricted: bool
    members: tuple[str, ...]
    peer_id: str
    source: Source | None
    origin: Origin
    purpose: Purpose
    offences: tuple[CoveredOffence, ...]
    state: State
    basis: Basis | None
    channel: str | None
    package_id: str | None
    decision: Mapping[str, object] | None
    name_withheld: bool
    opened_at: datetime
    opened_by: str
    earlier: tuple[str, ...] = ()
    way: Way = Way()
    dropped_why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What became of a referral, said by whoever decided it.

    Shape: `feedback_id` is the same at every hop; `sender` is who said it first.
    """

    feedback_id: str
    direction: Direction
    sender: str
    outcome: str
    at: datetime
    facts: Mapping[str, FactValue]
    package_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedReferral:
    """A received referral as the police rooms need it: its road, its owner, its marks."""

    referral_id: str
    origin: Origin
    purpose: Purpose
    channel: str
    basis: str
    sender: str
    unit_id: int
    restricted: bool
    members: tuple[str, ...]
    name_withheld: bool
    first_sent_at: datetime
    sent_at: datetime
    received_at: datetime
    steps: tuple[Step, ...]
    recalled: bool = False
    corrected: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """One receipt for a sent referral, as staff see it.

    Shape: `verified` is false when no card of `signer` is pinned here.
    """

    signer: str
    received_at: datetime
    content_sha256: str
    verified: bool
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A part of another received referral with the same keyed hash: the same thing, unnamed."""

    label: str
    referral_id: str
    other_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralView:
    """Everything about one referral that staff may see."""

    referral: Referral
    unit: str
    parts: tuple[SaltedPart, ...]
    senders: tuple[str, ...]
    steps: tuple[Step, ...]
    receipts: tuple[ReceiptLine, ...]
    feedback: tuple[Feedback, ...]
    requests: tuple["ReleaseRequest", ...]
    alike: tuple[Alike, ...] = ()


class RequestState(StrEnum):
    """Where a case-by-case request stands. Closed."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """Granted, and taken back by who granted it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswer:
    """What the receiver of a case-by-case request answered.

    Shape: `allowed` are the data classes it may receive; the last four are set when granted.
    """

    granted: bool
    legal_basis: str
    allowed: frozenset[DataClass] = frozenset()
    valid_from: date | None = None
    valid_to: date | None = None
    minimum_age: MinimumAge | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRequest:
    """A case-by-case request: may we send you this, and by what right?

    Shape: holds no personal data: its id, the offence and the day. `referral_id` is set at
    the node that asks, and `chosen` once that releases no other classes, whatever is granted.
    """

    id: str
    direction: Direction
    unit_id: int
    restricted: bool
    members: tuple[str, ...]
    peer_id: str
    referral_id: str | None
    purpose: Purpose
    offences: tuple[CoveredOffence, ...]
    incident_on: date | None
    state: RequestState
    package_id: str
    answer: RequestAnswer | None
    opened_at: datetime
    opened_by: str
    answered_at: datetime | None
    answered_by: str | None
    released_at: datetime | None
    chosen: frozenset[DataClass] | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_why: str | None = None
