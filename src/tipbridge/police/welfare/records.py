"""A record for the room's verbs: seen, open, why it would open now, and whether it may be closed."""

from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.work import Work
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import stating
from tipbridge.police.cases.model import Motive
from tipbridge.police.welfare import endings, store
from tipbridge.police.welfare.model import Ending, Reason, Welfare
from tipbridge.police.welfare.opening import reasons_now

CLOSED = "This welfare record is closed."


def seen_record(work: Work, welfare_id: str) -> Welfare:
    """A record, closed or not, for the room's other verbs. Errors: NotFound."""
    welfare = store.record_by_id(work.db, welfare_id)
    if welfare is None:
        raise NotFound("welfare record", welfare_id)
    return welfare


def records_seen(work: Work, case_id: str) -> dict[str, Welfare]:
    """The records of a case that the actor may read, by person, for another room's action."""
    return {each.person_id: each for each in store.records_of(work.db, case_id)}


def open_record(work: Work, welfare_id: str) -> Welfare:
    """A record that is not closed, for the room's other verbs.

    Errors: NotFound; Conflict when closed.
    """
    welfare = seen_record(work, welfare_id)
    if welfare.closed_at is not None:
        raise Conflict(CLOSED)
    return welfare


def reasons_of(work: Work, welfare: Welfare) -> tuple[Reason, ...]:
    """Why the record would open now; those of the record for whoever doesn't see the case."""
    try:
        person = cases.person_seen(work, welfare.person_id)
        return reasons_now(work, cases.case_seen(work, welfare.case_id), person)
    except NotFound:
        return welfare.reasons


def check_closing(work: Work, welfare: Welfare, ending: Ending) -> None:
    """Whether all that an ending asks for is answered, for the room's other verbs.

    Errors: Conflict naming what is not answered.
    """
    clocks = store.clocks_of(work.db, [welfare.id])
    standing = store.standing_of(work.db, welfare.person_id)
    waits = standing is not None and standing.removal_waits
    endings.check_closing(
        welfare,
        ending,
        store.talks_of(work.db, welfare.id),
        store.follow_ups_of(work.db, welfare.id),
        removal_answered=endings.removal_answered(clocks, waits=waits),
        again_from=endings.again_from(clocks),
    )


def state_on_person(work: Work, welfare: Welfare, why: Motive) -> bool:
    """State what was said on the person; members of the record alone may not see the person."""
    try:
        return stating.note_from_talk(work, welfare.person_id, why)
    except NotFound:
        return False
