"""The gate before an interface of providers: who asks, an id for each answer, no bare fault."""

import functools
import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import anyio
import anyio.to_thread
import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from tipbridge.foundation.access.errors import NotAProvider
from tipbridge.foundation.access.model import Login
from tipbridge.foundation.base.errors import TipbridgeError
from tipbridge.foundation.node import Node
from tipbridge.web.provider_door import ProviderDoor

log = structlog.get_logger("tipbridge")

R = TypeVar("R")

CALL = "tipbridge-call"
"""A header in which a client may mark a call with 32 hex digits; the answer to it repeats them."""

TEST, SYNTHETIC = "tipbridge-test", "tipbridge-synthetic"
"""Headers of each answer to a sandbox, and of each answer of a synthetic node."""

_CALL_MARK = re.compile("[0-9a-f]{32}")
_PROVED_AT_ONCE = 4
_PLACES = 8
"""Lines of a fault's way that the log keeps, the innermost ones."""


def login_of(request: Request) -> Login:
    """The credential that let this request through the gate."""
    return request.scope["login"]


def is_sandbox(request: Request) -> bool:
    """Whether a sandbox asks: then what it gets carries the mark of a test."""
    return "login" in request.scope and login_of(request).sandbox


def door_of(request: Request) -> ProviderDoor:
    """The door through which this request's units of work begin."""
    return request.scope["door"]


async def run_for(request: Request, work: Callable[[], R]) -> R:
    """Do blocking work for a provider in a thread; each provider has a few of them at most."""
    return await door_of(request).turns.run(login_of(request).provider_id, work)


class ProviderGate:
    """Lets the requests of providers pass to `app`, and says refusals in its form.

    Shape: `refused` answers a refusal, `fault` a bug; both in the way of the app's clients.
    """

    def __init__(
        self,
        app: Starlette,
        node: Node,
        *,
        refused: Callable[[Request, TipbridgeError], Response],
        fault: Callable[[Request], Response],
    ) -> None:
        self.app, self._node, self._door = app, node, ProviderDoor(node)
        self._refused, self._fault = refused, fault
        self._proving = anyio.CapacityLimiter(_PROVED_AT_ONCE)
        self.routes = app.routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a provider's request pass."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        scope["node"], scope["door"] = self._node, self._door
        begun = False

        async def marked(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = cast("list[tuple[bytes, bytes]]", list(message.get("headers", [])))
                message = {**message, "headers": headers + self._marks(request)}
            await send(message)

        try:
            header = request.headers.get("authorization")
            host = request.client.host if request.client else None
            scope["login"] = self._door.known(header, host) or await self._prove(header, host)
            await self.app(scope, receive, marked)
        except NotAProvider as refusal:
            await self._refused(request, refusal)(scope, receive, marked)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - the edge of a request
            _note_fault(error)
            if not begun:
                await self._fault(request)(scope, receive, marked)

    def _marks(self, request: Request) -> list[tuple[bytes, bytes]]:
        marks = [(b"request-id", self._node.ids.new().encode())]
        call = request.headers.get(CALL, "")
        if _CALL_MARK.fullmatch(call):
            marks.append((CALL.encode(), call.encode()))
        if is_sandbox(request):
            marks.append((TEST.encode(), b"yes"))
        if self._node.synthetic:
            marks.append((SYNTHETIC.encode(), b"yes"))
        return marks

    async def _prove(self, header: str | None, host: str | None) -> Login:
        """Verify a credential, in one of a few threads of its own: guesses take no other's."""
        login = functools.partial(self._door.login, header, host)
        return await anyio.to_thread.run_sync(login, limiter=self._proving)


def _note_fault(error: Exception) -> None:
    """A bug's type and the lines it passed; never its text, which can hold a report's words."""
    places = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-_PLACES:]
    ]
    log.error("fault", type=type(error).__name__, places=places)
