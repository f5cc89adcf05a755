"""The door through which a prepared referral is set aside."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tipbridge.sharing.referral.dropping import actions
from tipbridge.web.render import see_other
from tipbridge.web.session import staff_work

router = APIRouter()


class DroppingForm(BaseModel):
    """What the form that sets a referral aside sends."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=2000)


@router.post("/referrals/{referral_id}/dropping")
def post_dropping(
    request: Request, referral_id: str, form: Annotated[DroppingForm, Form()]
) -> Response:
    """Set it aside."""
    with staff_work(request) as work:
        actions.drop_referral(work, referral_id, reason=form.reason)
    return see_other(f"/referrals/{referral_id}")
