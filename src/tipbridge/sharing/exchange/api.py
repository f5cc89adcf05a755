"""The door for other nodes: take a sealed package, hand one out, show the card."""

from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from tempfile import TemporaryFile
from typing import BinaryIO, cast

import structlog
from fastapi import APIRouter
from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from tipbridge.foundation.base.actors import DOORKEEPER
from tipbridge.foundation.base.errors import IntegrityFailure, TipbridgeError, Unavailable
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.carrying import handing
from tipbridge.sharing.exchange.carrying.handing import Handed
from tipbridge.sharing.exchange.carrying.messages import FETCH_MAX_BYTES
from tipbridge.sharing.exchange.client import (
    CARD_PATH,
    PACKAGE_HEADER,
    PACKAGES_PATH,
    SEALED_TYPE,
    WAITING_PATH,
)
from tipbridge.sharing.exchange.errors import NotCovered
from tipbridge.sharing.exchange.full import is_full
from tipbridge.sharing.exchange.outgoing import SPOOL
from tipbridge.sharing.exchange.trusting import gate
from tipbridge.web.connections import peer_certificate
from tipbridge.web.shell import shell_of

log = structlog.get_logger("tipbridge")
router = APIRouter()

RECEIPT_MEDIA = "application/vnd.tipbridge.receipt+json"
CARD_MEDIA = "application/vnd.tipbridge.node-card+json"
_CHUNK_BYTES = 256 * 1024
_SPOOLED_BYTES = 256 * 1024
_AGE_LINE = b"age-encryption.org/v1\n"


@router.post(PACKAGES_PATH)
async def take_package(request: Request) -> Response:
    """Answer a signed receipt, or the same refusal for every package that is not let in.

    Only sealed bytes are spooled, to a file without a name; a sender learns nothing of why.
    """
    node = shell_of(request).node
    if _is_misdirected(request):
        return _misdirected()
    try:
        caller = await run_in_threadpool(_caller, node, peer_certificate(request))
    except IntegrityFailure:
        return _refused()
    limit = node.settings.package_max_bytes
    if _said_length(request) > limit:
        log.info("package refused", reason="too-long")
        return _refused()
    folder = node.data / SPOOL
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        with TemporaryFile(dir=folder) as spool:
            return await _spooled_and_received(request, cast("BinaryIO", spool), caller)
    except ClientDisconnect:
        return _refused()
    except (OSError, Unavailable, DBAPIError) as error:
        if not is_full(error):
            raise
        return _no_room()


async def _spooled_and_received(request: Request, spool: BinaryIO, caller: str | None) -> Response:
    node = shell_of(request).node
    if not await _spooled(request, spool, node.settings.package_max_bytes):
        log.info("package refused", reason="not-sealed-or-too-long")
        return _refused()
    return await run_in_threadpool(_receive, node, spool, caller)


def _no_room() -> Response:
    log.warning("package not taken", reason="disk-full")
    said = {"error": "no-room", "message": "This node's disk is full; send the package later."}
    return JSONResponse(said, status_code=HTTPStatus.INSUFFICIENT_STORAGE)


@router.post(WAITING_PATH)
async def hand_over(request: Request) -> Response:
    """The next package for the peer that signed this fetch, still sealed; 204 when none waits."""
    envelope, node = bytearray(), shell_of(request).node
    if _is_misdirected(request):
        return _misdirected()
    try:
        async for chunk in request.stream():
            envelope += chunk
            if len(envelope) > FETCH_MAX_BYTES:
                return _refused()
    except ClientDisconnect:
        return _refused()
    return await run_in_threadpool(_hand_over, node, bytes(envelope), peer_certificate(request))


@router.get(CARD_PATH)
def show_card(request: Request) -> Response:
    """This node's self-signed card; a peer's staff compare its fingerprint by another way."""
    with open_work(shell_of(request).node, DOORKEEPER) as work:
        card = actions.show_card(work)
    return Response(card, media_type=CARD_MEDIA)


def _is_misdirected(request: Request) -> bool:
    """Whether a peer came to the ordinary door of a node that has a gate for its peers."""
    gated = shell_of(request).node.settings.peer_port is not None
    return gated and peer_certificate(request) is None


def _caller(node: Node, certificate: bytes | None) -> str | None:
    """Whose certificate a request came with through the gate; None at the ordinary door.

    Errors: IntegrityFailure when its key counts no more: a connection may be older than that.
    """
    if certificate is None:
        return None
    with open_work(node, DOORKEEPER) as work:
        return gate.caller(work, certificate)


def _said_length(request: Request) -> int:
    """How long the body is said to be; 0 when nothing is said."""
    said = request.headers.get("content-length", "0")
    return int(said) if said.isascii() and said.isdigit() else 0


async def _spooled(request: Request, spool: BinaryIO, limit: int) -> bool:
    """Whether the body was spooled to its end and may be a sealed package.

    Errors: OSError of a full disk once all was read: a sender hears no answer before its end.
    """
    size_bytes, first = 0, b""
    full: OSError | None = None
    async for chunk in _gathered(request):
        size_bytes += len(chunk)
        if len(first) < len(_AGE_LINE):
            first = (first + chunk)[: len(_AGE_LINE)]
            if not _AGE_LINE.startswith(first):
                return False
        if size_bytes > limit:
            return False
        if full is None:
            full = await run_in_threadpool(_written, spool, chunk)
    if full is not None:
        raise full
    return size_bytes > len(_AGE_LINE)


async def _gathered(request: Request) -> AsyncIterator[bytes]:
    """The body in pieces of a size that is worth the way to another thread; its begin at once."""
    held, held_bytes, enough = list[bytes](), 0, len(_AGE_LINE)
    async for chunk in request.stream():
        held.append(chunk)
        held_bytes += len(chunk)
        if held_bytes >= enough:
            yield b"".join(held)
            held, held_bytes, enough = [], 0, _SPOOLED_BYTES
    yield b"".join(held)


def _written(spool: BinaryIO, chunk: bytes) -> OSError | None:
    """Write on; what a full disk said."""
    try:
        spool.write(chunk)
    except OSError as error:
        if not is_full(error):
            raise
        return error
    return None


def _receive(node: Node, spool: BinaryIO, caller: str | None) -> Response:
    try:
        with open_work(node, DOORKEEPER) as work:
            receipt = actions.receive_package(work, spool, caller=caller)
    except Unavailable:
        raise
    except TipbridgeError as error:
        log.info("package refused", kind=error.kind, **error.detail)
        if isinstance(error, NotCovered):
            _note_refused(node, error)
        return _refused()
    return Response(receipt, media_type=RECEIPT_MEDIA)


def _note_refused(node: Node, error: NotCovered) -> None:
    said = {name: str(error.detail[name]) for name in ("sender", "reason")}
    with open_work(node, DOORKEEPER) as work:
        actions.note_refused(work, str(error.detail["id"]), **said)


def _hand_over(node: Node, envelope: bytes, certificate: bytes | None) -> Response:
    try:
        caller = _caller(node, certificate)
        with open_work(node, DOORKEEPER) as work:
            handed = handing.hand_over(work, envelope, caller=caller)
    except Unavailable:
        raise
    except TipbridgeError as error:
        log.info("fetch refused", kind=error.kind, **error.detail)
        return _refused()
    if handed is None:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    headers = {
        "content-length": str(handed.size_bytes),
        PACKAGE_HEADER: handed.package_id,
    }
    return StreamingResponse(_sent(handed), media_type=SEALED_TYPE, headers=headers)


def _sent(handed: Handed) -> Iterator[bytes]:
    try:
        while chunk := handed.sealed.read(_CHUNK_BYTES):
            yield chunk
    finally:
        handed.close()


def _misdirected() -> Response:
    words = "This node takes packages at its gate only, over mutual TLS."
    said = {"error": "misdirected", "message": words}
    return JSONResponse(said, status_code=HTTPStatus.MISDIRECTED_REQUEST)


def _refused() -> Response:
    return JSONResponse({"error": "refused"}, status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
