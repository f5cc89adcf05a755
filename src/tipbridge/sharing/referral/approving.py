"""People approve a release, where the agreement wants them to: exactly what would leave."""

from tipbridge.foundation.access.approvals.store import approve, people_of
from tipbridge.foundation.access.store import staff_by_id
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.sharing.referral import releasing, store
from tipbridge.sharing.referral.model import Direction, Referral, State


@action("referral.release.approved", roles=(Role.ANALYST, Role.LIAISON))
def approve_release(work: Work, referral_id: str) -> dict[str, object]:
    """Approve exactly what would leave now; how many people have, and how many must.

    Errors: NotFound; Conflict unless it was allowed; Invalid for who is no member of staff;
    NotReleasable when nothing covers it any more; Changed when it would differ.
    """
    referral = _to_approve(work, referral_id)
    if staff_by_id(work.db, work.actor.id) is None:
        raise Invalid("Only a named member of staff can approve.")
    judged, _ = releasing.still_held(work, referral)
    bound = releasing.bound_to(referral, judged)
    approve(work.db, bound, staff_id=work.actor.id, at=work.now)
    approved = len(people_of(work.db, bound))
    conditions = judged.decision.conditions
    needed = 0 if conditions is None else conditions.people
    work.record(referral_id, content=bound.content_sha256, approved=approved, needed=needed)
    return {
        "referral_id": referral_id,
        "content_sha256": bound.content_sha256,
        "approved": approved,
        "needed": needed,
    }


def _to_approve(work: Work, referral_id: str) -> Referral:
    referral = store.referral_by_id(work.db, referral_id, hold=True)
    if referral is None or referral.direction is not Direction.OUT:
        raise NotFound("referral to be sent", referral_id)
    if referral.state is not State.ALLOWED:
        raise Conflict(f"This referral is {referral.state}, not allowed.", id=referral_id)
    return referral
