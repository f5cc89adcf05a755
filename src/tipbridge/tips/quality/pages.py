"""The pages of quality: every provider's figures, and one provider's to-do list."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from tipbridge.tips.quality import actions
from tipbridge.tips.quality.rules import word_for_provider
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page
from tipbridge.web.session import staff_work

router = APIRouter()

NAV = (NavEntry(label="Quality", path="/quality", roles=actions.READERS),)

Days = Annotated[int, Query(ge=1, le=3660)]


@router.get("/quality")
def show_quality(request: Request, days: Days = actions.USUAL_DAYS) -> Response:
    """Every provider's completeness, actionable share, lag and trend."""
    with staff_work(request) as work:
        lines = actions.list_quality(work, days=days)
    return page(request, "quality/providers.html", lines=lines, days=days)


@router.get("/quality/provider")
def show_provider(
    request: Request,
    name: Annotated[str, Query(max_length=200)],
    days: Days = actions.USUAL_DAYS,
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Response:
    """One provider's figures and trend, what to mend, newest reports, what came of them."""
    with staff_work(request) as work:
        view = actions.read_quality(work, name, days=days, page=number)
    return page(
        request,
        "quality/provider.html",
        view=view,
        days=days,
        number=number,
        provider_reads=word_for_provider,
    )
