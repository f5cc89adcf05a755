"""What the protocol asks of a document beyond its schema (protocol notes 4.1, 4.2, 5)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tipbridge.tips.report.tree import Element
from tipbridge.tips.report.values import (
    birth_date_of,
    boolean_of,
    is_email_address,
    is_ip_address,
    moment_of,
)

ALLOWED_SKEW = timedelta(minutes=5)
"""Senders stamp "now" by a clock of their own; a few minutes ahead is not the future."""

_PAST_ELEMENTS = frozenset({"dateTime", "incidentDateTime", "uploadedToEspTimestamp"})
_PAST_ATTRIBUTES = ("verificationDate", "timestamp", "disabledDate", "userNotifiedDate")
_NOT_BLANK = frozenset({"idType", "idValue", "ipAddress", "escalateToHighPriority"})
_PARTIES = ("personOrUserReported", "intendedRecipient", "victim")
_US_STATES = frozenset(
    {
        "AL",
        "AK",
        "AZ",
        "AR",
        "CA",
        "CO",
        "CT",
        "DE",
        "FL",
        "GA",
        "HI",
        "ID",
        "IL",
        "IN",
        "IA",
        "KS",
        "KY",
        "LA",
        "ME",
        "MD",
        "MA",
        "MI",
        "MN",
        "MS",
        "MO",
        "MT",
        "NE",
        "NV",
        "NH",
        "NJ",
        "NM",
        "NY",
        "NC",
        "ND",
        "OH",
        "OK",
        "OR",
        "PA",
        "RI",
        "SC",
        "SD",
        "TN",
        "TX",
        "UT",
        "VT",
        "VA",
        "WA",
        "WV",
        "WI",
        "WY",
        "DC",
        "GU",
        "PR",
        "VI",
        "AS",
        "MP",
    }
)

Faults = Iterator[tuple[Element, str]]


def report_faults(report: Element, *, now: datetime) -> list[tuple[Element, str]]:
    """What a report breaks, each with the element it is about."""
    return [*_value_faults(report, now), *_party_faults(report), *_incident_email_faults(report)]


def file_details_faults(details: Element, *, now: datetime) -> list[tuple[Element, str]]:
    """What a file's details break, each with the element they are about."""
    return [*_value_faults(details, now), *_relevance_faults(details), *_viewing_faults(details)]


def _value_faults(root: Element, now: datetime) -> Faults:
    latest = now + ALLOWED_SKEW
    for element in root.walk():
        yield from _time_faults(element, latest)
        if element.name in _NOT_BLANK and not element.text.strip():
            yield element, f"'{element.name}' must not be blank."
        elif element.name == "ipAddress" and not is_ip_address(element.text):
            yield element, "'ipAddress' must be an IPv4, IPv6 or IPv4-mapped IPv6 address."
        check = _BY_NAME.get(element.name)
        if check is not None:
            yield from check(element)


def _time_faults(element: Element, latest: datetime) -> Faults:
    if element.name in _PAST_ELEMENTS:
        yield from _past_faults(element, f"'{element.name}'", element.text, latest)
    if element.name == "dateOfBirth":
        born = birth_date_of(element.text)
        if born is None or born > latest.date():
            yield element, "'dateOfBirth' must be a date in the past."
    for name in _PAST_ATTRIBUTES:
        if name in element.attributes:
            yield from _past_faults(element, f"'@{name}'", element.attributes[name], latest)


def _past_faults(element: Element, where: str, text: str, latest: datetime) -> Faults:
    moment = moment_of(text)
    if moment is None:
        yield element, f"{where} must be a date and time with 'Z' or an offset of '+hh:mm'."
    elif moment.at > latest:
        yield element, f"{where} must be in the past."


def _verified_faults(element: Element) -> Faults:
    stated = boolean_of(element.attributes.get("verified"))
    if "verificationDate" in element.attributes and stated is not True:
        yield element, "'@verified' must be true when '@verificationDate' is present."


def _phone_faults(phone: Element) -> Faults:
    yield from _verified_faults(phone)
    code = phone.attributes.get("countryCallingCode")
    if code and phone.text.strip().startswith(code):
        yield phone, "'phone' must not repeat its '@countryCallingCode'."


def _email_faults(email: Element) -> Faults:
    yield from _verified_faults(email)
    if not is_email_address(email.text):
        yield email, "'email' must be a well-formed address."


def _location_faults(place: Element) -> Faults:
    country = place.value("countryCode")
    if country is None:
        yield place, "'estimatedLocation' must name its 'countryCode'."
    elif country == "US":
        region = place.value("region")
        if place.value("city") and region is None:
            yield place, "'region' is required when 'city' is given and the country is US."
        elif region is not None and region not in _US_STATES:
            yield place, "'region' must be the abbreviation of a state when the country is US."


def _linked_account_faults(account: Element) -> Faults:
    if account.first("approximateAge") is not None and account.first("dateOfBirth") is not None:
        yield account, "'approximateAge' and 'dateOfBirth' exclude each other."
    if "type" not in account.attributes and "accountType" not in account.attributes:
        yield account, "cvc-complex-type.4: Attribute 'type' must appear on 'associatedAccount'."


def _disabled_faults(element: Element) -> Faults:
    disabled = moment_of(element.attributes.get("disabledDate"))
    notified = moment_of(element.attributes.get("userNotifiedDate"))
    enabled = moment_of(element.attributes.get("reenabledDate"))
    if "reenabledDate" in element.attributes and enabled is None:
        yield element, "'@reenabledDate' must be a date and time with an offset."
    if disabled and notified and notified.at < disabled.at:
        yield element, "'@userNotifiedDate' must not be before '@disabledDate'."
    if disabled and enabled and enabled.at <= disabled.at:
        yield element, "'@reenabledDate' must be after '@disabledDate'."


_BY_NAME = {
    "phone": _phone_faults,
    "phoneNumber": _phone_faults,
    "email": _email_faults,
    "emailAddress": _email_faults,
    "estimatedLocation": _location_faults,
    "associatedAccount": _linked_account_faults,
    "accountTemporarilyDisabled": _disabled_faults,
    "accountPermanentlyDisabled": _disabled_faults,
}


def _party_faults(report: Element) -> Faults:
    reported = report.all("personOrUserReported")
    if len(reported) > 1 and report.first("batchedReport") is None:
        yield reported[1], "'personOrUserReported' may occur once unless the report is batched."
    reporter = report.first("reporter")
    person = reporter.first("reportingPerson") if reporter else None
    if person is not None and person.first("email") is None:
        yield person, "'reportingPerson' must have an 'email'."


def _incident_email_faults(report: Element) -> Faults:
    known = {
        email.text.strip().casefold()
        for party in report.children
        if party.name in _PARTIES
        for email in party.walk()
        if email.name == "email"
    }
    for details in report.all("internetDetails"):
        for email in details.walk():
            if email.name == "emailAddress" and email.text.strip().casefold() not in known:
                yield email, "'emailAddress' must also be an 'email' of a person in the report."


def _relevance_faults(details: Element) -> Faults:
    if details.value("fileRelevance") != "Supplemental Reported":
        return
    if details.first("industryClassification") is not None:
        yield details, "'industryClassification' is not allowed for a supplemental file."
    marks = details.first("fileAnnotations")
    if marks is not None and marks.first("potentialMeme") is not None:
        yield marks, "'potentialMeme' is not allowed for a supplemental file."


def _viewing_faults(details: Element) -> Faults:
    exif = boolean_of(details.value("exifViewedByEsp"))
    if exif and not boolean_of(details.value("fileViewedByEsp")):
        yield details, "'exifViewedByEsp' is true only when 'fileViewedByEsp' is."
