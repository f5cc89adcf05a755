"""The door for the platform's own services: a file or digests in, hit or no hit out."""

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, cast
from urllib.parse import unquote

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from tipbridge.foundation.base.errors import Invalid, OutcomeUnknown
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.files.boxes import box_of
from tipbridge.knowledge.hashes.files.reading import hash_file
from tipbridge.tips.filing.facts import Facts, row_of
from tipbridge.tips.filing.scan import actions
from tipbridge.tips.filing.scan.model import Found, Scanned, Scanner
from tipbridge.tips.filing.scan.offers import Offer, offer_digest, offer_file
from tipbridge.tips.filing.scan.receive import Reception, pieces_of
from tipbridge.tips.filing.scan.scanners import actor_of, scanner_of
from tipbridge.web.bodies import fitted, limited_body
from tipbridge.web.shell import shell_of

router = APIRouter()

PATH = "/scan"
JSON_BYTES = 1024 * 1024
MOST_DIGESTS = 1000
_GATHER_BYTES = 1024 * 1024
FACTS, NAME, REFERENCE = "tipbridge-facts", "tipbridge-file-name", "tipbridge-reference"


RunInTurn = Callable[[Callable[[], Any]], Awaitable[Any]]
"""Does blocking work of one service in a thread; each service has a few of them at most."""


class DigestsBody(BaseModel):
    """A request for digests without files."""

    model_config = ConfigDict(extra="forbid")

    digests: list[Annotated[str, Field(max_length=64)]] = Field(max_length=MOST_DIGESTS)
    facts: dict[str, str | int | bool | None] = Field(default_factory=dict, repr=False)
    reference: str = Field(default="", max_length=200)


@router.post(PATH)
async def take_scan(request: Request) -> Response:
    """Match a file (the body itself) or digests (a JSON body) against the node's lists."""
    node = shell_of(request).node
    scanner = await run_in_threadpool(scanner_of, node, request.headers.get("authorization"))
    turns = partial(shell_of(request).turns.run, scanner.id)
    if request.headers.get("content-type", "").partition(";")[0].strip() == "application/json":
        body = await limited_body(request, JSON_BYTES)
        return await turns(partial(_scan_digests, node, scanner, body))
    return await _scan_file(request, node, scanner, turns)


def _scan_digests(node: Node, scanner: Scanner, body: bytes) -> Response:
    asked = fitted(DigestsBody, body)
    most = node.settings.scan_per_minute
    if len(asked.digests) > most:
        raise Invalid(f"digests: {len(asked.digests)} are given; {most} are allowed in a minute.")
    facts = _facts(asked.facts)
    offers = [offer_digest(one, facts=facts, reference=asked.reference) for one in asked.digests]
    return _answer(_scan(node, scanner, offers))


async def _scan_file(request: Request, node: Node, scanner: Scanner, turns: RunInTurn) -> Response:
    reception, limit = Reception(node), node.settings.scan_max_bytes
    try:
        said = _said(request)
        pieces, size = list[bytes](), 0
        async for piece in request.stream():
            pieces.append(piece)
            size += len(piece)
            if reception.size_bytes + size > limit:
                raise Invalid(f"A file to be matched has at most {limit} bytes.")
            if size >= _GATHER_BYTES:
                await turns(partial(reception.feed, b"".join(pieces)))
                pieces, size = [], 0
        last = (b"".join(pieces), said)
        return await turns(partial(_match, node, scanner, reception, last))
    except ClientDisconnect:
        await run_in_threadpool(reception.discard)
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    except BaseException:
        await run_in_threadpool(reception.discard)
        raise


def _match(
    node: Node,
    scanner: Scanner,
    reception: Reception,
    rest: tuple[bytes, tuple[str | None, Facts, str]],
) -> Response:
    """Ended in one thread: kept with its draft, or gone."""
    last, (name, facts, reference) = rest
    keep = False
    try:
        reception.feed(last)
        source = reception.finish(name)
        hashed = hash_file(box_of(node.settings), name or "", pieces_of(node, source))
        offer = offer_file(source, name=name, facts=facts, reference=reference, hashed=hashed)
        scanned = _scan(node, scanner, [offer])
        keep = any(one.kept for one in scanned.found)
    except OutcomeUnknown:
        keep = True  # a row may stand for it
        raise
    finally:
        if not keep:
            reception.discard()
    return _answer(scanned)


def _said(request: Request) -> tuple[str | None, Facts, str]:
    """What the headers say of the file: its name, facts, the asker's reference."""
    try:
        facts = json.loads(request.headers.get(FACTS, "{}"))
    except (ValueError, RecursionError) as error:
        raise Invalid("Tipbridge-Facts is an object in JSON.") from error
    if not isinstance(facts, dict):
        raise Invalid("Tipbridge-Facts is an object in JSON.")
    said = cast("dict[str, object]", facts)
    name = unquote(request.headers.get(NAME, "")) or None
    return name, _facts(said), unquote(request.headers.get(REFERENCE, ""))


def _scan(node: Node, scanner: Scanner, offers: list[Offer]) -> Scanned:
    with open_work(node, actor_of(scanner)) as work:
        return actions.scan(work, offers, scanner=scanner)


def _answer(scanned: Scanned) -> Response:
    if scanned.wait_seconds:
        return JSONResponse(
            {"error": "too-many", "message": "More than is allowed in a minute; staff were told."},
            status_code=HTTPStatus.TOO_MANY_REQUESTS,
            headers={"Retry-After": str(scanned.wait_seconds)},
        )
    results = [_told(one) for one in scanned.found]
    return JSONResponse({"results": results, "not_searched": scanned.told_unsearched})


def _told(found: Found) -> dict[str, object]:
    """Which list, its class, hit or no hit: never how near, nor which entry."""
    lists = [{"list": one.list, "class": one.mark, "purpose": one.purpose} for one in found.lists]
    return {"hit": bool(lists), "lists": lists, "draft": found.draft}


def _facts(said: Mapping[str, object]) -> Facts:
    """The facts given, by their names; `files` and `viewed` are for rows alone."""
    if "viewed" in said:
        raise Invalid("'viewed' is not taken by a scan: rows that name their files say it.")
    row = row_of(1, said, Path())
    if row.files:
        raise Invalid("A file is the body of the request, not a name in 'files'.")
    return row.facts
