"""A look by hand at a place that no check tells anything of: it is as it was."""

from collections.abc import Mapping
from datetime import datetime

from tipbridge.foundation.base.moments import done_fact, recorded_later, when_done
from tipbridge.foundation.work import Work, action
from tipbridge.police.removals import rules, store
from tipbridge.police.removals.actions import WORKING, removal_standing
from tipbridge.police.removals.model import Check, CheckOutcome, RemovalState
from tipbridge.police.removals.replies import known_since

_SEEN: Mapping[RemovalState, CheckOutcome] = {
    RemovalState.UNKNOWN: CheckOutcome.UNCLEAR,
    RemovalState.LIVE: CheckOutcome.ANSWERS,
    RemovalState.REAPPEARED: CheckOutcome.ANSWERS,
    RemovalState.GEO_BLOCKED: CheckOutcome.BLOCKED_HERE,
    RemovalState.REMOVED: CheckOutcome.GONE,
    RemovalState.MOVED: CheckOutcome.SENT_ON,
}
"""What somebody saw who found a place as it was known; who saw another state records that."""


@action("removals.place.seen_again", roles=WORKING)
def look_by_hand(
    work: Work, removal_id: str, *, case_id: str | None = None, done_at: datetime | None = None
) -> Check:
    """Say that somebody looked and that a place is as it was known; it comes due again later.

    Shape: `done_at` is when they looked, without it now; of a place of which nothing is known it
    says that nothing could be told. With `case_id`, only of a place of that very case.
    Errors: NotFound; Conflict for a place noted by mistake; Invalid for a moment that is to come
    or before what was last known of the place.
    """
    removal = removal_standing(work, removal_id, case_id)
    since = known_since(work, removal, removal.state)
    what = "what was last known of the place"
    at = when_done(done_at, now=work.now, since=since, what=what)
    check = Check(
        id=work.ids.new(),
        removal_id=removal.id,
        at=at,
        outcome=_SEEN[removal.state],
        status=None,
        contradicts=False,
        by=work.actor.id,
        recorded_at=recorded_later(at, work.now),
    )
    store.insert_check(work.db, check, removal.case_id)
    again_at = rules.next_check(
        removal.state, noted_at=removal.noted_at, changed_at=removal.changed_at, now=work.now
    )
    store.look_again(work.db, removal.id, again_at)
    done = done_fact(at, work.now)
    work.record(removal.case_id, removal=removal.id, outcome=check.outcome, done_at=done)
    return check
