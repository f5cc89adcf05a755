"""What the release decision must know of a referral, read from its parts."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, cast

from tipbridge.knowledge.agreements.clauses import Delivery, Occasion
from tipbridge.knowledge.agreements.decisions import (
    MINOR_REASONS,
    AgeRange,
    ReleaseDecision,
    ReleaseFacts,
    decision_document,
)
from tipbridge.knowledge.agreements.markings import Marking
from tipbridge.knowledge.agreements.model import CoveredOffence, DataClass, Part, Purpose
from tipbridge.knowledge.agreements.rules import person_of
from tipbridge.knowledge.law.ages import age_at
from tipbridge.sharing.referral.lawfulness import SidesLaw
from tipbridge.sharing.referral.model import Origin, Way

NAME_WITHHELD = "name-withheld"
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


def offences_of(parts: Iterable[Part]) -> frozenset[CoveredOffence]:
    """The offences the parts speak of; empty when they do not say or the word is unknown."""
    words = [part.value for part in parts if part.label == "incident/type"]
    known: dict[object, CoveredOffence] = {
        **_INCIDENT_TYPES,
        **{offence.value: offence for offence in CoveredOffence},
    }
    if not words or any(word not in known for word in words):
        return frozenset()
    return frozenset(known[word] for word in words)


def origin_of(parts: Iterable[Part]) -> Origin:
    """What the road began with: a lead on own grounds, or a provider's report."""
    labels = {part.label for part in parts}
    own = any(label.startswith("lead/") for label in labels)
    reported = any(label.startswith("report/") for label in labels)
    return Origin.LIAISON_LEAD if own and not reported else Origin.PROVIDER_TIP


def report_received_at(parts: Iterable[Part]) -> datetime | None:
    """When the clearinghouse received the report, if the parts say."""
    return _moment(next((p.value for p in parts if p.label == "report/received_at"), None))


def incident_on(parts: Iterable[Part]) -> date | None:
    """The day of the incident, or of the report, if the parts say."""
    by_label = {part.label: part.value for part in parts}
    at = _moment(by_label.get("incident/at")) or _moment(by_label.get("report/received_at"))
    return None if at is None else at.date()


def facts_of(
    parts: Iterable[Part],
    *,
    parties: tuple[str, str],
    purpose: Purpose,
    now: datetime,
    first_release: bool,
    way: Way,
    requested: frozenset[DataClass],
    delivery: Delivery,
    law: SidesLaw,
) -> ReleaseFacts:
    """The facts of a release from `parties` (sender, receiver), as far as the parts tell."""
    found = list(parts)
    sender, receiver = parties
    return ReleaseFacts(
        sender=sender,
        receiver=receiver,
        purpose=purpose,
        offences=offences_of(found),
        possible_self_production=_self_production(found),
        ages=_ages(found, incident_on(found) or now.date()),
        victims=_victims(found),
        first_release=first_release,
        sender_desk=way.sender_desk,
        receiver_desk=way.receiver_desk,
        delivery=delivery,
        occasion=way.occasion,
        requested=requested,
        criminal_in_both=law.criminal_in_both,
        penalty_months=law.penalty_months,
    )


def name_was_withheld(parts: Iterable[Part]) -> bool:
    """Whether an earlier sender says that it held a name back."""
    return any(
        part.data_class is DataClass.FAVOURS and _member(part.value, "kind") == NAME_WITHHELD
        for part in parts
    )


def way_of(parts: Iterable[Part], sender: str) -> Way:
    """How a received referral went, by its sender's own mark; an unread word names nothing."""
    label = release_label(sender)
    mark = next((part.value for part in parts if part.label == label), None)
    said = _member(mark, "way")
    desks = (_member(said, "sender_desk"), _member(said, "receiver_desk"))
    theirs, ours = (desk if isinstance(desk, str) else None for desk in desks)
    try:
        occasion = Occasion(str(_member(said, "occasion")))
    except ValueError:
        occasion = Occasion.SPONTANEOUS
    return Way(occasion=occasion, sender_desk=theirs, receiver_desk=ours)


def release_label(node_id: str) -> str:
    """Where a sender says how what it let out may be used."""
    return f"release/{node_id}"


def release_marks(
    decision: ReleaseDecision, node_id: str, way: Way, consents: Iterable[str] = ()
) -> list[Part]:
    """What this node adds: what it held back, how the rest may be used, by whose leave it goes."""
    held = [part for part in decision.parts if part.reason in MINOR_REASONS]
    marks = [
        Part(
            label=f"favours/{node_id}-{number}",
            value={
                "kind": NAME_WITHHELD,
                "about": person_of(part.label),
                "reason": part.reason.value,
                "text": "The sender holds a name and did not send it: its bearer may be a child.",
            },
            data_class=DataClass.FAVOURS,
        )
        for number, part in enumerate(held)
    ]
    handling = {
        "tlp": decision.tlp.value if decision.tlp else None,
        "handling": [code.value for code in decision.handling],
        "rule_version": decision.rule_version,
        "conditions": decision_document(decision)["conditions"],
        "consents": sorted(consents),
        "way": asdict(way),
    }
    label = release_label(node_id)
    return [*marks, Part(label=label, value=handling, data_class=DataClass.INCIDENT)]


def marking_of(decision: ReleaseDecision) -> Marking:
    """How a release is marked, for its sender's statement."""
    conditions = decision.conditions
    return Marking(
        tlp=decision.tlp,
        handling=frozenset(decision.handling),
        pap=None if conditions is None else conditions.pap,
        source=None if conditions is None else conditions.source,
        information=None if conditions is None else conditions.information,
    )


def _victims(parts: Iterable[Part]) -> frozenset[str]:
    """Who is a victim, or may be one: nothing here says in which role this person is named."""
    roles = {person_of(part.label): part.value for part in parts if part.label.endswith("/role")}
    people = {person_of(part.label) for part in parts} - {""}
    return frozenset(each for each in people if roles.get(each, "victim") == "victim")


def _self_production(parts: Iterable[Part]) -> bool:
    return any(
        part.label.startswith("files/")
        and part.label.endswith("/marks")
        and _member(part.value, "possible_self_production") is True
        for part in parts
    )


def _ages(parts: Iterable[Part], on: date) -> dict[str, AgeRange]:
    """The age of each person at the act; the lowest that any part allows, to be careful."""
    ages: dict[str, AgeRange] = {}
    for part in parts:
        person, found = person_of(part.label), _age(part, on)
        if not person or found is None:
            continue
        known = ages.get(person, found)
        ages[person] = AgeRange(low=min(known.low, found.low), high=max(known.high, found.high))
    return ages


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
    low, high = _member(part.value, "from"), _member(part.value, "to")
    if name == "age~band" and isinstance(low, int):
        return AgeRange(low=low, high=high if isinstance(high, int) else 150)
    return None


def _member(value: object, name: str) -> object:
    return cast("dict[str, Any]", value).get(name) if isinstance(value, dict) else None


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo else None
