"""What is due to be erased, and what it waits for: pure decisions."""

from collections.abc import Iterable
from datetime import date

from tipbridge.police.retention.model import CaseDue, CaseFacts, Kept, PersonDue, PersonFacts, Waits


def person_due(facts: PersonFacts, *, on: date, held: bool) -> PersonDue:
    """What one person's records wait for on a day; those of a victim go with their case."""
    found = [Waits.HELD] if held else []
    if facts.decided is None:
        found.append(Waits.OTHERS)
    elif not facts.decided:
        found.append(Waits.NOT_DECIDED)
    elif not facts.closed:
        found.append(Waits.NOT_CLOSED)
    elif facts.kept is None:
        found.append(Waits.NO_PERIOD)
    elif facts.kept.due_on > on:
        found.append(Waits.PERIOD_RUNS)
    if facts.welfare_open:
        found.append(Waits.WELFARE_OPEN)
    return PersonDue(
        person_id=facts.person_id, position=facts.position, kept=facts.kept, waits=tuple(found)
    )


def case_due(facts: CaseFacts, *, on: date) -> CaseDue:
    """What a case and everybody in it wait for on a day.

    Shape: a case waits for each of its people, so that what they share goes with the last.
    """
    people = tuple(person_due(each, on=on, held=facts.held) for each in facts.people)
    whole = {
        Waits.HELD: facts.held,
        Waits.NOBODY_DECIDED: not any(each.decided for each in facts.people),
        Waits.MATERIAL_UP: facts.material_up > 0,
        Waits.EXHIBITS_HELD: facts.exhibits_held > 0,
        Waits.MERGED: facts.merged,
    }
    found = [why for why, holds in whole.items() if holds]
    theirs = {why for each in people for why in each.waits} - {Waits.OTHERS}
    found += [why for why in Waits if why in theirs and why not in found]
    return CaseDue(
        case_id=facts.case_id,
        number=facts.number,
        kept=last_of(each.kept for each in facts.people),
        waits=tuple(found),
        people=people,
    )


def last_of(periods: Iterable[Kept | None]) -> Kept | None:
    """The period that ends last."""
    known = [each for each in periods if each is not None]
    return max(known, key=lambda each: (each.due_on, each.days), default=None)


def people_due(case: CaseDue) -> tuple[PersonDue, ...]:
    """Those whose time has come while their case is kept on."""
    return tuple(each for each in case.people if not each.waits and each.kept is not None)
