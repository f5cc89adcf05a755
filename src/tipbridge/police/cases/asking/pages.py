"""Asking other cases, from the page of relations."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from tipbridge.police.cases.asking import actions
from tipbridge.web.render import see_other
from tipbridge.web.session import staff_work

router = APIRouter()


@router.post("/cases/{case_id}/askings")
def post_asking(request: Request, case_id: str, grounds: Annotated[str, Form()]) -> Response:
    """Ask whether other cases hold the same."""
    with staff_work(request) as work:
        actions.ask_others(work, case_id, grounds=grounds)
    return see_other(f"/cases/{case_id}/relations")
