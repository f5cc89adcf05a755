"""What a finished report lacks of what its incident type should hold."""

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from tipbridge.knowledge.law.model import Outcome
from tipbridge.tips.intake.model import Appraisal, ReportRecord
from tipbridge.tips.quality.model import Assessment, Expectation, OutcomeClass
from tipbridge.tips.report.model import IpCapture, Person, PersonRole, Report

VIRAL_FROM_REPORTS = 5
"""How many other reports with the same file make it one that should have been marked viral."""

_VIRAL_MARKS = frozenset({"viral", "potentialMeme"})
_APPRAISALS = frozenset(each.value for each in Appraisal)
_OUTCOMES = frozenset(each.value for each in Outcome)
_NO_ACTION = frozenset({Outcome.NO_SUSPICION.value, Outcome.PUBLIC_INTEREST_CLOSURE.value})


def word_for_provider(outcome: str) -> str:
    """What a provider is told of an outcome: a word on the report's use as it is; of a decision
    about a person its class alone, which says nothing of age, custody or stage.
    """
    if outcome in _APPRAISALS:
        return outcome
    if outcome in _NO_ACTION:
        return OutcomeClass.NO_ACTION
    return OutcomeClass.ACTED_ON if outcome in _OUTCOMES else OutcomeClass.OTHER


def facts_for_provider(facts: Mapping[str, str | int | bool | None]) -> dict[str, str]:
    """Of a feedback's facts, those that help to file better; none else leaves this node."""
    reason = facts.get("reason")
    return {"reason": str(reason)} if reason in _APPRAISALS else {}


def outcomes_for_provider(outcomes: Mapping[str, int]) -> dict[str, int]:
    """How often a provider is told what, the most often first."""
    found: dict[str, int] = {}
    for outcome, times in outcomes.items():
        word = word_for_provider(outcome)
        found[word] = found.get(word, 0) + times
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def expected_on(expectations: Iterable[Expectation], on: date) -> tuple[Expectation, ...]:
    """Of each check, the newest expectation in force on a day."""
    newest: dict[str, Expectation] = {}
    for one in expectations:
        held = newest.get(one.check)
        if one.from_on <= on and (held is None or held.from_on < one.from_on):
            newest[one.check] = one
    return tuple(newest.values())


def assess(
    record: ReportRecord, expectations: Iterable[Expectation], spread: dict[str, int]
) -> Assessment | None:
    """How a report met what was expected of it; None when there is nothing to read any more.

    Shape: `spread` counts, by SHA-256, other reports with the same file. A check that does
    not apply (a port, where there is no address) is neither expected nor missing.
    """
    report, finished_at = record.report, record.finished_at
    if report is None or finished_at is None:
        return None
    held: list[tuple[Expectation, bool]] = []
    for one in expected_on(expectations, finished_at.date()):
        if one.types and report.incident.type not in one.types:
            continue
        met = CHECKS[one.check](record, report, spread)
        if met is not None:
            held.append((one, met))
    at = report.incident.at
    lag = None if at is None else int((finished_at - at.at).total_seconds())
    return Assessment(
        expected=tuple(one.check for one, _ in held),
        missing=tuple(one.check for one, met in held if not met),
        actionable=all(met for one, met in held if one.decisive),
        lag_seconds=lag if lag is not None and lag >= 0 else None,
    )


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


def _names_victim(_record: ReportRecord, report: Report, _spread: dict[str, int]) -> bool | None:
    children = [each for each in report.people if each.role is PersonRole.VICTIM]
    return any(_can_be_named(child) for child in children)


Check = Callable[[ReportRecord, Report, dict[str, int]], bool | None]

CHECKS: dict[str, Check] = {
    "account": _has_account,
    "ip-address": _has_address,
    "ip-time": _has_times,
    "ip-port": _has_ports,
    "incident-time": _has_incident_time,
    "file-viewed": _says_viewed,
    "viral-marked": _marks_viral,
    "victim": _names_victim,
}
"""Closed: each answers yes, no, or None where it does not apply."""
