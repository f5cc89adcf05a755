"""A welfare record's own list when its case goes to another unit, or when nobody keeps it."""

from dataclasses import replace

from tipbridge.foundation.work import Work, action
from tipbridge.police.cases.handing import lists
from tipbridge.police.cases.leaving import actions as leaving
from tipbridge.police.cases.leaving.model import ListKind
from tipbridge.police.welfare import store


@action("welfare.lists.given", system=True)
def give_lists(work: Work, *, case_id: str, from_unit: str, heir: str, accepted: str) -> None:
    """Let the records with a list follow a case to its new unit; a repeat changes nothing.

    Shape: whoever took the case over sees a record that is not narrowed without its list.
    """
    given = lists.given_to(work, case_id, from_unit=from_unit, heir=heir, accepted=accepted)
    changed = 0
    for record in store.records_of(work.db, case_id):
        if not record.members:
            continue
        kept = lists.remaining(work, record.members, given)
        if not record.narrowed:
            kept = tuple(each for each in kept if each in record.members)
        if kept != record.members:
            store.update_record(work.db, replace(record, members=kept))
            changed += 1
    work.record(case_id, changed=changed)


@action("welfare.left_list.given", system=True)
def give_left(work: Work, *, left_id: str) -> None:
    """Put whoever took a record's list over on it; a repeat changes nothing.

    Errors: NotFound.
    """
    left, by = leaving.taken(work, left_id)
    given = False
    if left.kind is ListKind.WELFARE_RECORD and left.case_id is not None:
        for record in store.records_of(work.db, left.case_id):
            if record.id == left.list_id and by not in record.members:
                members = tuple(sorted({*record.members, by}))
                store.update_record(work.db, replace(record, members=members))
                given = True
    work.record(left.subject, left=left.id, given=given)
