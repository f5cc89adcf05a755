"""The door for other nodes: take a sealed package, hand one out, show the card."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
from tipbridge.sharing.exchange import actions, refusing
from tipbridge.sharing.exchange.carrying import handing
from tipbridge.sharing.exchange.carrying.handing import Handed
from tipbridge.sharing.exchange.carrying.messages import FETCH_MAX_BYTES
from tipbridge.sharing.exchange.client import (
    CARD_PATH,
    LIMIT_SETTING,
    PACKAGE_HEADER,
    PACKAGES_PATH,
    SEALED_TYPE,
    TOO_LONG,
    WAITING_PATH,
)
from tipbridge.sharing.exchange.convoying import taking
from tipbridge.sharing.exchange.convoying.framing import (
    ANSWERS_TYPE,
    CONVOYS_HEADER,
    CONVOYS_PATH,
    CONVOYS_TAKEN,
    LENGTH_BYTES,
    MOST_BYTES,
    MOST_PACKAGES,
    Told,
    answers_payload,
    split,
)
from tipbridge.sharing.exchange.full import is_full
from tipbridge.sharing.exchange.outgoing import SPOOL
from tipbridge.sharing.exchange.spooling import spooled
from tipbridge.sharing.exchange.trusting import gate
from tipbridge.web.connections import peer_certificate
from tipbridge.web.shell import shell_of

log = structlog.get_logger("tipbridge")
router = APIRouter()

RECEIPT_MEDIA = "application/vnd.tipbridge.receipt+json"
CARD_MEDIA = "application/vnd.tipbridge.node-card+json"
_CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """How what arrives is received, how long it may be, and what stands before the first seal.

    Shape: `setting` is where the length is set, if it is.
    """

    receive: Callable[[Node, BinaryIO, str | None], Response]
    most_bytes: int
    before_bytes: int = 0
    setting: str = ""


@router.post(PACKAGES_PATH)
async def take_package(request: Request) -> Response:
    """Answer a signed receipt, or the same refusal for every package that is not let in.

    Only sealed bytes are spooled, to a file without a name; a sender learns nothing of why.
    """
    limit = shell_of(request).node.settings.package_max_bytes
    return await _taken(request, Arrival(receive=_receive, most_bytes=limit, setting=LIMIT_SETTING))


@router.post(CONVOYS_PATH)
async def take_convoy(request: Request) -> Response:
    """Answer each package of a convoy with what it would be answered by itself."""
    arrival = Arrival(
        receive=_receive_convoy,
        most_bytes=MOST_BYTES + MOST_PACKAGES * LENGTH_BYTES,
        before_bytes=LENGTH_BYTES,
    )
    return await _taken(request, arrival)


async def _taken(request: Request, arrival: Arrival) -> Response:
    node = shell_of(request).node
    if _is_misdirected(request):
        return _misdirected()
    try:
        caller = await run_in_threadpool(_caller, node, peer_certificate(request))
    except IntegrityFailure:
        return _refused()
    if _said_length(request) > arrival.most_bytes:
        return _too_long(_said_length(request), arrival)
    try:
        return await _spooled_and_received(request, arrival, caller)
    except ClientDisconnect:
        return _refused()
    except (OSError, Unavailable, DBAPIError) as error:
        if not is_full(error):
            raise
        return _no_room()


async def _spooled_and_received(request: Request, arrival: Arrival, caller: str | None) -> Response:
    node = shell_of(request).node
    folder = node.data / SPOOL
    folder.mkdir(mode=0o700, exist_ok=True)
    with TemporaryFile(dir=folder) as file:
        spool = cast("BinaryIO", file)
        if not await spooled(request, spool, arrival.most_bytes, arrival.before_bytes):
            log.info("package refused", reason="not-sealed-or-too-long")
            return _refused()
        return await run_in_threadpool(arrival.receive, node, spool, caller)


def _too_long(said_bytes: int, arrival: Arrival) -> Response:
    """Say the limit: it is no secret, and whoever sent it can do nothing without it."""
    if not arrival.setting:
        log.info("package refused", reason=TOO_LONG)
        return _refused()
    limit = {arrival.setting: arrival.most_bytes}
    log.warning("package refused", reason=TOO_LONG, size_bytes=said_bytes, **limit)
    words = f"Longer than this node takes ({arrival.most_bytes} bytes; its {arrival.setting})."
    said = {"error": TOO_LONG, "most_bytes": arrival.most_bytes, "message": words}
    return JSONResponse(said, status_code=HTTPStatus.UNPROCESSABLE_ENTITY)


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


def _receive(node: Node, spool: BinaryIO, caller: str | None) -> Response:
    receipt = _receipt(node, spool, caller)
    if receipt is None:
        return _refused()
    return Response(receipt, media_type=RECEIPT_MEDIA, headers={CONVOYS_HEADER: CONVOYS_TAKEN})


def _receive_convoy(node: Node, spool: BinaryIO, caller: str | None) -> Response:
    spool.seek(0)
    try:
        sealed = split(spool.read())
    except ValueError:
        log.info("package refused", reason="not-a-convoy")
        return _refused()
    with open_work(node, DOORKEEPER, together=True) as work:
        receipts = taking.take_together(work, sealed, caller=caller)
    told = [
        Told(receipt=receipts[place]) if place in receipts else _told(node, each, caller)
        for place, each in enumerate(sealed)
    ]
    return Response(answers_payload(told), media_type=ANSWERS_TYPE)


def _told(node: Node, sealed: bytes, caller: str | None) -> Told:
    """What a package of a convoy is told that was not taken with the others."""
    try:
        receipt = _receipt(node, io.BytesIO(sealed), caller)
    except (OSError, Unavailable, DBAPIError):
        return Told()
    return Told(receipt=receipt, refused=receipt is None)


def _receipt(node: Node, spool: BinaryIO, caller: str | None) -> bytes | None:
    """The receipt for a package; None when it is refused."""
    try:
        with open_work(node, DOORKEEPER) as work:
            return actions.receive_package(work, spool, caller=caller)
    except Unavailable:
        raise
    except TipbridgeError as error:
        refusing.note(node, error)
        return None


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
