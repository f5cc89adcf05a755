"""Addresses of material: read, and written so that nobody follows them by accident."""

import ipaddress
import re
from datetime import date
from urllib.parse import SplitResult, urlsplit

from tipbridge.foundation.base.defanging import refang
from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.places.base import known_services
from tipbridge.knowledge.places.model import PlaceKind
from tipbridge.knowledge.places.rules import place_by_url
from tipbridge.police.removals.model import Place, PlaceForm

NO_HOST = "unknown"
_WEB = frozenset({"http", "https"})
_FORMS = {
    PlaceKind.SOCIAL_NETWORK: PlaceForm.ACCOUNT_POST,
    PlaceKind.CHAT: PlaceForm.MESSAGE_GROUP,
}
_LENGTH = range(1, 2049)
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*(:\d{1,5})?|\[[0-9a-f:.]+\](:\d{1,5})?")
_SERVICE_LENGTH = 200
_COUNTRY = re.compile(r"[A-Z]{2}")


def split_web(address: str) -> SplitResult | None:
    """A web address in its parts; nothing when it is none, or hides a name and password."""
    try:
        parts = urlsplit(address.strip())
        plain = parts.username is None and parts.password is None and parts.port != 0
    except ValueError:
        return None
    if parts.scheme.lower() not in _WEB or not parts.hostname or not plain:
        return None
    return parts


def host_of(parts: SplitResult) -> str | None:
    """The host as the list of hosts names it: lower case, ASCII, with a port that is not usual."""
    try:
        name = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    if not name:
        return None
    name = f"[{name}]" if ":" in name else name
    usual = {"http": 80, "https": 443}[parts.scheme.lower()]
    host = name if parts.port in {None, usual} else f"{name}:{parts.port}"
    return host if _HOST.fullmatch(host) else None


def place_of(address: str, on: date) -> Place:
    """What an address says by itself: its host, when it is a web address, and what kind of place.

    Shape: under a social network's domain of that day stands somebody's post, under a chat
    service's a group; anything else is a page.
    """
    parts = split_web(address)
    host = None if parts is None else host_of(parts)
    service = None if host is None else place_by_url(known_services(), address.strip(), on)
    form = PlaceForm.URL if service is None else _FORMS.get(service.kind, PlaceForm.URL)
    return Place(form=form, host=host or NO_HOST)


def read_address(address: str) -> str:
    """An address as staff give it, defanged or not.

    Errors: Invalid for one that is empty, too long or not printable.
    """
    text = refang(address.strip())
    if len(text) not in _LENGTH or not text.isprintable():
        raise Invalid("An address has 1 to 2048 printable characters.")
    return text


def read_host(name: str) -> str:
    """A host's name in its normal form: lower case, ASCII.

    Errors: Invalid.
    """
    text = refang(name.strip()).lower()
    if not text.isascii():
        try:
            host, colon, port = text.partition(":")
            text = host.encode("idna").decode("ascii").lower() + colon + port
        except UnicodeError:
            text = ""
    if not _HOST.fullmatch(text) or len(text) > _SERVICE_LENGTH:
        raise Invalid("A host is a name such as host.example, with a port if it is not usual.")
    return text


def read_country(code: str | None) -> str | None:
    """A country's code, or nothing.

    Errors: Invalid.
    """
    text = (code or "").strip()
    if text and not _COUNTRY.fullmatch(text):
        raise Invalid("country is an ISO 3166 code of two capital letters.")
    return text or None


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public network and hides no other inside."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None or ip.sixtofour is not None or ip.teredo is not None:
            return False
        if ip in _TRANSLATED:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
