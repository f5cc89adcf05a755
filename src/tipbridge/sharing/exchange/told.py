"""What a package's parts tell of their release: offences, days, ages, victims, and the way. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, cast

from tipbridge.foundation.base.moments import moment_said
from tipbridge.knowledge.agreements.clauses import Occasion
from tipbridge.knowledge.agreements.decisions import AgeRange
from tipbridge.knowledge.agreements.model import CoveredOffence, DataClass, Part
from tipbridge.knowledge.agreements.receiving import Told
from tipbridge.knowledge.agreements.rules import person_of
from tipbridge.knowledge.law.ages import age_at
from tipbridge.sharing.exchange.model import VerifiedHeader

_INCIDENT_TYPES: Mapping[str, CoveredOffence] = {
    "Child Pornography (possession, manufacture, and distribution)": CoveredOffence.MATERIAL,
    "Child Sex Trafficking": CoveredOffence.TRAFFICKING,
    "Child Sex Tourism": CoveredOffence.TOURISM,
    "Child Sexual Molestation": CoveredOffence.MOLESTATION,
    "Misleading Domain Name": CoveredOffence.MISLEADING_DOMAIN,
    "Misleading Words or Digital Images on the Internet": CoveredOffence.MISLEADING_WORDS,
    "Online Enticement of Children for Sexual Acts": CoveredOffence.ENTICEMENT,
    "Unsolicited Obscene Material Sent to a Child": CoveredOffence.UNSOLICITED,
}
"""The protocol's words for the eight incident types. Source: CyberTipline schema 1.0."""
_OFFENCES: Mapping[object, CoveredOffence] = {
    **_INCIDENT_TYPES,
    **{offence.value: offence for offence in CoveredOffence},
}


def offences_said(parts: Iterable[Part]) -> frozenset[CoveredOffence | None]:
    """The offences the parts name; None for a word that is not known."""
    words = (part.value for part in parts if part.label == "incident/type")
    return frozenset(_OFFENCES.get(word) if isinstance(word, str) else None for word in words)


def report_said(parts: Iterable[Part]) -> str | None:
    """Which report the parts are of, if they say."""
    found = next((part.value for part in parts if part.label == "report/id"), None)
    return found if isinstance(found, str) else None


def report_received_at(parts: Iterable[Part]) -> datetime | None:
    """When the clearinghouse received the report, if the parts say."""
    return _moment(next((p.value for p in parts if p.label == "report/received_at"), None))


def incident_on(parts: Iterable[Part]) -> date | None:
    """The day of the incident, or of the report, if the parts say."""
    by_label = {part.label: part.value for part in parts}
    at = _moment(by_label.get("incident/at")) or _moment(by_label.get("report/received_at"))
    return None if at is None else at.date()


def roles_of(parts: Iterable[Part]) -> dict[str, object]:
    """In which role the parts name each person of whom they say it."""
    return {person_of(part.label): part.value for part in parts if part.label.endswith("/role")}


def self_production(parts: Iterable[Part]) -> bool:
    """Whether a file is marked as perhaps made by the child itself."""
    return any(
        part.label.startswith("files/")
        and part.label.endswith("/marks")
        and member(part.value, "possible_self_production") is True
        for part in parts
    )


def ages_of(parts: Iterable[Part], on: date) -> dict[str, AgeRange]:
    """The age of each person at the act; the lowest that any part allows, to be careful."""
    ages: dict[str, AgeRange] = {}
    for part in parts:
        person, found = person_of(part.label), _age(part, on)
        if not person or found is None:
            continue
        known = ages.get(person, found)
        ages[person] = AgeRange(low=min(known.low, found.low), high=max(known.high, found.high))
    return ages


def release_label(node_id: str) -> str:
    """Where a sender says how what it let out may be used."""
    return f"release/{node_id}"


def way_said(mark: object) -> tuple[Occasion | None, str | None, str | None]:
    """What a sender's mark says a release answers to, and its desks; None for what it does not."""
    said = member(mark, "way")
    desks = (member(said, "sender_desk"), member(said, "receiver_desk"))
    theirs, ours = (desk if isinstance(desk, str) else None for desk in desks)
    try:
        occasion = Occasion(str(member(said, "occasion")))
    except ValueError:
        occasion = None
    return occasion, theirs, ours


def handed_over(header: VerifiedHeader) -> list[Part]:
    """The parts that are not the senders' own marks: what a rule had to let through."""
    marks = {
        (hop, release_label(statement.sender)) for hop, statement in enumerate(header.statements)
    }
    return [item.part for item in header.parts if (item.hop, item.part.label) not in marks]


def told_by(header: VerifiedHeader, asked: frozenset[DataClass]) -> Told:
    """What a package tells of its release; `asked` is what its sender was asked for."""
    parts = [item.part for item in header.parts]
    mark = _own_mark(header)
    occasion, sender_desk, receiver_desk = way_said(mark)
    conditions = member(mark, "conditions")
    roles = roles_of(parts)
    return Told(
        offences=offences_said(parts),
        ages=ages_of(parts, incident_on(parts) or header.statement.sent_at.date()),
        victims=frozenset(person for person, role in roles.items() if role == "victim"),
        possible_self_production=self_production(parts),
        occasion=occasion,
        sender_desk=sender_desk,
        receiver_desk=receiver_desk,
        emergency=member(conditions, "emergency_review_hours") is not None,
        asked=asked,
    )


def answers_said(header: VerifiedHeader) -> frozenset[str]:
    """The packages whose return a sender says that this one answers, by its own mark."""
    said = member(_own_mark(header), "answers")
    found = cast("list[object]", said) if isinstance(said, list) else []
    return frozenset(each for each in found if isinstance(each, str))


def _own_mark(header: VerifiedHeader) -> object:
    own = (len(header.statements) - 1, release_label(header.statement.sender))
    found = (item.part.value for item in header.parts if (item.hop, item.part.label) == own)
    return next(found, None)


def member(value: object, name: str) -> object:
    """A member of a JSON object; None where there is none."""
    return cast("dict[str, Any]", value).get(name) if isinstance(value, dict) else None


def _age(part: Part, on: date) -> AgeRange | None:
    name = part.label.rpartition("/")[2]
    if name == "age" and isinstance(part.value, int):
        return AgeRange(low=part.value, high=part.value)
    if name == "birth_date" and isinstance(part.value, str):
        try:
            years = age_at(date.fromisoformat(part.value), on)
        except ValueError:
            return None
        return AgeRange(low=years, high=years)
    low, high = member(part.value, "from"), member(part.value, "to")
    if name == "age~band" and isinstance(low, int):
        return AgeRange(low=low, high=high if isinstance(high, int) else 150)
    return None


def _moment(value: object) -> datetime | None:
    try:
        return moment_said(value)
    except ValueError:
        return None
