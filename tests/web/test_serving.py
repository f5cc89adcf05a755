"""A listener beside the pages' that ends by itself begins again."""

import contextlib
import threading

import httpx2
import uvicorn
from starlette.responses import PlainTextResponse

from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.web.serving import Keeper, listening


def _answered(url: str) -> str:
    """What is said there within ten seconds."""
    until = monotonic_seconds() + 10
    while monotonic_seconds() < until:
        with contextlib.suppress(httpx2.TransportError):
            return httpx2.get(url, trust_env=False).text
    return "nobody"


def test_a_listener_that_ends_by_itself_begins_again_at_the_same_address() -> None:
    listener = listening("127.0.0.1", 0)
    port = int(listener.getsockname()[1])
    config = uvicorn.Config(
        PlainTextResponse("here"), lifespan="off", log_config=None, limit_max_requests=1
    )
    keeper = Keeper(config, "127.0.0.1", port)
    thread = threading.Thread(target=keeper.keep, args=(listener,))
    thread.start()
    try:
        keeper.begun.wait()
        assert [_answered(f"http://127.0.0.1:{port}") for _ in range(3)] == ["here"] * 3
    finally:
        keeper.end()
        thread.join()
