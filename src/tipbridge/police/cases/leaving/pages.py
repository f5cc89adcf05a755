"""The page of lists that nobody keeps any more."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from tipbridge.police.cases.leaving import actions
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()

NAV = (
    NavEntry(
        label="Lists left",
        path="/left-lists",
        roles=actions.TAKING_OVER,
        waiting=actions.count_left,
    ),
)


@router.get("/left-lists")
def show_left(request: Request) -> Response:
    """The lists that were left for the reader's units."""
    with staff_work(request) as work:
        lines = actions.list_left(work)
    return page(request, "cases/left.html", lines=lines)


@router.post("/left-lists/{left_id}")
def post_taking(request: Request, left_id: str, grounds: Annotated[str, Form()]) -> Response:
    """Take a list over."""
    with staff_work(request) as work:
        actions.take_over(work, left_id, grounds=grounds)
    return see_other("/left-lists")
