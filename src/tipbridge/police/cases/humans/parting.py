"""What a record says once it has some acts only: pure."""

from collections.abc import Sequence
from dataclasses import replace

from tipbridge.police.cases.acts import PersonAct, acts_of
from tipbridge.police.cases.model import Person


def with_acts(person: Person, acts: Sequence[PersonAct], *, of: Person) -> Person:
    """A record with these of the acts of a human, in their order.

    Shape: the one that was recorded first stays the first, else it is one of a single day or of no
    known day; where all last several days, the first of these days stands first and the whole act
    beside it. What was known of the first act alone goes with it.
    """
    first = acts_of(of)[0]
    chosen = first if first in acts else next((a for a in acts if a.first_on == a.last_on), acts[0])
    others = [act for act in acts if act != chosen]
    if chosen.first_on != chosen.last_on:
        others = [chosen, *others]
    return replace(
        person,
        offence=chosen.offence,
        act_on=chosen.first_on,
        self_produced=chosen.self_produced,
        act=of.act if chosen == first else None,
        roles=of.roles if first in acts else frozenset(r for act in acts for r in act.roles),
        further_acts=tuple(act.text for act in others),
    )
