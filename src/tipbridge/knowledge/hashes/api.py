"""`POST /api/v1/match`: what is known of files, by their digests; JSON in, JSON out.

A provider comes with its user name (HTTP Basic), a member of staff with their session or a token of
access. The door is a bare ASGI application: at thousands of requests a second the way to it counts.
"""

import asyncio
import json
from typing import Annotated
from weakref import WeakValueDictionary

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from tipbridge.foundation.access.errors import NotAProvider
from tipbridge.foundation.access.model import Login
from tipbridge.foundation.base.errors import Invalid, TipbridgeError, Unavailable
from tipbridge.foundation.grouping import Fate, GroupRecorder, Note
from tipbridge.foundation.node import Node
from tipbridge.knowledge.hashes import actions
from tipbridge.knowledge.hashes.errors import BodyTooLong, TooManyLookups
from tipbridge.knowledge.hashes.guarding import guard_of
from tipbridge.knowledge.hashes.indexes import indexes_of, now_of
from tipbridge.knowledge.hashes.lookups import MOST_HITS, MOST_ITEMS, RADIUS, Answers, Query
from tipbridge.knowledge.hashes.matching import tell
from tipbridge.knowledge.hashes.model import DigestKind
from tipbridge.office.terminal import plain
from tipbridge.web.errors import STATUS
from tipbridge.web.provider_door import ProviderDoor
from tipbridge.web.session import NotSignedIn, staff_work

PATH = "/api/v1/match"
MAX_BYTES = 4 * 1024 * 1024
AT_ONCE = 16
"""So few look-ups are done where the request is; more go to a thread, so that others go on."""


_Md5 = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{32}$")]
_Sha1 = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{40}$")]
_Bits256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileIn(_In):
    """One file that is asked about."""

    ref: Annotated[str, StringConstraints(max_length=200)] | None = None
    md5: _Md5 | None = None
    sha1: _Sha1 | None = None
    sha256: _Bits256 | None = None
    pdq: _Bits256 | None = None
    pdq_quality: Annotated[int, Field(ge=0, le=100)] | None = None


class MatchIn(_In):
    """One request; the last three are for staff alone."""

    items: Annotated[list[FileIn], Field(min_length=1, max_length=MOST_ITEMS)]
    lists: list[str] | None = None
    radius: int | None = None
    most: int | None = None


class MatchDoor:
    """The door of look-ups, for one node; an ASGI application."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._door, self._recorder = ProviderDoor(node), GroupRecorder(node)
        self._indexes, self._guard = indexes_of(node), guard_of(node)
        self._turns = WeakValueDictionary[str, asyncio.Lock]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            status, body, more = 200, await self._answer(scope, receive), ()
        except TipbridgeError as error:
            status, body, more = _refused(error)
        headers = [(b"content-type", b"application/json"), *more]
        if self._node.synthetic:
            headers.append((b"tipbridge-synthetic", b"yes"))
        headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> bytes:
        header = next((v for name, v in scope["headers"] if name == b"authorization"), None)
        if header is None or shows_token(header):
            asked = read_match(await _body(receive))
            return await run_in_threadpool(_for_staff, Request(scope), asked)
        client = Request(scope).client
        login = await self._login(header.decode("latin-1"), client.host if client else None)
        return await self._for_provider(login, read_match(await _body(receive)))

    async def _login(self, header: str, host: str | None) -> Login:
        """The login that a header proves; a password is verified once, however many come at once."""
        found = self._door.known(header, host)
        if found is None:
            turn = self._turns.setdefault(header, asyncio.Lock())
            async with turn:
                found = self._door.known(header, host) or await run_in_threadpool(
                    self._door.login, header, host
                )
        return found

    async def _for_provider(self, login: Login, asked: MatchIn) -> bytes:
        if asked.lists is not None or asked.radius is not None or asked.most is not None:
            raise Invalid("A provider asks about items alone: no lists, radius or most.")
        queries = queries_of(asked)
        catalogue = self._indexes.held()
        if catalogue is None:
            catalogue = await run_in_threadpool(self._indexes.catalogue)
        now = now_of(self._node, catalogue)
        self._guard.admit(login.provider_id, len(queries), now)
        if len(queries) <= AT_ONCE:
            answers = tell(catalogue, queries)
        else:
            answers = await run_in_threadpool(tell, catalogue, queries)
        hits = sum(1 for each in answers.answers if each.hits)
        note = Note(
            login=login,
            event="hashes.digests.answered",
            action="knowledge.hashes.actions.match_for_provider",
            facts={"items": len(queries), "hits": hits, "not_searched": answers.not_searched},
        )
        fate = await self._recorder.record(note)
        if fate is Fate.ENDED:
            self._door.forget(login)
            raise NotAProvider("Authentication required.")
        if fate is Fate.LOST:
            raise Unavailable("The look-up could not be recorded; try again.")
        watched = (login.provider_id, queries, answers.answers, now)
        if len(queries) <= AT_ONCE:
            alarm = self._guard.watch(*watched)
        else:
            alarm = await run_in_threadpool(self._guard.watch, *watched)
        if alarm is not None:
            await run_in_threadpool(alarm)
        return told_json(answers)


def shows_token(header: bytes) -> bool:
    """Whether a header's scheme is that of a token of access, which staff alone have."""
    return header[:7].lower() == b"bearer "


def read_match(body: bytes) -> MatchIn:
    """A request's document. Errors: Invalid, naming the place and what is allowed."""
    try:
        return MatchIn.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the document"
        raise Invalid(f"{place}: {first['msg']}.") from error


def queries_of(asked: MatchIn) -> list[Query]:
    """What is asked about each file. Errors: Invalid for one without a digest."""
    queries: list[Query] = []
    for number, item in enumerate(asked.items):
        digests = {
            kind: bytes.fromhex(text)
            for kind, text in (
                (DigestKind.MD5, item.md5),
                (DigestKind.SHA1, item.sha1),
                (DigestKind.SHA256, item.sha256),
                (DigestKind.PDQ, item.pdq),
            )
            if text is not None
        }
        if not digests:
            raise Invalid(f"items.{number}: one of md5, sha1, sha256 and pdq is needed.")
        queries.append(Query(digests=digests, ref=item.ref, quality=item.pdq_quality))
    return queries


def told_json(answers: Answers) -> bytes:
    """What a provider is answered."""
    told: list[dict[str, object]] = []
    for each in answers.answers:
        one: dict[str, object] = {
            "hit": each.hit,
            "lists": [{"list": hit.list_name, "class": hit.classification} for hit in each.hits],
        }
        if each.ref is not None:
            one["ref"] = each.ref
        if each.too_blank:
            one["too_blank"] = True
        told.append(one)
    return json.dumps({"answers": told, "not_searched": answers.not_searched}).encode()


def _for_staff(request: Request, asked: MatchIn) -> bytes:
    with staff_work(request) as work:
        found = actions.match_digests(
            work,
            queries_of(asked),
            lists=asked.lists,
            radius=RADIUS if asked.radius is None else asked.radius,
            most=MOST_HITS if asked.most is None else asked.most,
        )
    return json.dumps(plain(found), ensure_ascii=False).encode()


async def _body(receive: Receive) -> bytes:
    """The whole body of a request. Errors: BodyTooLong."""
    message = await receive()
    body = bytes(message.get("body", b""))
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MAX_BYTES:
            break
    if len(body) > MAX_BYTES:
        raise BodyTooLong(MAX_BYTES)
    return body


def _refused(error: TipbridgeError) -> tuple[int, bytes, tuple[tuple[bytes, bytes], ...]]:
    """A refusal's status, document and headers."""
    more: tuple[tuple[bytes, bytes], ...] = ()
    if isinstance(error, TooManyLookups):
        more = ((b"retry-after", b"%d" % error.wait_seconds),)
    elif isinstance(error, NotAProvider):
        more = ((b"www-authenticate", b'Basic realm="Tipbridge"'),)
    elif isinstance(error, NotSignedIn):
        more = ((b"www-authenticate", b"Bearer"),)
    body = json.dumps({"error": error.kind, "message": error.public}, ensure_ascii=False)
    return STATUS[error.kind], body.encode(), more
