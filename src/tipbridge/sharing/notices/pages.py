"""The page of notices that reached this node, and the answer to each."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from tipbridge.foundation.base.actors import Role
from tipbridge.sharing.notices import actions
from tipbridge.sharing.notices.model import ReplyKind
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, reader, see_other
from tipbridge.web.session import staff_work

router = APIRouter()
NAV = (
    NavEntry(
        label="Removal notices",
        path="/notices",
        roles=actions.READERS,
        waiting=actions.count_waiting,
    ),
)


@router.get("/notices")
def list_notices(request: Request) -> Response:
    """What the police asked to remove, newest first."""
    with staff_work(request) as work:
        found = actions.list_notices(work)
    signed_in = reader(request)
    return page(
        request,
        "notices/notices.html",
        notices=found,
        kinds=tuple(ReplyKind),
        may_answer=signed_in is not None and Role.ANALYST in signed_in.roles,
    )


@router.post("/notices/{package_id}/answers")
def post_answer(request: Request, package_id: str, kind: Annotated[ReplyKind, Form()]) -> Response:
    """Answer a notice."""
    with staff_work(request) as work:
        actions.answer_notice(work, package_id, kind)
    return see_other("/notices")
