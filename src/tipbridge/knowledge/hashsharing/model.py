"""Shared entries: who submitted them, what they hold, what other members say of them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

NODE_MEMBER = 1
"""The member that is this node itself; its entries are published by staff."""


class EntryKind(StrEnum):
    """What sort of file an entry stands for. Closed."""

    IMAGE = "image"
    VIDEO = "video"


class FingerprintType(StrEnum):
    """The kinds of fingerprint, as they are called in paths. Closed.

    Source: protocol notes, section 7; SHA256 is our own addition.
    """

    MD5 = "MD5"
    SHA1 = "SHA1"
    SHA256 = "SHA256"
    PDNA = "PDNA"
    PDQ = "PDQ"
    NETCLEAN = "NETCLEAN"
    VIDENTIFIER = "VIDENTIFIER"
    TMK_PDQF = "TMK_PDQF"
    TMK_SAFER_HASH = "TMK_SAFER_HASH"
    SSVH_PDNA = "SSVH_PDNA"
    SSVH_SAFER_HASH = "SSVH_SAFER_HASH"

    @property
    def element(self) -> str:
        """Its element in documents, such as `tmk-pdqf`."""
        return self.value.lower().replace("_", "-")

    @property
    def label(self) -> str:
        """How feedback names it, such as `Md5`."""
        return self.value.title().replace("_", "")


class Classification(StrEnum):
    """What the submitter says the file shows, in the industry's scale. Closed."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"


class Outcome(StrEnum):
    """What became of one line of a submission. Closed."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who shares here; the credentials are those of its provider."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """One member in the list that staff see."""

    id: int
    name: str
    provider_id: str | None
    added_at: datetime
    ended_at: datetime | None
    entry_count: int
    disputed_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """One fingerprint of a file. Shape: `value` is raw bytes, text ones in ASCII."""

    type: FingerprintType
    value: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry as its member submits it; `deleted` takes it back.

    Shape: `visible_to` holds ids of members, or is empty for every member.
    """

    entry_id: str
    kind: EntryKind
    deleted: bool = False
    classification: Classification | None = None
    fingerprints: tuple[Fingerprint, ...] = ()
    visible_to: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is kept of an entry, as far as a change must know it."""

    row: int
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of one entry of a submission."""

    entry_id: str
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What became of a submission; `stamp` is the time its entries now stand under."""

    stamp: datetime | None
    done: tuple[Done, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one member says of one fingerprint; reasons are ids, and only against it."""

    type: FingerprintType
    member: Member
    at: datetime
    affirmative: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One entry in its newest state, as members fetch it.

    Shape: fingerprints that go by reference only have no value here.
    """

    position: int
    stamp: datetime
    member: Member
    entry_id: str
    kind: EntryKind
    deleted: bool
    classification: str | None
    fingerprints: tuple[Fingerprint, ...] = ()
    votes: tuple[Vote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Which changes are asked for: after `after`, up to and with `until`, whole seconds.

    Shape: `start` is the position to begin with and `last` the highest to give, when named.
    """

    after: datetime
    until: datetime
    start: int = 0
    size: int = 1000
    last: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Entries of a range in the order of time; `following` asks for the next ones."""

    entries: tuple[Listed, ...]
    following: Range | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason that a vote against a fingerprint can give."""

    guid: str
    name: str
    type: FingerprintType


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """One entry against which members voted."""

    member_id: int
    member_name: str
    entry_id: str
    type: FingerprintType
    against: int
    in_favour: int
    reasons: tuple[str, ...]
