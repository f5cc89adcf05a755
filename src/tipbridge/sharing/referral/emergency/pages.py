"""The doors through which an emergency is called, and its release looked at afterwards."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.sharing.referral.actions import decide_referral
from tipbridge.sharing.referral.emergency import actions
from tipbridge.sharing.referral.emergency.model import Danger, Finding
from tipbridge.web.render import see_other
from tipbridge.web.session import staff_work

router = APIRouter()


class CallForm(BaseModel):
    """What the form that calls an emergency sends."""

    model_config = ConfigDict(extra="forbid")

    danger: Danger


class ReviewForm(BaseModel):
    """What the form of the look afterwards sends."""

    model_config = ConfigDict(extra="forbid")

    finding: Finding


@router.post("/referrals/{referral_id}/emergency")
def post_call(request: Request, referral_id: str, form: Annotated[CallForm, Form()]) -> Response:
    """Call an emergency, and decide again what may leave."""
    with staff_work(request) as work:
        actions.call_emergency(work, referral_id, danger=form.danger)
        decide_referral(work, referral_id)
    return see_other(f"/referrals/{referral_id}")


@router.post("/referrals/{referral_id}/emergency/taken-back")
def post_taken_back(request: Request, referral_id: str) -> Response:
    """Take back one's own call of an emergency, and decide again."""
    with staff_work(request) as work:
        actions.take_back_call(work, referral_id)
        decide_referral(work, referral_id)
    return see_other(f"/referrals/{referral_id}")


@router.post("/referrals/{urgent_id}/emergency/review")
def post_review(request: Request, urgent_id: str, form: Annotated[ReviewForm, Form()]) -> Response:
    """Say what another person found of an emergency release."""
    with staff_work(request) as work:
        actions.review_emergency(work, urgent_id, finding=form.finding)
    return see_other(f"/referrals/{urgent_id}")
