"""What is known of an address or a service, and from which data."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Reach(StrEnum):
    """What an address is by the registries of special addresses. Closed."""

    GLOBAL = "global"
    DOCUMENTATION = "documentation"
    SHARED = "shared"
    """Between a carrier and its customers (RFC 6598): says nothing outside that carrier."""
    PRIVATE = "private"
    LOOPBACK = "loopback"
    LINK_LOCAL = "link-local"
    MULTICAST = "multicast"
    UNSPECIFIED = "unspecified"
    RESERVED = "reserved"


class NetworkKind(StrEnum):
    """What a network is used for, as far as the data says. Closed."""

    ACCESS = "access"
    CARRIER = "carrier"
    """Mobile: many customers behind one address, told apart only by port and time."""
    HOSTING = "hosting"
    VPN = "vpn"
    EDUCATION = "education"
    UNKNOWN = "unknown"


class PlaceKind(StrEnum):
    """What sort of place something was posted in. Closed."""

    SOCIAL_NETWORK = "social-network"
    VIDEO_SITE = "video-site"
    CLOUD_DRIVE = "cloud-drive"
    CHAT = "chat"
    WEB = "web"
    PAID_SITE = "paid-site"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """One file of address data: which bytes said it and how old they are."""

    file_name: str
    sha256: str
    built_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The network that announces an address."""

    asn: int
    name: str
    kind: NetworkKind = NetworkKind.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressFacts:
    """What the data say of one address: a routing hint with a source, never a fact of a person.

    Shape: `address` is the canonical text, an IPv4-mapped IPv6 address as IPv4; `prefix` is the
    /24 or /48 around it; `country` is ISO 3166-1 alpha-2; `source` is None when no file knew it.
    """

    address: str
    reach: Reach
    prefix: str
    country: str | None = None
    network: Network | None = None
    source: DataSource | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A named service and the kind of place it is, for a span of days."""

    name: str
    kind: PlaceKind
    names: tuple[str, ...]
    domains: tuple[str, ...]
    from_day: date
    until_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something was posted; `service` is None when only the kind is known."""

    kind: PlaceKind
    service: str | None = None
