"""The seven endpoints of the reporting API, answering XML, and two of our own (JSON)."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tipbridge.foundation.access.errors import NotAProvider
from tipbridge.foundation.base.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    TipbridgeError,
    Unavailable,
)
from tipbridge.foundation.base.ids import SystemIds
from tipbridge.foundation.node import Node
from tipbridge.tips.intake import actions, guessing, providers, receipts
from tipbridge.tips.intake.answers import (
    MOST_PAGES,
    Code,
    as_test,
    loose_ends_json,
    report_done_response,
    report_response,
    whole_number,
)
from tipbridge.tips.intake.bodies import FORM_BYTES, number_in_form, whole_body
from tipbridge.tips.intake.errors import (
    NoSuchFile,
    NoSuchReport,
    ReportFinished,
    ReportGone,
    UnfitRequest,
    UnfitUpload,
)
from tipbridge.tips.intake.model import Described, Standing, Uploaded
from tipbridge.tips.intake.received import ReceivedFile
from tipbridge.tips.intake.rules import expiry_of, report_number_in
from tipbridge.tips.intake.uploads import Uploads
from tipbridge.tips.report.errors import InvalidDocument, MalformedDocument
from tipbridge.tips.report.parse import MAX_BYTES, SCHEMA_BYTES
from tipbridge.tips.report.receipt import RECEIPT_TYPE
from tipbridge.web.provider_gate import ProviderGate, door_of, is_sandbox, login_of, run_for

PATH = "/ispws"
XML = "application/xml;charset=UTF-8"
EXPIRES, EXPIRES_IN = "Tipbridge-Report-Expires", "Tipbridge-Report-Expires-In"
"""Our own addition to answers on an open report: when it is deleted unfinished, and in how many
seconds. Clients of the protocol pass over headers that they do not know."""

_CODES: tuple[tuple[type[TipbridgeError], Code, int], ...] = (
    (NotAProvider, Code.AUTHENTICATION_REQUIRED, 401),
    (MalformedDocument, Code.MALFORMED_XML, 400),
    (InvalidDocument, Code.VALIDATION_FAILED, 400),
    (UnfitUpload, Code.MALFORMED_FILE, 400),
    (UnfitRequest, Code.INVALID_REQUEST, 400),
    (NoSuchFile, Code.NO_SUCH_FILE, 400),
    (NoSuchReport, Code.NO_SUCH_REPORT, 400),
    (ReportFinished, Code.ALREADY_FINISHED, 400),
    (ReportGone, Code.ALREADY_RETRACTED, 400),
    (Invalid, Code.INVALID_REQUEST, 400),
    (NotFound, Code.NOT_FOUND, 404),
    (Forbidden, Code.NOT_AUTHORIZED, 403),
    (Conflict, Code.INVALID_REQUEST, 400),
    (Unavailable, Code.SAVE_FAILED, 500),
    (TipbridgeError, Code.SERVER_ERROR, 500),
)
"""Refusal → answer code and HTTP status; the first that fits (protocol notes, section 2)."""


def build_ispws(node: Node, also: Iterable[Route] = ()) -> ASGIApp:
    """The reporting API of a node, to be mounted at `/ispws`.

    Shape: `also` are calls of later rooms, let in and refused as these are.
    """
    app = Starlette(
        routes=[
            Route("/status", _status, methods=["GET"]),
            Route("/xsd", _xsd, methods=["GET"]),
            Route("/submit", _submit, methods=["POST"]),
            Route("/upload", _upload, methods=["POST"]),
            Route("/fileinfo", _file_info, methods=["POST"]),
            Route("/finish", _finish, methods=["POST"]),
            Route("/retract", _retract, methods=["POST"]),
            Route("/loose-ends", _loose_ends, methods=["GET"]),
            Route("/reports/{report_id}/receipt", _receipt, methods=["GET"]),
            *also,
        ],
        exception_handlers={
            HTTPException: _unrouted,
            NoSuchReport: _not_theirs,
            TipbridgeError: _refused,
            Exception: _faulted,
        },
    )
    app.state.uploads = Uploads(node)
    return ProviderGate(app, node, refused=_refused, fault=_fault)


def refusal(path: str, status: int, told: str) -> Response:
    """A refusal by the shell, before any route: XML all the same, for clients read no other."""
    code = Code.NOT_AUTHORIZED if status == HTTPStatus.FORBIDDEN else Code.INVALID_REQUEST
    answer = _xml(_refusal_body(path, code, told), status)
    answer.headers["Request-ID"] = SystemIds().new()
    return answer


def _xml(body: bytes, status: int = 200) -> Response:
    return Response(body, status, media_type=None, headers={"Content-Type": XML})


def _said(request: Request, body: bytes, status: int = 200) -> Response:
    """An answer to this request, with the mark of a test where a sandbox asked."""
    return _xml(as_test(body) if is_sandbox(request) else body, status)


def _counted_down(answer: Response, expires_at: datetime, now: datetime) -> Response:
    """The answer with the time that is left to finish the report."""
    answer.headers[EXPIRES] = f"{expires_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    answer.headers[EXPIRES_IN] = str(max(0, int((expires_at - now).total_seconds())))
    return answer


def _answer(
    request: Request,
    code: Code,
    status: int,
    told: str,
    report_id: int | None = None,
    files: tuple[str, ...] = (),
) -> Response:
    """A refusal under the root that clients of this endpoint expect."""
    return _said(request, _refusal_body(request.url.path, code, told, report_id, files), status)


def _refusal_body(
    path: str, code: Code, told: str, report_id: int | None = None, files: tuple[str, ...] = ()
) -> bytes:
    if path.endswith("/finish"):
        return report_done_response(code, report_id=report_id, files=files, description=told)
    return report_response(code, told, report_id=report_id)


def _fault(request: Request) -> Response:
    return _answer(request, Code.SERVER_ERROR, 500, "Server error; try again.")


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, TipbridgeError)
    code, status = next((c, s) for kind, c, s in _CODES if isinstance(error, kind))
    files = error.files if isinstance(error, ReportFinished) else ()
    report_id = getattr(request.state, "report_id", None)
    status = _node(request).settings.ispws_statuses.get(code, status)
    answer = _answer(request, code, status, error.public, report_id, files)
    if isinstance(error, NotAProvider):
        answer.headers["WWW-Authenticate"] = 'Basic realm="ESP Web Services"'
    return answer


def _not_theirs(request: Request, error: Exception) -> Response:
    """A number that is no report of who asks: the answer to a guess and to a mistake."""
    assert isinstance(error, NoSuchReport)
    guessing.note_refused(_node(request), login_of(request), error)
    return _refused(request, error)


def _faulted(request: Request, _error: Exception) -> Response:
    return _fault(request)


def _unrouted(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    code = Code.NOT_FOUND if error.status_code == HTTPStatus.NOT_FOUND else Code.INVALID_REQUEST
    answer = _answer(request, code, error.status_code, f"{phrase}.")
    answer.headers.update(error.headers or {})
    return answer


def _node(request: Request) -> Node:
    return request.scope["node"]


async def _status(request: Request) -> Response:
    login = login_of(request)

    def check() -> None:
        with door_of(request).work(login) as work:
            actions.check_status(work)

    await run_for(request, check)
    here = request.client.host if request.client else "unknown"
    told = f"Remote User : {login.username}, Remote Ip : {here}"
    return _said(request, report_response(Code.SUCCESS, told))


async def _xsd(request: Request) -> Response:
    def check() -> None:
        with door_of(request).work(login_of(request)) as work:
            actions.check_status(work)

    await run_for(request, check)
    return _xml(SCHEMA_BYTES)


async def _submit(request: Request) -> Response:
    body, login = await whole_body(request, MAX_BYTES), login_of(request)

    def submit() -> tuple[int, datetime]:
        with door_of(request).work(login) as work:
            held_to = providers.strictness_of(work, login.provider_id)
            number = actions.submit(
                work, body, credential_id=login.credential_id, strictness=held_to
            )
            return number, work.now

    report_id, now = await run_for(request, submit)
    answer = _said(request, report_response(Code.SUCCESS, "Success", report_id=report_id))
    return _counted_down(answer, expiry_of(now, now), now)


async def _file_info(request: Request) -> Response:
    body = await whole_body(request, MAX_BYTES)

    def describe() -> tuple[Described, datetime]:
        with door_of(request).work(login_of(request)) as work:
            held_to = providers.strictness_of(work, work.actor.id)
            return actions.file_info(work, body, strictness=held_to), work.now

    done, now = await run_for(request, describe)
    told = report_response(Code.SUCCESS, "Success", report_id=done.report_id, file_id=done.file_id)
    return _counted_down(_said(request, told), done.expires_at, now)


async def _upload(request: Request) -> Response:
    login, door = login_of(request), door_of(request)

    def ask_standing(report_id: int) -> Standing:
        with door.work(login) as work:
            return actions.uploadable(work, report_id)

    def store(report_id: int, file: ReceivedFile) -> tuple[int, Uploaded, datetime]:
        request.state.report_id = report_id
        with door.work(login) as work:
            return report_id, actions.upload(work, report_id, file), work.now

    uploads: Uploads = request.app.state.uploads
    report_id, done, now = await uploads.take(request, ask_standing, store)
    told = report_response(
        Code.SUCCESS, "Success", report_id=report_id, file_id=done.file_id, md5=done.digests.md5
    )
    return _counted_down(_said(request, told), done.expires_at, now)


async def _finish(request: Request) -> Response:
    def finish(report_id: int) -> bytes:
        with door_of(request).work(login_of(request)) as work:
            held_to = partial(providers.strictness_of, work, work.actor.id)
            return actions.finish(work, report_id, strictness=held_to)

    return _xml(await _by_number(request, finish))


async def _retract(request: Request) -> Response:
    def retract(report_id: int) -> bytes:
        with door_of(request).work(login_of(request)) as work:
            actions.retract(work, report_id)
        return report_response(Code.SUCCESS, "Success", report_id=report_id)

    return _said(request, await _by_number(request, retract))


async def _loose_ends(request: Request) -> Response:
    number = whole_number("page", request.query_params.get("page"), 1, MOST_PAGES)

    def look() -> bytes:
        with door_of(request).work(login_of(request)) as work:
            found = receipts.list_loose_ends(work, page=number)
        return loose_ends_json(found, sandbox=is_sandbox(request))

    return Response(await run_for(request, look), media_type="application/json")


async def _receipt(request: Request) -> Response:
    def sign() -> bytes:
        report_id = report_number_in(request.path_params["report_id"].encode())
        with door_of(request).work(login_of(request)) as work:
            return receipts.read_receipt(work, report_id)

    return Response(await run_for(request, sign), media_type=RECEIPT_TYPE)


async def _by_number(request: Request, verb: Callable[[int], bytes]) -> bytes:
    try:
        body = await whole_body(request, FORM_BYTES)
    except MalformedDocument as error:
        raise UnfitRequest("The form is too long.") from error

    def run() -> bytes:
        report_id = number_in_form(request.headers.get("content-type", ""), body)
        request.state.report_id = report_id
        return verb(report_id)

    return await run_for(request, run)
