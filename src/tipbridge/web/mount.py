"""Puts the shell around the program's routes."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.node import Node
from tipbridge.web.errors import FaultEdge, install_answers
from tipbridge.web.headers import SafeHeaders
from tipbridge.web.language import COOKIE, Language
from tipbridge.web.nav import NavEntry
from tipbridge.web.origin import OwnRequestsOnly, RefusalForm
from tipbridge.web.render import see_other
from tipbridge.web.session import own_path
from tipbridge.web.shell import build_shell

STATIC = Path(__file__).parent / "static"
_YEAR_SECONDS = 365 * 24 * 3600

router = APIRouter()


@router.get("/language/{code}")
def choose_language(request: Request, code: str) -> Response:
    """Keep the reader's choice of language and go back to the page they were on."""
    if code not in set(Language):
        raise NotFound("language", code)
    response = see_other(own_path(request.query_params.get("next")))
    response.set_cookie(COOKIE, code, max_age=_YEAR_SECONDS, httponly=True, samesite="lax")
    return response


def mount_shell(
    app: FastAPI,
    node: Node,
    navigation: Iterable[NavEntry],
    *,
    names: Iterable[str] = (),
    forms: Mapping[str, RefusalForm] | None = None,
) -> None:
    """Give `app` its shell: checks, headers, error answers, static files and language.

    Shape: `navigation` in the order of the road; `names` are host names besides loopback;
    `forms` say refusals below a path in the way of its clients.
    """
    app.state.shell = build_shell(node, tuple(navigation))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(router)
    install_answers(app)
    # The last added stands outermost: even a refused or failed request gets the headers.
    app.add_middleware(OwnRequestsOnly, names=tuple(names), forms=forms)
    app.add_middleware(FaultEdge)
    app.add_middleware(SafeHeaders)
