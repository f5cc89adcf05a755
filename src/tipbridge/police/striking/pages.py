"""What is done on a person's page to whom a case has by mistake."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from tipbridge.police.striking import actions, detaching, joining, separating
from tipbridge.web.render import see_other
from tipbridge.web.session import staff_work

router = APIRouter()
Because = Annotated[str, Form()]


@router.post("/cases/{case_id}/people/{person_id}/strike")
def post_strike(request: Request, case_id: str, person_id: str, because: Because) -> Response:
    """Strike somebody out."""
    with staff_work(request) as work:
        actions.strike_person(work, case_id, person_id, because=because)
    return see_other(f"/cases/{case_id}/people/{person_id}")


@router.post("/cases/{case_id}/people/{person_id}/restoring")
def post_restoring(request: Request, case_id: str, person_id: str, because: Because) -> Response:
    """Take a strike back."""
    with staff_work(request) as work:
        actions.restore_person(work, case_id, person_id, because=because)
    return see_other(f"/cases/{case_id}/people/{person_id}")


@router.post("/cases/{case_id}/people/{person_id}/same")
def post_same(
    request: Request,
    case_id: str,
    person_id: str,
    other: Annotated[str, Form()],
    because: Because,
) -> Response:
    """Join another record of the same human to this one."""
    with staff_work(request) as work:
        joining.join_people(work, case_id, person_id, other=other, because=because)
    return see_other(f"/cases/{case_id}/people/{person_id}")


@router.post("/cases/{case_id}/people/{person_id}/separate")
def post_separate(
    request: Request,
    case_id: str,
    person_id: str,
    because: Because,
    acts: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Open a case of its own for some of somebody's acts."""
    with staff_work(request) as work:
        made = separating.separate_acts(work, case_id, person_id, acts=acts or (), because=because)
    return see_other(f"/cases/{made.case.id}/people/{made.person_id}")


@router.post("/cases/{case_id}/referrals/{received_id}/detaching")
def post_detaching(request: Request, case_id: str, received_id: str, because: Because) -> Response:
    """Take a referral out of the case."""
    with staff_work(request) as work:
        detaching.detach_referral(work, case_id, received_id, because=because)
    return see_other(f"/cases/{case_id}")


@router.post("/cases/{case_id}/detachments/{detachment_id}/undo")
def post_reattaching(
    request: Request, case_id: str, detachment_id: str, because: Because
) -> Response:
    """Bring a referral back into the case."""
    with staff_work(request) as work:
        detaching.reattach_referral(work, case_id, detachment_id, because=because)
    return see_other(f"/cases/{case_id}")
