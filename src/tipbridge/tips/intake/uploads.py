"""Uploads in progress: each is read at its provider's pace, and kept or taken back whole."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.base.errors import OutcomeUnknown
from tipbridge.foundation.node import Node
from tipbridge.tips.intake.bodies import feed_body
from tipbridge.tips.intake.form import boundary_of, fit_boundary
from tipbridge.tips.intake.model import Standing
from tipbridge.tips.intake.pace import Pace
from tipbridge.tips.intake.receive import UploadReceiver
from tipbridge.tips.intake.received import ReceivedFile
from tipbridge.web.provider_gate import door_of, login_of, run_for

R = TypeVar("R")

AskStanding = Callable[[int], Standing]


class Uploads:
    """All uploads of a web server: how many of each provider at once, and how fast."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._pace = Pace(node.settings.upload_bytes_per_second)
        self._places: dict[str, tuple[int, asyncio.Semaphore]] = {}

    async def take(
        self, request: Request, ask: AskStanding, store: Callable[[int, ReceivedFile], R]
    ) -> R:
        """Read an upload and store it: what `store` made of its report's number and file.

        Errors: what refuses it; then nothing of the file is left.
        """
        upload = _Upload(self._node, request.headers.get("content-type", ""), ask)
        provider = login_of(request).provider_id

        async def feed(gathered: bytes) -> None:
            await run_for(request, lambda: upload.feed(gathered))

        async def read(size_bytes: int) -> None:
            wait = self._pace.seconds_to_wait(provider, size_bytes, monotonic_seconds())
            if wait > 0:
                await asyncio.sleep(wait)

        async with self._turn(request):
            try:
                rest = await feed_body(request, feed, read)
                return await run_for(request, lambda: upload.end(rest, store))
            except BaseException:
                await run_in_threadpool(upload.discard)
                raise

    @asynccontextmanager
    async def _turn(self, request: Request) -> AsyncGenerator[None]:
        login, door = login_of(request), door_of(request)
        limits = door.known_limits(login)
        if limits is None:
            limits = await run_for(request, lambda: door.limits(login))
        at_once = limits.uploads_at_once or self._node.settings.uploads_at_once
        async with self._places_of(login.provider_id, at_once):
            self._pace.enter(login.provider_id, limits.upload_bytes_per_second)
            try:
                yield
            finally:
                self._pace.leave(login.provider_id)

    def _places_of(self, provider: str, at_once: int) -> asyncio.Semaphore:
        held = self._places.get(provider)
        if held is None or held[0] != at_once:
            held = self._places[provider] = (at_once, asyncio.Semaphore(at_once))
        return held[1]


class _Upload:
    """One upload on its way; fed and ended in threads, one at a time."""

    def __init__(self, node: Node, content_type: str, ask: AskStanding) -> None:
        self._node, self._content_type, self._ask = node, content_type, ask
        self._receiver: UploadReceiver | None = None
        self._kept = False

    def feed(self, gathered: bytes) -> UploadReceiver:
        """Take the next bytes of the body. Errors: UnfitUpload when it is no form."""
        if self._receiver is None:
            boundary = fit_boundary(boundary_of(self._content_type, gathered))
            self._receiver = UploadReceiver(self._node, boundary, self._ask)
        self._receiver.feed(gathered)
        return self._receiver

    def end(self, rest: bytes, store: Callable[[int, ReceivedFile], R]) -> R:
        """Take the last bytes and store the file.

        Kept or taken back in one thread: a request that is cancelled can't fall between.
        """
        try:
            stored = store(*self.feed(rest).close())
            self._kept = True
        except OutcomeUnknown:
            self._kept = True  # a row may stand for it; else it goes with its report
            raise
        finally:
            self.discard()
        return stored

    def discard(self) -> None:
        """Take back what is not kept; again, nothing."""
        receiver, self._receiver = self._receiver, None
        if receiver is not None and receiver.leaves_traces(kept=self._kept):
            receiver.discard(keep_sealed=self._kept)
