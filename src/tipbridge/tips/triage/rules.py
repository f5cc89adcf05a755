"""In which order tips are looked at, and which road a child's tip takes."""

from collections.abc import Iterable
from datetime import date

from tipbridge.tips.enrichment.model import Identified, Tip
from tipbridge.tips.report.model import FileDetails, PersonRole
from tipbridge.tips.triage.model import (
    ChildAge,
    Queue,
    Reason,
    ReasonCode,
    Triage,
)

_CONTACT_TYPES = frozenset(
    {
        "Child Sex Trafficking",
        "Child Sex Tourism",
        "Child Sexual Molestation",
        "Online Enticement of Children for Sexual Acts",
    }
)
_VIRAL_MARKS = frozenset({"viral", "potentialMeme"})
_SELF_PRODUCTION = "possibleSelfProduction"
_MINOR_TO_MINOR = "minorToMinorInteraction"
_CHILD_REASONS = frozenset(
    {ReasonCode.SELF_PRODUCTION, ReasonCode.MINOR_TO_MINOR, ReasonCode.REPORTED_CHILD}
)
_REPORT = "report"


def decide_triage(tip: Tip, child: ChildAge) -> Triage:
    """Which queue a tip stands in; every reason that held is kept.

    Shape: the provider's word of urgency is a gate: no other fact can lower it. An unknown
    age is told apart from an adult's.
    """
    reasons = (
        *_incident_reasons(tip),
        *_file_reasons(tip),
        *_people_reasons(tip, child),
        *_history_reasons(tip),
    )
    codes = {reason.code for reason in reasons}
    child_path = bool(codes & _CHILD_REASONS)
    return Triage(
        queue=_queue(codes, child_path=child_path), child_path=child_path, reasons=reasons
    )


def _queue(codes: set[ReasonCode], *, child_path: bool) -> Queue:
    if ReasonCode.ESCALATED in codes:
        return Queue.URGENT
    if child_path:
        return Queue.CHILD
    spread = codes & {ReasonCode.ALL_VIRAL, ReasonCode.BATCHED}
    weighty = codes & {ReasonCode.VICTIM_NAMED, ReasonCode.DIRECT_DANGER}
    return Queue.INFORMATIONAL if spread and not weighty else Queue.ORDINARY


def _incident_reasons(tip: Tip) -> list[Reason]:
    incident = tip.source.report.incident
    held = {
        ReasonCode.ESCALATED: incident.escalation is not None,
        ReasonCode.DIRECT_DANGER: incident.type in _CONTACT_TYPES,
        ReasonCode.MINOR_TO_MINOR: _MINOR_TO_MINOR in incident.annotations,
        ReasonCode.BATCHED: tip.source.report.batched,
    }
    return [Reason(code=code, about=_REPORT) for code, holds in held.items() if holds]


def _file_reasons(tip: Tip) -> list[Reason]:
    if not tip.source.files:
        return [Reason(code=ReasonCode.NO_FILES, about=_REPORT)]
    found = [
        Reason(code=ReasonCode.SELF_PRODUCTION, about=f"files/{file.index}")
        for file in tip.source.files
        if _SELF_PRODUCTION in _marks(file.details)
    ]
    if all(_VIRAL_MARKS & set(_marks(file.details)) for file in tip.source.files):
        found.append(Reason(code=ReasonCode.ALL_VIRAL, about=_REPORT))
    return found


def _marks(details: FileDetails | None) -> tuple[str, ...]:
    return details.annotations if details is not None else ()


def _people_reasons(tip: Tip, child: ChildAge) -> list[Reason]:
    on = (
        tip.source.report.incident.at.at
        if tip.source.report.incident.at
        else tip.source.received_at
    ).date()
    found: list[Reason] = []
    for person in tip.people:
        about = f"people/{person.index}"
        if person.role is PersonRole.VICTIM:
            found.append(Reason(code=ReasonCode.VICTIM_NAMED, about=about))
        if person.role is not PersonRole.REPORTED:
            continue
        years = age_of(person, on)
        if years is None:
            found.append(Reason(code=ReasonCode.AGE_UNKNOWN, about=about))
        elif years < child.years:
            found.append(Reason(code=ReasonCode.REPORTED_CHILD, about=about))
        if person.prior_reports:
            found.append(Reason(code=ReasonCode.PRIOR_REPORTS, about=about))
    return [*found, *_country_reasons(tip)]


def _country_reasons(tip: Tip) -> list[Reason]:
    return [
        Reason(
            code=ReasonCode.COUNTRY_LIKELY if facts.likely.country else ReasonCode.COUNTRY_UNKNOWN,
            about=f"people/{facts.index}",
        )
        for facts in tip.facts.person_facts
        if facts.role is PersonRole.REPORTED
    ]


def _history_reasons(tip: Tip) -> list[Reason]:
    number = {file.file_id: file.index for file in tip.source.files}
    seen = sorted({number[each.file_id] for each in tip.facts.duplicates if each.file_id in number})
    known = sorted({number[each.file_id] for each in tip.facts.hits if each.file_id in number})
    near = {number[each.file_id] for each in tip.facts.near if each.file_id in number}
    alike = sorted(near.difference(known))
    return [
        *(Reason(code=ReasonCode.KNOWN_MATERIAL, about=f"files/{each}") for each in known),
        *(Reason(code=ReasonCode.NEAR_MATERIAL, about=f"files/{each}") for each in alike),
        *(Reason(code=ReasonCode.SEEN_BEFORE, about=f"files/{each}") for each in seen),
    ]


def age_of(person: Identified, on: date) -> int | None:
    """The age said of a person, by birth date if there is one; None when nothing was said.

    Unit: completed years on the day `on`.
    """
    if person.birth_on is None:
        return person.age
    had_birthday = (on.month, on.day) >= (person.birth_on.month, person.birth_on.day)
    return max(0, on.year - person.birth_on.year - (0 if had_birthday else 1))


def lead_people(tip: Tip) -> tuple[Identified, ...]:
    """Of whom a tip opens a lead: each reported person or account."""
    return tuple(person for person in tip.people if person.role is PersonRole.REPORTED)


def about_lead(people: Iterable[Identified], person_index: int) -> frozenset[int]:
    """Whose parts belong to a lead: its own person, and those who were wronged or addressed."""
    return frozenset(
        each.index
        for each in people
        if each.index == person_index or each.role is not PersonRole.REPORTED
    )
