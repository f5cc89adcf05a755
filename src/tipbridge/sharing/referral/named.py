"""Who reads what came for named recipients only, as TLP:RED says: never everybody of a unit."""

from collections.abc import Collection, Iterable

from tipbridge.foundation.access.desks.store import on_duty
from tipbridge.foundation.access.model import StaffMember
from tipbridge.foundation.access.store import all_staff
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.work import Work

ACCEPTING = frozenset({Role.LIAISON, Role.INVESTIGATOR})
"""Who says of a received referral that it is accepted."""


def first_readers(work: Work, unit_id: int) -> tuple[str, ...]:
    """The ids of those who read it as it arrives: who is on duty at the unit's desks and may accept it.

    Shape: with nobody on duty, all of the unit who may; none where the unit has nobody who could.
    """
    return chosen(all_staff(work.db), on_duty(work.db, unit_id, work.now), unit_id)


def chosen(staff: Iterable[StaffMember], duty: Collection[str], unit_id: int) -> tuple[str, ...]:
    """The same, of all staff and the user names of those on duty. Pure."""
    able = [each for each in staff if each.active and each.unit_id == unit_id]
    accepting = [each for each in able if each.roles & ACCEPTING]
    there = [each for each in accepting if each.username in duty]
    return tuple(sorted(each.id for each in there or accepting))
