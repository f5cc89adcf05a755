"""Who sees a case, who offered it to whom, and which own files of children are in it."""

from dataclasses import dataclass

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.access.desks.rules import agency_of
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases.children import actions as children
from tipbridge.police.cases.children.model import ChildFile
from tipbridge.police.cases.handing import actions as handing
from tipbridge.police.cases.handing.model import HandOverLine
from tipbridge.police.cases.model import Case, Person, PersonRole
from tipbridge.police.cases.names import usernames
from tipbridge.police.cases.seeing import WORKING, case_seen, people_seen


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessView:
    """Who has a case and who sees it.

    Shape: `agency` works the case; whose agreement a referral came under is another matter.
    `going_along` are the numbers of the merged cases that the reader would give away with it.
    `unfiled` are victims who have no own file that the reader sees.
    """

    case: Case
    unit: str
    agency: str | None
    units: tuple[str, ...]
    members: tuple[str, ...]
    offers: tuple[HandOverLine, ...]
    files: tuple[tuple[Person, ChildFile], ...]
    unfiled: tuple[Person, ...]
    going_along: tuple[str, ...]


@action("cases.access.read", roles=WORKING)
def read_access(work: Work, case_id: str) -> AccessView:
    """Who sees a case, who offered it to whom, and the children's own files.

    Errors: NotFound.
    """
    case = case_seen(work, case_id)
    units = access_store.all_units(work.db)
    files = {file.person_id: file for file in children.files_of(work, case.id)}
    people = people_seen(work, case.id)
    work.record(case.id, files=len(files))
    return AccessView(
        case=case,
        unit=next(unit.code for unit in units if unit.id == case.unit_id),
        agency=agency_of(units, case.unit_id),
        units=tuple(sorted(unit.code for unit in units if unit.id != case.unit_id)),
        members=usernames(work, case.members),
        going_along=handing.numbers_going(work, case),
        offers=tuple(handing.lines(work, case.id)),
        files=tuple((each, files[each.id]) for each in people if each.id in files),
        unfiled=tuple(
            each for each in people if PersonRole.VICTIM in each.roles and each.id not in files
        ),
    )
