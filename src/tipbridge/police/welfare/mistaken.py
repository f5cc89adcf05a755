"""A record of somebody who was brought into a case by mistake."""

from dataclasses import replace

from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.work import Work
from tipbridge.police.cases.model import Case, Person
from tipbridge.police.welfare import endings, store
from tipbridge.police.welfare.model import Ending
from tipbridge.police.welfare.noting import change_record
from tipbridge.police.welfare.opening import ensure_record, reasons_now


def end_with_strike(
    work: Work, person: Person, ending: Ending = Ending.OPENED_BY_MISTAKE
) -> str | None:
    """Close the record that somebody's facts opened, for whom a strike takes out of a case.

    Within another room's action, by whom that action is recorded. Shape: the record's id, if one
    was closed; restoring the person opens it again with new days.
    Errors: Conflict where something was done in it, or where it is open and its own list's alone.
    """
    standing = store.standing_of(work.db, person.id)
    if standing is None or standing.closed_at is not None:
        return None
    record = store.record_by_id(work.db, standing.welfare_id)
    if record is None:
        raise Conflict(
            "An open welfare record of this person is its own list's alone: somebody on that list"
            " strikes them out, or closes it first."
        )
    follow_ups = store.follow_ups_of(work.db, record.id)
    endings.check_untouched(record, store.talks_of(work.db, record.id), follow_ups)
    ended = replace(record, ending=ending, closed_at=work.now)
    change_record(work, record, ended)
    store.set_removal_waits(work.db, record.id, waits=False, held=False)
    return record.id


def end_unwanted(work: Work, case: Case, person: Person) -> str | None:
    """Close the record of somebody whose facts want none any more, where nothing was done in it.

    Within another room's action. Shape: the record's id, if one was closed.
    """
    if reasons_now(work, case, person):
        return None
    try:
        return end_with_strike(work, person)
    except Conflict:
        return None  # somebody works in it, or its own list does: it is theirs to close


def check_goes_on(work: Work, case: Case, kept: Person) -> None:
    """Whether a child is looked after under the record that is kept, once the other one is closed.

    Shape: what both records say may open the kept one's again. Errors: Conflict while it is closed.
    """
    ensure_record(work, case, kept)
    standing = store.standing_of(work.db, kept.id)
    if standing is not None and standing.closed_at is not None:
        raise Conflict(
            "The welfare record of the one that would go is open, and that of the one that would"
            " be kept is closed: keep the one whose record is open, or close that first."
        )
