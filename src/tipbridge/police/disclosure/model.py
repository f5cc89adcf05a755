"""A disclosure: to whom, of which case, why, and exactly what."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tipbridge.foundation.base.actors import Role

PEOPLE_NEEDED = 2
"""How many different people approve exactly what leaves."""
APPROVAL_KIND = "disclosure"
APPROVERS = (Role.INVESTIGATOR, Role.EXAMINER)
"""Who may approve, and propose."""


class Purpose(StrEnum):
    """What a disclosure is for. Closed."""

    COURT = "court"
    PROSECUTION = "prosecution"
    DEFENCE = "defence"
    OTHER_AGENCY = "other-agency"


class ProblemKind(StrEnum):
    """What is wrong with a bundle. Closed."""

    CHANGED = "changed"
    MISSING = "missing"
    EXTRA = "extra"
    RENAMED = "renamed"
    UNSAFE = "unsafe"
    """Something that no bundle holds: a link, a device, a name that leads outside."""
    UNREADABLE = "unreadable"
    """A file or a folder that can't be read where it lies; what it holds is not known."""
    CONTRADICTS = "contradicts"
    """The files are those that were signed, and what one says can't be so."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One thing that is wrong. Shape: `now` is where a renamed file is."""

    path: str
    kind: ProblemKind
    now: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """Files that leave sealed: for whom by name, to which age recipient, which SHA-256s."""

    name: str = field(repr=False)
    recipient: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidFile:
    """A file as a bundle has it, by its own digest and length. Unit: bytes."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What somebody proposed to disclose.

    Shape: `content_sha256` is of the list of digests of every file that leaves, so that an
    approval is for exactly these bytes; `audit_size` is how much of the log they quote.
    """

    id: str
    case_id: str
    recipient: str = field(repr=False)
    purpose: Purpose
    exhibit_ids: tuple[str, ...]
    audit_size: int
    content_sha256: str
    proposed_by: str
    proposed_at: datetime
    sealed: Sealing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Somebody approved a disclosure's content."""

    staff_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A disclosure that left: when, by whom, and the digest of its list of digests."""

    id: str
    disclosure_id: str
    written_at: datetime
    written_by: str
    content_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureLine:
    """A disclosure with who approved it and when it left."""

    disclosure: Disclosure
    case_number: str
    approvals: tuple[Approval, ...]
    written: tuple[Written, ...]


Json = dict[str, Any]
NOTHING_SEALED: Json = {"name": None, "recipient": None, "files": []}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything a bundle says, as JSON values: the same content gives the same bytes.

    Shape: `findings`, `near` and `unprocessed` are by examination; `unfinished`
    examinations were begun and have no end. `favours` has what favours whom, the defence, corrections.
    """

    head: Json
    exhibits: list[Json]
    custody: list[Json]
    acquisitions: list[Json]
    examinations: list[Json]
    findings: dict[str, list[Json]]
    near: dict[str, list[Json]]
    unprocessed: dict[str, list[Json]]
    decisions: list[Json]
    referrals: list[Json]
    releases: list[Json]
    audit: Json
    favours: Json = field(default_factory=dict[str, Any])
    unfinished: list[Json] = field(default_factory=list[Json])
    sealed: Json = field(default_factory=lambda: dict(NOTHING_SEALED))
