"""What is looked for in a report: each check answers yes, no, or None where it does not apply."""

import ipaddress
from collections.abc import Callable

from tipbridge.tips.intake.model import ReportRecord
from tipbridge.tips.report.model import FileDetails, IpCapture, Person, PersonRole, Report

VIRAL_FROM_REPORTS = 5
"""How many other reports with the same file make it one that should have been marked viral."""

_VIRAL_MARKS = frozenset({"viral", "potentialMeme"})
_SUPPLEMENTAL = "Supplemental Reported"
_OF_OTHERS = ("report/reporter/", "report/lawEnforcement/")
_PLACES = (
    "/incidentAddress",
    "/locationName",
    "/latitude",
    "/estimatedLocation",
    "/address/",
    "/schoolName",
)
_CONTENTS = ("/content",)


def _reported(report: Report) -> list[Person]:
    return [person for person in report.people if person.role is PersonRole.REPORTED]


def _can_be_named(person: Person) -> bool:
    account = person.account
    return bool(account.identifier or account.screen_name or person.emails or person.phones)


def _addresses(record: ReportRecord, report: Report) -> list[IpCapture]:
    of_files = [file.details.ip for file in record.files if file.details and file.details.ip]
    of_people = [ip for person in _reported(report) for ip in person.ips]
    return [*of_people, *report.incident.ips, *of_files]


def _has_account(_record: ReportRecord, report: Report, _spread: dict[str, int]) -> bool | None:
    return any(_can_be_named(person) for person in _reported(report))


def _has_address(record: ReportRecord, report: Report, _spread: dict[str, int]) -> bool | None:
    return bool(_addresses(record, report))


def _has_times(record: ReportRecord, report: Report, _spread: dict[str, int]) -> bool | None:
    found = _addresses(record, report)
    return all(ip.at is not None for ip in found) if found else None


def _has_ports(record: ReportRecord, report: Report, _spread: dict[str, int]) -> bool | None:
    found = [ip for ip in _addresses(record, report) if _is_version_4(ip.address)]
    return all(ip.port is not None for ip in found) if found else None


def _is_version_4(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.strip()).version == 4
    except ValueError:
        return False


def _has_incident_time(
    _record: ReportRecord, report: Report, _spread: dict[str, int]
) -> bool | None:
    return report.incident.at is not None


def _says_viewed(record: ReportRecord, _report: Report, _spread: dict[str, int]) -> bool | None:
    if not record.files:
        return None
    told = [file.details for file in record.files]
    return all(each is not None and each.viewed_by_provider is not None for each in told)


def _marks_viral(record: ReportRecord, report: Report, spread: dict[str, int]) -> bool | None:
    viral = [file for file in record.files if spread.get(file.sha256, 0) >= VIRAL_FROM_REPORTS]
    if not viral:
        return None
    if report.batched or _VIRAL_MARKS & set(report.incident.annotations):
        return True
    return all(file.details and _VIRAL_MARKS & set(file.details.annotations) for file in viral)


def _children(report: Report) -> list[Person]:
    wanted = {PersonRole.VICTIM, PersonRole.RECIPIENT}
    return [each for each in report.people if each.role in wanted]


def _names_victim(_record: ReportRecord, report: Report, _spread: dict[str, int]) -> bool | None:
    children = [each for each in report.people if each.role is PersonRole.VICTIM]
    return any(_can_be_named(child) for child in children)


def _names_recipient(_record: ReportRecord, report: Report, _spread: dict[str, int]) -> bool | None:
    return any(_can_be_named(child) for child in _children(report))


def _says_age(_record: ReportRecord, report: Report, _spread: dict[str, int]) -> bool | None:
    children = _children(report)
    if not children:
        return None
    return any(child.age is not None or child.birth_on is not None for child in children)


def _names_service(_record: ReportRecord, report: Report, _spread: dict[str, int]) -> bool | None:
    named = [one for one in _reported(report) if one.account.identifier or one.account.screen_name]
    if not named:
        return None
    of_incident = bool(report.incident.platform or report.incident.clients)
    return of_incident or all(person.account.service for person in named)


def _has_material(record: ReportRecord, report: Report, _spread: dict[str, int]) -> bool | None:
    return bool(record.files or report.incident.urls)


def _has_upload_times(
    record: ReportRecord, _report: Report, _spread: dict[str, int]
) -> bool | None:
    told = [file.details for file in record.files if not _is_supplemental(file.details)]
    return all(each is not None and _upload_time(each) for each in told) if told else None


def _is_supplemental(details: FileDetails | None) -> bool:
    return details is not None and details.relevance == _SUPPLEMENTAL


def _upload_time(details: FileDetails) -> bool:
    return bool(details.uploaded_at or (details.ip and details.ip.at))


def _has_web_address(_record: ReportRecord, report: Report, _spread: dict[str, int]) -> bool | None:
    return bool(report.incident.urls)


def _has_communication(
    record: ReportRecord, _report: Report, _spread: dict[str, int]
) -> bool | None:
    return bool(record.files) or _says(record, _CONTENTS)


def _has_place(record: ReportRecord, _report: Report, _spread: dict[str, int]) -> bool | None:
    return _says(record, _PLACES)


def _has_offer(_record: ReportRecord, report: Report, _spread: dict[str, int]) -> bool | None:
    reachable = any(person.emails or person.phones for person in _reported(report))
    return reachable or bool(report.incident.urls)


def _says(record: ReportRecord, parts: tuple[str, ...]) -> bool:
    """Whether the document says any of these of the incident or of the people in it."""
    return any(
        value.strip() and any(part in path for part in parts)
        for path, value in record.values
        if not path.startswith(_OF_OTHERS)
    )


Check = Callable[[ReportRecord, Report, dict[str, int]], bool | None]

CHECKS: dict[str, Check] = {
    "account": _has_account,
    "ip-address": _has_address,
    "ip-time": _has_times,
    "ip-port": _has_ports,
    "incident-time": _has_incident_time,
    "file-viewed": _says_viewed,
    "viral-marked": _marks_viral,
    "service": _names_service,
    "material": _has_material,
    "upload-time": _has_upload_times,
    "web-address": _has_web_address,
    "victim": _names_victim,
    "recipient": _names_recipient,
    "child-age": _says_age,
    "communication": _has_communication,
    "place": _has_place,
    "offer": _has_offer,
}
"""Closed; `data/expectations.toml` says of which incident types each is expected, and why."""
