"""Which facts of a person are known, differ, or are not known after all: pure decisions."""

from dataclasses import replace
from typing import cast

from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.police.cases.changing.model import WITHDRAWABLE, Fact, Value
from tipbridge.police.cases.model import Person

_NOTHING: dict[Fact, object] = {
    Fact.NATIONALITIES: (),
    Fact.FLAGS: frozenset(),
    Fact.FURTHER_ACTS: (),
}
"""What stands for "not known" where it is not None."""
_OWN = frozenset({Fact.REFERENCE})
"""How we call somebody here: nobody else was told."""


def known(person: Person, fact: Fact) -> Value:
    """What is known of a fact; None: nothing is."""
    value = getattr(person, fact.field)
    if isinstance(value, frozenset | tuple):
        several = cast("frozenset[str] | tuple[str, ...]", value)
        return tuple(sorted(several)) or None
    return cast("Value", value)


def differing(before: Person, after: Person) -> tuple[Fact, ...]:
    """The facts that are not what they were."""
    return tuple(fact for fact in Fact if known(before, fact) != known(after, fact))


def corrects(before: Person, fact: Fact) -> bool:
    """Whether a change says that something others may have been told was otherwise."""
    return fact not in _OWN and known(before, fact) is not None


def without(person: Person, facts: tuple[Fact, ...]) -> Person:
    """The person of whom these facts are not known after all.

    Errors: Invalid naming the facts that can be withdrawn; Conflict for what is not known.
    """
    if not facts or not set(facts) <= set(WITHDRAWABLE):
        raise Invalid(f"fact is one or several of: {', '.join(WITHDRAWABLE)}.")
    unknown = [fact.value for fact in facts if known(person, fact) is None]
    if unknown:
        raise Conflict(f"Not known of this person anyhow: {', '.join(unknown)}.")
    changes = {fact.field: _NOTHING.get(fact) for fact in facts}
    return replace(person, **changes)  # pyright: ignore[reportArgumentType]
