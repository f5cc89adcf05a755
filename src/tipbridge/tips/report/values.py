"""Single values of the protocol: times with their offset, dates, booleans, addresses."""

import ipaddress
import re
import unicodedata
from datetime import UTC, date, datetime

from tipbridge.tips.report.model import Moment

_TIME = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})\Z")
_LOCAL = re.compile(r"[^\s@<>\"(),:;\[\]\\\x00-\x1f\x7f]{1,64}\Z")
_LABEL = re.compile(r"(?!-)[^\s@.<>\"(),:;\[\]\\/\x00-\x2c\x7f-\xa0]{1,63}(?<!-)\Z")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")
MAX_EMAIL_LENGTH = 255


def moment_of(text: str | None) -> Moment | None:
    """A time with its offset; None when there is none or it has no offset."""
    sent = (text or "").strip()
    found = _TIME.match(sent)
    if not found:
        return None
    fraction = (found[2] or "")[:7]
    try:
        at = datetime.fromisoformat(f"{found[1]}{fraction}{found[3]}")
        return Moment(at=at.astimezone(UTC), as_sent=sent)
    except (ValueError, OverflowError):
        return None


def birth_date_of(text: str | None) -> date | None:
    """A birth date from a date or a date and time; the day as written counts."""
    try:
        return date.fromisoformat((text or "").strip()[:10])
    except ValueError:
        return None


def boolean_of(text: str | None) -> bool | None:
    """An XML Schema boolean; None when nothing was said."""
    return {"true": True, "1": True, "false": False, "0": False}.get((text or "").strip())


def number_of(text: str | None) -> int | None:
    """A whole number; None when nothing was said."""
    try:
        return int((text or "").strip())
    except ValueError:
        return None


def is_ip_address(text: str) -> bool:
    """Whether this is an IPv4, IPv6 or IPv4-mapped IPv6 address without a zone."""
    try:
        ipaddress.ip_address(text.strip())
    except ValueError:
        return False
    return "%" not in text


def is_email_address(text: str) -> bool:
    """Whether this has the form of an e-mail address, in any script.

    Shape: dots may stand anywhere before the @, for some carriers gave such addresses out.
    """
    address = text.strip()
    local, at, domain = address.rpartition("@")
    if not at or len(address) > MAX_EMAIL_LENGTH or not _LOCAL.match(local):
        return False
    if domain.startswith("[") and domain.endswith("]"):
        return is_ip_address(domain[1:-1].removeprefix("IPv6:"))
    return all(_LABEL.match(label) for label in domain.split("."))


def is_web_address(text: str) -> bool:
    """Whether nothing in this is a space, a control or another character that can't be seen."""
    return bool(text) and not any(
        letter.isspace() or unicodedata.category(letter) == "Cc" for letter in text
    )


def has_scheme(text: str) -> bool:
    """Whether this begins with a scheme and says something after it."""
    return _SCHEME.match(text) is not None
