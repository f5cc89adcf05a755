"""Packages between nodes: statement, commitments, basis, receipt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tipbridge.foundation.identity.card import NodeCard
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.knowledge.agreements.markings import UNMARKED, Marking
from tipbridge.knowledge.agreements.model import CoveredOffence, DataClass, Part, Purpose

STATEMENT_TYPE = "application/vnd.tipbridge.statement+json"
RECEIPT_TYPE = "application/vnd.tipbridge.receipt+json"


class PackageKind(StrEnum):
    """What a package is for. Closed."""

    REFERRAL = "referral"
    RECEIPT = "receipt"
    FEEDBACK = "feedback"
    REQUEST = "request"
    ANSWER = "answer"
    RECALL = "recall"
    STATUS = "status"
    NOTICE = "notice"
    NOTICE_ANSWER = "notice-answer"
    SUSPENSION = "suspension"
    CONSENT_REQUEST = "consent-request"
    CONSENT_ANSWER = "consent-answer"
    DECONFLICTION_QUESTION = "deconfliction-question"
    DECONFLICTION_ANSWER = "deconfliction-answer"


class BasisKind(StrEnum):
    """By what right a package travels.

    `reply` answers a package that went the other way, `open` answers nothing; both hold words only.
    """

    AGREEMENT = "agreement"
    REQUEST = "request"
    REPLY = "reply"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The right a package names.

    Shape: `id` is an agreement's SHA-256, a request's id, the id of the package replied to,
    or empty for `open`.
    """

    kind: BasisKind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a sender signs about a package.

    Shape: `sequence` counts from 1 per sender, recipient and basis; `earlier` is the SHA-256 of
    the statement this one passes on; `commitments` are this sender's own, `released` those of
    earlier senders that it lets through; both sorted lower-case hexadecimal. `marking` is how
    all of it is marked, never less strictly than by the sender before.
    """

    kind: PackageKind
    package_id: str
    sender: str
    recipient: str
    basis: Basis
    purpose: Purpose
    about: str | None
    sequence: int
    sent_at: datetime
    earlier: str | None
    commitments: tuple[str, ...]
    released: tuple[str, ...] = ()
    marking: Marking = UNMARKED


@dataclass(frozen=True, slots=True, kw_only=True)
class SaltedPart:
    """A part with the salt of its commitment: whoever has both can verify it.

    Shape: `hop` counts from 0, the first sender: whose statement commits to it.
    """

    part: Part
    salt: bytes = field(repr=False)
    hop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSlot:
    """A file that a released content part announces.

    Shape: `label` is the part's (`files/0/content`).
    """

    label: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The front of a package, read but not yet verified.

    Shape: `envelopes` oldest first; the last is the direct sender's.
    """

    envelopes: tuple[bytes, ...]
    parts: tuple[SaltedPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedHeader:
    """The front of a package after every signature and commitment held."""

    envelopes: tuple[bytes, ...]
    statements: tuple[Statement, ...]
    payload_sha256s: tuple[str, ...]
    parts: tuple[SaltedPart, ...]
    files: tuple[FileSlot, ...]

    @property
    def statement(self) -> Statement:
        """The direct sender's statement."""
        return self.statements[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a receiver signs: this content, from this sender, is durably here.

    Shape: `content_sha256` is over the whole package before sealing; `earlier` are the digests
    of the statements passed on with it, oldest first, so that their senders know it arrived.
    """

    package_id: str
    sender: str
    recipient: str
    statement_sha256: str
    earlier: tuple[str, ...]
    content_sha256: str
    received_at: datetime


class OutboxState(StrEnum):
    """Where a package to a peer stands."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    REFUSED = "refused"
    LAPSED = "lapsed"


RECALLED = "recalled"
"""The outcome of a package that this node itself ended before it left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A node whose card staff pinned.

    Shape: without `url` its signatures verify, but nothing is sent to it; what is for a
    `collected` one waits until it is fetched or carried there; with `fetches` this node
    fetches from it. The URL of a `mutual` one is its gate, where both ends show certificates.
    """

    card: NodeCard
    url: str | None
    collected: bool = False
    fetches: bool = False
    mutual: bool = False
    added_at: datetime
    added_by: str

    @property
    def waits_for_its_fetch(self) -> bool:
        """Whether nothing is pushed to it: it fetches, or is carried to."""
        return self.collected and self.url is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What another room asks the exchange to send.

    Shape: `parts` are all that leaves: own ones at the hop of this node, earlier ones with the
    hop and salt they came with; `files` hold the bytes of the released content parts by label;
    `passes_on` is the received package whose statements these earlier parts belong to;
    `ends_at` is when the basis lapses, if it does; `marking` narrows how the agreement marks it.
    """

    kind: PackageKind
    recipient: str
    basis: Basis
    purpose: Purpose
    parts: tuple[SaltedPart, ...]
    files: Mapping[str, Sealed] = field(default_factory=dict[str, Sealed])
    about: str | None = None
    passes_on: str | None = None
    ends_at: datetime | None = None
    marking: Marking = UNMARKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A package on its way to a peer.

    Shape: `header` is the sealed front of the package, `files` the sealed contents in order;
    `next_attempt_at` is machine time, all other times domain time.
    """

    package_id: str
    recipient: str
    kind: PackageKind
    basis: Basis
    purpose: Purpose
    about: str | None
    sequence: int
    statement_sha256: str
    key_id: str
    header: Sealed
    files: tuple[Sealed, ...]
    ends_at: datetime | None
    state: OutboxState
    queued_at: datetime
    attempts: int
    next_attempt_at: datetime
    last_outcome: str | None
    content_sha256: str | None
    receipt: bytes | None = field(repr=False)
    settled_at: datetime | None

    @property
    def size_bytes(self) -> int:
        """About how long it is: its front and its files."""
        return self.header.size_bytes + sum(each.size_bytes for each in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A package that arrived whole, was verified and is durably here."""

    package_id: str
    sender: str
    kind: PackageKind
    basis: Basis
    purpose: Purpose
    about: str | None
    sequence: int
    sent_at: datetime
    received_at: datetime
    content_sha256: str
    key_id: str
    header: Sealed
    files: Mapping[str, Sealed]
    receipt: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of taking a package in: `received`, or `again` when it was here before."""

    package_id: str
    sender: str
    kind: PackageKind
    outcome: str
    receipt: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A case-by-case request that this node granted: packages under it are let in.

    Shape: `allowed` are the classes of data and `offences` what it covers.
    """

    request_id: str
    peer_id: str
    purpose: Purpose
    granted_at: datetime
    ends_at: datetime
    allowed: frozenset[DataClass]
    offences: frozenset[CoveredOffence]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayedReceipt:
    """The final receiver's own receipt, passed back unchanged hop by hop.

    Shape: `verified` is false when no card of `signer` is pinned here.
    """

    package_id: str
    signer: str
    envelope: bytes = field(repr=False)
    verified: bool
    kept_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Sequence numbers of one sender and basis that have not arrived."""

    sender: str
    basis: Basis
    missing: tuple[int, ...]
