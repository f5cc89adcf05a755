"""A report in a few flat facts: what a form asks, a row of CSV holds, or an object of JSON says."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, cast

from tipbridge.foundation.base.errors import Invalid
from tipbridge.tips.filing import documents as doc
from tipbridge.tips.filing.parcels import Enclosure
from tipbridge.tips.report.tree import Element

ROWS_MAX_BYTES = 10 * 1024 * 1024
_MANY = ";"
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What somebody says of an incident; an empty fact is not said. Times with their offset."""

    incident_type: str = ""
    reporter_email: str = field(default="", repr=False)
    incident_time: str = ""
    platform: str = ""
    escalate: str = field(default="", repr=False)
    service: str = ""
    account: str = field(default="", repr=False)
    screen_name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    ip: str = field(default="", repr=False)
    ip_port: str = ""
    ip_time: str = ""
    ip_event: str = ""
    url: str = field(default="", repr=False)
    victim_account: str = field(default="", repr=False)
    note: str = field(default="", repr=False)


FACT_NAMES = tuple(each.name for each in fields(Facts))
ROW_NAMES = (*FACT_NAMES, "files", "viewed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One report to draft: its facts and its files."""

    facts: Facts
    files: tuple[Enclosure, ...] = ()


def report_from(facts: Facts) -> doc.Report:
    """The report that says these facts.

    Errors: Invalid without an incident type.
    """
    if not facts.incident_type:
        raise Invalid("'incident_type' is required: what is said to have happened.")
    reporter = doc.Person(email=_emails(facts.reporter_email))
    victim = doc.Victim(victim_person=doc.Person(), esp_identifier=facts.victim_account)
    web = doc.WebPageIncident(url=(facts.url,))
    return doc.Report(
        incident_summary=doc.IncidentSummary(
            incident_type=cast("Any", facts.incident_type),
            platform=facts.platform or None,
            escalate_to_high_priority=facts.escalate or None,
            incident_date_time=facts.incident_time or None,
        ),
        internet_details=(web,) if facts.url else (),
        reporter=doc.Reporter(reporting_person=reporter),
        person_or_user_reported=_reported(facts),
        victim=(victim,) if facts.victim_account else (),
        additional_info=facts.note or None,
    )


def _emails(address: str) -> tuple[doc.Email, ...]:
    return (doc.Email(address=address),) if address else ()


def _reported(facts: Facts) -> tuple[doc.PersonOrUserReported, ...]:
    phones = (doc.Phone(number=facts.phone),) if facts.phone else ()
    person = doc.Person(phone=phones, email=_emails(facts.email))
    ips: tuple[doc.IpCaptureEvent, ...] = ()
    if facts.ip:
        if facts.ip_port and not facts.ip_port.isdecimal():
            raise Invalid(f"'ip_port' must be a number from 1 to 65535, not {facts.ip_port!r}.")
        ips = (
            doc.IpCaptureEvent(
                ip_address=facts.ip,
                event_name=cast("Any", facts.ip_event or None),
                date_time=facts.ip_time or None,
                port=int(facts.ip_port) if facts.ip_port else None,
            ),
        )
    one = doc.PersonOrUserReported(
        person_or_user_reported_person=person if person.phone or person.email else None,
        esp_identifier=facts.account or None,
        esp_service=facts.service or None,
        screen_name=facts.screen_name or None,
        ip_capture_event=ips,
    )
    return () if one == doc.PersonOrUserReported() else (one,)


_PATHS = {
    "incident_type": "incidentSummary/incidentType",
    "platform": "incidentSummary/platform",
    "escalate": "incidentSummary/escalateToHighPriority",
    "incident_time": "incidentSummary/incidentDateTime",
    "reporter_email": "reporter/reportingPerson/email",
    "account": "personOrUserReported/espIdentifier",
    "service": "personOrUserReported/espService",
    "screen_name": "personOrUserReported/screenName",
    "email": "personOrUserReported/personOrUserReportedPerson/email",
    "phone": "personOrUserReported/personOrUserReportedPerson/phone",
    "ip": "personOrUserReported/ipCaptureEvent/ipAddress",
    "ip_port": "personOrUserReported/ipCaptureEvent/port",
    "ip_time": "personOrUserReported/ipCaptureEvent/dateTime",
    "ip_event": "personOrUserReported/ipCaptureEvent/eventName",
    "url": "internetDetails/webPageIncident/url",
    "victim_account": "victim/espIdentifier",
    "note": "additionalInfo",
}


def facts_in(document: Element) -> Facts:
    """The facts that a drafted report says."""
    return Facts(**{name: _value(document, path) for name, path in _PATHS.items()})


def _value(element: Element, path: str) -> str:
    *way, last = path.split("/")
    found: Element | None = element
    for name in way:
        found = found.first(name) if found else None
    return (found.value(last) if found else None) or ""


def read_rows(path: Path) -> list[Row]:
    """The reports that a file of CSV rows or of JSON objects describes.

    Errors: Invalid naming row and column, and what is allowed.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(ROWS_MAX_BYTES + 1)
    except OSError as error:
        raise Invalid(f"Cannot read {path}: {error.strerror}.") from error
    if len(data) > ROWS_MAX_BYTES:
        raise Invalid(f"{path} is longer than {ROWS_MAX_BYTES} bytes.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"{path} is not UTF-8.") from error
    rows = _json_rows(text) if text.lstrip()[:1] in {"{", "["} else _csv_rows(text)
    if not rows:
        raise Invalid(f"{path} holds no report.")
    return [row_of(number, row, path.parent) for number, row in enumerate(rows, 1)]


def _json_rows(text: str) -> list[Mapping[str, object]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid("This is not JSON.") from error
    rows = cast("list[object]", found) if isinstance(found, list) else [found]
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise Invalid(f"Row {number} is no object of names and values.")
    return cast("list[Mapping[str, object]]", rows)


def _csv_rows(text: str) -> list[Mapping[str, object]]:
    try:
        return [dict(row) for row in csv.DictReader(io.StringIO(text), strict=True)]
    except csv.Error as error:
        raise Invalid(f"This is not CSV: {error}.") from error


def row_of(number: int, row: Mapping[str, object], folder: Path) -> Row:
    """One row, its files relative to a folder.

    Errors: Invalid naming the row and the column.
    """
    texts: dict[str, str] = {}
    for name, value in row.items():
        if name not in ROW_NAMES:
            raise Invalid(f"Row {number}: no column {name!r}; there are {', '.join(ROW_NAMES)}.")
        if value is not None and not isinstance(value, str | int | bool):
            raise Invalid(f"Row {number}: {name!r} must be a text.")
        texts[name] = "" if value is None else str(value).strip()
    facts = Facts(**{name: text for name, text in texts.items() if name in FACT_NAMES})
    details = _viewed(number, texts.get("viewed", ""))
    paths = [each.strip() for each in texts.get("files", "").split(_MANY) if each.strip()]
    files = tuple(Enclosure(source=folder / each, details=details) for each in paths)
    return Row(facts=facts, files=files)


def _viewed(number: int, text: str) -> doc.FileDetails | None:
    if not text:
        return None
    if text.lower() not in _YES_NO:
        raise Invalid(f"Row {number}: 'viewed' must be yes or no, not {text!r}.")
    return doc.FileDetails(file_viewed_by_esp=_YES_NO[text.lower()])
