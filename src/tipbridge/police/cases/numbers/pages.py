"""The forms of other agencies' numbers."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.police.cases.numbers import actions
from tipbridge.web.render import see_other
from tipbridge.web.session import staff_work

router = APIRouter()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NumberForm(_Strict):
    """What the form of another agency's number sends."""

    agency: str
    number: str


class WrongForm(NumberForm):
    """What the form sends that takes one back."""

    because: str


@router.post("/cases/{case_id}/numbers")
def post_number(request: Request, case_id: str, form: Annotated[NumberForm, Form()]) -> Response:
    """Note another agency's number."""
    with staff_work(request) as work:
        actions.add_foreign_number(work, case_id, agency=form.agency, number=form.number)
    return see_other(f"/cases/{case_id}")


@router.post("/cases/{case_id}/numbers/taking-back")
def post_wrong(request: Request, case_id: str, form: Annotated[WrongForm, Form()]) -> Response:
    """Say why another agency's number is not this case's."""
    with staff_work(request) as work:
        actions.take_back_number(
            work, case_id, agency=form.agency, number=form.number, because=form.because
        )
    return see_other(f"/cases/{case_id}")
