"""People on their way from one case to another, with everything about them."""

from collections.abc import Iterable
from dataclasses import replace

from tipbridge.foundation.work import Work
from tipbridge.police.cases import checks, store
from tipbridge.police.cases.model import Case, Person


def open_beside(work: Work, case: Case) -> Case:
    """A new case of the same unit, list and law as `case`."""
    opened = replace(
        case,
        id=work.ids.new(),
        number=store.next_number(work.db, work.now.year),
        opened_at=work.now,
    )
    store.insert_case(work.db, opened)
    return opened


def move(work: Work, people: Iterable[Person], case_id: str) -> None:
    """Bring people into another case; the referrals that speak of them feed it too.

    Shape: rows of other rooms about a person follow by the database's own hand, since each
    names person and case together.
    """
    store.lock_taking(work.db)
    first = checks.next_position(store.people_of(work.db, case_id))
    for position, person in enumerate(people, first):
        for taken in store.referrals_of(work.db, person.case_id):
            if taken.referral_id in store.referrals_about(work.db, person.id):
                store.insert_referral(work.db, replace(taken, case_id=case_id))
        store.move_person(work.db, person.id, case_id, position=position)
