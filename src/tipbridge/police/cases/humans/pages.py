"""What is said on a person's page of who they are in other cases."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from tipbridge.police.cases.humans import actions
from tipbridge.web.render import see_other
from tipbridge.web.session import staff_work

router = APIRouter()
Because = Annotated[str, Form()]


@router.post("/cases/{case_id}/people/{person_id}/human")
def post_human(
    request: Request,
    case_id: str,
    person_id: str,
    other: Annotated[str, Form()],
    because: Because,
) -> Response:
    """Say that somebody is the same human as somebody of another case."""
    with staff_work(request) as work:
        actions.say_same(work, case_id, person_id, other=other, because=because)
    return see_other(f"/cases/{case_id}/people/{person_id}")


@router.post("/cases/{case_id}/people/{person_id}/human/parting")
def post_parting(request: Request, case_id: str, person_id: str, because: Because) -> Response:
    """Take that back."""
    with staff_work(request) as work:
        actions.part(work, case_id, person_id, because=because)
    return see_other(f"/cases/{case_id}/people/{person_id}")
