"""Identifiers in the one form in which they are compared."""

import contextlib
import ipaddress
import re
import unicodedata
from dataclasses import replace

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from tipbridge.foundation.base.errors import Invalid
from tipbridge.police.cases.model import Identifier, IdentifierKind


def account(service: str, name: str) -> Identifier | None:
    """An account at a service; services are compared without case, account ids exactly."""
    return _at_service(IdentifierKind.ACCOUNT, service, name)


def screen_name(service: str, name: str) -> Identifier | None:
    """What somebody calls themself at a service: they chose it, and others may take it later."""
    return _at_service(IdentifierKind.SCREEN_NAME, service, name)


def email(address: str) -> Identifier | None:
    """An e-mail address; compared without case, in whatever form it was reported."""
    text = _plain(address)
    # What is no address by the standard is still what the provider knows of somebody.
    with contextlib.suppress(EmailNotValidError):
        text = validate_email(text, check_deliverability=False).normalized
    return _fitting(IdentifierKind.EMAIL, "", text.lower())


def phone(number: str, region: str | None) -> Identifier | None:
    """A phone number in E.164; None for one without a country, which stays as reported."""
    text = _plain(number)
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    value = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Identifier(kind=IdentifierKind.PHONE, value=value)


def phone_as_written(number: str) -> Identifier | None:
    """A phone number that could not be read, as it was reported: it ties nobody, and is found."""
    text = _plain(number)
    if not any(each.isdigit() for each in text):
        return None
    return _fitting(IdentifierKind.PHONE, "", text)


def is_placeholder(identifier: Identifier) -> bool:
    """Whether a phone number is one that nobody can have, such as 000-0000-0000 in a form."""
    if identifier.kind is not IdentifierKind.PHONE:
        return False
    try:
        parsed = phonenumbers.parse(identifier.value, None)
    except phonenumbers.NumberParseException:
        return True
    ending = identifier.value[-_SAME_DIGITS:]
    return len(set(ending)) == 1 or not phonenumbers.is_valid_number(parsed)


def digits_of(phone: Identifier) -> tuple[str, ...]:
    """A phone number's digits, with its country and as it is dialled at home; of one kept as it
    was written, those that it has.
    """
    try:
        parsed = phonenumbers.parse(phone.value, None)
    except phonenumbers.NumberParseException:
        return ("".join(filter(str.isdigit, phone.value)),)
    at_home = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return tuple("".join(filter(str.isdigit, each)) for each in (phone.value, at_home))


def ip(address: str) -> Identifier | None:
    """An IP address in its shortest form; one of a machine's own network (`%eth0`) is none."""
    try:
        found = ipaddress.ip_address(_plain(address))
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address):
        if found.scope_id is not None:
            return None
        found = found.ipv4_mapped or found
    return Identifier(kind=IdentifierKind.IP, value=str(found))


def device(type_: str, value: str) -> Identifier | None:
    """A device's id of some type."""
    return _fitting(IdentifierKind.DEVICE, _plain(type_).casefold(), _plain(value))


def device_code(identifier: Identifier) -> str | None:
    """A device's id without separators and case, as ids of one type are compared; None for another.

    Shape: an id that has letters and digits of no such kind is compared as it is written alone.
    """
    if identifier.kind is not IdentifierKind.DEVICE:
        return None
    return re.sub("[^0-9A-Za-z]", "", identifier.value).upper() or None


def compared(identifier: Identifier) -> Identifier:
    """An identifier as it is compared with another agency's: of a device without separators and case.

    Shape: the other kinds are kept in the form in which they are compared.
    """
    code = device_code(identifier)
    return identifier if code is None else replace(identifier, value=code)


_SAME_DIGITS = 7
"""So many same digits at the end are typed to fill a form in; a real number of that kind waits for staff."""
MOST_BYTES = 2400
"""An index compares no more: a page of the database holds three of its rows, 2,704 bytes each."""
WRITTEN = (
    IdentifierKind.ACCOUNT,
    IdentifierKind.PHONE,
    IdentifierKind.EMAIL,
    IdentifierKind.SCREEN_NAME,
    IdentifierKind.IP,
    IdentifierKind.DEVICE,
)
"""What staff write down by hand: a file is known by its digest, from a referral or an exhibit."""
_WANTED = {
    IdentifierKind.ACCOUNT: "a service and the account's id or name there",
    IdentifierKind.SCREEN_NAME: "a service and the name used there",
    IdentifierKind.PHONE: "a phone number with its country, such as +82 10 2000 0001",
    IdentifierKind.EMAIL: "an e-mail address",
    IdentifierKind.IP: "an IP address, such as 203.0.113.7",
    IdentifierKind.DEVICE: "a device's id, with its type as service, such as imei",
}


def read(kind: IdentifierKind, value: str, *, service: str, region: str | None) -> Identifier:
    """An identifier that somebody wrote, in its normal form.

    Errors: Invalid naming what is wanted of its kind.
    """
    found: Identifier | None = None
    match kind:
        case IdentifierKind.ACCOUNT:
            found = account(service, value)
        case IdentifierKind.SCREEN_NAME:
            found = screen_name(service, value)
        case IdentifierKind.PHONE:
            found = phone(value, region)
        case IdentifierKind.EMAIL:
            found = email(value) if "@" in value else None
        case IdentifierKind.IP:
            found = ip(value)
        case IdentifierKind.DEVICE:
            found = device(service, value)
        case IdentifierKind.FILE:
            found = None
    if found is None:
        wanted = _WANTED.get(kind, f"one of: {', '.join(WRITTEN)}")
        raise Invalid(f"{kind} is {wanted}; {MOST_BYTES} bytes at most.")
    return found


def _at_service(kind: IdentifierKind, service: str, name: str) -> Identifier | None:
    # Another form of the same letters is the same name; letters that look alike are not.
    scope, value = _plain(service).casefold(), unicodedata.normalize("NFC", name).strip()
    return _fitting(kind, scope, value) if scope else None


def _fitting(kind: IdentifierKind, scope: str, value: str) -> Identifier | None:
    """The identifier, unless it is empty or longer than anything that can be compared."""
    length = len(f"{scope}{value}".encode())
    return (
        Identifier(kind=kind, scope=scope, value=value) if value and length <= MOST_BYTES else None
    )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
