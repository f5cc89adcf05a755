"""Whom of a case a referral speaks of, and what it says otherwise of them: pure."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tipbridge.knowledge.law.model import Birth, Certainty
from tipbridge.police.cases.model import IdentifierKind, Person, PersonRole
from tipbridge.police.cases.referred import ReferredPerson
from tipbridge.police.cases.rules import identifier_key, ties
from tipbridge.police.cases.struck.uniting import birth_of

Known = Mapping[tuple[str, str, str], Sequence[Person]]
"""The people of a case by each identifier that ties."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """Whom a referral speaks of: somebody known, or somebody new beside those who have the same."""

    person: Person | None
    beside: tuple[Person, ...] = ()


def meet(known: Known, one: ReferredPerson, spoken_of: Collection[str]) -> Meeting:
    """Whom of those known a referral speaks of here; `spoken_of` are whom it named already.

    Shape: two people of one referral are two humans by its sender's own word, unless they have
    one account. A phone number or an e-mail address is shared in a family: it ties nobody whose
    name or age is another's.
    """
    ordered = sorted(one.identifiers, key=lambda each: each.kind is not IdentifierKind.ACCOUNT)
    beside: dict[str, Person] = {}
    for identifier in ordered:
        by_account = identifier.kind is IdentifierKind.ACCOUNT
        for person in known.get(identifier_key(identifier), ()) if ties(identifier) else ():
            new_here = person.id not in spoken_of
            agrees = not (_other_birth(person, one) or _other_name(person, one))
            if (new_here or by_account) and (agrees or (new_here and by_account)):
                return Meeting(person=person)
            beside[person.id] = person
    return Meeting(person=None, beside=tuple(beside.values()))


def enriched(person: Person, one: ReferredPerson) -> Person:
    """What a further referral adds; what is known already stays.

    Shape: a birth that contradicts the known one makes it a range over both, by nobody's word,
    unless that one was verified.
    """
    birth = person.birth or one.birth
    if _other_birth(person, one) and birth and birth.certainty is not Certainty.VERIFIED:
        birth = birth_of(person.birth, one.birth)
    return replace(
        person,
        name=person.name or one.name,
        roles=person.roles | one.roles,
        birth=birth,
        country=person.country or one.country,
        place_kind=person.place_kind or one.place_kind,
        place_service=person.place_service or one.place_service,
    )


def said_otherwise(person: Person, one: ReferredPerson) -> tuple[str, ...]:
    """The name and the birth that a referral gives and that are not what is known of somebody."""
    said: list[str] = []
    if one.name and _other_name(person, one):
        said.append(one.name)
    if one.birth and _other_birth(person, one):
        said.append(_days(one.birth))
    return tuple(said)


def described(person: Person, one: ReferredPerson) -> Person:
    """Somebody new as a referral describes them."""
    return replace(
        person,
        name=one.name,
        # Whoever a report names without saying why is at least reported.
        roles=one.roles or frozenset({PersonRole.REPORTED_USER}),
        birth=one.birth,
        country=one.country,
        place_kind=one.place_kind,
        place_service=one.place_service,
    )


def positions(people: Iterable[Person]) -> str:
    """The numbers of these people in their case, as a task names them."""
    return ", ".join(str(each) for each in sorted(person.position for person in people))


def _other_birth(person: Person, one: ReferredPerson) -> bool:
    known, said = person.birth, one.birth
    if known is None or said is None:
        return False
    return said.latest < known.earliest or known.latest < said.earliest


def _other_name(person: Person, one: ReferredPerson) -> bool:
    return bool(person.name and one.name) and _folded(person.name) != _folded(one.name)


def _folded(name: str | None) -> str:
    """A name as it is compared: without case, and without the spaces that Korean may leave out."""
    return "".join(unicodedata.normalize("NFKC", name or "").casefold().split())


def _days(birth: Birth) -> str:
    if birth.earliest == birth.latest:
        return birth.earliest.isoformat()
    return f"{birth.earliest}–{birth.latest}"
