"""What a referral says, and the cases that know of it already."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tipbridge.knowledge.law.model import Birth
from tipbridge.knowledge.places.model import PlaceKind
from tipbridge.police.cases.items.model import Digests
from tipbridge.police.cases.model import Identifier, IdentifierKind, PersonRole


class Unread(StrEnum):
    """Why a part of a referral is not in the case. Closed."""

    NO_FIELD = "no-field"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A file that a referral reports, by at least one of its digests."""

    label: str
    sha256: str | None
    sha1: str | None
    md5: str | None
    size_bytes: int | None

    @property
    def digests(self) -> Digests:
        """SHA-256, SHA-1 and MD5, as far as they are known."""
        return self.sha256, self.sha1, self.md5


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """When and through what something that points at a person was seen, as a part says."""

    label: str
    identifier: Identifier
    at: datetime | None
    port: int | None
    event: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferredPerson:
    """A person as a referral speaks of them."""

    label: str
    roles: frozenset[PersonRole]
    name: str | None = field(repr=False)
    birth: Birth | None = field(repr=False)
    country: str | None
    place_kind: PlaceKind | None
    place_service: str | None
    identifiers: tuple[Identifier, ...] = field(repr=False)
    seen: tuple[Seen, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferredFacts:
    """What the police room takes from a referral's parts.

    Shape: `unread` are labels of parts about people and files that could not be read, or that
    say something this room has no field for; they stay with the referral.
    """

    report_number: str | None
    provider: str | None
    reported_at: datetime | None
    incident_at: datetime | None
    possible_self_production: bool
    people: tuple[ReferredPerson, ...]
    items: tuple[Item, ...]
    addresses: tuple[tuple[str, str], ...]
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A case that already holds one of a referral's identifiers or files.

    Shape: `asked` when only a demand of it names the identifier: that ties no referral to it.
    `proposing` when the identifier itself ties none.
    """

    case_id: str
    unit_id: int
    restricted: bool
    opened_at: datetime
    kind: IdentifierKind
    asked: bool = False
    proposing: bool = False
