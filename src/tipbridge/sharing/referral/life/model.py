"""Words about a referral that travel after it: stages back, recalls and corrections onward."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tipbridge.knowledge.agreements.model import DataClass
from tipbridge.sharing.referral.model import Direction


class Word(StrEnum):
    """What is said of a released referral. Closed."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    RETURNED = "returned"
    WORKED = "worked"
    CLOSED = "closed"
    RECALL = "recall"
    CORRECTION = "correction"
    RECEIVED_BACK = "taken-back"
    NOTHING_HELD = "nothing-held"
    NOT_HERE_YET = "not-here-yet"
    NOT_REACHED = "not-reached"
    DELETED = "deleted"
    KEPT_BY_LAW = "kept-by-law"


class Why(StrEnum):
    """The reason for a word; each goes with some words only. Closed."""

    NOT_OURS = "not-ours"
    NO_OFFENCE = "no-offence-here"
    OUT_OF_TIME = "out-of-time"
    DUPLICATE = "duplicate"
    LACKED_ACCOUNT = "lacked-account"
    LACKED_ADDRESS = "lacked-address"
    LACKED_TIME = "lacked-time"
    LACKED_PORT = "lacked-port"
    LACKED_FILE = "lacked-file"
    LACKED_INCIDENT = "lacked-incident"
    LACKED_NAME = "lacked-name"
    LACKED_AGE = "lacked-age"
    LACKED_CONTACT = "lacked-contact"
    LACKED_DEVICE = "lacked-device"
    LACKED_PLACE = "lacked-place"
    LACKED_HASH = "lacked-hash"
    LACKED_WEB_ADDRESS = "lacked-web-address"
    SENT_IN_ERROR = "sent-in-error"
    SOURCE_RETRACTED = "source-retracted"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    WRONG_PERSON = "wrong-person"
    RIGHT_PERSON = "right-person"
    WRONG_VALUE = "wrong-value"


STAGES = frozenset({Word.ACCEPTED, Word.REFUSED, Word.RETURNED, Word.WORKED, Word.CLOSED})
"""What a receiver says; goes back hop by hop."""
WITHDRAWALS = frozenset({Word.RECALL, Word.CORRECTION})
"""What a sender says; goes on to every receiver."""
ACKNOWLEDGEMENTS = frozenset({Word.RECEIVED_BACK, Word.NOTHING_HELD, Word.NOT_HERE_YET})
"""What each receiver of a withdrawal answers, once it holds here, or for whatever still comes."""
ANSWERS = ACKNOWLEDGEMENTS | {Word.NOT_REACHED}
"""What is said about a withdrawal; that its message to somebody failed for good is said too."""
ENDINGS = frozenset({Word.DELETED, Word.KEPT_BY_LAW})
"""What a receiver says when an agreement's time is over, where that asks for proof of deletion."""

ASKED_FOR: Mapping[Why, DataClass] = {
    Why.LACKED_ACCOUNT: DataClass.ACCOUNT,
    Why.LACKED_ADDRESS: DataClass.IP,
    Why.LACKED_TIME: DataClass.IP,
    Why.LACKED_PORT: DataClass.IP,
    Why.LACKED_FILE: DataClass.CONTENT,
    Why.LACKED_INCIDENT: DataClass.INCIDENT,
    Why.LACKED_NAME: DataClass.NAME,
    Why.LACKED_AGE: DataClass.AGE,
    Why.LACKED_CONTACT: DataClass.CONTACT,
    Why.LACKED_DEVICE: DataClass.DEVICE,
    Why.LACKED_PLACE: DataClass.LOCATION,
    Why.LACKED_HASH: DataClass.CONTENT_HASH,
    Why.LACKED_WEB_ADDRESS: DataClass.MATERIAL_ADDRESS,
}
"""What a receiver asks for, that returns a referral for what it lacked: any class a rule may hold back."""

REASONS: Mapping[Word, frozenset[Why]] = {
    Word.REFUSED: frozenset({Why.NOT_OURS, Why.NO_OFFENCE, Why.OUT_OF_TIME, Why.DUPLICATE}),
    Word.RETURNED: frozenset(ASKED_FOR),
    Word.RECALL: frozenset(
        {Why.SENT_IN_ERROR, Why.SOURCE_RETRACTED, Why.CONSENT_WITHDRAWN, Why.WRONG_PERSON}
    ),
    Word.CORRECTION: frozenset({Why.WRONG_PERSON, Why.RIGHT_PERSON, Why.WRONG_VALUE}),
}
"""The words that need a reason, and which; no other word has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One word about a referral, with the same id at every hop.

    Shape: `labels` are the parts that a correction takes back, `instead` the package in which
    its sender gives the right ones; `about` is the id of the withdrawal that an
    acknowledgement answers; `node_id` said it first. An answer that is told on names in `by` the
    node whose it is, and in `told` those to whom that node passed the withdrawal.
    """

    id: str
    word: Word
    why: Why | None
    labels: tuple[str, ...]
    about: str | None
    node_id: str
    at: datetime
    instead: str | None = None
    by: str | None = None
    told: tuple[str, ...] = ()

    @property
    def whose(self) -> str:
        """Whose answer it is, whoever told it on."""
        return self.by or self.node_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A saying as it is kept with a referral: sent by this node, or come to it."""

    referral_id: str
    direction: Direction
    saying: Saying
    package_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A recall or correction that went out, and who has acknowledged it.

    Shape: `waiting` are the nodes known to hold the referral that have not, `failed` those that
    the message did not reach; `overdue` when the agreement's days are over; `package_state` is
    how far the message to the peer came.
    """

    referral_id: str
    peer_id: str
    saying: Saying
    acknowledged: tuple[Saying, ...]
    waiting: tuple[str, ...]
    due_at: datetime
    overdue: bool
    package_state: str
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What this node returned a received referral for, and what came of it.

    Shape: `package_state` is how far the word came: `delivered` says that its sender has it, not that
    somebody could read it there; `answered_in` are the referrals that say they answer it.
    """

    saying: Saying
    package_state: str
    answered_in: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A referral's life after its release, as staff see it.

    Shape: `stages` are the last of each holder on the road, whoever spoke last first; `stage` is the first of
    these for what was sent, and this node's own for what came; `next_stages` what this node may say;
    `right_in` are the referrals that give the right parts, `corrects` those it gives them for; `returned`
    is the last return by this node.
    """

    stage: Word | None
    stages: tuple[Saying, ...]
    recalled: bool
    said: tuple[Saying, ...]
    withdrawals: tuple[Withdrawal, ...]
    next_stages: tuple[Word, ...]
    may_withdraw: bool
    right_in: tuple[str, ...] = ()
    corrects: tuple[str, ...] = ()
    returned: Returned | None = None
