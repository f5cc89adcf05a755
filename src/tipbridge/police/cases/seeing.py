"""Cases and people as the actor sees them, for every verb of the police rooms."""

from datetime import date, datetime

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.rules import local_day
from tipbridge.police.cases import store
from tipbridge.police.cases.errors import AlreadyErased, StruckOut
from tipbridge.police.cases.model import Case, Identifier, KnownPerson, Person, TakenReferral
from tipbridge.police.cases.numbers import store as numbers
from tipbridge.police.cases.sightings.store import sightings_of

WORKING = (Role.INVESTIGATOR,)
"""Who works on cases."""


def case_seen(work: Work, case_id: str) -> Case:
    """The case with this id or own number.

    Errors: NotFound, also for a case that is not the actor's.
    """
    case = store.case_by_id(work.db, store.case_id_by_number(work.db, case_id) or case_id)
    if case is None:
        raise NotFound("case", case_id)
    return case


def case_kept(work: Work, case_id: str) -> Case:
    """The case with this id or own number, into which something new may go.

    Errors: NotFound, also for a case that is not the actor's; AlreadyErased.
    """
    case = case_seen(work, case_id)
    if case.erased_at is not None:
        raise AlreadyErased(
            f"Everything of case {case.number} was erased; nothing new goes into it. Open another."
        )
    return case


def numbers_elsewhere(work: Work, case_id: str) -> list[tuple[str, str]]:
    """Agency and number under which others keep the same matter, within the caller's own action."""
    return numbers.numbers_of(work.db, case_id)


def person_seen(work: Work, person_id: str) -> Person:
    """Somebody in a case, or struck out of it.

    Errors: NotFound, also for a case that is not the actor's.
    """
    person = store.person_by_id(work.db, person_id)
    if person is None:
        raise NotFound("person", person_id)
    return person


def person_ever_in(work: Work, case_id: str, person_id: str) -> Person:
    """Somebody in the case with this id or own number, or struck out of it.

    Errors: NotFound, also for a person of another case.
    """
    person = person_seen(work, person_id)
    if person.case_id != case_seen(work, case_id).id:
        raise NotFound("person", person_id)
    return person


def person_in(work: Work, case_id: str | None, person_id: str) -> Person:
    """Somebody of whom something new is said; in the case with this id or number, if one is named.

    Errors: NotFound, also for a person of another case; StruckOut.
    """
    if case_id is None:
        person = person_seen(work, person_id)
    else:
        person = person_ever_in(work, case_id, person_id)
    if person.struck_at is not None:
        raise StruckOut(
            f"Person {person.position} was struck out of this case: restore them first, or name"
            " somebody who is in it.",
            id=person.id,
        )
    return person


def people_seen(work: Work, case_id: str) -> list[Person]:
    """The people of a case, but for those struck out."""
    return [each for each in store.people_of(work.db, case_id) if each.struck_at is None]


def people_ever(work: Work, case_id: str) -> list[Person]:
    """The people of a case, those struck out too."""
    return store.people_of(work.db, case_id)


def known_people(work: Work, case_id: str) -> tuple[KnownPerson, ...]:
    """The people of a case with the identifiers known of them, but for those struck out."""
    known = store.identifiers_of(work.db, case_id)
    seen = sightings_of(work.db, case_id)
    return tuple(
        KnownPerson(
            person=person,
            identifiers=tuple(theirs := known.get(person.id, [])),
            sightings=tuple(e for e in seen.get(person.id, ()) if e.identifier in theirs),
        )
        for person in people_seen(work, case_id)
    )


def identifiers_seen(work: Work, person: Person) -> list[Identifier]:
    """What is known of somebody, but for what was taken back."""
    return store.identifiers_of(work.db, person.case_id).get(person.id, [])


def case_or_its_referral(work: Work, about: str) -> Case:
    """The case with this id or number, or the one that this received referral feeds.

    Errors: NotFound, also for what is not the actor's.
    """
    fed = store.case_of_referral(work.db, about)
    return case_seen(work, about if fed is None else fed)


def referrals_seen(work: Work, case_id: str) -> list[TakenReferral]:
    """The referrals that feed a case, oldest first."""
    return store.referrals_of(work.db, case_id)


def referrals_about(work: Work, person: Person) -> tuple[str, ...]:
    """The referrals that speak of somebody.

    Shape: those of the whole case for somebody whom only the police brought into it.
    """
    about = store.referrals_about(work.db, person.id)
    taken = [each.referral_id for each in store.referrals_of(work.db, person.case_id)]
    return tuple(about or taken)


def mentioned_in(work: Work, person: Person) -> tuple[str, ...]:
    """The referrals that name somebody; none for whom only the police brought in."""
    return tuple(store.referrals_about(work.db, person.id))


def cases_fed(work: Work, referral_id: str) -> list[str]:
    """The cases that a referral feeds, the first one first."""
    return store.cases_of_referral(work.db, referral_id)


def mentions_of(work: Work, case_id: str) -> dict[tuple[str, str], str]:
    """Whom a case's referrals speak of: person by referral and label."""
    return store.mentions_of(work.db, case_id)


def today_of(work: Work, jurisdiction: str) -> date:
    """The day it is where a case's law applies; that of UTC without a law."""
    return day_there(jurisdiction, work.now)


def day_there(jurisdiction: str, at: datetime) -> date:
    """The day of a moment where a law applies; that of UTC without a law."""
    try:
        return local_day(shipped_laws(), jurisdiction, at)
    except NoLaw:
        return at.date()


def zone_there(jurisdiction: str) -> str | None:
    """The time zone where a law applies, by its IANA name; None without a law."""
    zones = (each.time_zone for each in shipped_laws() if each.jurisdiction == jurisdiction)
    return next(zones, None)
