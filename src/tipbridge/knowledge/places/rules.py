"""What an address is before any data file is asked, and what kind of place a service is."""

from collections.abc import Sequence
from datetime import date, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from tipbridge.knowledge.places.model import DataSource, Place, PlaceKind, Reach, Service

Address = IPv4Address | IPv6Address

IPV4_PREFIX_BITS = 24
IPV6_PREFIX_BITS = 48
_DOCUMENTATION = tuple(
    map(
        ip_network,
        ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"),
    )
)
_SHARED = ip_network("100.64.0.0/10")


def parse_address(text: str) -> Address | None:
    """An address from its text; an IPv4-mapped IPv6 address is the IPv4 address it carries."""
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        if found.scope_id is not None:
            return None
        return found.ipv4_mapped or found
    return found


def prefix_of(address: Address) -> str:
    """The /24 (IPv4) or /48 (IPv6) around an address: its standard generalised form."""
    bits = IPV4_PREFIX_BITS if address.version == 4 else IPV6_PREFIX_BITS
    return str(ip_network((address, bits), strict=False))


def reach_of(address: Address) -> Reach:
    """What the registries of special addresses say; asked first, because data files guess.

    Source: IANA special-purpose address registries, as Python's `ipaddress` carries them.
    """
    if any(address in each for each in _DOCUMENTATION if each.version == address.version):
        return Reach.DOCUMENTATION
    special = {
        Reach.UNSPECIFIED: address.is_unspecified,
        Reach.LOOPBACK: address.is_loopback,
        Reach.LINK_LOCAL: address.is_link_local,
        Reach.MULTICAST: address.is_multicast,
        Reach.SHARED: address.version == _SHARED.version and address in _SHARED,
        Reach.RESERVED: address.is_reserved,
        Reach.PRIVATE: address.is_private,
    }
    held = next((reach for reach, holds in special.items() if holds), None)
    return held or (Reach.GLOBAL if address.is_global else Reach.RESERVED)


def age_days(source: DataSource, at: datetime) -> int:
    """How old a data file is at a moment; a file from the future has age 0."""
    return max(0, (at - source.built_at).days)


def place_by_name(services: Sequence[Service], name: str, on: date) -> Place | None:
    """The place that goes by this name on this day."""
    wanted = " ".join(name.casefold().split())
    held = [each for each in _in_force(services, on) if wanted in each.names]
    return _newest(held)


def place_by_url(services: Sequence[Service], url: str, on: date) -> Place | None:
    """The place whose domain, or a domain below it, this address is under."""
    host = host_of(url)
    if host is None:
        return None
    held = [
        each
        for each in _in_force(services, on)
        if any(host == domain or host.endswith(f".{domain}") for domain in each.domains)
    ]
    return _newest(held)


def host_of(url: str) -> str | None:
    """The host of a web address, also when the scheme is missing."""
    text = url.strip()
    try:
        host = urlsplit(text if "://" in text else f"//{text}").hostname
    except ValueError:
        return None
    return host.rstrip(".").casefold() if host else None


def _in_force(services: Sequence[Service], on: date) -> list[Service]:
    return [
        each
        for each in services
        if each.from_day <= on and (each.until_day is None or on <= each.until_day)
    ]


def _newest(held: Sequence[Service]) -> Place | None:
    if not held:
        return None
    service = max(held, key=lambda each: each.from_day)
    return Place(kind=PlaceKind(service.kind), service=service.name)
