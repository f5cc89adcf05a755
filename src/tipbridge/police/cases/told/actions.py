"""The verb that reads what a referral said in a case."""

from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases.model import Case
from tipbridge.police.cases.reading import read_facts, why_unread
from tipbridge.police.cases.referred import Unread
from tipbridge.police.cases.seeing import WORKING, case_seen, referrals_seen
from tipbridge.police.cases.told import store
from tipbridge.police.cases.told.model import Told
from tipbridge.police.cases.told.rules import in_order
from tipbridge.sharing.referral import actions as referrals


@action("cases.referral.read", roles=WORKING)
def read_told(work: Work, case_id: str, referral_id: str) -> Told:
    """What a referral said of the people and files of a case that it feeds.

    Shape: for whoever sees the case, wherever the referral was placed; what it said of people who
    are in no or another case is left out, and of a restricted referral everything for who can't
    open it.
    Errors: NotFound, also for a referral that does not feed this case.
    """
    case = case_seen(work, case_id)
    fed = {each.referral_id: each for each in referrals_seen(work, case.id)}
    taken = fed.get(referral_id)
    if taken is None:
        raise NotFound("referral of this case", referral_id)
    may_open = _may_open(work, referral_id)
    work.record(case.id, referral=referral_id)
    return Told(
        case=case,
        referral=taken,
        parts=tuple(
            sorted(
                store.parts_told(work.db, case.id, referral_id),
                key=lambda part: in_order(part.label),
            )
        ),
        closed=not may_open and referrals.restricted_beside(work, referral_id),
        open=may_open,
    )


def unread_in(work: Work, case: Case) -> dict[str, tuple[tuple[str, Unread], ...]]:
    """Parts of each referral that are not in a case, and why; within the caller's own action.

    Shape: of parts that the actor may read in the case alone.
    """
    found: dict[str, tuple[tuple[str, Unread], ...]] = {}
    for taken in referrals_seen(work, case.id):
        parts = store.parts_told(work.db, case.id, taken.referral_id)
        unread = read_facts(parts, taken.received_at.date()).unread
        if unread:
            found[taken.referral_id] = tuple((label, why_unread(label)) for label in unread)
    return found


def _may_open(work: Work, referral_id: str) -> bool:
    try:
        referrals.referral_seen(work, referral_id)
    except NotFound:
        return False
    return True
