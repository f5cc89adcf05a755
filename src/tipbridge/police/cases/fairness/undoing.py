"""Verb on a correction that was wrong itself: they were not the wrong person after all."""

from dataclasses import replace

from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks, moving
from tipbridge.police.cases.changing.actions import changes_seen
from tipbridge.police.cases.changing.model import Fact
from tipbridge.police.cases.changing.noting import change_person
from tipbridge.police.cases.fairness import store
from tipbridge.police.cases.fairness.model import Correction
from tipbridge.police.cases.model import Person, PersonRole
from tipbridge.police.cases.seeing import WORKING, case_kept, person_in


@action("cases.correction.taken-back", roles=WORKING)
def take_back_correction(work: Work, case_id: str, person_id: str, *, grounds: str) -> Correction:
    """Say that somebody was not the wrong person after all; who was told so is told this too.

    Shape: a correction of the correction, which goes where that one went, node by node and by
    staff's tasks, and is acknowledged like it; both stay in the record. What the person was in
    the case they are again.
    Errors: NotFound; StruckOut; Conflict while no correction stands; Invalid without grounds.
    """
    person = person_in(work, case_kept(work, case_id).id, person_id)
    wrong = store.correction_about(work.db, person.id)
    if wrong is None:
        raise Conflict("Nobody said that this person was the wrong one.", id=person.id)
    undoing = Correction(
        id=work.ids.new(),
        case_id=person.case_id,
        person_id=person.id,
        grounds=checks.text("grounds", grounds),
        made_by=work.actor.id,
        made_at=work.now,
        undoes=wrong.id,
    )
    store.end_correction(work.db, wrong.id, work.now)
    store.insert_correction(work.db, undoing)
    roles = _roles_before(work, person, wrong)
    change_person(work, person, replace(person, roles=roles), because=undoing.grounds)
    work.record(person.case_id, person=person.id, correction=undoing.id, undone=wrong.id)
    work.emit("cases.person.corrected", correction_id=undoing.id)
    work.emit("cases.people.changed", case_id=person.case_id)
    return undoing


def _roles_before(work: Work, person: Person, wrong: Correction) -> frozenset[PersonRole]:
    """What somebody is once a correction stands no more: what it took away beside what they are."""
    before = next(
        (
            frozenset(PersonRole(role) for role in each.before)
            for each in changes_seen(work, person.id)
            if each.fact is Fact.ROLES
            and (each.at, each.by) == (wrong.made_at, wrong.made_by)
            and isinstance(each.before, tuple)
        ),
        person.roles,
    )
    return before if moving.unsuspected(before) == person.roles else person.roles | before
