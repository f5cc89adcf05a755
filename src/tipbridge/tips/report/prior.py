"""Prior reports that a report names: only who keeps the reports can say whether they exist."""

from tipbridge.tips.report.fault import Fault
from tipbridge.tips.report.tree import Element
from tipbridge.tips.report.unknown import known

_NAMES = frozenset({"priorCTReports", "priorCTReport"})


def prior_reports(report: Element) -> list[tuple[Element, int]]:
    """Every number of a prior report that a report names, with its element."""
    return [(each, int(each.text)) for each in known(report) if each.name in _NAMES]


def prior_report_faults(elements: list[Element]) -> list[Fault]:
    """The faults of these elements, which name prior reports that do not exist."""
    text = "must be the number of a report that you filed here and did not retract."
    return [Fault(each, "prior-report", f"'{each.name}' {text}") for each in elements]
