"""The page of a host's own texts."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.police.removals.model import NoticeLanguage, NoticeStep
from tipbridge.police.removals.texts import actions
from tipbridge.police.removals.wording import PLACEHOLDERS
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class WhichText(_Strict):
    """What the form that takes a text back sends."""

    host: str
    language: NoticeLanguage
    step: NoticeStep


class TextForm(WhichText):
    """What the form of a text sends."""

    subject: str
    body: str


def _back(host_id: str) -> Response:
    return see_other(f"/hosts/texts?{urlencode({'of': host_id})}")


@router.get("/hosts/texts")
def show_texts(request: Request, of: Annotated[str, Query(max_length=200)]) -> Response:
    """Every text that a host may be sent, and what it makes of an example.

    Shape: `of` is the host's id, so that no link on a page names a host of material.
    """
    with staff_work(request) as work:
        found = actions.read_texts(work, of)
    return page(request, "removals/texts.html", found=found, placeholders=PLACEHOLDERS)


@router.post("/hosts/texts")
def post_text(request: Request, form: Annotated[TextForm, Form()]) -> Response:
    """Give a host its own text."""
    with staff_work(request) as work:
        actions.write_text(
            work,
            form.host,
            language=form.language,
            step=form.step,
            subject=form.subject,
            body=form.body,
        )
    return _back(form.host)


@router.post("/hosts/texts/drop")
def post_drop(request: Request, form: Annotated[WhichText, Form()]) -> Response:
    """Let a host be sent the usual text again."""
    with staff_work(request) as work:
        actions.drop_text(work, form.host, language=form.language, step=form.step)
    return _back(form.host)
