"""What a case says of the use of the referrals that feed it: one word, back to the provider."""

from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases.seeing import WORKING, case_seen, referrals_seen
from tipbridge.tips.intake.model import Appraisal


@action("cases.referral.appraised", roles=WORKING)
def appraise(
    work: Work, case_id: str, *, appraisal: Appraisal, referral: str | None = None
) -> tuple[str, ...]:
    """Say of what use a referral of a case was, or each of them; the worker sends it back.

    Errors: NotFound for a case that is not the actor's, or a referral that doesn't feed it.
    """
    case = case_seen(work, case_id)
    feeding = [each.referral_id for each in referrals_seen(work, case.id)]
    chosen = tuple(each for each in feeding if referral in (None, each))
    if not chosen:
        raise NotFound("referral of the case", referral or "any")
    for each in chosen:
        work.emit("cases.referral.appraised", referral_id=each, appraisal=appraisal.value)
    work.record(case.id, appraisal=appraisal.value, referrals=len(chosen))
    return chosen
