"""Verbs on who is one human with somebody in another case."""

from dataclasses import replace

from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.humans import store
from tipbridge.police.cases.humans.model import Elsewhere, HumanRecord
from tipbridge.police.cases.model import Person
from tipbridge.police.cases.seeing import WORKING, case_seen, person_in, person_seen


@action("cases.human.said", roles=WORKING)
def say_same(
    work: Work, case_id: str, person_id: str, *, other: str, because: str
) -> tuple[HumanRecord, ...]:
    """Say that somebody is the same human as somebody of another case.

    Shape: nothing is moved or rewritten: each case has its own matter; figures count them as one.
    Errors: NotFound; StruckOut; Invalid without a reason; Conflict for two of one case, for who
    was the wrong person, and for two who are one human with others already.
    """
    one, second = person_in(work, case_id, person_id), person_in(work, None, other)
    if one.case_id == second.case_id:
        raise Conflict("Two records of one case are joined instead (cases same-person).")
    if any(fairness.corrected_at(work, each.id) for each in (one, second)):
        raise Conflict("One of the two was said to be the wrong person: take that back first.")
    made = note_same(work, one, second, because=checks.text("because", because))
    work.record(one.case_id, person=one.id, other=second.case_id)
    return made


def note_same(work: Work, one: Person, second: Person, *, because: str) -> tuple[HumanRecord, ...]:
    """Write down that two are one human, within another verb's action.

    Errors: Conflict for two who are said to be others.
    """
    store.lock_humans(work.db)
    known = [store.record_of(work.db, each.id) for each in (one, second)]
    ids = {each.human_id for each in known if each is not None}
    if None not in known:
        raise Conflict(
            "This is said already: both are one human."
            if len(ids) == 1
            else "Each of the two is one human with others already: take one of that back first."
        )
    human_id = ids.pop() if ids else work.ids.new()
    made = tuple(
        HumanRecord(
            id=work.ids.new(),
            human_id=human_id,
            case_id=person.case_id,
            person_id=person.id,
            because=because,
            said_by=work.actor.id,
            said_at=work.now,
        )
        for person, standing in zip((one, second), known, strict=True)
        if standing is None
    )
    store.insert_records(work.db, made)
    return made


@action("cases.human.parted", roles=WORKING)
def part(work: Work, case_id: str, person_id: str, *, because: str) -> HumanRecord:
    """Take back that somebody is one human with people of other cases; the others stay one.

    Errors: NotFound; StruckOut; Invalid without a reason; Conflict where nothing is said.
    """
    person = person_in(work, case_id, person_id)
    standing = store.record_of(work.db, person.id)
    if standing is None:
        raise Conflict("Of this person nobody said that they are in another case too.")
    ended = replace(
        standing,
        ended_by=work.actor.id,
        ended_at=work.now,
        ended_because=checks.text("because", because),
    )
    store.end_record(work.db, ended)
    work.record(person.case_id, person=person.id)
    return ended


def elsewhere(work: Work, person: Person) -> tuple[Elsewhere, ...]:
    """The same human in other cases that the actor sees, and who else there has an identifier of theirs.

    Within another verb's action.
    """
    standing = store.record_of(work.db, person.id)
    records = [] if standing is None else store.records_of(work.db, standing.human_id)
    said = {each.person_id: each for each in records if each.person_id != person.id}
    others = dict.fromkeys((*said, *store.sharing(work.db, person.id)))
    found = [person_seen(work, each) for each in others]
    return tuple(
        Elsewhere(
            person=each,
            case_number=case_seen(work, each.case_id).number,
            said=said.get(each.id),
        )
        for each in found
    )
