"""The people of a report as read, and what enrichment adds to them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tipbridge.foundation.storage.vault import Sealed
from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.knowledge.hashes.model import Handling
from tipbridge.knowledge.places.model import AddressFacts, Place
from tipbridge.tips.report.model import (
    Account,
    Device,
    Email,
    EstimatedLocation,
    FileDetails,
    IpCapture,
    PersonRole,
    Report,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneNumber:
    """A number in E.164 form when it can be told, else as given; `country` by its calling code."""

    number: str = field(repr=False)
    verified: bool | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """One person of a report with the identifiers normalised and numbered as parts number them.

    Shape: `index` is N in the labels `people/N/…`; `ips` holds the person's own addresses, then
    those captured with the incident or a file when they can be nobody else's. `related` are
    accounts of a parent or guardian, kept apart from the person's own.
    """

    index: int
    role: PersonRole
    name: str | None = field(default=None, repr=False)
    birth_on: date | None = field(default=None, repr=False)
    age: int | None = field(default=None, repr=False)
    accounts: tuple[Account, ...] = field(default=(), repr=False)
    related: tuple[Account, ...] = field(default=(), repr=False)
    emails: tuple[Email, ...] = field(default=(), repr=False)
    phones: tuple[PhoneNumber, ...] = field(default=(), repr=False)
    ips: tuple[IpCapture, ...] = field(default=(), repr=False)
    devices: tuple[Device, ...] = field(default=(), repr=False)
    location: EstimatedLocation | None = field(default=None, repr=False)
    stated_countries: tuple[str, ...] = field(default=(), repr=False)
    compromised: bool | None = None
    prior_reports: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TipFile:
    """One file of a tip: what was received of it and what the provider said of it.

    Shape: `index` is N in the labels `files/N/…`; `details` is None when nothing was said.
    """

    index: int
    file_id: str
    digests: Digests
    details: FileDetails | None = field(default=None, repr=False)
    sealed: Sealed | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedIp:
    """One address of a person with what the address data say of it; `label` is the part's."""

    label: str
    person: int
    event: IpCapture = field(repr=False)
    facts: AddressFacts = field(repr=False)


class Basis(StrEnum):
    """Why a country was considered. Closed."""

    IP_EVENT = "ip-event"
    PROXIED_IP_EVENT = "proxied-ip-event"
    PHONE_CODE = "phone-calling-code"
    ESTIMATED_LOCATION = "estimated-location"
    STATED_ADDRESS = "stated-address"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryReason:
    """One thing that speaks for a country, and how much."""

    basis: Basis
    country: str
    points: int
    about: str


class Confidence(StrEnum):
    """How far a likely country stands out. Closed."""

    STRONG = "strong"
    WEAK = "weak"
    TIED = "tied"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelyCountry:
    """A routing hint: `country` is None when nothing speaks, or two speak alike."""

    country: str | None
    confidence: Confidence
    reasons: tuple[CountryReason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What was worked out of one person."""

    index: int
    role: PersonRole
    likely: LikelyCountry
    place: Place | None


class FavourKind(StrEnum):
    """What weakens or explains a suspicion, and always travels (law 15). Closed."""

    POSSIBLE_PROXY = "possible-proxy"
    HOSTING_NETWORK = "hosting-network"
    SHARED_ADDRESS = "shared-address-without-port"
    COMPROMISED_ACCOUNT = "compromised-account"
    NOT_VIEWED = "not-viewed-by-provider"
    MATCH_EXACTNESS = "match-exactness"
    IP_DATA_AGE = "ip-data-age"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Favour:
    """One such fact: what it is about (a part's label) and in words."""

    kind: FavourKind
    about: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A file that came before in an earlier report, by SHA-256."""

    file_id: str
    sha256: str
    first_report_id: int
    earlier_reports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHit:
    """A file that stands on a hash list, exactly."""

    file_id: str
    list_id: str
    list_name: str
    purpose: str
    handling: Handling
    mark: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NearListHit:
    """A file that is near to something on a hash list: alike, not the same. For staff.

    Shape: `by` says which of the file's hashes is near: its own, of it turned, or of a frame.
    Unit: bits of 256 that differ.
    """

    file_id: str
    list_id: str
    list_name: str
    purpose: str
    handling: Handling
    mark: str | None
    by: str
    distance_bits: int


class Looked(StrEnum):
    """What became of comparing a file with lists by likeness. Closed."""

    WAITING = "waiting-to-be-compared"
    COMPARED = "compared-by-likeness"
    IN_PART = "compared-in-part"
    NOTHING = "nothing-to-compare-by-likeness"
    NOT_COMPARED = "not-compared-by-likeness"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What became of comparing one file, and the reasons when it is not all of it."""

    file_id: str
    looked: Looked
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDigests:
    """A file of some report and its digests, lower-case hexadecimal."""

    report_id: int
    file_id: str
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A finished report as it stands before anything is worked out of it."""

    report_id: int
    provider: str
    received_at: datetime
    report: Report = field(repr=False)
    files: tuple[TipFile, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that was worked out of one report; made again when knowledge changes."""

    person_facts: tuple[PersonFacts, ...] = ()
    placed: tuple[PlacedIp, ...] = field(default=(), repr=False)
    favours: tuple[Favour, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    hits: tuple[ListHit, ...] = ()
    near: tuple[NearListHit, ...] = ()
    looks: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """A finished report and what was worked out of it."""

    source: Source
    people: tuple[Identified, ...] = field(repr=False)
    facts: Facts
