"""The lists of a case whose unit changed: who lost the case leaves them, and none is nobody's."""

from collections.abc import Sequence

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.access.rules import units_below
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases.children import actions as children
from tipbridge.police.cases.handing.rules import Given, list_after
from tipbridge.police.cases.seeing import case_seen


@action("cases.lists.given", system=True)
def give_lists(work: Work, *, case_id: str, from_unit: str, heir: str, accepted: str) -> None:
    """Let the children's own files follow a case to its new unit; a repeat changes nothing."""
    given = given_to(work, case_id, from_unit=from_unit, heir=heir, accepted=accepted)
    changed = 0
    for file in children.files_of(work, case_id):
        changed += children.give_file(work, file, remaining(work, file.members, given))
    work.record(case_id, changed=changed)


def given_to(work: Work, case_id: str, *, from_unit: str, heir: str, accepted: str) -> Given:
    """What an event says of a case that went to another unit.

    Errors: NotFound.
    """
    return Given(
        from_unit=int(from_unit),
        to_unit=case_seen(work, case_id).unit_id,
        heir=heir,
        accepted=bool(accepted),
    )


def remaining(work: Work, members: Sequence[str], given: Given) -> tuple[str, ...]:
    """Who is on a list of a case that was given."""
    units = access_store.all_units(work.db)
    reach = {
        member.id: frozenset(units_below(units, member.unit_id) if member.active else ())
        for member in access_store.all_staff(work.db)
    }
    return list_after(members, given, reach)
