"""The interface at `/hashsharing/v2`: HTTP Basic in, XML out."""

from collections.abc import Callable
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tipbridge.foundation.access.errors import NotAProvider
from tipbridge.foundation.base.errors import Invalid, NotFound, TipbridgeError
from tipbridge.foundation.base.ids import SystemIds
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashsharing import actions, documents
from tipbridge.knowledge.hashsharing.errors import TooLong, UnfitDocument
from tipbridge.knowledge.hashsharing.model import FingerprintType
from tipbridge.knowledge.hashsharing.reading import MAX_BYTES, read_submission, read_vote
from tipbridge.knowledge.hashsharing.rules import (
    BY_REFERENCE,
    ENTRY_ID,
    fingerprint_type,
    read_range,
    written_value,
)
from tipbridge.web.errors import STATUS
from tipbridge.web.provider_gate import ProviderGate, door_of, login_of, run_for

PATH = "/hashsharing"
XML = "application/xml;charset=UTF-8"


def build_hashsharing(node: Node) -> ASGIApp:
    """The hash-sharing interface of a node, to be mounted at `/hashsharing`."""
    of_entry = "/v2/entries/{member_id}/{entry_id}"
    app = Starlette(
        routes=[
            Route("/v2/status", _status, methods=["GET"]),
            Route("/v2/members", _members, methods=["GET"]),
            Route("/v2/categorizations", _categorizations, methods=["GET"]),
            Route("/v2/feedback/{type}/reasons", _reasons, methods=["GET"]),
            Route("/v2/entries", _entries, methods=["GET"]),
            Route("/v2/entries", _submit, methods=["POST"]),
            Route(f"{of_entry}/fingerprints/{{type}}", _fingerprint, methods=["GET"]),
            Route(f"{of_entry}/{{type}}/feedback", _vote, methods=["PUT"]),
        ],
        exception_handlers={
            HTTPException: _unrouted,
            TipbridgeError: _refused,
            Exception: _faulted,
        },
    )
    return ProviderGate(app, node, refused=_refused, fault=_fault)


def refusal(path: str, status: int, told: str) -> Response:
    """A refusal by the shell, before any route: XML all the same."""
    del path
    kind = HTTPStatus(status).phrase.lower().replace(" ", "-")
    answer = _xml(documents.refusal(kind, told), status)
    answer.headers["Request-ID"] = SystemIds().new()
    return answer


def _xml(body: bytes, status: int = 200) -> Response:
    return Response(body, status, media_type=None, headers={"Content-Type": XML})


def _refused(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, TipbridgeError)
    answer = _xml(documents.refusal(error.kind, error.public), STATUS[error.kind])
    if isinstance(error, NotAProvider):
        answer.headers["WWW-Authenticate"] = 'Basic realm="Hash Sharing"'
    return answer


def _unrouted(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = refusal(request.url.path, error.status_code, HTTPStatus(error.status_code).phrase)
    answer.headers.update(error.headers or {})
    return answer


def _fault(request: Request) -> Response:
    del request
    return _xml(documents.refusal("fault", "Server error; try again."), 500)


def _faulted(request: Request, _error: Exception) -> Response:
    return _fault(request)


async def _answer(request: Request, ask: Callable[[Work], bytes]) -> Response:
    """Run one action in a unit of work of the member, and answer what it makes."""

    def run() -> bytes:
        with door_of(request).work(login_of(request)) as work:
            return ask(work)

    return _xml(await run_for(request, run))


async def _status(request: Request) -> Response:
    address = request.client.host if request.client else "unknown"
    username = login_of(request).username
    return await _answer(
        request,
        lambda work: documents.status(
            actions.check_status(work), username=username, address=address
        ),
    )


async def _members(request: Request) -> Response:
    return await _answer(request, lambda work: documents.members(actions.read_members(work)))


async def _categorizations(request: Request) -> Response:
    def ask(work: Work) -> bytes:
        actions.read_words(work, "categorizations")
        return documents.categorizations()

    return await _answer(request, ask)


async def _reasons(request: Request) -> Response:
    type_ = _type(request)

    def ask(work: Work) -> bytes:
        actions.read_words(work, f"reasons/{type_}")
        return documents.reasons(type_)

    return await _answer(request, ask)


async def _entries(request: Request) -> Response:
    asked = request.query_params
    if len(asked.multi_items()) != len(asked):
        raise Invalid("A query parameter stands twice; each is allowed once.")

    def ask(work: Work) -> bytes:
        return documents.query_result(actions.read_entries(work, read_range(asked, work.now)))

    return await _answer(request, ask)


async def _submit(request: Request) -> Response:
    body = await _body(request)
    return await _answer(
        request,
        lambda work: documents.submission_result(actions.submit(work, read_submission(body))),
    )


async def _fingerprint(request: Request) -> Response:
    member_id, entry_id = _entry(request)
    type_ = _type(request)

    def read() -> bytes:
        with door_of(request).work(login_of(request)) as work:
            return actions.read_fingerprint(work, member_id, entry_id, type_).value

    value = await run_for(request, read)
    if type_ in BY_REFERENCE:
        return Response(value, media_type="application/octet-stream")
    return Response(written_value(type_, value), media_type="text/plain")


async def _vote(request: Request) -> Response:
    member_id, entry_id = _entry(request)
    type_ = _type(request)
    body = await _body(request)

    def ask(work: Work) -> bytes:
        given = read_vote(body)
        return documents.vote_result(actions.vote(work, member_id, entry_id, type_, reasons=given))

    return await _answer(request, ask)


def _type(request: Request) -> FingerprintType:
    return fingerprint_type(request.path_params["type"])


def _entry(request: Request) -> tuple[int, str]:
    """The member and entry that a path names; one that can't be is not there."""
    member, entry = request.path_params["member_id"], request.path_params["entry_id"]
    if not (member.isascii() and member.isdecimal() and len(member) <= 9):
        raise NotFound("member", "of this number")
    if not ENTRY_ID.fullmatch(entry):
        raise NotFound("entry", "of this id")
    return int(member), entry


async def _body(request: Request) -> bytes:
    """The whole body within its bound. Errors: TooLong, UnfitDocument."""
    if request.headers.get("content-encoding", "identity") != "identity":
        raise UnfitDocument("A compressed body is not accepted.")
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size <= MAX_BYTES:
            pieces.append(piece)
        elif size > 2 * MAX_BYTES:
            break
    if size > MAX_BYTES:
        raise TooLong(f"The body has more than {MAX_BYTES} bytes; that many are allowed.")
    return b"".join(pieces)
