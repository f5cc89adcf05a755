"""The door through which somebody says whether what came is still needed."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.sharing.referral.keeping import actions
from tipbridge.sharing.referral.keeping.model import Need
from tipbridge.web.render import see_other
from tipbridge.web.session import staff_work

router = APIRouter()


class NeedForm(BaseModel):
    """What the form of the review sends."""

    model_config = ConfigDict(extra="forbid")

    finding: Need


@router.post("/referrals/{kept_id}/keeping")
def post_review(request: Request, kept_id: str, form: Annotated[NeedForm, Form()]) -> Response:
    """Say whether what came is still needed."""
    with staff_work(request) as work:
        actions.review_kept(work, kept_id, finding=form.finding)
    return see_other(f"/referrals/{kept_id}")
