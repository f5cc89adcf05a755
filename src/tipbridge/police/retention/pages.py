"""The page of how long what is recorded is kept: a dry run, holds, and what was erased."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.knowledge.law.terms import said, shipped_terms
from tipbridge.police.retention import actions
from tipbridge.police.retention.model import HoldGround
from tipbridge.web.fields import day_in
from tipbridge.web.language import language_of
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

PageQuery = Annotated[int, Query(alias="page", ge=1)]

router = APIRouter()
NAV = (NavEntry(label="Retention", path="/retention", roles=actions.WORKING),)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class HoldForm(_Strict):
    """What the form that holds a case sends; the case by id or own number."""

    case: str
    ground: HoldGround
    words: str


class LiftForm(_Strict):
    """What the form that lifts a hold sends."""

    case: str
    words: str


@router.get("/retention")
def show_plan(request: Request, on: str = "", page_: PageQuery = 1) -> Response:
    """What would be erased on a day, what waits, what is held, what was erased."""
    day = day_in("on", on)
    with staff_work(request) as work:
        plan = actions.read_plan(work, on=day, page=page_)
    say = partial(said, shipped_terms(), language=language_of(request))
    return page(
        request, "retention/plan.html", plan=plan, on=on, say=say, grounds=tuple(HoldGround)
    )


@router.post("/retention/holds")
def post_hold(request: Request, form: Annotated[HoldForm, Form()]) -> Response:
    """Hold a case."""
    with staff_work(request) as work:
        actions.place_hold(work, form.case, ground=form.ground, words=form.words)
    return see_other("/retention")


@router.post("/retention/holds/lift")
def post_lift(request: Request, form: Annotated[LiftForm, Form()]) -> Response:
    """Lift the hold on a case."""
    with staff_work(request) as work:
        actions.lift_hold(work, form.case, words=form.words)
    return see_other("/retention")
