"""A second listener beside the pages', in a thread of its own."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Generator
from typing import Any

import structlog
import uvicorn
from starlette.types import ASGIApp

from tipbridge.foundation.base.errors import Conflict
from tipbridge.web.connections import knowing_protocol

log = structlog.get_logger("tipbridge")

_BACKLOG = 512
_END_SECONDS = 20


@contextlib.contextmanager
def serving_beside(
    app: ASGIApp, host: str, port: int, *, context: ssl.SSLContext, patience_seconds: float
) -> Generator[int]:
    """Serve `app` over mutual TLS while the block runs; the port on which it listens.

    Errors: Conflict when the address can't be listened on.
    """
    with _listening(host, port) as listener:
        server = _Beside(
            uvicorn.Config(
                app,
                http=knowing_protocol(patience_seconds),
                ssl_context_factory=lambda _config, _default: context,
                lifespan="off",
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=5,
            )
        )
        thread = threading.Thread(target=server.serve_on, args=(listener,), daemon=True)
        thread.start()
        try:
            server.begun.wait()
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(_END_SECONDS)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise Conflict(f"Cannot listen for peers on {host}:{port}: {error.strerror}.") from error


class _Beside(uvicorn.Server):
    """Says when it listens, and in the log when it ends by itself."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.begun = threading.Event()

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Start to listen, then say so."""
        await super().startup(sockets)
        self.begun.set()

    def serve_on(self, listener: socket.socket) -> None:
        """Serve until told to end."""
        try:
            self.run(sockets=[listener])
        finally:
            self.begun.set()
            if not self.should_exit:
                log.error("the listener for peers ended by itself")
