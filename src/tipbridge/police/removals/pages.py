"""The page of a case's removals."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from tipbridge.police.removals import actions
from tipbridge.police.removals.model import RemovalState
from tipbridge.police.removals.rules import next_states
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()


@router.get("/cases/{case_id}/removals")
def show_removals(request: Request, case_id: str) -> Response:
    """Each known address of material, and where its removal stands."""
    with staff_work(request) as work:
        found = actions.list_removals(work, case_id)
    return page(
        request,
        "removals/removals.html",
        case_id=case_id,
        removals=[(removal, next_states(removal.state)) for removal in found],
    )


@router.post("/cases/{case_id}/removals/{removal_id}")
def post_state(
    request: Request, case_id: str, removal_id: str, state: Annotated[RemovalState, Form()]
) -> Response:
    """Write down what became of an address."""
    with staff_work(request) as work:
        actions.record_state(work, removal_id, state)
    return see_other(f"/cases/{case_id}/removals")
