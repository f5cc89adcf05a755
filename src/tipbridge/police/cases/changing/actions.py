"""Verbs on facts of a person that turn out not to be known, and on what was known before."""

from collections.abc import Collection
from datetime import datetime

from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks
from tipbridge.police.cases.changing import rules, store
from tipbridge.police.cases.changing.model import Fact, FactChange
from tipbridge.police.cases.changing.noting import change_person
from tipbridge.police.cases.model import Person
from tipbridge.police.cases.seeing import WORKING, person_in, person_seen


@action("cases.facts.withdrawn", roles=WORKING)
def withdraw_facts(
    work: Work, person_id: str, facts: Collection[Fact], *, because: str, case_id: str | None = None
) -> Person:
    """Say that what was written down of somebody is not known after all, and why.

    Shape: what was known stays in the record with the reason; advice is asked again as if it had
    never been known. With `case_id`, only of somebody of that very case.
    Errors: NotFound; Invalid without a reason, or for a fact that every person has; Conflict for
    what is not known anyhow.
    """
    person = person_in(work, case_id, person_id)
    changed = rules.without(person, tuple(dict.fromkeys(facts)))
    change_person(work, person, changed, because=checks.text("because", because))
    work.record(person.case_id, person=person.id, fields=",".join(sorted(facts)))
    work.emit("cases.people.changed", case_id=person.case_id)
    return changed


@action("cases.changes.read", roles=WORKING)
def read_changes(work: Work, person_id: str) -> list[FactChange]:
    """What was known of somebody before, the last change first.

    Errors: NotFound.
    """
    person = person_seen(work, person_id)
    found = store.changes_of(work.db, person.id)
    work.record(person.case_id, person=person.id, count=len(found))
    return found


def changes_seen(work: Work, person_id: str) -> list[FactChange]:
    """What was known of somebody before, within the caller's own action."""
    return store.changes_of(work.db, person_id)


def to_tell_of(work: Work, change_id: str) -> Person | None:
    """Of whom a change is still to be told to others, for a later room's action; or nobody."""
    person_id = store.person_to_tell_of(work.db, change_id)
    return None if person_id is None else person_seen(work, person_id)


def corrected_by(work: Work, change_id: str) -> tuple[Person, datetime] | None:
    """Of whom a change says that what others were told was otherwise, and when; or nobody."""
    found = store.correcting_of(work.db, change_id)
    return None if found is None else (person_seen(work, found[0]), found[1])


def note_told(work: Work, change_id: str) -> None:
    """Note that whoever was to be told of a change is told, within the caller's own action."""
    store.note_told(work.db, change_id, work.now)
