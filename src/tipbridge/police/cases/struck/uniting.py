"""What is known of one human of whom a case had two records: pure."""

from dataclasses import replace

from tipbridge.knowledge.law.model import Birth, Certainty
from tipbridge.police.cases.acts import ACTING, acts_of
from tipbridge.police.cases.model import Person

_FILLED = (
    "reference", "name", "school_level", "country", "place_kind", "place_service", "motive",
    "guardian", "guardian_contact", "counsel", "counsel_contact", "exploiting",
)  # fmt: skip
_FIRST_ACT = ("offence", "act", "act_on", "self_produced")
_SURE = (Certainty.ESTIMATED, Certainty.DECLARED, Certainty.VERIFIED)


def one_of(kept: Person, other: Person) -> Person:
    """What the kept record says once the other one is the same human's.

    Shape: it has the roles, flags, nationalities and acts of both; what it does not know it takes
    from the other. Two births that exclude each other are a range over both, by nobody's word.
    """
    filled = {name: getattr(other, name) for name in _FILLED if getattr(kept, name) is None}
    joined = replace(
        kept,
        **filled,
        roles=kept.roles | other.roles,
        flags=kept.flags | other.flags,
        nationalities=tuple(dict.fromkeys((*kept.nationalities, *other.nationalities))),
        birth=birth_of(kept.birth, other.birth),
        depicted_born=_over(kept.depicted_born, other.depicted_born),
    )
    return _with_acts(joined, kept, other)


def _with_acts(joined: Person, kept: Person, other: Person) -> Person:
    """The acts of both: the kept record's first one first, unless it knows none of theirs.

    Shape: what was recorded of a victim or recipient alone is nobody's act, and accuses nobody.
    """
    does, other_does = kept.roles & ACTING, other.roles & ACTING
    if not other_does and does:
        return joined
    if (other_does and not does) or (kept.offence is None and kept.act_on is None):
        first = {name: getattr(other, name) for name in _FIRST_ACT}
        further = (*kept.further_acts, *other.further_acts)
        return replace(joined, **first, further_acts=tuple(dict.fromkeys(further)))
    known = {(each.offence, each.first_on, each.last_on) for each in acts_of(kept)}
    new = [
        each.text
        for each in acts_of(other)
        if (each.offence, each.first_on, each.last_on) not in known
        and (each.offence is not None or each.first_on is not None)
    ]
    return replace(joined, further_acts=tuple(dict.fromkeys((*kept.further_acts, *new))))


def _over(one: Birth | None, other: Birth | None) -> Birth | None:
    """When the children were born whom the acts of either record show: a range over both."""
    if one is None or other is None or one == other:
        return one or other
    return Birth(
        earliest=min(one.earliest, other.earliest),
        latest=max(one.latest, other.latest),
        certainty=Certainty.ESTIMATED,
    )


def birth_of(one: Birth | None, other: Birth | None) -> Birth | None:
    """When somebody was born of whom two births are known: the narrower, if the other allows it."""
    if one is None or other is None:
        return one or other
    if (one.earliest, one.latest) == (other.earliest, other.latest):
        return max(one, other, key=lambda each: _SURE.index(each.certainty))
    for narrow, wide in ((one, other), (other, one)):
        if wide.earliest <= narrow.earliest and narrow.latest <= wide.latest:
            return narrow
    return Birth(
        earliest=min(one.earliest, other.earliest),
        latest=max(one.latest, other.latest),
        certainty=Certainty.ESTIMATED,
    )
