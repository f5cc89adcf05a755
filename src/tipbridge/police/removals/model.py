"""Removals: each known place of material, the notices, replies and checks about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from tipbridge.police.cases.redated import FormerDay
from tipbridge.police.removals.mistaken.model import Entry, Mistake
from tipbridge.sharing.notices.model import NoticeStep, ReplyKind
from tipbridge.sharing.referral.consent.model import Hold


class RemovalState(StrEnum):
    """What is known of the material at one place. Closed."""

    UNKNOWN = "unknown"
    LIVE = "live"
    GEO_BLOCKED = "geo-blocked"
    MOVED = "moved"
    REMOVED = "removed"
    REAPPEARED = "reappeared"


GONE = frozenset({RemovalState.REMOVED, RemovalState.MOVED})
"""States in which nobody is asked to remove anything at this place."""


PATIENCE: Mapping[NoticeStep, timedelta] = {
    NoticeStep.REMINDER: timedelta(hours=24),
    NoticeStep.INVESTIGATION: timedelta(hours=48),
    NoticeStep.BLOCKING: timedelta(days=7),
}
"""How long the notice before it has, unless the host refused: set by each agency."""


class PlaceForm(StrEnum):
    """What a place is. Closed."""

    URL = "url"
    ACCOUNT_POST = "account-post"
    MESSAGE_GROUP = "message-group"


class Basis(StrEnum):
    """How the police know of a place. Closed."""

    REFERRAL = "referral"
    EXHIBIT = "exhibit"
    DEPICTED = "told-by-the-depicted"
    STAFF = "found-by-staff"


class StepSource(StrEnum):
    """Who says that a state changed. Closed."""

    STAFF = "staff"
    REPLY = "reply"
    CHECK = "check"
    COMPARISON = "comparison"


class NoticeState(StrEnum):
    """Where a notice stands. Closed.

    `draft`: no way to send it is known, so staff carry it themselves and say so.
    """

    DRAFT = "draft"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Channel(StrEnum):
    """How a host takes notices. Closed."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    NODE = "provider-node"
    BY_HAND = "by-hand"


class NoticeLanguage(StrEnum):
    """What a notice is written in. Closed."""

    KOREAN = "ko"
    ENGLISH = "en"


class CheckOutcome(StrEnum):
    """What a check found out, or why it did not. Closed."""

    ANSWERS = "answers"
    GONE = "gone"
    BLOCKED_HERE = "blocked-here"
    SENT_ON = "sent-on"
    UNCLEAR = "unclear"
    NOT_ALLOWED = "not-on-the-list"
    HELD = "held-by-marking"
    NOT_AN_ADDRESS = "not-an-address"
    UNRESOLVED = "unresolved"
    PRIVATE_NETWORK = "private-network"
    SILENT = "silent"


class ComparisonOutcome(StrEnum):
    """What fetching a file and comparing its digest found out, or why it did not. Closed."""

    SAME = "same-file"
    OTHER = "other-content"
    GONE = "gone"
    UNCLEAR = "unclear"
    SILENT = "silent"
    NOT_ASKED = "not-asked"


class Classification(StrEnum):
    """What a member of staff says of an item, without seeing it here. Closed.

    Source: INHOPE's ICCAM: illegal everywhere (baseline), illegal here, or not illegal.
    """

    BASELINE = "baseline"
    NATIONAL = "illegal-here"
    NOT_ILLEGAL = "not-illegal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one member of staff says of an item."""

    by: str
    classification: Classification
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """That the digest of an item was offered to a hash list."""

    removal_id: str
    list_id: str
    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMade:
    """An offer as it is shown; `by_mistake`: the item was called removed by mistake alone."""

    list_name: str
    sha256: str
    at: datetime
    by_mistake: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalStep:
    """One change of what is known of a place; `cause_id` is the check, reply or comparison.

    Shape: `at` is since when it is so; `recorded_at` when that was written down, if later.
    """

    id: str
    state: RemovalState
    source: StepSource
    at: datetime
    by: str
    cause_id: str | None = None
    recorded_at: datetime | None = None
    mistake: Mistake | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice about one place; its text is as it was sent.

    Shape: `problem` is a closed word; `recipient` is an address of the host's desk, or its
    node's id, to which `package_id` carries it; `sent_at` is when it went out or was brought,
    `sent_recorded_at` when that was written down, if later; `carried_by` is who brought it, `former_days` when it
    was said to have gone out before that was corrected.
    """

    id: str
    removal_id: str
    case_id: str
    host: str
    step: NoticeStep
    channel: Channel
    recipient: str
    language: NoticeLanguage
    subject: str
    body: str
    state: NoticeState
    made_at: datetime
    made_by: str
    sent_at: datetime | None = None
    sent_recorded_at: datetime | None = None
    tries: int = 0
    problem: str = ""
    package_id: str | None = None
    carried_by: str | None = None
    former_days: tuple[FormerDay, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a host answered.

    Shape: `at` is when it did; `recorded_at` when that was written down, if later. `said` is the
    text of an e-mail; `left_out` counts its attachments, which are not kept.
    """

    id: str
    removal_id: str
    kind: ReplyKind
    at: datetime
    by: str
    said: str = field(default="", repr=False)
    left_out: int = 0
    recorded_at: datetime | None = None
    mistake: Mistake | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One look at a place that asked for its status only.

    Shape: `by` is who looked by hand, None of the checker; `recorded_at` when that was written
    down, if later.
    """

    id: str
    removal_id: str
    at: datetime
    outcome: CheckOutcome
    status: int | None
    contradicts: bool
    by: str | None = None
    recorded_at: datetime | None = None
    mistake: Mistake | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityEnd:
    """That an authority holds no more from a day on, who wrote that down, when and why."""

    on: date
    at: datetime
    by: str
    because: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """The legal authority under which the file at a place may be fetched and compared.

    Shape: it holds through `until`, or before the day of its end, if it ended earlier.
    """

    id: str
    removal_id: str
    words: str
    until: date
    recorded_at: datetime
    recorded_by: str
    ended: AuthorityEnd | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One comparison of what a place answers with the known file; its bytes were not kept."""

    id: str
    removal_id: str
    authority_id: str
    at: datetime
    by: str
    outcome: ComparisonOutcome
    status: int | None
    size_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerWords:
    """What was said of a place until who corrected that and why; `host` as text, not to be asked."""

    form: PlaceForm
    host: str
    country: str | None
    corrected_at: datetime
    corrected_by: str
    because: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """One place of material in a case.

    Shape: `address` is defanged text, everywhere: the exact one never leaves the store, except
    to the checker. `own_material`: shows a child of the case who has a welfare record.
    `country` is the place's own, or else its host's; `moved_from` the removal that led here,
    `moved_to` the one to which this moved, if the case had noted that before;
    `contradicted`: it was called gone, and the last check says otherwise; `moved_nowhere`: it
    moved, and its new address is not noted, so the material is not gone; `held_by` is the mark of
    the referral that named it under which nobody else may notice that it is known; `mistake` that
    it was noted by mistake: it counts nowhere, and nobody is asked about it; `former_words` what
    was said of it before that was corrected, oldest first.
    """

    id: str
    case_id: str
    referral_id: str | None
    label: str
    address: str
    form: PlaceForm
    host: str
    country: str | None
    basis: Basis
    own_material: bool
    state: RemovalState
    noted_at: datetime
    changed_at: datetime
    next_check_at: datetime | None
    moved_from: str | None = None
    moved_to: str | None = None
    contradicted: bool = False
    moved_nowhere: bool = False
    held_by: Hold | None = None
    mistake: Mistake | None = None
    former_words: tuple[FormerWords, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalFile:
    """A removal with everything that happened, oldest first, and what may come next."""

    removal: Removal
    steps: tuple[RemovalStep, ...]
    notices: tuple[Notice, ...]
    replies: tuple[Reply, ...]
    checks: tuple[Check, ...]
    authorities: tuple[Authority, ...]
    comparisons: tuple[Comparison, ...]
    votes: tuple[Classification, ...]
    digests: tuple[str, ...]
    offers: tuple[OfferMade, ...]
    entries: tuple[Entry, ...]
    next_states: tuple[RemovalState, ...]
    next_notice: NoticeStep | None
    waits_until: datetime | None
    told_until: datetime
    look_from: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """How one host is reached; `may_check`: its places may be asked for their status."""

    id: str
    name: str
    country: str | None
    channel: Channel
    contact: str
    language: NoticeLanguage
    may_check: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What an address says by itself."""

    form: PlaceForm
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """How long material stayed up at one place after the first notice.

    Shape: `gone_at` None while it is not known to be gone (censored at the end of looking);
    `reappeared` at the same address, first at `back_at` after it went; `gone_seen_at` is when it
    was last seen to be gone. After it went, the same file was noted at another address of
    the same host (`back_on_host`), or of another (`back_on_other_host`).
    """

    host: str
    country: str | None
    noticed_at: datetime
    gone_at: datetime | None
    last_known_at: datetime
    escalated_at: datetime | None
    reappeared: bool
    back_at: datetime | None = None
    gone_seen_at: datetime | None = None
    back_on_host: bool = False
    back_on_other_host: bool = False
