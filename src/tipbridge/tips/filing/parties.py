"""Builders for people, accounts, addresses and devices; `filing.documents` names them all."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from tipbridge.tips.report.model import Moment

Time = datetime | Moment | str
"""A time with its offset; text is sent exactly as it is written."""

Mark = Literal[True]
"""Says something by being there: True or not given."""

AssociatedAccountType = Literal[
    "Billing", "Linked", "Business", "Creator", "Parent/Guardian", "Other"
]
AddressType = Literal["Home", "Business", "Billing", "Shipping", "Technical"]
EmailType = Literal["Home", "Work", "Business", "Recovery"]
PhoneType = Literal["Mobile", "Home", "Business", "Work", "Fax", "Internet", "Recovery"]
EventName = Literal["Login", "Registration", "Purchase", "Upload", "Other", "Unknown"]

ATTRIBUTE: dict[str, object] = {"as": "attribute"}
CONTENT: dict[str, object] = {"as": "content"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """An e-mail address; a date of verification only with `verified=True`."""

    address: str = field(repr=False, metadata=CONTENT)
    type: EmailType | None = field(default=None, metadata=ATTRIBUTE)
    verified: bool | None = field(default=None, metadata=ATTRIBUTE)
    verification_date: Time | None = field(default=None, metadata=ATTRIBUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A telephone number; the calling code, such as "+82", is not repeated in the number."""

    number: str = field(repr=False, metadata=CONTENT)
    type: PhoneType | None = field(default=None, metadata=ATTRIBUTE)
    verified: bool | None = field(default=None, metadata=ATTRIBUTE)
    verification_date: Time | None = field(default=None, metadata=ATTRIBUTE)
    country_calling_code: str | None = field(default=None, metadata=ATTRIBUTE)
    extension: str | None = field(default=None, repr=False, metadata=ATTRIBUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address; `state` for the USA, `non_usa_state` elsewhere."""

    address: str | None = field(default=None, repr=False)
    city: str | None = None
    zip_code: str | None = None
    state: str | None = None
    non_usa_state: str | None = None
    country: str | None = None
    type: AddressType | None = field(default=None, metadata=ATTRIBUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What identifies somebody outside the service."""

    first_name: str | None = field(default=None, repr=False)
    last_name: str | None = field(default=None, repr=False)
    phone: tuple[Phone, ...] = field(default=(), repr=False)
    email: tuple[Email, ...] = field(default=(), repr=False)
    address: tuple[Address, ...] = field(default=(), repr=False)
    age: int | None = None
    age_assertion_discrepancy: bool | None = None
    date_of_birth: date | Time | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPerson:
    """Whom law enforcement can ask; not the public."""

    first_name: str | None = field(default=None, repr=False)
    last_name: str | None = field(default=None, repr=False)
    phone: tuple[Phone, ...] = field(default=(), repr=False)
    email: tuple[Email, ...] = field(default=(), repr=False)
    address: tuple[Address, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IpCaptureEvent:
    """An IP address at an event. Without time and port it often leads to nobody."""

    ip_address: str = field(repr=False)
    event_name: EventName | None = None
    date_time: Time | None = None
    possible_proxy: bool | None = None
    port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceId:
    """A device's identifier, such as an IMEI."""

    id_type: str
    id_value: str = field(repr=False)
    event_name: EventName | None = None
    date_time: Time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatedLocation:
    """Where the provider thinks somebody is; the country is required."""

    city: str | None = field(default=None, repr=False)
    region: str | None = None
    country_code: str | None = None
    verified: bool | None = field(default=None, metadata=ATTRIBUTE)
    timestamp: Time | None = field(default=None, metadata=ATTRIBUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporarilyDisabled:
    """Whether an account was disabled for a time."""

    value: bool = field(metadata=CONTENT)
    disabled_date: Time | None = field(default=None, metadata=ATTRIBUTE)
    user_notified: bool | None = field(default=None, metadata=ATTRIBUTE)
    user_notified_date: Time | None = field(default=None, metadata=ATTRIBUTE)
    reenabled_date: Time | None = field(default=None, metadata=ATTRIBUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PermanentlyDisabled:
    """Whether an account was disabled for good."""

    value: bool = field(metadata=CONTENT)
    disabled_date: Time | None = field(default=None, metadata=ATTRIBUTE)
    user_notified: bool | None = field(default=None, metadata=ATTRIBUTE)
    user_notified_date: Time | None = field(default=None, metadata=ATTRIBUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPlatform:
    """The platform of an associated account."""

    name: str = field(metadata=CONTENT)
    third_party_user: bool | None = field(default=None, metadata=ATTRIBUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociatedAccount:
    """Another account that belongs to somebody; age and date of birth exclude each other.

    Shape: the schema also takes the type under its other name (`account_type`), and the third
    party beside the platform; NCMEC's own takes `type` and the platform's attribute.
    """

    platform: AccountPlatform | None = None
    first_name: str | None = field(default=None, repr=False)
    middle_name: str | None = field(default=None, repr=False)
    last_name: str | None = field(default=None, repr=False)
    approximate_age: int | None = None
    age_assertion_discrepancy: bool | None = None
    date_of_birth: date | Time | None = field(default=None, repr=False)
    phone: tuple[Phone, ...] = field(default=(), repr=False)
    email: tuple[Email, ...] = field(default=(), repr=False)
    all_emails_reported: bool | None = None
    address: tuple[Address, ...] = field(default=(), repr=False)
    esp_service: str | None = None
    esp_identifier: str | None = field(default=None, repr=False)
    profile_url: tuple[str, ...] = field(default=(), repr=False)
    screen_name: str | None = field(default=None, repr=False)
    display_name: tuple[str, ...] = field(default=(), repr=False)
    profile_bio: str | None = field(default=None, repr=False)
    group_identifier: str | None = field(default=None, repr=False)
    compromised_account: bool | None = None
    account_temporarily_disabled: TemporarilyDisabled | None = None
    account_permanently_disabled: PermanentlyDisabled | None = None
    ip_capture_event: tuple[IpCaptureEvent, ...] = field(default=(), repr=False)
    device_id: tuple[DeviceId, ...] = field(default=(), repr=False)
    prior_ct_report: tuple[int, ...] = field(default=(), metadata={"name": "priorCTReport"})
    additional_info: str | None = field(default=None, repr=False)
    type: AssociatedAccountType | None = field(default=None, metadata=ATTRIBUTE)
    account_type: AssociatedAccountType | None = field(default=None, metadata=ATTRIBUTE)
    third_party_user: bool | None = field(default=None, metadata=ATTRIBUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOrUserReported:
    """Who is reported: one in a report, several only in a batched one."""

    person_or_user_reported_person: Person | None = field(default=None, repr=False)
    vehicle_description: str | None = field(default=None, repr=False)
    esp_identifier: str | None = field(default=None, repr=False)
    esp_service: str | None = None
    compromised_account: bool | None = None
    screen_name: str | None = field(default=None, repr=False)
    display_name: tuple[str, ...] = field(default=(), repr=False)
    profile_url: tuple[str, ...] = field(default=(), repr=False)
    profile_bio: str | None = field(default=None, repr=False)
    ip_capture_event: tuple[IpCaptureEvent, ...] = field(default=(), repr=False)
    device_id: tuple[DeviceId, ...] = field(default=(), repr=False)
    third_party_user_reported: bool | None = None
    prior_ct_reports: tuple[int, ...] = field(default=(), metadata={"name": "priorCTReports"})
    group_identifier: str | None = field(default=None, repr=False)
    account_temporarily_disabled: TemporarilyDisabled | None = None
    account_permanently_disabled: PermanentlyDisabled | None = None
    estimated_location: EstimatedLocation | None = None
    all_emails_reported: bool | None = None
    associated_account: tuple[AssociatedAccount, ...] = field(default=(), repr=False)
    additional_info: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntendedRecipient:
    """For whom it was meant."""

    intended_recipient_person: Person | None = field(default=None, repr=False)
    esp_identifier: str | None = field(default=None, repr=False)
    esp_service: str | None = None
    compromised_account: bool | None = None
    screen_name: str | None = field(default=None, repr=False)
    display_name: tuple[str, ...] = field(default=(), repr=False)
    profile_url: tuple[str, ...] = field(default=(), repr=False)
    profile_bio: str | None = field(default=None, repr=False)
    ip_capture_event: tuple[IpCaptureEvent, ...] = field(default=(), repr=False)
    device_id: tuple[DeviceId, ...] = field(default=(), repr=False)
    prior_ct_reports: tuple[int, ...] = field(default=(), metadata={"name": "priorCTReports"})
    group_identifier: str | None = field(default=None, repr=False)
    account_temporarily_disabled: TemporarilyDisabled | None = None
    account_permanently_disabled: PermanentlyDisabled | None = None
    estimated_location: EstimatedLocation | None = None
    all_emails_reported: bool | None = None
    additional_info: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Victim:
    """A child harmed."""

    victim_person: Person = field(repr=False)
    esp_identifier: str | None = field(default=None, repr=False)
    esp_service: str | None = None
    compromised_account: bool | None = None
    screen_name: str | None = field(default=None, repr=False)
    display_name: tuple[str, ...] = field(default=(), repr=False)
    profile_url: tuple[str, ...] = field(default=(), repr=False)
    profile_bio: str | None = field(default=None, repr=False)
    ip_capture_event: tuple[IpCaptureEvent, ...] = field(default=(), repr=False)
    device_id: tuple[DeviceId, ...] = field(default=(), repr=False)
    school_name: str | None = field(default=None, repr=False)
    prior_ct_reports: tuple[int, ...] = field(default=(), metadata={"name": "priorCTReports"})
    account_temporarily_disabled: TemporarilyDisabled | None = None
    account_permanently_disabled: PermanentlyDisabled | None = None
    estimated_location: EstimatedLocation | None = None
    all_emails_reported: bool | None = None
    associated_account: tuple[AssociatedAccount, ...] = field(default=(), repr=False)
    additional_info: str | None = field(default=None, repr=False)
