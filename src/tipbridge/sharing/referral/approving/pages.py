"""The door through which a release is approved; what waits is on the desk's page."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tipbridge.sharing.referral.actions import SENDERS
from tipbridge.sharing.referral.approving import actions
from tipbridge.sharing.referral.releasing import RELEASE
from tipbridge.web.nav import Approvable
from tipbridge.web.render import see_other
from tipbridge.web.session import staff_work

router = APIRouter()
APPROVABLES = (
    Approvable(kind=RELEASE, path="/referrals/", roles=SENDERS, waiting=actions.waiting_releases),
)


class ApprovalForm(BaseModel):
    """What the button that approves sends: the digest of what its reader saw."""

    model_config = ConfigDict(extra="forbid")

    content: str = Field(pattern=r"^[0-9a-f]{64}$")


@router.post("/referrals/{referral_id}/approval")
def post_approval(
    request: Request, referral_id: str, form: Annotated[ApprovalForm, Form()]
) -> Response:
    """Approve exactly what was shown."""
    with staff_work(request) as work:
        actions.approve_release(work, referral_id, content_sha256=form.content)
    return see_other("/approvals")
