"""The button that lets a referral that waits come into a case."""

from fastapi import APIRouter, Request, Response

from tipbridge.police.cases.waiting import actions
from tipbridge.web.render import see_other
from tipbridge.web.session import staff_work

router = APIRouter()


@router.post("/waiting-referrals/{received_id}")
def post_taking(request: Request, received_id: str) -> Response:
    """Let it come into a case."""
    with staff_work(request) as work:
        actions.take_waiting(work, received_id)
    return see_other("/cases")
