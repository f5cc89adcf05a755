"""Taking a referral out of a case and bringing it back, within another room's action."""

from dataclasses import fields, replace
from datetime import datetime
from functools import partial

from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.work import Work
from tipbridge.police.cases import meeting, seeing
from tipbridge.police.cases import store as cases
from tipbridge.police.cases.changing.actions import changes_seen
from tipbridge.police.cases.changing.noting import change_person
from tipbridge.police.cases.detached import store, unsaying
from tipbridge.police.cases.detached.model import Detachment
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.diary.store import finish_task
from tipbridge.police.cases.items import store as items
from tipbridge.police.cases.model import Case, Person, TakenReferral, TaskKind
from tipbridge.police.cases.numbers import store as numbers
from tipbridge.police.cases.reading import read_facts
from tipbridge.police.cases.referred import ReferredFacts, ReferredPerson
from tipbridge.police.cases.sightings import store as sightings
from tipbridge.sharing.referral.model import Origin


def feeding(work: Work, case: Case, referral_id: str) -> TakenReferral:
    """A referral that feeds a case, held against others who take or detach one.

    Errors: NotFound.
    """
    cases.lock_taking(work.db)
    found = [
        each for each in cases.referrals_of(work.db, case.id) if each.referral_id == referral_id
    ]
    if not found:
        raise NotFound("referral of this case", referral_id)
    return found[0]


def named_in(work: Work, case: Case, referral_id: str) -> dict[str, str]:
    """Whom a referral names in a case: person by label."""
    mentions = cases.mentions_of(work.db, case.id)
    return {
        label: person for (said_by, label), person in mentions.items() if said_by == referral_id
    }


def detachments_seen(work: Work, case_id: str) -> list[Detachment]:
    """What was taken out of a case, oldest first."""
    return store.detachments_of(work.db, case_id)


def because_of(work: Work, case_id: str, referral_id: str) -> str | None:
    """Why a referral was taken out of a case; None where it feeds it, or never did."""
    standing = [e for e in store.standing_of(work.db, referral_id) if e.case_id == case_id]
    return standing[0].because if standing else None


def check_may_carry(work: Work, case_id: str, referral_id: str) -> None:
    """Refuse to let a referral come along into a case out of which it was taken. Errors: Conflict."""
    if because_of(work, case_id, referral_id) is not None:
        raise Conflict(
            "A referral about them was taken out of the case they would come to: bring it back there"
            " first.",
            id=referral_id,
        )


def take_out(work: Work, case: Case, taken: TakenReferral, made: Detachment) -> Detachment:
    """Take a referral out of a case with all that it alone told; what else tells it stays.

    Shape: those whom it alone named are struck out before.
    """
    facts = {
        each.referral_id: _facts(work, case, each) for each in cases.referrals_of(work.db, case.id)
    }
    mentions = cases.mentions_of(work.db, case.id)
    removed = cases.take_out_referrals(work.db, [taken.referral_id], case.id)
    store.remove_mentions(work.db, case.id, taken.referral_id)
    here = {each.id: each for each in seeing.people_seen(work, case.id)}
    for person_id in dict.fromkeys(made.people.values()):
        said = {
            referral: [e for e in each.people if mentions.get((referral, e.label)) == person_id]
            for referral, each in facts.items()
        }
        if person_id in here:
            _unsay(work, here[person_id], made, said)
    _close_tasks(work, case, taken.referral_id)
    kept = replace(made, numbers=removed)
    store.insert_detachment(work.db, kept)
    return kept


def check_feeds_not(work: Work, case: Case, made: Detachment) -> None:
    """Refuse to bring back what feeds a case already. Errors: Conflict."""
    cases.lock_taking(work.db)
    if made.referral_id in {e.referral_id for e in cases.referrals_of(work.db, case.id)}:
        raise Conflict("This referral feeds the case again.", id=made.referral_id)


def bring_back(work: Work, case: Case, made: Detachment, *, because: str) -> None:
    """Let a referral feed a case again as it did: with its people, files and number.

    Errors: Conflict where what it said was deleted, or whom it names is not in the case as they were.
    """
    taken = _taken(made)
    facts = _facts(work, case, taken)
    here = {each.id: each for each in seeing.people_seen(work, case.id)}
    if not store.parts_behind(work.db, case.id, taken.referral_id):
        raise Conflict("What this referral said was deleted with the case it went to.", id=made.id)
    if set(made.people.values()) - here.keys():
        raise Conflict(
            "Somebody whom this referral names was split off, joined or struck out since: take that"
            " back first, or what it says of them would be nobody's.",
            id=made.id,
        )
    cases.insert_referral(work.db, taken)
    for agency, number in made.numbers:
        numbers.add_number(work.db, case.id, agency, number)
    items.add_items(work.db, case.id, taken.referral_id, facts.items, work.now)
    for one in facts.people:
        person = here.get(made.people.get(one.label, ""))
        if person is not None:
            here[person.id] = _say_again(work, person, made, one, because)
    store.end_detachment(work.db, made.id, by=work.actor.id, at=work.now, because=because)


def _unsay(
    work: Work, person: Person, made: Detachment, said: dict[str, list[ReferredPerson]]
) -> None:
    gone = said.pop(made.referral_id, [])
    kept = [
        (each, other) for other, ones in said.items() for one in ones for each in one.identifiers
    ]
    store.take_back_told(work.db, person.id, made, kept)
    written = {word for each in detachments_seen(work, person.case_id) for word in _words(each)}
    staff = {
        each.fact
        for each in changes_seen(work, person.id)
        if each.by != WORKER.id and (each.at, each.by, each.because) not in written
    }
    others = [one for ones in said.values() for one in ones]
    after = unsaying.without(person, gone, others, staff)
    change_person(work, person, after, because=made.because)


def _words(made: Detachment) -> set[tuple[datetime | None, str | None, str | None]]:
    """As whose word, and when, a detachment and its end changed facts: no word of staff's own."""
    return {
        (made.detached_at, made.detached_by, made.because),
        (made.ended_at, made.ended_by, made.ended_because),
    }


def _say_again(
    work: Work, person: Person, made: Detachment, one: ReferredPerson, because: str
) -> Person:
    cases.note_mention(work.db, person, made.referral_id, one.label)
    store.restore_told(work.db, person.id, made)
    cases.add_identifiers(
        work.db, person, one.identifiers, at=work.now, referral_id=made.referral_id
    )
    sightings.add_sightings(work.db, person, made.referral_id, one.seen)
    after = meeting.enriched(person, one)
    change_person(work, person, after, because=because)
    return after


def _close_tasks(work: Work, case: Case, referral_id: str) -> None:
    """Close what waits about a referral alone; a correction that is to be heard stays."""
    mark = f" · {referral_id[:8]}"
    for task in diary.tasks_of(work, case.id):
        recalled = (task.kind, task.title) == (TaskKind.REFERRAL_RECALLED, referral_id)
        other = task.kind is TaskKind.FACTS_CONTRADICTED and (task.title or "").endswith(mark)
        if task.done_at is None and (recalled or other):
            finish_task(work.db, task.id, by=work.actor.id, at=work.now)


def _facts(work: Work, case: Case, taken: TakenReferral) -> ReferredFacts:
    day_of = partial(seeing.day_there, work.node.settings.jurisdiction)
    parts = store.parts_behind(work.db, case.id, taken.referral_id)
    return read_facts(parts, day_of(taken.received_at), day_of)


def values_of(taken: TakenReferral) -> dict[str, object]:
    """How a referral was taken, as it is kept beside its detachment."""
    values = {each.name: getattr(taken, each.name) for each in fields(taken)}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _taken(made: Detachment) -> TakenReferral:
    moments = {name for name in made.taken if name.endswith("_at")}
    values = {
        name: datetime.fromisoformat(str(value)) if name in moments and value else value
        for name, value in made.taken.items()
    }
    values["origin"] = Origin(str(made.taken["origin"]))
    return TakenReferral(**values)  # pyright: ignore[reportArgumentType] - as values_of wrote it
