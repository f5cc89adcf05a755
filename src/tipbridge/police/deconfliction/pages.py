"""The pages of hit or no hit."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.foundation.base.actors import Role
from tipbridge.police.deconfliction import actions
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()
NAV = (
    NavEntry(label="Hit or no hit", path="/deconfliction", roles=(Role.INVESTIGATOR, Role.AUDITOR)),
)


class AskForm(BaseModel):
    """What the form that asks a peer sends."""

    model_config = ConfigDict(extra="forbid")

    peer: str
    reason: str


@router.get("/deconfliction")
def show_answered(
    request: Request, page_number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1
) -> Response:
    """What peers asked this node: who, when and how many."""
    with staff_work(request) as work:
        lines = actions.list_answered(work, page=page_number)
        limit = work.node.settings.deconfliction_per_day
    return page(
        request,
        "deconfliction/answered.html",
        lines=lines,
        limit=limit,
        page_number=page_number,
        more=len(lines) == actions.PAGE_LINES,
    )


@router.get("/cases/{case_id}/deconfliction")
def show_questions(request: Request, case_id: str) -> Response:
    """What peers were asked about a case, and what they said."""
    with staff_work(request) as work:
        views = actions.list_questions(work, case_id)
        peers = actions.peers_to_ask(work)
    return page(
        request,
        "deconfliction/case.html",
        case_id=case_id,
        views=views,
        peers=peers,
    )


@router.post("/cases/{case_id}/deconfliction")
def post_question(request: Request, case_id: str, form: Annotated[AskForm, Form()]) -> Response:
    """Ask a peer."""
    with staff_work(request) as work:
        actions.ask_peer(work, case_id, peer_id=form.peer, reason=form.reason)
    return see_other(f"/cases/{case_id}/deconfliction")
