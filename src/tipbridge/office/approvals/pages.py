"""The page of approvals: what waits for the reader, and what was approved by whom."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from tipbridge.foundation.access.approvals.model import PAGE_LINES
from tipbridge.office.approvals import actions
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page
from tipbridge.web.session import staff_work
from tipbridge.web.shell import shell_of

router = APIRouter()
NAV = (NavEntry(label="Approvals", path="/approvals", roles=actions.READERS),)


@router.get("/approvals")
def show_approvals(
    request: Request, number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1
) -> Response:
    """What waits for people who approve, and every content that was approved."""
    kinds = shell_of(request).approvables
    with staff_work(request) as work:
        given = actions.list_approvals(work, page=number)
        waiting = [
            (kind, each)
            for kind in kinds
            if kind.waiting is not None and work.actor.roles & set(kind.roles)
            for each in kind.waiting(work, number)
        ]
    full = Counter(kind.kind for kind, _ in waiting)
    return page(
        request,
        "office/approvals.html",
        waiting=waiting,
        given=given,
        paths={kind.kind: kind.path for kind in kinds},
        number=number,
        more=PAGE_LINES in {len(given), *full.values()},
    )
