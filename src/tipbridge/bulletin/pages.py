"""The bulletin's page."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import PlainTextResponse

from tipbridge.bulletin.actions import FULL_ROLES, PUBLIC_ROLES, read_bulletin
from tipbridge.bulletin.document import write_json
from tipbridge.bulletin.model import Period, View
from tipbridge.bulletin.published import pages as published_pages
from tipbridge.bulletin.showing import FIGURE_WORDS
from tipbridge.web.language import language_of
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page
from tipbridge.web.session import staff_work
from tipbridge.web.shell import catalogue

DAYS_SHOWN = 365

router = APIRouter()
router.include_router(published_pages.router)

NAV = (NavEntry(label="Bulletin", path="/bulletin", roles=PUBLIC_ROLES),)

DayQuery = Annotated[date | None, Query()]


@router.get("/bulletin")
def show_bulletin(
    request: Request,
    from_: Annotated[date | None, Query(alias="from")] = None,
    to: DayQuery = None,
    view: View = View.PUBLIC,
) -> Response:
    """The figures of a period; of the last twelve months when none is named."""
    with staff_work(request) as work:
        last = to or work.now.date()
        first = from_ or date.fromordinal(max(last.toordinal() - DAYS_SHOWN, 1))
        period = Period(from_on=first, to_on=last)
        found = read_bulletin(work, period, view)
        may_see_all = bool(work.actor.roles & set(FULL_ROLES))
    return page(
        request,
        "bulletin/bulletin.html",
        bulletin=found,
        may_see_all=may_see_all,
        **FIGURE_WORDS,
    )


@router.get("/bulletin.json")
def get_bulletin(
    request: Request,
    from_: Annotated[date, Query(alias="from")],
    to: Annotated[date, Query()],
    view: View = View.PUBLIC,
) -> Response:
    """The same figures as JSON, to be kept beside them."""
    with staff_work(request) as work:
        found = read_bulletin(work, Period(from_on=from_, to_on=to), view)
    words = catalogue(language_of(request)).gettext
    return PlainTextResponse(write_json(found, words), media_type="application/json")
