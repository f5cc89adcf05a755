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
_AGAIN_SECONDS = 1.0


@contextlib.contextmanager
def serving_beside(
    app: ASGIApp, host: str, port: int, *, context: ssl.SSLContext, patience_seconds: float
) -> Generator[int]:
    """Serve `app` over mutual TLS while the block runs; the port on which it listens.

    Shape: a listener that ends by itself begins again at the same address.
    Errors: Conflict when the address can't be listened on.
    """
    with listening(host, port) as listener:
        config = uvicorn.Config(
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
        bound = int(listener.getsockname()[1])
        keeper = Keeper(config, host, bound)
        thread = threading.Thread(target=keeper.keep, args=(listener,), daemon=True)
        thread.start()
        try:
            keeper.begun.wait()
            yield bound
        finally:
            keeper.end()
            thread.join(_END_SECONDS)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Errors: Conflict when the address can't be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise Conflict(f"Cannot listen for peers on {host}:{port}: {error.strerror}.") from error


class _Beside(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, begun: threading.Event) -> None:
        super().__init__(config)
        self._begun = begun

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Start to listen, then say so."""
        await super().startup(sockets)
        self._begun.set()


class Keeper:
    """Keeps one address served until it is told to end."""

    def __init__(self, config: uvicorn.Config, host: str, port: int) -> None:
        self.begun = threading.Event()
        self._config, self._host, self._port = config, host, port
        self._ending = threading.Event()
        self._server: _Beside | None = None

    def end(self) -> None:
        """Serve no longer."""
        self._ending.set()
        if self._server is not None:
            self._server.should_exit = True

    def keep(self, listener: socket.socket) -> None:
        """Serve, and begin again after an end of its own."""
        found: socket.socket | None = listener
        while not self._ending.is_set():
            if found is not None:
                self._serve(found)
            if self._ending.wait(_AGAIN_SECONDS):
                break
            found = self._again()

    def _serve(self, listener: socket.socket) -> None:
        self._server = _Beside(self._config, self.begun)
        self._server.should_exit = self._ending.is_set()
        try:
            with listener:
                self._server.run(sockets=[listener])
        except (OSError, RuntimeError, SystemExit):
            log.exception("the listener for peers failed")
        finally:
            self.begun.set()
        if not self._ending.is_set():
            log.error("the listener for peers ended by itself and begins again")

    def _again(self) -> socket.socket | None:
        try:
            return listening(self._host, self._port)
        except Conflict as error:
            log.error("the listener for peers can't begin again yet", why=error.public)
            return None
