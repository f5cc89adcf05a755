"""The page of search."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.police.cases.searching import actions
from tipbridge.web.render import page
from tipbridge.web.session import staff_work

router = APIRouter()


class SearchForm(BaseModel):
    """What the form of a search sends: what it is for, why, and the words."""

    model_config = ConfigDict(extra="forbid")

    about: str
    grounds: str
    text: str


@router.get("/search")
def show_search(request: Request, about: str = "") -> Response:
    """The form; with a case, the searches that were made for it."""
    with staff_work(request) as work:
        made = actions.list_searches(work, about)
    return page(request, "cases/search.html", about=about, made=made, result=None)


@router.post("/search")
def post_search(request: Request, form: Annotated[SearchForm, Form()]) -> Response:
    """Search; a form, not an address, so that no log holds the words."""
    with staff_work(request) as work:
        result = actions.search(work, about=form.about, grounds=form.grounds, text=form.text)
    return page(request, "cases/search.html", about=form.about, made=[result.search], result=result)
