"""The nouns of a report and of a file's details, as later rooms need them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class PersonRole(StrEnum):
    """What somebody is in a report. Closed."""

    REPORTED = "reported"
    RECIPIENT = "recipient"
    VICTIM = "victim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time as an instant, and exactly as it was sent, offset included."""

    at: datetime
    as_sent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """An e-mail address of somebody."""

    address: str = field(repr=False)
    kind: str | None = None
    verified: bool | None = None
    verified_at: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A telephone number of somebody; `calling_code` as "+82" when given apart."""

    number: str = field(repr=False)
    kind: str | None = None
    verified: bool | None = None
    verified_at: Moment | None = None
    calling_code: str | None = None
    extension: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address; `country` is an ISO 3166-1 code or a legacy one."""

    street: str | None = field(default=None, repr=False)
    city: str | None = field(default=None, repr=False)
    zip_code: str | None = field(default=None, repr=False)
    state: str | None = None
    other_state: str | None = None
    country: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IpCapture:
    """An IP address seen at an event, with the port when the provider kept it."""

    address: str = field(repr=False)
    event: str | None = None
    at: Moment | None = None
    possible_proxy: bool | None = None
    port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device identifier, such as an IMEI."""

    kind: str
    value: str = field(repr=False)
    event: str | None = None
    at: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account at a service, by what the provider knows it by."""

    identifier: str | None = field(default=None, repr=False)
    service: str | None = None
    screen_name: str | None = field(default=None, repr=False)
    display_names: tuple[str, ...] = field(default=(), repr=False)
    profile_urls: tuple[str, ...] = field(default=(), repr=False)
    group: str | None = field(default=None, repr=False)
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatedLocation:
    """Where the provider thinks somebody is."""

    city: str | None = field(default=None, repr=False)
    region: str | None = None
    country: str | None = None
    verified: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in a report and all that identifies them there."""

    role: PersonRole
    first_name: str | None = field(default=None, repr=False)
    last_name: str | None = field(default=None, repr=False)
    age: int | None = None
    birth_on: date | None = field(default=None, repr=False)
    emails: tuple[Email, ...] = field(default=(), repr=False)
    phones: tuple[Phone, ...] = field(default=(), repr=False)
    addresses: tuple[Address, ...] = field(default=(), repr=False)
    account: Account = field(default_factory=Account, repr=False)
    other_accounts: tuple[Account, ...] = field(default=(), repr=False)
    compromised: bool | None = None
    ips: tuple[IpCapture, ...] = field(default=(), repr=False)
    devices: tuple[Device, ...] = field(default=(), repr=False)
    location: EstimatedLocation | None = None
    school: str | None = field(default=None, repr=False)
    prior_reports: tuple[int, ...] = ()
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What is said to have happened; `urls` are addresses of material on the web.

    Shape: `clients` are the chat, game or file-sharing programs named; `ips` were captured
    with the incident, not with a person.
    """

    type: str
    platform: str | None = None
    escalation: str | None = field(default=None, repr=False)
    annotations: tuple[str, ...] = ()
    at: Moment | None = None
    at_description: str | None = field(default=None, repr=False)
    urls: tuple[str, ...] = field(default=(), repr=False)
    channels: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    ips: tuple[IpCapture, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A provider's report."""

    incident: Incident
    reporter: Person
    people: tuple[Person, ...] = ()
    batched: bool = False
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedHash:
    """A hash as the provider named and wrote it."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDetails:
    """What a provider says of one file. None means not said, which is not no (law 7)."""

    report_id: int
    file_id: str
    original_name: str | None = field(default=None, repr=False)
    uploaded_at: Moment | None = None
    location_url: str | None = field(default=None, repr=False)
    viewed_by_provider: bool | None = None
    exif_viewed: bool | None = None
    publicly_available: bool | None = None
    relevance: str | None = None
    annotations: tuple[str, ...] = ()
    classification: str | None = None
    claimed_hashes: tuple[ClaimedHash, ...] = ()
    ip: IpCapture | None = None
    devices: tuple[Device, ...] = field(default=(), repr=False)
    metadata: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = field(default=(), repr=False)
