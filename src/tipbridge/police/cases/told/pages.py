"""The page of what a referral said in a case."""

from fastapi import APIRouter, Request, Response

from tipbridge.police.cases.told import actions
from tipbridge.tips.enrichment.sentences import read_back
from tipbridge.web.render import page
from tipbridge.web.session import staff_work

router = APIRouter()


@router.get("/cases/{case_id}/referrals/{received_id}")
def show_told(request: Request, case_id: str, received_id: str) -> Response:
    """What a referral said of a case's people and files."""
    with staff_work(request) as work:
        told = actions.read_told(work, case_id, received_id)
    return page(request, "cases/told.html", told=told, read_back=read_back)
