"""One word on a received referral's use, on its way back to the provider's report."""

from collections.abc import Collection

from tipbridge.foundation.work import Work, action
from tipbridge.sharing.referral import actions, store
from tipbridge.sharing.referral.model import Direction
from tipbridge.tips.intake.model import Appraisal


@action("referral.referral.appraised", roles=actions.ANSWERERS, system=True)
def appraise_referral(work: Work, referral_id: str, *, appraisal: Appraisal) -> bool:
    """Tell the sender of a received referral of what use it was; false when told before.

    Shape: each word goes back once; another word about the same referral goes beside it.
    Errors: NotFound for what is not the actor's, or was not received.
    """
    fresh = actions.send_feedback(
        work,
        referral_id,
        feedback_id=f"{referral_id}:{appraisal}",
        outcome=appraisal.value,
        at=work.now,
    )
    work.record(referral_id, appraisal=appraisal.value, fresh=fresh)
    return fresh


@action("referral.appraisal.followed", system=True)
def follow_appraisal(work: Work, *, referral_id: str, appraisal: str) -> None:
    """Send what was said of a referral from a case that it feeds; a repeat changes nothing."""
    fresh = appraise_referral(work, referral_id, appraisal=Appraisal(appraisal))
    work.record(referral_id, fresh=fresh)


def appraisals_of(work: Work, referral_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """What was said from here of the use of each of these referrals that the actor sees."""
    words = {each.value for each in Appraisal}
    told = store.outcomes_told(work.db, referral_ids, direction=Direction.OUT)
    found: dict[str, tuple[str, ...]] = {}
    for referral_id, outcome in told:
        if outcome in words:
            found[referral_id] = (*found.get(referral_id, ()), outcome)
    return found
