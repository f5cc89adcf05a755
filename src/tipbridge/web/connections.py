"""Connections whose clients are slow: each costs a little memory, and that not for long."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from starlette.requests import Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from tipbridge.web.origin import RefusalForm, refusal_at

LEAST_BYTES_PER_SECOND = 256
"""A body that comes more slowly, over a whole span of patience, is given up."""

_PEER_CERTIFICATE = "peer_certificate"
_LATE = "The request came too slowly."


def _late_answer(forms: Mapping[str, RefusalForm], path: str) -> bytes:
    """408, in the way of the clients below this path; nothing is asked of the program."""
    answer = refusal_at(forms, path, 408, _LATE)
    lines = [b"HTTP/1.1 408 Request Timeout", b"connection: close"]
    lines += [name + b": " + value for name, value in answer.raw_headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + bytes(answer.body)


class PatientProtocol(HttpToolsProtocol):
    """A connection that is given up when a request's head or body does not come.

    Shape: a head must be whole within `patience_seconds`; of a body, while we are willing to
    read, at least `LEAST_BYTES_PER_SECOND` must come in each such span. What we hold up ourselves,
    by pace or by work, never counts against a client.
    """

    patience_seconds = 30.0
    forms: Mapping[str, RefusalForm] = MappingProxyType({})
    _watch: asyncio.TimerHandle | None = None
    _bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a head."""
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._stop_watching()
        super().connection_lost(exc)

    def on_headers_complete(self) -> None:
        """The head is whole: wait for the body."""
        super().on_headers_complete()
        self._wait_for_body()

    def on_body(self, body: bytes) -> None:
        """Count what came of the body."""
        self._bytes += len(body)
        super().on_body(body)

    def on_response_complete(self) -> None:
        """The request is answered: wait for the next head."""
        super().on_response_complete()
        if self.cycle.response_complete and not self.transport.is_closing():
            self._wait_for_head()

    def _stop_watching(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _wait_for_head(self) -> None:
        self._stop_watching()
        self._watch = self.loop.call_later(self.patience_seconds, self._give_up)

    def _wait_for_body(self) -> None:
        self._stop_watching()
        self._bytes = 0
        self._watch = self.loop.call_later(self.patience_seconds, self._look_at_body)

    def _look_at_body(self) -> None:
        cycle = self.cycle
        if not cycle.more_body or cycle.response_complete:
            return  # it is all here; what remains is our own work
        willing = not self.flow.read_paused and not cycle.waiting_for_100_continue
        if willing and self._bytes < LEAST_BYTES_PER_SECOND * self.patience_seconds:
            self._give_up()
        else:
            self._wait_for_body()

    def _give_up(self) -> None:
        cycle = cast("RequestResponseCycle | None", self.cycle)
        if self.transport.is_closing():
            return
        if cycle is None or not cycle.response_started or cycle.response_complete:
            path = cycle.scope["path"] if cycle and not cycle.response_complete else ""
            self.transport.write(_late_answer(self.forms, path))
        self.transport.close()


class KnowingProtocol(PatientProtocol):
    """A connection over mutual TLS, whose requests know the certificate they came with."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Keep the other end's certificate, which the handshake has verified."""
        connection = transport.get_extra_info("ssl_object")
        shown = connection.getpeercert(binary_form=True)
        self.app_state = {**self.app_state, _PEER_CERTIFICATE: shown}
        super().connection_made(transport)


def peer_certificate(request: Request) -> bytes | None:
    """The certificate that a request came with, as DER; None where none is asked for."""
    shown: bytes | None = getattr(request.state, _PEER_CERTIFICATE, None)
    return shown


def knowing_protocol(seconds: float) -> type[KnowingProtocol]:
    """Connections over mutual TLS that wait so many seconds for a client."""

    class Knowing(KnowingProtocol):
        patience_seconds = seconds

    return Knowing


def patient_protocol(
    seconds: float, given: Mapping[str, RefusalForm] | None = None
) -> type[PatientProtocol]:
    """Connections that wait so many seconds for a client; `given` are forms of refusal by path."""

    class Patient(PatientProtocol):
        patience_seconds = seconds
        forms = given or {}

    return Patient
