"""The day of the request for removal of what shows a child, for the rooms that ask."""

from dataclasses import replace
from datetime import datetime

from tipbridge.foundation.work import Work
from tipbridge.police.welfare import store
from tipbridge.police.welfare.model import ClockStep, Welfare
from tipbridge.police.welfare.noting import change_record
from tipbridge.police.welfare.opening import day_of


def note_removal(
    work: Work,
    record: Welfare,
    *,
    waits: bool,
    asked_at: datetime | None = None,
    held: bool = False,
) -> None:
    """Say whether a request for removal of the child's own material has yet to go out.

    For another room's action, once a place is known: that none was known answers no day any more.
    Shape: `asked_at` is when the last one went out; None, where
    nothing waits, means that everything was gone before anybody was asked. `held` says that it
    waits for a referral's mark, which forbids asking.
    """
    if record.own_material is not None:
        change_record(work, record, replace(record, own_material=None, own_material_on=None))
        store.unmeet_clock(work.db, record.id, ClockStep.REMOVAL_REQUEST)
    store.set_removal_waits(work.db, record.id, waits=waits, held=waits and held)
    if not waits:
        on = day_of(work, record.jurisdiction, at=asked_at)
        # What was asked before a record opened again is asked, and nobody asks twice.
        met = {ClockStep.REMOVAL_REQUEST: on}
        store.meet_clocks(work.db, record.id, met, earlier_too=True)


def wait_for_nothing(work: Work, record: Welfare) -> None:
    """Say that no request has to go out where no place is known; its day stays as it was.

    For another room's action.
    """
    store.set_removal_waits(work.db, record.id, waits=False, held=False)


def reopen_request(work: Work, record: Welfare, mistaken_at: datetime) -> bool:
    """Open the day of the request again where it was met on or after the day of a mistake.

    For another room's action. Shape: says whether it was met by then; a closed record stays so.
    """
    if record.closed_at is not None:
        return False
    since = day_of(work, record.jurisdiction, at=mistaken_at)
    return store.unmeet_clock(work.db, record.id, ClockStep.REMOVAL_REQUEST, since=since)
