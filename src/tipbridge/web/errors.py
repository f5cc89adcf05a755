"""Refusals and faults as answers: one table of kinds, one page, and a reference for faults."""

import traceback
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tipbridge.foundation.base.errors import Kind, TipbridgeError
from tipbridge.foundation.base.ids import SystemIds
from tipbridge.web.language import Language
from tipbridge.web.refusals import Refusals
from tipbridge.web.render import page, refusals_for, see_other, told
from tipbridge.web.session import NotSignedIn, is_api, sign_in_path
from tipbridge.web.shell import catalogue

log = structlog.get_logger("tipbridge")

_NO_TEXT = "22P05"
"""PostgreSQL's state for a character that no text of it holds: a NUL within JSON."""
_PLACES = 8
"""Lines of a fault's way that the log keeps, the innermost ones."""

STATUS: Mapping[Kind, int] = {
    Kind.INVALID: HTTPStatus.BAD_REQUEST,
    Kind.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.NO_AGREEMENT: HTTPStatus.FORBIDDEN,
    Kind.LIMIT: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Kind.TOO_OFTEN: HTTPStatus.TOO_MANY_REQUESTS,
    Kind.INTEGRITY: HTTPStatus.UNPROCESSABLE_ENTITY,
    Kind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}


def answer(request: Request, status: int, kind: str, public: str) -> Response:
    """A refusal as a page for a browser, in the reader's language; as JSON for a program."""
    if not _wants_page(request):
        return JSONResponse({"error": kind, "message": public}, status_code=status)
    said = refusals_for(request)
    return page(
        request,
        "web/error.html",
        status=status,
        code=status,
        kind=said.word(kind, "web"),
        public=said.say(public, _room(request)),
    )


def refused(request: Request, error: Exception) -> Response:
    """The answer to an expected refusal."""
    assert isinstance(error, TipbridgeError)
    if isinstance(error, NotSignedIn) and is_api(request):
        said = answer(request, STATUS[error.kind], error.kind, "Show a token of access that holds.")
        said.headers["www-authenticate"] = "Bearer"
        return said
    if isinstance(error, NotSignedIn):
        if "text/html" in request.headers.get("accept", "text/html"):
            return see_other(sign_in_path(request))
        return answer(request, STATUS[error.kind], error.kind, error.public)
    return answer(request, STATUS[error.kind], error.kind, error.public)


def unfit(request: Request, error: Exception) -> Response:
    """The answer to a form or query that does not fit; says where, never repeats what."""
    assert isinstance(error, RequestValidationError)
    words = refusals_for(request) if _wants_page(request) else Refusals()
    room = _room(request)
    found = {
        ".".join(words.field(str(part), room) for part in problem["loc"][1:])
        + ": "
        + words.say(str(problem["msg"]), room)
        for problem in error.errors()
    }
    return answer(request, STATUS[Kind.INVALID], Kind.INVALID, "; ".join(sorted(found)))


def unkept(request: Request, error: Exception) -> Response:
    """The answer to a text with a NUL character, wherever it stood; other bad data is a fault."""
    assert isinstance(error, DataError)
    if "NUL (0x00)" not in str(error.orig) and getattr(error.orig, "sqlstate", None) != _NO_TEXT:
        raise error
    public = "A text with a NUL character (U+0000) can be neither kept nor looked for."
    return answer(request, STATUS[Kind.INVALID], Kind.INVALID, public)


def unrouted(request: Request, error: Exception) -> Response:
    """The answer where no route fits: the words of a thing that is not there."""
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    found = answer(request, error.status_code, phrase.lower().replace(" ", "-"), phrase + ".")
    found.headers.update(error.headers or {})
    return found


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not is_api(request)


def _room(request: Request) -> str:
    """The room whose route was asked, by its folder; none where no route was found."""
    module = getattr(request.scope.get("endpoint"), "__module__", "")
    rooms = catalogue(Language.KOREAN).rooms
    return next((each for each in reversed(module.split(".")[1:3]) if each in rooms), "")


def install_answers(app: FastAPI) -> None:
    """Map every refusal of the house once."""
    app.add_exception_handler(TipbridgeError, refused)
    app.add_exception_handler(RequestValidationError, unfit)
    app.add_exception_handler(DataError, unkept)
    app.add_exception_handler(HTTPException, unrouted)


def install_plain_answers(app: FastAPI) -> None:
    """The same where no browser comes: never a page."""

    def refused_plainly(request: Request, error: Exception) -> Response:
        del request
        assert isinstance(error, TipbridgeError)
        said = {"error": error.kind, "message": error.public}
        return JSONResponse(said, status_code=STATUS[error.kind])

    app.add_exception_handler(TipbridgeError, refused_plainly)


class FaultEdge:
    """A bug becomes a reference number; the log gets its place, never its text.

    The text of an exception can hold words of a report, so only its type and the lines of
    our code that it passed are written down.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer 500 if nothing was answered yet."""
        begun = False

        async def watch(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            if scope["type"] != "http":
                raise
            reference = SystemIds().new()
            places = [
                f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)[-_PLACES:]
            ]
            log.error("fault", reference=reference, type=type(error).__name__, places=places)
            if begun:
                return
            words = told(Request(scope), f"Internal error, reference {reference}.")
            await PlainTextResponse(f"{words}\n", status_code=500)(scope, receive, send)
