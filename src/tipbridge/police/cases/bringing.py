"""How the people of a referral come into its cases, within the action that takes it."""

from collections.abc import Iterable, Sequence

from tipbridge.foundation.work import Work
from tipbridge.police.cases import checks, meeting, rules, store
from tipbridge.police.cases.changing.noting import enrich_person
from tipbridge.police.cases.detached import store as detached
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.model import Person, TaskKind
from tipbridge.police.cases.referred import ReferredPerson
from tipbridge.police.cases.sightings import store as sightings


def bring_people(
    work: Work, case_ids: Sequence[str], referral_id: str, referred: Iterable[ReferredPerson]
) -> tuple[int, set[str]]:
    """Bring people in: how many are new, and the cases in which somebody was met.

    Shape: somebody whom one of the cases knows by an attaching identifier is the same, the
    first case before the others; everybody else is new in the first. Staff are asked whether
    somebody new is one who has the same phone or e-mail, and hear what contradicts what is known.
    """
    whole = case_ids[0]
    people = {each.id: each for case_id in case_ids for each in store.people_of(work.db, case_id)}
    holders = _holders(work, case_ids)
    new_count, spoken_of, met = 0, set[str](), set[str]()
    for one in referred:
        keys = map(rules.identifier_key, one.identifiers)
        known = {key: [people[each] for each in holders.get(key, ())] for key in keys}
        found = meeting.meet(known, one, spoken_of)
        if found.person is None:
            there = [each for each in people.values() if each.case_id == whole]
            person = _new_person(work, whole, checks.next_position(there), one)
            _ask_whether_same(work, person, found.beside)
            new_count += 1
        else:
            person = _known_person(work, found.person, one, referral_id)
        people[person.id] = person
        spoken_of.add(person.id)
        met.add(person.case_id)
        for each in filter(rules.ties, one.identifiers):
            held = holders.setdefault(rules.identifier_key(each), [])
            if person.id not in held:
                held.append(person.id)
        store.note_mention(work.db, person, referral_id, one.label)
        store.add_identifiers(
            work.db, person, one.identifiers, at=work.now, referral_id=referral_id
        )
        detached.tell_again(work.db, person.id, one.identifiers, referral_id=referral_id)
        sightings.add_sightings(work.db, person, referral_id, one.seen)
    return new_count, met


def _holders(work: Work, case_ids: Sequence[str]) -> dict[tuple[str, str, str], list[str]]:
    """Whom these cases know by an attaching identifier, those of the first case first."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for case_id in case_ids:
        theirs = store.identifiers_of(work.db, case_id)
        for person in store.people_of(work.db, case_id):
            for each in filter(rules.ties, theirs.get(person.id, ())):
                found.setdefault(rules.identifier_key(each), []).append(person.id)
    return found


def _new_person(work: Work, case_id: str, position: int, one: ReferredPerson) -> Person:
    unknown = checks.unknown_person(work.ids.new(), case_id, position)
    person = meeting.described(unknown, one)
    store.insert_person(work.db, person, work.now)
    return person


def _known_person(work: Work, before: Person, one: ReferredPerson, referral_id: str) -> Person:
    """What a referral adds of somebody known; what it says otherwise is kept, and told once."""
    said = meeting.said_otherwise(before, one)
    title = " · ".join((*said, referral_id[:8]))
    asked = [
        each.title or ""
        for each in diary.tasks_of(work, before.case_id)
        if (each.kind, each.person_id) == (TaskKind.FACTS_CONTRADICTED, before.id)
    ]
    if said and not any(all(each in title for each in said) for title in asked):
        diary.open_task(work, before.case_id, TaskKind.FACTS_CONTRADICTED, before.id, title=title)
    return enrich_person(work, before, meeting.enriched(before, one))


def _ask_whether_same(work: Work, person: Person, beside: Sequence[Person]) -> None:
    """Ask staff whether somebody new is one of those who have the same."""
    if not beside:
        return
    title = meeting.positions(beside)
    diary.open_task(work, person.case_id, TaskKind.SAME_PERSON, person.id, title=title)
