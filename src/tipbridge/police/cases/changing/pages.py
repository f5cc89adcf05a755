"""The form of the page of a person by which a fact is said not to be known after all."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.police.cases.changing import actions
from tipbridge.police.cases.changing.model import Fact
from tipbridge.web.render import see_other
from tipbridge.web.session import staff_work

router = APIRouter()


class WithdrawForm(BaseModel):
    """What the form sends: the facts, and why they are not known after all."""

    model_config = ConfigDict(extra="forbid")

    facts: list[Fact] = []
    because: str


@router.post("/cases/{case_id}/people/{person_id}/withdrawal")
def post_withdrawal(
    request: Request, case_id: str, person_id: str, form: Annotated[WithdrawForm, Form()]
) -> Response:
    """Say that facts of somebody are not known after all."""
    with staff_work(request) as work:
        actions.withdraw_facts(work, person_id, form.facts, because=form.because, case_id=case_id)
    return see_other(f"/cases/{case_id}/people/{person_id}")
