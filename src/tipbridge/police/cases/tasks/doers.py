"""Who may be given a case's task: somebody who works on that case."""

from collections.abc import Iterable

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.access.model import StaffMember, Unit
from tipbridge.foundation.access.rules import units_below
from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.work import Work
from tipbridge.police.cases.model import Case
from tipbridge.police.cases.seeing import WORKING
from tipbridge.police.cases.tasks.model import Given


def doer_of(work: Work, case: Case, username: str) -> StaffMember:
    """The member of staff of this name, who works on the case.

    Errors: NotFound; Conflict for somebody who does not see it.
    """
    member = access_store.staff_by_username(work.db, username)
    if member is None or not member.active:
        raise NotFound("member of staff", username)
    where = Given(
        case_id=case.id,
        username=username,
        unit_id=case.unit_id,
        restricted=case.restricted,
        members=case.members,
    )
    if not _works_on(member, where, access_store.all_units(work.db)):
        raise Conflict(f"{username} does not work on this case: the task would be seen by nobody.")
    return member


def lost(work: Work, given: Iterable[Given]) -> list[Given]:
    """Those whose member of staff does not work on the case any more, or not here."""
    units = access_store.all_units(work.db)
    staff = {each.username: each for each in access_store.all_staff(work.db)}
    return [
        each
        for each in given
        if (member := staff.get(each.username)) is None or not _works_on(member, each, units)
    ]


def _works_on(member: StaffMember, given: Given, units: Iterable[Unit]) -> bool:
    on_list = not given.restricted or member.id in given.members
    reached = given.unit_id in units_below(units, member.unit_id)
    return member.active and reached and on_list and bool(member.roles & set(WORKING))
