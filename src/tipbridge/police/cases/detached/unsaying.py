"""What is known of somebody once one of the referrals about them is none: pure."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from tipbridge.knowledge.law.model import Certainty
from tipbridge.police.cases.changing.model import Fact
from tipbridge.police.cases.meeting import enriched
from tipbridge.police.cases.model import Person, PersonRole
from tipbridge.police.cases.referred import ReferredPerson

_SAID = (Fact.NAME, Fact.COUNTRY, Fact.PLACE_KIND, Fact.PLACE_SERVICE)


def without(
    person: Person,
    gone: Sequence[ReferredPerson],
    others: Sequence[ReferredPerson],
    by_staff: Collection[Fact],
) -> Person:
    """The person without what `gone` said, but for what staff wrote down and what `others` say.

    Shape: what a referral said and nobody else did is not known; a birth is worked out anew from
    the others, unless it was verified.
    """
    cleared: dict[str, object] = {
        fact.field: None
        for fact in _SAID
        if fact not in by_staff
        and getattr(person, fact.field) is not None
        and any(getattr(each, fact.field) == getattr(person, fact.field) for each in gone)
    }
    verified = person.birth is not None and person.birth.certainty is Certainty.VERIFIED
    if Fact.BIRTH not in by_staff and not verified and any(each.birth for each in gone):
        cleared["birth"] = None
    bare = replace(person, **cleared)  # pyright: ignore[reportArgumentType] - each of its own field
    if Fact.ROLES not in by_staff:
        said = frozenset[PersonRole]().union(*(each.roles for each in gone))
        bare = replace(bare, roles=bare.roles - said)
    told = bare
    for each in others:
        told = enriched(told, each)
    again = {name: getattr(told, name) for name in cleared}
    roles = bare.roles if Fact.ROLES in by_staff else told.roles
    return replace(bare, **again, roles=roles or frozenset({PersonRole.REPORTED_USER}))
