"""How much of one client's work is done at once, so that one takes no other's threads."""

from collections.abc import Callable
from typing import TypeVar

import anyio
from starlette.concurrency import run_in_threadpool

R = TypeVar("R")

REQUESTS_AT_ONCE = 8
"""Of the forty threads of a web server: how many may do one client's work."""
_MAX_REMEMBERED = 1000


class Turns:
    """A bound for each client, by name."""

    def __init__(self) -> None:
        self._held: dict[str, anyio.CapacityLimiter] = {}

    async def run(self, name: str, work: Callable[[], R]) -> R:
        """Do blocking work for a client in a thread, in its turn.

        So one that sends a thousand requests at once waits for itself, and others for nobody.
        """
        async with self._of(name):
            return await run_in_threadpool(work)

    def _of(self, name: str) -> anyio.CapacityLimiter:
        found = self._held.get(name)
        if found is None:
            if len(self._held) >= _MAX_REMEMBERED:
                idle = [held for held, one in self._held.items() if not one.borrowed_tokens]
                for held in idle:
                    del self._held[held]
            found = self._held[name] = anyio.CapacityLimiter(REQUESTS_AT_ONCE)
        return found
