"""People approve a release, where the agreement wants them to: exactly what would leave."""

from typing import Any, cast

from tipbridge.foundation.access.approvals.model import PAGE_LINES, Waiting
from tipbridge.foundation.access.approvals.store import approve
from tipbridge.foundation.access.store import person_of, staff_by_id
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound, TipbridgeError
from tipbridge.foundation.work import Work, action
from tipbridge.sharing.referral import releasing, store
from tipbridge.sharing.referral.errors import Changed
from tipbridge.sharing.referral.model import Direction, Referral, State


@action("referral.release.approved", roles=releasing.APPROVERS)
def approve_release(
    work: Work, referral_id: str, *, content_sha256: str | None = None
) -> dict[str, object]:
    """Approve exactly what would leave now; how many people have, and how many must.

    Shape: `content_sha256` names what the reader saw; another content is not approved.
    Errors: NotFound; Conflict unless it was allowed; Invalid for who is no member of staff;
    NotReleasable when nothing covers it any more; Changed when it would differ.
    """
    referral = _to_approve(work, referral_id)
    if staff_by_id(work.db, work.actor.id) is None:
        raise Invalid("Only a named member of staff can approve.")
    judged, _ = releasing.still_held(work, referral)
    bound = releasing.bound_to(referral, judged)
    if content_sha256 not in (None, bound.content_sha256):
        raise Changed("What would leave is not what you saw; look again.", id=referral_id)
    approve(work.db, bound, staff_id=work.actor.id, at=work.now)
    approved = len(releasing.people_for(work, referral, judged))
    conditions = judged.decision.conditions
    needed = 0 if conditions is None else conditions.people
    work.record(referral_id, content=bound.content_sha256, approved=approved, needed=needed)
    return {
        "referral_id": referral_id,
        "content_sha256": bound.content_sha256,
        "approved": approved,
        "needed": needed,
    }


def approval_of(work: Work, referral: Referral) -> Waiting | None:
    """What would be approved of a referral now; None where nobody has to, or can.

    Shape: for an action that reads the referral.
    """
    to_send = referral.direction is Direction.OUT and referral.state is State.ALLOWED
    return _waiting(work, referral) if to_send and _people(referral) else None


def waiting_releases(work: Work, page: int) -> list[Waiting]:
    """Allowed releases that wait for people, for an action that reads them; newest first, by the hundred."""
    offset = (page - 1) * PAGE_LINES
    found = store.referrals_for_people(work.db, limit=PAGE_LINES, offset=offset)
    return [_waiting(work, each) for each in found]


def _people(referral: Referral) -> int:
    """How many people must approve, by the decision that is kept."""
    kept = cast("dict[str, Any]", referral.decision or {})
    conditions = cast("dict[str, int] | None", kept.get("conditions"))
    return 0 if conditions is None else conditions.get("people", 0)


def _waiting(work: Work, referral: Referral) -> Waiting:
    people, content = frozenset[str](), None
    try:
        judged, _ = releasing.still_held(work, referral)
    except TipbridgeError:
        pass  # listed without content: it must be decided again
    else:
        bound = releasing.bound_to(referral, judged)
        people, content = releasing.people_for(work, referral, judged), bound.content_sha256
    return Waiting(
        subject=referral.id,
        about=referral.peer_id,
        content_sha256=content,
        needed=_people(referral),
        approved=len(people),
        mine=person_of(work.db, work.actor.id) in people,
    )


def _to_approve(work: Work, referral_id: str) -> Referral:
    referral = store.referral_by_id(work.db, referral_id, hold=True)
    if referral is None or referral.direction is not Direction.OUT:
        raise NotFound("referral to be sent", referral_id)
    if referral.state is not State.ALLOWED:
        raise Conflict(f"This referral is {referral.state}, not allowed.", id=referral_id)
    return referral
