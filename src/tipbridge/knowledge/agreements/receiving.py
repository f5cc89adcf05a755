"""What came that its basis never let out: a receiver's own look at what a sender decided. Pure.

A receiver knows less than the sender did. What a package does not tell holds nothing against it;
what it tells is held against the same rules.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tipbridge.knowledge.agreements.clauses import Extent, Occasion
from tipbridge.knowledge.agreements.decisions import (
    RELEASING,
    AgeRange,
    Reason,
    Refusal,
    ReleaseFacts,
)
from tipbridge.knowledge.agreements.fields import person_of, reason_for
from tipbridge.knowledge.agreements.model import CoveredOffence, DataClass, Part, Terms
from tipbridge.knowledge.agreements.rules import is_named

_GROWN = AgeRange(low=150, high=150)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a package tells of its own release.

    Shape: `offences` has None for a word that no agreement knows; `ages` and `victims` name by
    label prefix only whom the package says it of; `asked` are the classes that this node asked
    its sender for; `emergency` when it says that people called one.
    """

    offences: frozenset[CoveredOffence | None] = frozenset()
    ages: Mapping[str, AgeRange] = field(default_factory=dict[str, AgeRange], repr=False)
    victims: frozenset[str] = frozenset()
    possible_self_production: bool = False
    occasion: Occasion | None = None
    sender_desk: str | None = None
    receiver_desk: str | None = None
    emergency: bool = False
    asked: frozenset[DataClass] = frozenset()


def never_agreed(terms: Terms, parts: Iterable[Part], told: Told) -> tuple[str, ...]:
    """What of a package these terms never let out: labels with the reason, or why all of it.

    Source: house law 5; the threat catalogue's N34: not sent and not accepted.
    """
    refusal = _refusal(terms, told)
    if refusal is not None:
        return (refusal.value,)
    found = list(parts)
    facts = _facts(terms, found, told)
    reasons = [
        (part.label, reason_for(terms, part, facts))
        for part in found
        if part.data_class is not DataClass.FAVOURS
    ]
    return tuple(f"{label}: {reason}" for label, reason in reasons if reason not in RELEASING)


def never_granted(
    allowed: Iterable[DataClass],
    offences: Iterable[CoveredOffence],
    parts: Iterable[Part],
    told: Told,
) -> tuple[str, ...]:
    """What of a package a granted request never let out: labels with the reason, or why all."""
    if not told.offences <= frozenset(offences):
        return (Refusal.OFFENCE_NOT_COVERED.value,)
    classes = {*allowed, DataClass.FAVOURS}
    return tuple(
        f"{part.label}: {Reason.NO_RULE}" for part in parts if part.data_class not in classes
    )


def _refusal(terms: Terms, told: Told) -> Refusal | None:
    clauses = terms.clauses
    outside = not told.offences <= terms.offences
    named = (
        is_named(clauses.parties.sender, told.sender_desk)
        and is_named(clauses.parties.receiver, told.receiver_desk)
    )  # fmt: skip
    occasion = told.occasion
    checks = (
        (outside, Refusal.OFFENCE_NOT_COVERED),
        (bool(clauses.subject.excluded & told.offences), Refusal.EXCLUDED_CRIME),
        (not named, Refusal.DESK_NOT_NAMED),
        (occasion is not None and occasion not in clauses.mode.occasions, Refusal.OTHER_OCCASION),
        (clauses.mode.extent is Extent.HIT_NO_HIT, Refusal.HIT_OR_NO_HIT_ONLY),
    )
    return next((refusal for failed, refusal in checks if failed), None)


def _facts(terms: Terms, parts: Iterable[Part], told: Told) -> ReleaseFacts:
    """The facts as the package tells them; who is told no age of counts as grown."""
    people = {person_of(part.label) for part in parts} | {""}
    return ReleaseFacts(
        sender=terms.sender,
        receiver=terms.receiver,
        purpose=terms.purpose,
        offences=terms.offences,
        possible_self_production=told.possible_self_production,
        ages={person: told.ages.get(person, _GROWN) for person in people},
        victims=told.victims,
        requested=told.asked,
        emergency_people=terms.clauses.emergency.people if told.emergency else 0,
    )
