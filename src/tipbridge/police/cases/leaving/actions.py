"""Verbs on lists that nobody keeps: note them, show them, take one over."""

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks, moving
from tipbridge.police.cases.children import actions as children
from tipbridge.police.cases.leaving import store
from tipbridge.police.cases.leaving.model import LeftEnd, LeftLine, LeftList, ListKind
from tipbridge.police.cases.leaving.rules import supervising_unit
from tipbridge.police.cases.names import names_of_staff
from tipbridge.police.cases.seeing import case_seen
from tipbridge.sharing.referral import actions as referrals
from tipbridge.sharing.referral.named import ACCEPTING

TAKING_OVER = (Role.INVESTIGATOR, Role.LIAISON)
"""Who takes lists over: those of cases an investigator alone, a referral's whoever may accept it."""
_OF_CASES = frozenset({Role.INVESTIGATOR})


@action("cases.lists.looked_at", system=True)
def note_left(work: Work) -> None:
    """Note each list that nobody keeps now, for whoever supervises; a repeat changes nothing.

    Shape: one that is kept again, since somebody came back or was let in, waits no more.
    """
    noted, back = look(work)
    work.record("lists", noted=noted, kept_again=back)


@action("cases.referral.looked_at", system=True)
def note_unread(work: Work, *, referral_id: str) -> None:
    """Note a referral that came for named recipients and that none of them can read here; a repeat
    changes nothing.
    """
    noted = 0
    if referrals.referral_seen(work, referral_id).restricted:
        noted, _ = look(work)
    work.record(referral_id, noted=noted)


def look(work: Work) -> tuple[int, int]:
    """The same within another system action: how many are newly left, and kept again."""
    unkept = {(each.kind, each.list_id): each for each in access_store.lists_unkept(work.db)}
    back = 0
    for left in store.left_lists(work.db, open_only=True):
        if (left.kind.value, left.list_id) not in unkept:
            back += store.end_left(work.db, left.id, ended=LeftEnd.KEPT_AGAIN, at=work.now)
    units = access_store.all_units(work.db)
    working = {kind: _working(work, _takers(kind)) for kind in ListKind}
    noted = 0
    for each in unkept.values():
        left = LeftList(
            id=work.ids.new(),
            case_id=each.case_id,
            number=each.number,
            kind=ListKind(each.kind),
            list_id=each.list_id,
            case_unit=each.unit_id,
            for_unit=supervising_unit(units, each.unit_id, working[ListKind(each.kind)]),
            noted_at=work.now,
        )
        noted += store.insert_left(work.db, left)
    return noted, back


@action("cases.left_lists.listed", roles=TAKING_OVER)
def list_left(work: Work) -> list[LeftLine]:
    """The lists that were left for the actor's units and role, those that wait first.

    Shape: of a case that is not the actor's no more than its number, and what the list is of; of a
    referral its id.
    """
    units = {unit.id: unit.code for unit in access_store.all_units(work.db)}
    names = names_of_staff(work)
    found = [
        LeftLine(
            left=left,
            unit=units[left.case_unit],
            waits_for=units[left.for_unit],
            taken_by=None if left.taken_by is None else names.get(left.taken_by, left.taken_by),
        )
        for left in store.left_lists(work.db)
        if _may_take(work, left)
    ]
    work.record("all", count=len(found))
    return found


@action("cases.left_list.taken_over", roles=TAKING_OVER)
def take_over(work: Work, left_id: str, *, grounds: str) -> None:
    """Take a list over that nobody keeps; the worker then puts the actor on it.

    Errors: NotFound for one that waits for another unit or role; Conflict when it is kept again;
    Invalid without grounds.
    """
    left = store.left_by_id(work.db, left_id)
    if left is None or not _may_take(work, left):
        raise NotFound("left list", left_id)
    why = checks.text("grounds", grounds)
    taken = store.end_left(
        work.db, left.id, ended=LeftEnd.TAKEN_OVER, at=work.now, by=work.actor.id, grounds=why
    )
    if not taken:
        raise Conflict("Somebody keeps this list again already.")
    work.record(left.subject, left=left.id, kind=left.kind, list=left.list_id)
    work.emit("cases.left_list.taken_over", left_id=left.id)


@action("cases.left_list.given", system=True)
def give_left(work: Work, *, left_id: str) -> None:
    """Put whoever took a list over on it; a repeat changes nothing.

    Shape: a child's own file opens to nobody who is not on the list of its restricted case: they
    join that as well. Records of welfare are given by their own room.
    Errors: NotFound.
    """
    left, by = taken(work, left_id)
    if left.case_id is None:
        given = referrals.let_read(work, left.list_id, by)
    else:
        given = _give_in_case(work, left, left.case_id, by)
    work.record(left.subject, left=left.id, given=given)


def _give_in_case(work: Work, left: LeftList, case_id: str, by: str) -> bool:
    case, given = case_seen(work, case_id), False
    if left.kind is not ListKind.WELFARE_RECORD and case.restricted and by not in case.members:
        moving.set_list(work, case.id, sorted({*case.members, by}))
        given = True
    if left.kind is ListKind.CHILD_FILE:
        for file in children.files_of(work, case.id):
            if file.id == left.list_id:
                given |= children.give_file(work, file, tuple(sorted({*file.members, by})))
    return given


def taken(work: Work, left_id: str) -> tuple[LeftList, str]:
    """A list that was taken over, and by whom; for the follow-ups of that event.

    Errors: NotFound.
    """
    left = store.left_by_id(work.db, left_id)
    if left is None or left.taken_by is None:
        raise NotFound("left list", left_id)
    return left, left.taken_by


def count_left(work: Work) -> int:
    """How many left lists wait for the actor's units and role."""
    waiting = store.left_lists(work.db, open_only=True)
    return sum(_may_take(work, left) for left in waiting)


def _takers(kind: ListKind) -> frozenset[Role]:
    """Whoever takes over a list of this kind."""
    return ACCEPTING if kind is ListKind.REFERRAL else _OF_CASES


def _may_take(work: Work, left: LeftList) -> bool:
    return not work.actor.roles.isdisjoint(_takers(left.kind))


def _working(work: Work, roles: frozenset[Role]) -> set[int]:
    """The units in which somebody of these roles works now."""
    staff = access_store.all_staff(work.db)
    return {each.unit_id for each in staff if each.active and each.roles & roles}
