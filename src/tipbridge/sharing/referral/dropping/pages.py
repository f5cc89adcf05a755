"""The door through which a prepared referral is set aside."""

from fastapi import APIRouter, Request, Response

from tipbridge.sharing.referral.dropping import actions
from tipbridge.web.render import see_other
from tipbridge.web.session import staff_work

router = APIRouter()


@router.post("/referrals/{referral_id}/dropping")
def post_dropping(request: Request, referral_id: str) -> Response:
    """Set it aside."""
    with staff_work(request) as work:
        actions.drop_referral(work, referral_id)
    return see_other(f"/referrals/{referral_id}")
