"""The day on which staff carried a notice is corrected: what it started goes by the new one."""

from datetime import datetime

from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.base.moments import recorded_later
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks
from tipbridge.police.cases.redated import FormerDay, corrected_day
from tipbridge.police.removals import store
from tipbridge.police.removals.actions import WORKING, removal_standing
from tipbridge.police.removals.model import Notice, NoticeState
from tipbridge.police.removals.noticing import notice_seen
from tipbridge.police.removals.rules import carried_by_hand


@action("removals.notice.redated", roles=WORKING)
def correct_notice_day(
    work: Work, notice_id: str, *, done_at: datetime | None, because: str
) -> Notice:
    """Say that a notice was carried at another time than was written down, and why.

    Shape: the former day stays with the reason. The next step, the hosts' figures and the day of
    a child's request go by the new one.
    Errors: NotFound; Conflict for a notice that did not go out, or that the node sent itself;
    Invalid without a moment or a reason, for a moment that is to come, before the notice was
    written, or after an answer or the next notice.
    """
    notice = notice_seen(work, notice_id)
    removal = removal_standing(work, notice.removal_id)
    if notice.state is not NoticeState.SENT or notice.sent_at is None:
        raise Conflict("This notice has not been sent yet.", id=notice.id)
    if not carried_by_hand(notice):
        raise Conflict("This notice was sent by this node, which knows when.", id=notice.id)
    at = corrected_day(
        done_at,
        now=work.now,
        since=notice.made_at,
        what="the notice was written",
        until=_rests_on(work, notice),
    )
    former = FormerDay(
        sent_at=notice.sent_at,
        corrected_at=work.now,
        corrected_by=work.actor.id,
        because=checks.text("because", because),
    )
    store.redate_notice(
        work.db,
        notice.id,
        sent_at=at,
        sent_recorded_at=recorded_later(at, work.now),
        former=(*notice.former_days, former),
    )
    work.emit(
        "removals.state.mistaken",
        case_id=removal.case_id,
        removal_id=removal.id,
        said_at=notice.sent_at.isoformat(),
    )
    was = notice.sent_at.isoformat()
    work.record(removal.case_id, notice=notice.id, done_at=at.isoformat(), was=was)
    return notice_seen(work, notice_id)


def _rests_on(work: Work, notice: Notice) -> datetime | None:
    """When the first of what rests on a notice was done: the next one, or an answer to the first."""
    notices = store.notices_of(work.db, notice.removal_id)
    later = [each.made_at for each in notices if each.made_at > notice.made_at]
    first = all(each.made_at >= notice.made_at for each in notices)
    replies = [
        each.at for each in store.replies_of(work.db, notice.removal_id) if each.mistake is None
    ]
    return min([*later, *(replies if first else ())], default=None)
