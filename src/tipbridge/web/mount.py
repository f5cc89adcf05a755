"""Puts the shell around the program's routes."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from fastapi import APIRouter, Depends, FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.node import Node
from tipbridge.web.errors import FaultEdge, install_answers, install_plain_answers
from tipbridge.web.fields import only_known_fields
from tipbridge.web.headers import SafeHeaders
from tipbridge.web.language import COOKIE, Language
from tipbridge.web.nav import Approvable, NavEntry
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
    approvables: Iterable[Approvable] = (),
    phrases: Mapping[Language, Mapping[str, str]] | None = None,
) -> None:
    """Give `app` its shell: checks, headers, error answers, static files and language.

    Shape: `navigation` in the order of the road; `names` are host names besides loopback;
    `forms` say refusals below a path in the way of its clients; `approvables` what people approve;
    `phrases` what refusals may quote that rooms have in each language themselves.
    """
    app.state.shell = build_shell(node, tuple(navigation), tuple(approvables), phrases)
    app.router.dependencies.append(Depends(only_known_fields))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(router)
    install_answers(app)
    # The last added stands outermost: even a refused or failed request gets the headers.
    app.add_middleware(OwnRequestsOnly, names=tuple(names), forms=forms)
    app.add_middleware(FaultEdge)
    app.add_middleware(SafeHeaders)


def mount_plain(app: FastAPI, node: Node) -> None:
    """Give an `app` without pages what its routes need: error answers and headers, in JSON."""
    app.state.shell = build_shell(node, ())
    app.router.dependencies.append(Depends(only_known_fields))
    install_plain_answers(app)
    app.add_middleware(FaultEdge)
    app.add_middleware(SafeHeaders)


def guarded(
    app: ASGIApp, *, names: Iterable[str], forms: Mapping[str, RefusalForm] | None = None
) -> ASGIApp:
    """An application behind the checks and headers that every answer has, and nothing else."""
    return SafeHeaders(FaultEdge(OwnRequestsOnly(app, names=names, forms=forms)))


def open_first(app: FastAPI, path: str, door: ASGIApp) -> None:
    """Have `door` answer POST requests to exactly this path, before anything else is asked.

    Shape: `door` brings its own checks and headers.
    """
    app.router.routes.append(Route(path, _Plain(door), methods=["POST"]))
    app.add_middleware(_First, path=path, door=door)


def mount_first(
    app: FastAPI,
    path: str,
    inner: ASGIApp,
    *,
    names: Iterable[str],
    forms: Mapping[str, RefusalForm],
) -> None:
    """Mount `inner` where no other route is asked before it: to look through all costs more
    than many of its answers.
    """
    mount = Mount(path, inner)
    app.router.routes.append(mount)
    door = guarded(inner, names=names, forms=forms)
    app.add_middleware(_FirstBelow, mount=mount, door=door)


class _Plain:
    """An ASGI application as the end of a route, where it is listed with the others."""

    def __init__(self, door: ASGIApp) -> None:
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._door(scope, receive, send)


class _First:
    """Hands one path's POST requests to its own door; passes all others on."""

    def __init__(self, app: ASGIApp, *, path: str, door: ASGIApp) -> None:
        self._app, self._path, self._door = app, path, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to its door."""
        if scope["type"] == "http" and scope["path"] == self._path and scope["method"] == "POST":
            await self._door(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class _FirstBelow:
    """Hands all requests below one path to the application mounted there; passes others on."""

    def __init__(self, app: ASGIApp, *, mount: Mount, door: ASGIApp) -> None:
        self._app, self._mount, self._door = app, mount, door
        self._below = f"{mount.path}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to its door, as its mount would."""
        if scope["type"] == "http" and scope["path"].startswith(self._below):
            scope.update(self._mount.matches(scope)[1])
            await self._door(scope, receive, send)
        else:
            await self._app(scope, receive, send)
