"""Typed builders for every element of the schema, in its order: what a program fills in to file.

Each class is one type of the schema and each field one of its elements or attributes, with the
same name in Python's spelling (`ipCaptureEvent` is `ip_capture_event`). A tuple may hold any
number; None means not said, which is not no. `filing.writing` makes the document.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from tipbridge.tips.filing.parties import (
    ATTRIBUTE,
    CONTENT,
    AccountPlatform,
    Address,
    AddressType,
    AssociatedAccount,
    AssociatedAccountType,
    ContactPerson,
    DeviceId,
    Email,
    EmailType,
    EstimatedLocation,
    EventName,
    IntendedRecipient,
    IpCaptureEvent,
    Mark,
    PermanentlyDisabled,
    Person,
    PersonOrUserReported,
    Phone,
    PhoneType,
    TemporarilyDisabled,
    Time,
    Victim,
)

__all__ = [
    "AccountPlatform",
    "Address",
    "AddressType",
    "AssociatedAccount",
    "AssociatedAccountType",
    "BatchedReport",
    "CellPhoneIncident",
    "ChatImIncident",
    "ContactPerson",
    "DeviceId",
    "Email",
    "EmailIncident",
    "EmailType",
    "EstimatedLocation",
    "EventName",
    "FileAnnotations",
    "FileDetails",
    "FileHash",
    "FileMetadata",
    "FileRelevance",
    "ForeignProcess",
    "IncidentSummary",
    "IncidentType",
    "IndustryClassification",
    "IntendedRecipient",
    "InternetIncident",
    "IpCaptureEvent",
    "LawEnforcement",
    "Mark",
    "MetadataType",
    "NameValuePair",
    "NewsgroupIncident",
    "NonInternetIncident",
    "OnlineGamingIncident",
    "Peer2peerIncident",
    "PermanentlyDisabled",
    "Person",
    "PersonOrUserReported",
    "Phone",
    "PhoneType",
    "Report",
    "ReportAnnotations",
    "Reporter",
    "TemporarilyDisabled",
    "Time",
    "Victim",
    "WebPageIncident",
]

IncidentType = Literal[
    "Child Pornography (possession, manufacture, and distribution)",
    "Child Sex Trafficking",
    "Child Sex Tourism",
    "Child Sexual Molestation",
    "Misleading Domain Name",
    "Misleading Words or Digital Images on the Internet",
    "Online Enticement of Children for Sexual Acts",
    "Unsolicited Obscene Material Sent to a Child",
]
FileRelevance = Literal["Reported", "Supplemental Reported"]
IndustryClassification = Literal["A1", "A2", "B1", "B2"]
MetadataType = Literal["EXIF", "HASH"]


def _inside(element: str) -> dict[str, object]:
    """Each value in an element of its own inside this one."""
    return {"as": "inside", "element": element}


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPageIncident:
    """On the web."""

    ELEMENT: ClassVar[str] = "webPageIncident"
    url: tuple[str, ...] = field(default=(), repr=False)
    additional_info: str | None = field(default=None, repr=False)
    third_party_hosted_content: bool | None = field(default=None, metadata=ATTRIBUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailIncident:
    """By e-mail; each address also stands with a person of the report."""

    ELEMENT: ClassVar[str] = "emailIncident"
    email_address: tuple[Email, ...] = field(default=(), repr=False)
    content: str | None = field(default=None, repr=False)
    additional_info: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsgroupIncident:
    """In a newsgroup; each address also stands with a person of the report."""

    ELEMENT: ClassVar[str] = "newsgroupIncident"
    name: str | None = None
    email_address: tuple[Email, ...] = field(default=(), repr=False)
    content: str | None = field(default=None, repr=False)
    additional_info: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatImIncident:
    """In a chat."""

    ELEMENT: ClassVar[str] = "chatImIncident"
    chat_client: str | None = None
    chat_room_name: str | None = None
    content: str | None = field(default=None, repr=False)
    additional_info: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineGamingIncident:
    """In a game."""

    ELEMENT: ClassVar[str] = "onlineGamingIncident"
    game_name: str | None = None
    console: str | None = None
    content: str | None = field(default=None, repr=False)
    additional_info: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPhoneIncident:
    """By telephone; where it was, in degrees."""

    ELEMENT: ClassVar[str] = "cellPhoneIncident"
    phone_number: Phone | None = field(default=None, repr=False)
    latitude: float | None = field(default=None, repr=False)
    longitude: float | None = field(default=None, repr=False)
    additional_info: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NonInternetIncident:
    """Somewhere in the world."""

    ELEMENT: ClassVar[str] = "nonInternetIncident"
    location_name: str | None = None
    incident_address: tuple[Address, ...] = field(default=(), repr=False)
    additional_info: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer2peerIncident:
    """Between peers, such as by BitTorrent."""

    ELEMENT: ClassVar[str] = "peer2peerIncident"
    client: str | None = None
    ip_capture_event: tuple[IpCaptureEvent, ...] = field(default=(), repr=False)
    file_names: str | None = field(default=None, repr=False)
    additional_info: str | None = field(default=None, repr=False)


InternetIncident = (
    WebPageIncident
    | EmailIncident
    | NewsgroupIncident
    | ChatImIncident
    | OnlineGamingIncident
    | CellPhoneIncident
    | NonInternetIncident
    | Peer2peerIncident
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAnnotations:
    """What the whole report is about."""

    sextortion: Mark | None = None
    csam_solicitation: Mark | None = None
    minor_to_minor_interaction: Mark | None = None
    spam: Mark | None = None
    sadistic_online_exploitation: Mark | None = None
    informational: Mark | None = None
    potential_aggravating_factors: Mark | None = None
    instrumental_use: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentSummary:
    """What is said to have happened; any text of escalation asks for the highest priority."""

    incident_type: IncidentType
    platform: str | None = None
    escalate_to_high_priority: str | None = field(default=None, repr=False)
    report_annotations: ReportAnnotations | None = None
    incident_date_time: Time | None = None
    incident_date_time_description: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchedReport:
    """One viral file reported for many users at once."""

    reason: Literal["VIRAL_POTENTIAL_MEME"] = field(
        default="VIRAL_POTENTIAL_MEME", metadata=ATTRIBUTE
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignProcess:
    """Whether legal process of another country was served."""

    value: bool = field(metadata=CONTENT)
    flea_country: str | None = field(default=None, metadata=ATTRIBUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LawEnforcement:
    """Police who know of it already."""

    agency_name: str
    case_number: str | None = None
    officer_contact: Person | None = field(default=None, repr=False)
    reported_to_le: bool | None = None
    served_legal_process_domestic: bool | None = None
    served_legal_process_international: ForeignProcess | None = None
    flea_country: str | None = field(default=None, metadata=ATTRIBUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Who reports; the reporting person needs an e-mail address."""

    reporting_person: Person = field(repr=False)
    contact_person: ContactPerson | None = field(default=None, repr=False)
    company_template: str | None = field(default=None, repr=False)
    terms_of_service: str | None = field(default=None, repr=False)
    legal_url: str | None = field(default=None, metadata={"name": "legalURL"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A whole `<report>`."""

    batched_report: BatchedReport | None = None
    incident_summary: IncidentSummary
    internet_details: tuple[InternetIncident, ...] = field(
        default=(), repr=False, metadata=_inside("internetDetails")
    )
    law_enforcement: LawEnforcement | None = None
    reporter: Reporter = field(repr=False)
    person_or_user_reported: tuple[PersonOrUserReported, ...] = field(default=(), repr=False)
    intended_recipient: tuple[IntendedRecipient, ...] = field(default=(), repr=False)
    victim: tuple[Victim, ...] = field(default=(), repr=False)
    additional_info: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAnnotations:
    """What a file shows or is."""

    anime_drawing_virtual_hentai: Mark | None = None
    potential_meme: Mark | None = None
    viral: Mark | None = None
    possible_self_production: Mark | None = None
    physical_harm: Mark | None = None
    violence_gore: Mark | None = None
    bestiality: Mark | None = None
    live_streaming: Mark | None = None
    infant: Mark | None = None
    generative_ai: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHash:
    """A digest of the file as the user uploaded it."""

    value: str = field(metadata=CONTENT)
    hash_type: str = field(metadata=ATTRIBUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameValuePair:
    """One entry of a file's metadata."""

    name: str
    value: str = field(repr=False)
    type: MetadataType | None = field(default=None, metadata=ATTRIBUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMetadata:
    """Metadata of a file, such as EXIF."""

    name_value_pair: tuple[NameValuePair, ...] = field(repr=False)
    type: MetadataType | None = field(default=None, metadata=ATTRIBUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDetails:
    """A whole `<fileDetails>`; report and file ids are filled in when it is sent.

    Shape: `file_viewed_by_esp` only when somebody here viewed the entire file; `potential_meme`
    or `file_annotations`, not both.
    """

    report_id: int = 1
    file_id: str = "0"
    file_name: str | None = field(default=None, repr=False)
    original_file_name: str | None = field(default=None, repr=False)
    uploaded_to_esp_timestamp: Time | None = None
    location_of_file: str | None = field(default=None, repr=False)
    file_viewed_by_esp: bool | None = None
    exif_viewed_by_esp: bool | None = None
    publicly_available: bool | None = None
    file_relevance: FileRelevance | None = None
    potential_meme: bool | None = None
    file_annotations: FileAnnotations | None = None
    industry_classification: IndustryClassification | None = None
    original_file_hash: tuple[FileHash, ...] = ()
    ip_capture_event: IpCaptureEvent | None = field(default=None, repr=False)
    device_id: tuple[DeviceId, ...] = field(default=(), repr=False)
    details: tuple[FileMetadata, ...] = field(default=(), repr=False)
    additional_info: tuple[str, ...] = field(default=(), repr=False)
