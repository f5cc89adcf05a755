"""What a kept record says once a joined one is another human's again."""

from dataclasses import replace

from tipbridge.police.cases.changing.model import Fact, FactChange
from tipbridge.police.cases.model import Person, PersonRole, WelfareFlag
from tipbridge.police.cases.struck.model import PersonStrike


def without_joined(kept: Person, strike: PersonStrike, changes: list[FactChange]) -> Person:
    """The kept record without what the join brought, but for what staff changed since.

    Shape: `changes` are the kept record's, the last one first.
    """
    fields: dict[str, object] = {}
    seen = set[Fact]()
    for each in changes:
        is_join = (each.at, each.by, each.because) == (
            strike.struck_at, strike.struck_by, strike.because,
        )  # fmt: skip
        if is_join and each.fact not in seen:
            fields[each.fact.field] = _before(each)
        seen.add(each.fact)
    return replace(kept, **fields)  # pyright: ignore[reportArgumentType] - each of its own field


def _before(change: FactChange) -> object:
    known = change.before if isinstance(change.before, tuple) else ()
    match change.fact:
        case Fact.ROLES:
            return frozenset(PersonRole(each) for each in known)
        case Fact.FLAGS:
            return frozenset(WelfareFlag(each) for each in known)
        case Fact.NATIONALITIES | Fact.FURTHER_ACTS:
            return known
        case _:
            return change.before
