"""What came under an agreement and is over: deleted, unless a case keeps it by its own law."""

from tipbridge.foundation.work import Work, action
from tipbridge.sharing.referral.keeping import actions as keeping


@action("retention.kept.ended", system=True, idle=True)
def end_kept(work: Work) -> int:
    """Delete received referrals whose time is over, and prove those whose keys are gone; how many.

    Shape: the law of a case that stands wins over an agreement's days; the sender is told so.
    """
    proved = keeping.prove_deleted(work)
    deleted = [keeping.delete_kept(work, each.referral_id) for each in keeping.lapsed(work)]
    if proved or deleted:
        work.record(
            "all", proved=proved, deleted=sum(deleted), kept_by_law=len(deleted) - sum(deleted)
        )
    return proved + len(deleted)
