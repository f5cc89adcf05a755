"""Cases and people as the actor sees them, for every verb of the police rooms."""

from datetime import date

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.rules import local_day
from tipbridge.police.cases import store
from tipbridge.police.cases.model import Case, Person

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


def person_seen(work: Work, person_id: str) -> Person:
    """Somebody in a case.

    Errors: NotFound, also for a case that is not the actor's.
    """
    person = store.person_by_id(work.db, person_id)
    if person is None:
        raise NotFound("person", person_id)
    return person


def person_in(work: Work, case_id: str, person_id: str) -> Person:
    """Somebody in the case with this id or own number.

    Errors: NotFound, also for a person of another case.
    """
    person = person_seen(work, person_id)
    if person.case_id != case_seen(work, case_id).id:
        raise NotFound("person", person_id)
    return person


def people_seen(work: Work, case_id: str) -> list[Person]:
    """The people of a case."""
    return store.people_of(work.db, case_id)


def today_of(work: Work, jurisdiction: str) -> date:
    """The day it is where a case's law applies; the node's own without a law."""
    try:
        return local_day(shipped_laws(), jurisdiction, work.now)
    except NoLaw:
        return work.now.date()
