"""What the release decision must know of a referral, read from its parts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime

from tipbridge.knowledge.agreements.clauses import Delivery, Occasion
from tipbridge.knowledge.agreements.decisions import (
    MINOR_REASONS,
    Reason,
    ReleaseDecision,
    ReleaseFacts,
    decision_document,
)
from tipbridge.knowledge.agreements.markings import Marking
from tipbridge.knowledge.agreements.model import CoveredOffence, DataClass, Part, Purpose
from tipbridge.knowledge.agreements.rules import person_of
from tipbridge.sharing.exchange.told import (
    ages_of,
    incident_on,
    member,
    offences_said,
    release_label,
    roles_of,
    self_production,
    way_said,
)
from tipbridge.sharing.referral.lawfulness import SidesLaw
from tipbridge.sharing.referral.model import Origin, Way

NAME_WITHHELD = "name-withheld"
CORRECTED = "corrected"
_NONE: Mapping[str, str | None] = {}
NAME_HELD = "The sender holds a name and did not send it: its bearer may be a child."
TAKEN_BACK = "This was taken back as wrong, and is not sent."


def offences_of(parts: Iterable[Part]) -> frozenset[CoveredOffence]:
    """The offences the parts speak of; empty when they do not say or the word is unknown."""
    said = offences_said(parts)
    known = frozenset(offence for offence in said if offence is not None)
    return known if known == said else frozenset()


def origin_of(parts: Iterable[Part]) -> Origin:
    """What the road began with: a lead on own grounds, or a provider's report."""
    labels = {part.label for part in parts}
    own = any(label.startswith("lead/") for label in labels)
    reported = any(label.startswith("report/") for label in labels)
    return Origin.LIAISON_LEAD if own and not reported else Origin.PROVIDER_TIP


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
    emergency_people: int = 0,
) -> ReleaseFacts:
    """The facts of a release from `parties` (sender, receiver), as far as the parts tell."""
    found = list(parts)
    sender, receiver = parties
    return ReleaseFacts(
        sender=sender,
        receiver=receiver,
        purpose=purpose,
        offences=offences_of(found),
        possible_self_production=self_production(found),
        ages=ages_of(found, incident_on(found) or now.date()),
        victims=_victims(found),
        first_release=first_release,
        sender_desk=way.sender_desk,
        receiver_desk=way.receiver_desk,
        delivery=delivery,
        occasion=way.occasion,
        requested=requested,
        criminal_in_both=law.criminal_in_both,
        penalty_months=law.penalty_months,
        emergency_people=emergency_people,
    )


def name_was_withheld(parts: Iterable[Part]) -> bool:
    """Whether an earlier sender says that it held a name back."""
    return any(
        part.data_class is DataClass.FAVOURS and member(part.value, "kind") == NAME_WITHHELD
        for part in parts
    )


def way_of(parts: Iterable[Part], sender: str) -> Way:
    """How a received referral went, by its sender's own mark; an unread word names nothing."""
    label = release_label(sender)
    mark = next((part.value for part in parts if part.label == label), None)
    occasion, theirs, ours = way_said(mark)
    return Way(
        occasion=Occasion.SPONTANEOUS if occasion is None else occasion,
        sender_desk=theirs,
        receiver_desk=ours,
    )


def release_marks(
    decision: ReleaseDecision,
    node_id: str,
    way: Way,
    consents: Mapping[str, str | None] = _NONE,
    answers: Iterable[str] = (),
) -> list[Part]:
    """What this node adds: what it held back, how the rest may be used, by whose leave it goes.

    Shape: `consents` are by id what each originator signed; `answers` are its packages of this source that the receiver returned for a lack.
    """
    marks = [
        Part(label=f"favours/{node_id}-{number}", value=value, data_class=DataClass.FAVOURS)
        for number, value in enumerate([*_names_held(decision), *_corrected(decision)])
    ]
    handling = {
        "tlp": decision.tlp.value if decision.tlp else None,
        "handling": [code.value for code in decision.handling],
        "rule_version": decision.rule_version,
        "conditions": decision_document(decision)["conditions"],
        "consents": sorted(consents),
        "leaves": [consents[id_] for id_ in sorted(consents) if consents[id_]],
        "answers": sorted(answers),
        "way": asdict(way),
    }
    label = release_label(node_id)
    return [*marks, Part(label=label, value=handling, data_class=DataClass.INCIDENT)]


def _names_held(decision: ReleaseDecision) -> Iterator[dict[str, str]]:
    for part in decision.parts:
        if part.reason in MINOR_REASONS:
            yield {
                "kind": NAME_WITHHELD,
                "about": person_of(part.label),
                "reason": part.reason.value,
                "text": NAME_HELD,
            }


def _corrected(decision: ReleaseDecision) -> Iterator[dict[str, str]]:
    """One for each person or part that was taken back: that it is wrong, never what it said."""
    held = [part.label for part in decision.parts if part.reason is Reason.CORRECTED]
    for about in dict.fromkeys(person_of(label) or label.partition("~")[0] for label in held):
        yield {
            "kind": CORRECTED,
            "about": about,
            "reason": Reason.CORRECTED.value,
            "text": TAKEN_BACK,
        }


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
    roles = roles_of(parts)
    people = {person_of(part.label) for part in parts} - {""}
    return frozenset(each for each in people if roles.get(each, "victim") == "victim")
