"""Cases and people on their way: to another unit, another list, another case."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tipbridge.foundation.work import Work
from tipbridge.police.cases import checks, red, seeing, store
from tipbridge.police.cases.changing.noting import change_person
from tipbridge.police.cases.detached import keeping as detached
from tipbridge.police.cases.humans.store import copy_known
from tipbridge.police.cases.model import Case, Person, PersonRole


def open_beside(work: Work, case: Case) -> Case:
    """A new case of the same unit, list and law as `case`."""
    opened = replace(
        case,
        id=work.ids.new(),
        number=store.next_number(work.db, seeing.today_of(work, case.jurisdiction).year),
        opened_at=work.now,
    )
    store.insert_case(work.db, opened)
    return opened


def open_own(work: Work) -> Case:
    """A new case of the actor's own unit."""
    here = work.node.settings.jurisdiction
    case = Case(
        id=work.ids.new(),
        number=store.next_number(work.db, seeing.today_of(work, here).year),
        unit_id=work.actor.unit or 1,
        restricted=False,
        members=(),
        jurisdiction=here,
        opened_at=work.now,
    )
    store.insert_case(work.db, case)
    return case


def clear_suspicion(work: Work, person: Person) -> None:
    """Let somebody be no suspect any more; with no other role, whoever was reported."""
    change_person(work, person, replace(person, roles=unsuspected(person.roles)))


def unsuspected(roles: frozenset[PersonRole]) -> frozenset[PersonRole]:
    """What is left of somebody's roles once they are no suspect."""
    return roles - {PersonRole.SUSPECT} or frozenset({PersonRole.REPORTED_USER})


def move(work: Work, people: Iterable[Person], case_id: str) -> tuple[str, ...]:
    """Bring people into another case; the referrals about them feed it too, with all they named.

    Shape: rows of other rooms about a person follow by the database's own hand, since each
    names person and case together; places are noted anew from the referral. Says which
    referrals feed the other case because of it.
    Errors: Conflict for what came for named recipients only, into a case that a whole unit reads.
    """
    store.lock_taking(work.db)
    first = checks.next_position(store.people_of(work.db, case_id))
    feeding = {each.referral_id for each in store.referrals_of(work.db, case_id)}
    carried: list[str] = []
    for position, person in enumerate(people, first):
        carried += _carry(work, person, case_id, feeding)
        store.move_person(work.db, person.id, case_id, position=position)
    return tuple(carried)


def copy(work: Work, person: Person, made: Person) -> tuple[str, ...]:
    """Give a human of one case a record in another, with identifiers, referrals and sightings.

    Shape: says which referrals feed the other case because of it.
    Errors: Conflict as `move`.
    """
    store.lock_taking(work.db)
    feeding = {each.referral_id for each in store.referrals_of(work.db, made.case_id)}
    carried = _carry(work, person, made.case_id, feeding)
    store.insert_person(work.db, made, work.now)
    copy_known(work.db, person, made)
    return tuple(carried)


def _carry(work: Work, person: Person, case_id: str, feeding: set[str]) -> list[str]:
    """Let the referrals about somebody feed another case too, those that don't yet."""
    carried: list[str] = []
    about = seeing.referrals_about(work, person)
    for taken in store.referrals_of(work.db, person.case_id):
        if taken.referral_id in about and taken.referral_id not in feeding:
            red.check_may_carry(work, taken.referral_id, person.case_id, case_id)
            detached.check_may_carry(work, case_id, taken.referral_id)
            feeding.add(taken.referral_id)
            carried.append(taken.referral_id)
            store.carry_referral(work.db, taken, case_id)
            work.emit("cases.case.attached", case_id=case_id, referral_id=taken.referral_id)
    return carried


def take_out(work: Work, referral_ids: Iterable[str], case_id: str) -> tuple[str, ...]:
    """Let carried referrals feed a case no more, where they speak of nobody who is in it.

    Shape: says which. What they named stays while another referral feeds the case, since that
    may have named it too; what was carried is a copy, and stays where it came from.
    """
    spoken_of = {referral_id for referral_id, _ in store.mentions_of(work.db, case_id)}
    gone = tuple(each for each in referral_ids if each not in spoken_of)
    store.take_out_referrals(work.db, gone, case_id)
    return gone


def give(work: Work, case_id: str, unit_id: int) -> None:
    """Give a case to a unit."""
    store.set_unit(work.db, case_id, unit_id)
    work.emit("cases.access.changed", case_id=case_id)


def set_list(work: Work, case_id: str, members: Sequence[str]) -> None:
    """Let only these members of staff, by id, see a case."""
    store.set_members(work.db, case_id, members, restricted=True)
    work.emit("cases.access.changed", case_id=case_id)


def lift_list(work: Work, case_id: str) -> None:
    """Let the whole unit see a case again."""
    store.set_members(work.db, case_id, (), restricted=False)
    work.emit("cases.access.changed", case_id=case_id)
