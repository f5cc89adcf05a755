"""What a batched report may hold: one viral file and the accounts that sent it (notes 4.3)."""

from tipbridge.tips.report.errors import InvalidDocument
from tipbridge.tips.report.fault import Fault, Faults
from tipbridge.tips.report.strictness import Mode, Strictness
from tipbridge.tips.report.tree import Element
from tipbridge.tips.report.values import boolean_of

_NOT_IN_REPORT = (
    "internetDetails",
    "lawEnforcement",
    "intendedRecipient",
    "victim",
    "additionalInfo",
)
_MARKS = frozenset({"viral", "potentialMeme"})
_NOT_IN_DETAILS = (
    "originalFileName",
    "locationOfFile",
    "originalFileHash",
    "ipCaptureEvent",
    "deviceId",
    "details",
    "additionalInfo",
)
MOST_BATCHED_FILES = 1


def batched_report_faults(report: Element) -> list[Fault]:
    """What a batched report breaks."""
    return [*_field_faults(report), *_people_faults(report)]


def batched_details_faults(details: Element) -> list[Fault]:
    """What the details of a batched report's file break."""
    return [*_mark_faults(details), *_detail_faults(details)]


def check_batched_files(count: int, strictness: Strictness) -> None:
    """Refuse to finish a batched report with so many files.

    Errors: InvalidDocument; it names no line, for the fault is in no document.
    """
    if count > MOST_BATCHED_FILES and strictness.of("batched-files") is Mode.STRICT:
        text = f"A batched report may have {MOST_BATCHED_FILES} file (0-1); this one has {count}."
        raise InvalidDocument(
            f"Validation failed\nbatched-files: {text} Retract it and file its files apart."
        )


def _field_faults(report: Element) -> Faults:
    summary = report.first("incidentSummary")
    urgent = summary.first("escalateToHighPriority") if summary else None
    forbidden = [each for each in report.children if each.name in _NOT_IN_REPORT]
    for each in (*([urgent] if urgent is not None else []), *forbidden):
        text = f"'{each.name}' is not allowed in a batched report (0)."
        yield Fault(each, "batched-fields", text)


def _people_faults(report: Element) -> Faults:
    for person in report.all("personOrUserReported"):
        held = [child.name for child in person.children]
        if held != ["espIdentifier"]:
            text = (
                "In a batched report 'personOrUserReported' holds one 'espIdentifier' and "
                "nothing else."
            )
            yield Fault(person, "batched-people", text)


def _mark_faults(details: Element) -> Faults:
    marks = details.first("fileAnnotations")
    held = marks.children if marks is not None else ()
    legacy = boolean_of(details.value("potentialMeme"))
    if not legacy and not any(mark.name in _MARKS for mark in held):
        text = "The file of a batched report must be marked 'viral' or 'potentialMeme', or both."
        yield Fault(marks or details, "batched-marks", text)
    for mark in held:
        if mark.name not in _MARKS:
            text = f"'{mark.name}' is not allowed: a batched report's file is marked only"
            yield Fault(mark, "batched-marks", f"{text} 'viral' or 'potentialMeme'.")


def _detail_faults(details: Element) -> Faults:
    for each in details.children:
        if each.name in _NOT_IN_DETAILS:
            text = f"'{each.name}' is not allowed for the file of a batched report (0)."
            yield Fault(each, "batched-details", text)
    relevance = details.first("fileRelevance")
    if relevance is not None and relevance.text != "Reported":
        text = "'fileRelevance' must be 'Reported' for the file of a batched report."
        yield Fault(relevance, "batched-details", text)
