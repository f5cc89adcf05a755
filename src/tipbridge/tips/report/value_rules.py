"""What the protocol asks of single values beyond their type in the schema (protocol notes 4.1)."""

import re
from datetime import datetime, timedelta

from tipbridge.tips.report.fault import Fault, Faults
from tipbridge.tips.report.tree import Element
from tipbridge.tips.report.unknown import known
from tipbridge.tips.report.values import (
    birth_date_of,
    boolean_of,
    has_scheme,
    is_email_address,
    is_ip_address,
    is_web_address,
    moment_of,
)

ALLOWED_SKEW = timedelta(minutes=5)
"""Senders stamp "now" by a clock of their own; a few minutes ahead is not the future."""

_PAST_ELEMENTS = frozenset({"dateTime", "incidentDateTime", "uploadedToEspTimestamp"})
_PAST_ATTRIBUTES = ("verificationDate", "timestamp", "disabledDate", "userNotifiedDate")
_OFFSET = "a date and time with 'Z' or an offset, such as 2026-01-05T10:20:30+01:00"
_US_STATES = frozenset(
    {
        "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN",
        "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV",
        "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN",
        "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "DC", "GU", "PR", "VI", "AS", "MP",
    }
)  # fmt: skip
_JOINTS = re.compile(r"[\s().-]")


def value_faults(root: Element, now: datetime) -> Faults:
    """What the values of a document break, one by one."""
    latest = now + ALLOWED_SKEW
    for element in known(root):
        yield from _time_faults(element, latest)
        check = _BY_NAME.get(element.name)
        if check is not None:
            yield from check(element)


def _time_faults(element: Element, latest: datetime) -> Faults:
    if element.name in _PAST_ELEMENTS:
        yield from _past_faults(element, f"'{element.name}'", element.text, latest)
    if element.name == "dateOfBirth":
        yield from _birth_faults(element, latest)
    for name in _PAST_ATTRIBUTES:
        if name in element.attributes:
            yield from _past_faults(element, f"'@{name}'", element.attributes[name], latest)


def _past_faults(element: Element, where: str, text: str, latest: datetime) -> Faults:
    moment = moment_of(text)
    if moment is None:
        yield Fault(element, "time-offset", f"{where} must be {_OFFSET}.")
    elif moment.at > latest:
        yield Fault(element, "time-past", f"{where} must lie in the past.")


def _birth_faults(element: Element, latest: datetime) -> Faults:
    born = birth_date_of(element.text)
    if born is None or born > latest.date():
        yield Fault(element, "birth-date", "'dateOfBirth' must be a date in the past.")
    if "T" in element.text and moment_of(element.text) is None:
        yield Fault(element, "time-offset", f"'dateOfBirth' must be a date, or {_OFFSET}.")


def _blank_faults(element: Element) -> Faults:
    if not element.text.strip():
        yield Fault(element, "not-blank", f"'{element.name}' must not be blank.")


def _address_faults(address: Element) -> Faults:
    if not is_ip_address(address.text):
        text = "'ipAddress' must be an IPv4, IPv6 or IPv4-mapped IPv6 address."
        yield Fault(address, "ip-address", text)


def _url_faults(url: Element) -> Faults:
    if not is_web_address(url.text):
        text = f"'{url.name}' must be an address without space or control characters."
        yield Fault(url, "url-form", text)
    elif not has_scheme(url.text):
        text = f"'{url.name}' is expected to begin with its scheme, such as https://."
        yield Fault(url, "url-scheme", text)


def _verified_faults(element: Element) -> Faults:
    stated = boolean_of(element.attributes.get("verified"))
    if "verificationDate" in element.attributes and stated is not True:
        text = "'@verified' must be true when '@verificationDate' is present."
        yield Fault(element, "verified", text)


def _phone_faults(phone: Element) -> Faults:
    yield from _verified_faults(phone)
    code = phone.attributes.get("countryCallingCode")
    if code and _JOINTS.sub("", phone.text).startswith(code):
        text = f"'{phone.name}' must not begin with its '@countryCallingCode'."
        yield Fault(phone, "calling-code", text)


def _email_faults(email: Element) -> Faults:
    yield from _verified_faults(email)
    if not is_email_address(email.text):
        text = (
            f"'{email.name}' must be a well-formed address of at most 255 characters, at most 64 "
            "before the @."
        )
        yield Fault(email, "email-form", text)


def _location_faults(place: Element) -> Faults:
    country = place.value("countryCode")
    region = place.value("region")
    if country is None:
        text = "'estimatedLocation' must name its 'countryCode' (exactly 1)."
        yield Fault(place, "location-country", text)
    elif country == "US" and place.value("city") and region is None:
        text = "'region' is required (exactly 1) when 'city' is given and the country is US."
        yield Fault(place, "location-region", text)
    elif country == "US" and region is not None and region not in _US_STATES:
        text = "'region' must be the abbreviation of a state, such as IL, when the country is US."
        yield Fault(place.first("region") or place, "location-region", text)


def _linked_account_faults(account: Element) -> Faults:
    if account.first("approximateAge") is not None and account.first("dateOfBirth") is not None:
        text = "'approximateAge' and 'dateOfBirth' exclude each other."
        yield Fault(account, "age-or-birth", text)
    kinds = {account.attributes[name] for name in _TYPES if name in account.attributes}
    if not kinds:
        text = (
            "Attribute 'type' must appear on 'associatedAccount': one of "
            "'[Billing, Linked, Business, Creator, Parent/Guardian, Other]'."
        )
        yield Fault(account, "account-type", text)
    elif len(kinds) > 1:
        text = "'@type' and '@accountType' are two names of one thing and must say the same."
        yield Fault(account, "account-type", text)


def _disabled_faults(element: Element) -> Faults:
    disabled = moment_of(element.attributes.get("disabledDate"))
    notified = moment_of(element.attributes.get("userNotifiedDate"))
    enabled = moment_of(element.attributes.get("reenabledDate"))
    if "reenabledDate" in element.attributes and enabled is None:
        yield Fault(element, "time-offset", f"'@reenabledDate' must be {_OFFSET}.")
    if disabled and notified and notified.at < disabled.at:
        text = "'@userNotifiedDate' must not be before '@disabledDate'."
        yield Fault(element, "notified-order", text)
    if disabled and enabled and enabled.at <= disabled.at:
        text = "'@reenabledDate' must be after '@disabledDate'."
        yield Fault(element, "reenabled-order", text)


_TYPES = ("type", "accountType")
_BY_NAME = {
    "idType": _blank_faults,
    "idValue": _blank_faults,
    "escalateToHighPriority": _blank_faults,
    "ipAddress": _address_faults,
    "url": _url_faults,
    "profileUrl": _url_faults,
    "legalURL": _url_faults,
    "locationOfFile": _url_faults,
    "phone": _phone_faults,
    "phoneNumber": _phone_faults,
    "email": _email_faults,
    "emailAddress": _email_faults,
    "estimatedLocation": _location_faults,
    "associatedAccount": _linked_account_faults,
    "accountTemporarilyDisabled": _disabled_faults,
    "accountPermanentlyDisabled": _disabled_faults,
}
