"""The pages of published bulletins."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.bulletin.model import Period
from tipbridge.bulletin.published import actions
from tipbridge.bulletin.showing import FIGURE_WORDS
from tipbridge.foundation.base.errors import Invalid
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter(prefix="/bulletin/publications")


class PublicationForm(BaseModel):
    """What the form that publishes a bulletin sends."""

    model_config = ConfigDict(extra="forbid")

    from_on: str
    to_on: str


@router.get("")
def show_publications(request: Request) -> Response:
    """What was published, and the form that publishes."""
    with staff_work(request) as work:
        found = actions.list_publications(work)
        may_publish = actions.may_publish(work)
    return page(request, "bulletin/publications.html", publications=found, may_publish=may_publish)


@router.post("")
def post_publication(request: Request, form: Annotated[PublicationForm, Form()]) -> Response:
    """Publish the public view of a period."""
    try:
        days = Period(
            from_on=date.fromisoformat(form.from_on), to_on=date.fromisoformat(form.to_on)
        )
    except ValueError as error:
        raise Invalid("from_on and to_on are days like 2014-03-01.") from error
    with staff_work(request) as work:
        publication = actions.publish_bulletin(work, days)
    return see_other(f"/bulletin/publications/{publication.id}")


@router.get("/{publication_id}")
def show_publication(request: Request, publication_id: str) -> Response:
    """A bulletin as it was published."""
    with staff_work(request) as work:
        found = actions.read_publication(work, publication_id)
    return page(
        request,
        "bulletin/publication.html",
        publication=found.publication,
        bulletin=found.bulletin,
        publisher=found.publisher,
        **FIGURE_WORDS,
    )


@router.get("/{publication_id}/figures")
def get_figures(request: Request, publication_id: str) -> Response:
    """The kept bytes themselves, which the digest is of."""
    with staff_work(request) as work:
        found = actions.read_publication(work, publication_id)
    return Response(found.publication.figures, media_type="application/json")
