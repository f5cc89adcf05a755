"""A report asked for at the terminal, fact by fact: what is allowed is said before it is asked,
and what does not fit is asked again, so that nobody types the rest in vain.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.tips.filing.documents import EventName, IncidentType
from tipbridge.tips.filing.facts import FACT_NAMES, Facts, report_from
from tipbridge.tips.filing.writing import report_bytes
from tipbridge.tips.report.parse import parse_report

INCIDENT_TYPES: tuple[str, ...] = get_args(IncidentType)
_TYPE = "incident_type"
_OF_ADDRESS = frozenset({"ip_port", "ip_time", "ip_event"})
_TIME = "with Z or an offset, such as 2026-01-05T10:20:30+09:00"
_ALLOWED = {
    _TYPE: f"its number, 1 to {len(INCIDENT_TYPES)}, or its words",
    "incident_time": _TIME,
    "ip": "IPv4 or IPv6",
    "ip_port": "1 to 65535",
    "ip_time": _TIME,
    "ip_event": ", ".join(get_args(EventName)),
    "url": "with https:// or http://",
    "escalate": "why it is urgent; empty when it is not",
}
_LATE = datetime(9000, 1, 1, tzinfo=UTC)
"""Whether a time has passed is asked when the report is filed, by the node's own clock."""
_WHOLE = Facts(incident_type=INCIDENT_TYPES[0], reporter_email="reports@esp.example")
"""What else a report needs, for a check of one fact."""
_PLACE = re.compile(r"^\[\d+,\d+\] - [\w.-]+: ", re.MULTILINE)


def ask_facts() -> Facts:
    """The facts of one report, asked one by one; an empty answer leaves a fact unsaid."""
    for number, name in enumerate(INCIDENT_TYPES, 1):
        typer.echo(f"{number}  {name}", err=True)
    said = Facts()
    for name in FACT_NAMES:
        if said.ip or name not in _OF_ADDRESS:
            said = _ask(said, name)
    return said


def _ask(said: Facts, name: str) -> Facts:
    allowed = f" ({_ALLOWED[name]})" if name in _ALLOWED else ""
    question = f"{name.replace('_', ' ')}{allowed}"
    while True:
        told = str(typer.prompt(question, default="", show_default=False, err=True)).strip()
        more = replace(said, **{name: _typed(told) if name == _TYPE else told})
        wrong = fault_of(more, name)
        if wrong is None:
            return more
        typer.echo(wrong, err=True)


def _typed(told: str) -> str:
    """An incident type by its number in the list, or as it was written."""
    is_number = told.isascii() and told.isdecimal() and len(told) == 1
    return INCIDENT_TYPES[int(told) - 1] if is_number and told in _NUMBERS else told


_NUMBERS = frozenset(str(number) for number in range(1, len(INCIDENT_TYPES) + 1))


def fault_of(said: Facts, name: str) -> str | None:
    """What is wrong with this fact beside those said before; None when it fits."""
    if name != _TYPE and not getattr(said, name):
        return None
    needed = replace(
        said,
        incident_type=said.incident_type if name == _TYPE else _WHOLE.incident_type,
        reporter_email=said.reporter_email or _WHOLE.reporter_email,
    )
    try:
        parse_report(report_bytes(report_from(needed)), now=_LATE)
    except Invalid as error:
        return _PLACE.sub("", error.public.removeprefix("Validation failed\n"))
    return None
