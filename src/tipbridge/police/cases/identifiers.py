"""Identifiers in the one form in which they are compared."""

import contextlib
import ipaddress
import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email

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
    return Identifier(kind=IdentifierKind.EMAIL, value=text.lower()) if text else None


def phone(number: str, region: str | None) -> Identifier | None:
    """A phone number in E.164; without a country it stays as reported and never attaches."""
    text = _plain(number)
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    value = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Identifier(kind=IdentifierKind.PHONE, value=value)


def ip(address: str) -> Identifier | None:
    """An IP address in its shortest form."""
    try:
        return Identifier(kind=IdentifierKind.IP, value=str(ipaddress.ip_address(_plain(address))))
    except ValueError:
        return None


def device(type_: str, value: str) -> Identifier | None:
    """A device's id of some type."""
    scope, text = _plain(type_).casefold(), _plain(value)
    return Identifier(kind=IdentifierKind.DEVICE, scope=scope, value=text) if text else None


def _at_service(kind: IdentifierKind, service: str, name: str) -> Identifier | None:
    # Another form of the same letters is the same name; letters that look alike are not.
    scope, value = _plain(service).casefold(), unicodedata.normalize("NFC", name).strip()
    return Identifier(kind=kind, scope=scope, value=value) if scope and value else None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
