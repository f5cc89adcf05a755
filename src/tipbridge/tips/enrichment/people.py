"""Reads the people of a report: numbered, identifiers normalised, nothing guessed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import phonenumbers

from tipbridge.tips.enrichment.model import Identified, PhoneNumber
from tipbridge.tips.report.model import (
    Account,
    Email,
    FileDetails,
    IpCapture,
    Person,
    PersonRole,
    Phone,
    Report,
)

T = TypeVar("T")

_REGION_LENGTH = 2
"""Of an ISO 3166-1 code; "001" is the library's word for networks of no country."""
_NOT_THE_PERSON = "Parent/Guardian"
"""An associated account of this type is somebody else's: it never points at the person."""


def identify(report: Report, files: Sequence[FileDetails] = ()) -> tuple[Identified, ...]:
    """Every person of a report, in the order of the document.

    Shape: addresses captured with the incident or a file are given to the reported person when
    there is exactly one; otherwise they belong to nobody.
    """
    reported = [index for index, each in enumerate(report.people) if _is_reported(each)]
    loose = (*report.incident.ips, *(each.ip for each in files if each.ip is not None))
    owner = reported[0] if len(reported) == 1 else None
    return tuple(
        _identified(index, person, loose if index == owner else ())
        for index, person in enumerate(report.people)
    )


def _is_reported(person: Person) -> bool:
    return person.role is PersonRole.REPORTED


def _identified(index: int, person: Person, loose: tuple[IpCapture, ...]) -> Identified:
    countries = (address.country for address in person.addresses)
    accounts = tuple(filter(_says_something, (person.account, *person.other_accounts)))
    return Identified(
        index=index,
        role=person.role,
        name=" ".join(filter(None, (person.first_name, person.last_name))) or None,
        birth_on=person.birth_on,
        age=person.age,
        accounts=tuple(each for each in accounts if each.kind != _NOT_THE_PERSON),
        related=tuple(each for each in accounts if each.kind == _NOT_THE_PERSON),
        emails=_distinct(_normal_email(each) for each in person.emails),
        phones=_distinct(normal_phone(each) for each in person.phones),
        ips=_distinct((*person.ips, *loose)),
        devices=_distinct(person.devices),
        location=person.location,
        stated_countries=_distinct(each for each in countries if each),
        compromised=person.compromised,
        prior_reports=person.prior_reports,
    )


def _distinct(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))


def _says_something(account: Account) -> bool:
    return bool(
        account.identifier or account.screen_name or account.display_names or account.profile_urls
    )


def _normal_email(email: Email) -> Email:
    """The same address with its domain in lower case; the local part is the host's to read."""
    local, at, domain = email.address.rpartition("@")
    return replace(email, address=f"{local}{at}{domain.lower()}")


def normal_phone(phone: Phone) -> PhoneNumber:
    """A number in E.164 form with its country, when its calling code is known."""
    text = f"{phone.calling_code or ''}{phone.number}"
    try:
        parsed = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return PhoneNumber(number=text, verified=phone.verified)
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return PhoneNumber(number=number, verified=phone.verified, country=_country_of(parsed))


def _country_of(number: phonenumbers.PhoneNumber) -> str | None:
    """The country of a number: by its digits, or by its code when one country alone has it."""
    exact = phonenumbers.region_code_for_number(number)
    if exact is not None and len(exact) == _REGION_LENGTH:
        return exact
    regions = phonenumbers.region_codes_for_country_code(number.country_code or 0)
    return regions[0] if len(regions) == 1 and len(regions[0]) == _REGION_LENGTH else None
