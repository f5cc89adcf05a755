"""A received referral, as the police room needs it: channel, owner and the times of its steps."""

from tipbridge.foundation.work import Work
from tipbridge.police.cases.model import ReferralSource
from tipbridge.sharing.referral import actions as referrals


def referral_source(work: Work, referral_id: str) -> ReferralSource:
    """Where a received referral comes from.

    Errors: NotFound.
    """
    raise NotImplementedError(referrals, work, referral_id)
