"""What the protocol asks of a document beyond its schema (protocol notes 4.1, 4.2, 4.4, 5)."""

from datetime import datetime

from tipbridge.tips.report.batched import batched_report_faults
from tipbridge.tips.report.fault import Fault, Faults
from tipbridge.tips.report.tree import Element
from tipbridge.tips.report.unknown import known
from tipbridge.tips.report.value_rules import value_faults
from tipbridge.tips.report.values import boolean_of

_PARTIES = ("personOrUserReported", "intendedRecipient", "victim")


def report_faults(report: Element, *, now: datetime) -> list[Fault]:
    """What a report breaks, each with the element it is about."""
    if report.first("batchedReport") is not None:
        whole = batched_report_faults(report)
    else:
        whole = [*_reported_faults(report), *_details_faults(report)]
    return [
        *value_faults(report, now),
        *whole,
        *_reporter_faults(report),
        *_incident_email_faults(report),
    ]


def file_details_faults(details: Element, *, now: datetime) -> list[Fault]:
    """What a file's details break, each with the element they are about."""
    return [*value_faults(details, now), *_supplemental_faults(details), *_viewing_faults(details)]


def _reported_faults(report: Element) -> Faults:
    for extra in report.all("personOrUserReported")[1:]:
        text = "'personOrUserReported' may occur once (0-1) unless the report is batched."
        yield Fault(extra, "one-reported", text)


def _details_faults(report: Element) -> Faults:
    if report.first("internetDetails") is None:
        text = "'report' is expected to hold at least one 'internetDetails' (1 or more)."
        yield Fault(report, "internet-details", text)


def _reporter_faults(report: Element) -> Faults:
    reporter = report.first("reporter")
    person = reporter.first("reportingPerson") if reporter else None
    if person is not None and person.first("email") is None:
        text = "'reportingPerson' must have an 'email' (1 or more)."
        yield Fault(person, "reporter-email", text)


def _incident_email_faults(report: Element) -> Faults:
    addresses = {
        email.text.strip().casefold()
        for party in report.children
        if party.name in _PARTIES
        for email in known(party)
        if email.name == "email"
    }
    for details in report.all("internetDetails"):
        for email in known(details):
            if email.name == "emailAddress" and email.text.strip().casefold() not in addresses:
                text = (
                    "'emailAddress' must also be an 'email' in a 'personOrUserReported', an "
                    "'intendedRecipient' or a 'victim'."
                )
                yield Fault(email, "incident-email", text)


def _supplemental_faults(details: Element) -> Faults:
    if details.value("fileRelevance") != "Supplemental Reported":
        return
    classified = details.first("industryClassification")
    marks = details.first("fileAnnotations")
    meme = details.first("potentialMeme") or (marks and marks.first("potentialMeme"))
    if meme is not None and boolean_of(meme.text) is False:
        meme = None
    for each in (classified, meme):
        if each is not None:
            text = f"'{each.name}' is not allowed when 'fileRelevance' is 'Supplemental Reported'."
            yield Fault(each, "supplemental", text)


def _viewing_faults(details: Element) -> Faults:
    exif = details.first("exifViewedByEsp")
    if (
        exif is not None
        and boolean_of(exif.text)
        and not boolean_of(details.value("fileViewedByEsp"))
    ):
        text = "'exifViewedByEsp' may be true only when 'fileViewedByEsp' is true."
        yield Fault(exif, "exif-viewed", text)
