"""The pages of hand-overs and of who is on a case's list."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.police.cases.access import read_access
from tipbridge.police.cases.handing import actions
from tipbridge.police.cases.handing.model import HandOverGround
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OfferForm(_Strict):
    """What the form that offers a case sends."""

    unit: str
    ground: HandOverGround
    words: str


@router.get("/hand-overs")
def show_hand_overs(request: Request) -> Response:
    """Cases offered to the reader's units, and offered by them."""
    with staff_work(request) as work:
        lines = actions.list_hand_overs(work)
    return page(request, "cases/handovers.html", lines=lines)


@router.get("/cases/{case_id}/access")
def show_access(request: Request, case_id: str) -> Response:
    """Who sees a case, who gave it to whom, and the children's own files."""
    with staff_work(request) as work:
        view = read_access(work, case_id)
    return page(request, "cases/access.html", view=view, grounds=tuple(HandOverGround))


@router.post("/cases/{case_id}/hand-overs")
def post_offer(request: Request, case_id: str, form: Annotated[OfferForm, Form()]) -> Response:
    """Offer a case to another unit."""
    with staff_work(request) as work:
        actions.offer_case(work, case_id, unit=form.unit, ground=form.ground, words=form.words)
    return see_other(f"/cases/{case_id}/access")


@router.post("/cases/{case_id}/hand-overs/{offer_id}/withdrawal")
def post_withdrawal(request: Request, case_id: str, offer_id: str) -> Response:
    """Take an offer back."""
    with staff_work(request) as work:
        actions.withdraw_offer(work, case_id, offer_id)
    return see_other(f"/cases/{case_id}/access")


@router.post("/hand-overs/{offer_id}/acceptance")
def post_acceptance(request: Request, offer_id: str) -> Response:
    """Take a case over."""
    with staff_work(request) as work:
        actions.accept_case(work, offer_id)
    return see_other("/hand-overs")


@router.post("/hand-overs/{offer_id}/refusal")
def post_refusal(request: Request, offer_id: str, answer: Annotated[str, Form()]) -> Response:
    """Leave a case where it is."""
    with staff_work(request) as work:
        actions.refuse_case(work, offer_id, answer=answer)
    return see_other("/hand-overs")


@router.post("/cases/{case_id}/list")
def post_admission(request: Request, case_id: str, username: Annotated[str, Form()]) -> Response:
    """Put somebody on the list."""
    with staff_work(request) as work:
        actions.admit_member(work, case_id, username=username)
    return see_other(f"/cases/{case_id}/access")


@router.post("/cases/{case_id}/list/dismissal")
def post_dismissal(request: Request, case_id: str, username: Annotated[str, Form()]) -> Response:
    """Take somebody off the list."""
    with staff_work(request) as work:
        actions.dismiss_member(work, case_id, username=username)
    return see_other(f"/cases/{case_id}/access")
