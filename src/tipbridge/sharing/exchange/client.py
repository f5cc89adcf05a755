"""Hand a sealed package to a peer's door over HTTP."""

import contextlib
import functools
import json
import re
import socket
import ssl
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

import httpx2

from tipbridge.sharing.exchange.convoying import framing
from tipbridge.sharing.exchange.convoying.framing import Told
from tipbridge.sharing.exchange.full import is_full

PACKAGES_PATH = "/exchange/v1/packages"
WAITING_PATH = "/exchange/v1/waiting"
CARD_PATH = "/exchange/v1/card"
PACKAGE_HEADER = "tipbridge-package"
SEALED_TYPE = "application/vnd.tipbridge.package"
_CONNECT_SECONDS = 5.0
SLOWEST_BYTES_PER_SECOND = 1024 * 1024
_SEALED_BYTES_PER_SECOND = 32 * 1024 * 1024
"""A peer seals a package whole before its answer begins; how fast a small machine does at least."""
_RECEIPT_MAX_BYTES = 256 * 1024
_CHUNK_BYTES = 256 * 1024
_OK, _NOTHING = 200, 204
TOO_LONG, LIMIT_SETTING = "too-long", "package_max_bytes"
NO_ROOM, NO_ROOM_HERE = "no-room", "no-room-here"
NOT_NOW = "peer-busy"
_REFUSED, _FULL = 422, 507
_PACKAGE_ID = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: a receipt, a refusal, or nothing that counts.

    Shape: `problem` is a closed word for the log, empty with a receipt; `size_bytes` is how
    much the peer took, where it answered; `takes_convoys` and `most_bytes` what it says of itself.
    """

    receipt: bytes | None = None
    refused: bool = False
    problem: str = ""
    size_bytes: int = 0
    most_bytes: int = 0
    takes_convoys: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came of a fetch: a package, nothing that waits, or a problem for the log.

    Shape: a package with a problem is one that this node does not take at all.
    """

    package_id: str | None = None
    problem: str = ""


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whom TLS trusts, read once: reading all certificates takes longer than most packages."""
    return httpx2.create_ssl_context(trust_env=False)


class _Deadline:
    """Ends a try when its time is over, whatever the peer does: a limit for each read alone
    lets a peer that sends a byte now and then hold on to a worker for ever.
    """

    def __init__(self) -> None:
        self.over = False
        self._socket: socket.socket | None = None

    def watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember the connection; the client says here what it does."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = info["return_value"].get_extra_info("socket")

    @contextmanager
    def within(self, seconds: float) -> Generator[None]:
        """Let the block last so long."""
        timer = threading.Timer(seconds, self._end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _end(self) -> None:
        self.over = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                # The plain one: TLS would first drop what the reading thread still uses.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came back on a convoy: what is said of each package, or a problem for the log."""

    told: tuple[Told, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Posted:
    """An answer over HTTP, or why there was none that counts."""

    status: int = 0
    body: bytes | None = field(default=None, repr=False)
    takes_convoys: bool = False
    problem: str = ""


def post_package(
    url: str,
    sealed: BinaryIO,
    size_bytes: int,
    *,
    patience_seconds: float,
    trust: ssl.SSLContext | None = None,
) -> Answer:
    """Send a sealed package to the peer at `url`; never raises for what the network does.

    Only the pinned address is asked: no redirect is followed and no proxy setting read.
    Shape: `patience_seconds` bound the whole try, with more for a large package; `trust` says
    whom TLS trusts there, in the place of public authorities.
    """
    headers = {"content-type": SEALED_TYPE, "content-length": str(size_bytes)}
    allowed = patience_seconds + size_bytes / SLOWEST_BYTES_PER_SECOND
    posted = _post(url + PACKAGES_PATH, _chunks(sealed), headers, allowed, trust)
    if posted.problem:
        return Answer(problem=posted.problem)
    if posted.status == _OK and posted.body is not None:
        return Answer(
            receipt=posted.body, size_bytes=size_bytes, takes_convoys=posted.takes_convoys
        )
    if posted.status == _REFUSED:
        return _refusal(posted.body, size_bytes)
    return Answer(problem=NO_ROOM if posted.status == _FULL else f"status-{posted.status}")


def _refusal(body: bytes | None, size_bytes: int) -> Answer:
    """A refusal, and the limit where the peer says that the package is longer than it takes."""
    try:
        said: object = json.loads(body or b"")
    except (ValueError, RecursionError):
        said = None
    most_bytes = (
        cast("dict[str, object]", said).get("most_bytes") if isinstance(said, dict) else None
    )
    if type(most_bytes) is not int:
        return Answer(refused=True, problem="refused", size_bytes=size_bytes)
    return Answer(refused=True, problem=TOO_LONG, size_bytes=size_bytes, most_bytes=most_bytes)


def post_convoy(
    url: str,
    sealed: Sequence[bytes],
    *,
    patience_seconds: float,
    trust: ssl.SSLContext | None = None,
) -> Heard:
    """Send several sealed packages to the peer at `url` in one request; as `post_package` else."""
    convoy = framing.joined(sealed)
    headers = {"content-type": framing.CONVOY_TYPE, "content-length": str(len(convoy))}
    allowed = patience_seconds + len(convoy) / SLOWEST_BYTES_PER_SECOND
    posted = _post(url + framing.CONVOYS_PATH, convoy, headers, allowed, trust)
    if posted.problem:
        return Heard(problem=posted.problem)
    if posted.status != _OK:
        return Heard(problem=NO_ROOM if posted.status == _FULL else f"status-{posted.status}")
    try:
        return Heard(told=tuple(framing.read_answers(posted.body or b"", len(sealed))))
    except ValueError:
        return Heard(problem="unfit-answer")


def _post(
    url: str,
    content: bytes | Iterator[bytes],
    headers: Mapping[str, str],
    allowed_seconds: float,
    trust: ssl.SSLContext | None,
) -> _Posted:
    timeout = httpx2.Timeout(allowed_seconds, connect=min(_CONNECT_SECONDS, allowed_seconds))
    deadline = _Deadline()
    try:
        with (
            deadline.within(allowed_seconds),
            httpx2.Client(
                verify=trust or _trust(),
                timeout=timeout,
                follow_redirects=False,
                trust_env=False,
            ) as client,
            client.stream(
                "POST",
                url,
                content=content,
                headers=headers,
                extensions={"trace": deadline.watch},
            ) as response,
        ):
            body = _limited(response)
            takes = response.headers.get(framing.CONVOYS_HEADER) == framing.CONVOYS_TAKEN
            status = response.status_code
    except httpx2.TimeoutException:
        return _Posted(problem="timeout")
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        return _Posted(problem="timeout" if deadline.over else _unreached(error))
    if deadline.over:  # an answer without a length just ends when it is cut off
        return _Posted(problem="timeout")
    return _Posted(status=status, body=body, takes_convoys=takes)


def fetch_package(
    url: str,
    envelope: bytes,
    sink: BinaryIO,
    *,
    patience_seconds: float,
    most_bytes: int,
    sealing_bytes: int,
    may_land: Callable[[int], bool],
    trust: ssl.SSLContext | None = None,
) -> Fetched:
    """Ask the peer at `url` for the next package; never raises for what the network does.

    Shape: the sealed bytes go into `sink`, whole or they do not count; `patience_seconds`
    bound each pause in the answer, its beginning with more for the sealing of a package of
    `sealing_bytes`, and all of it with more for its size; `may_land` says of a size whether it
    may come now.
    """
    begins = patience_seconds + sealing_bytes / _SEALED_BYTES_PER_SECOND
    timeout = httpx2.Timeout(
        patience_seconds, connect=min(_CONNECT_SECONDS, patience_seconds), read=begins
    )
    waits, deadline = timeout.as_dict(), _Deadline()
    most_seconds = patience_seconds + most_bytes / SLOWEST_BYTES_PER_SECOND
    try:
        with (
            deadline.within(most_seconds),
            httpx2.Client(
                verify=trust or _trust(),
                follow_redirects=False,
                trust_env=False,
            ) as peer,
            peer.stream(
                "POST",
                url + WAITING_PATH,
                content=envelope,
                extensions={"trace": deadline.watch, "timeout": waits},
            ) as response,
        ):
            waits["read"] = patience_seconds  # looked at anew as the answer's body is read
            return _landed(response, sink, most_bytes, may_land)
    except httpx2.TimeoutException:
        return Fetched(problem="timeout")
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        if is_full(error):
            return Fetched(problem=NO_ROOM_HERE)
        return Fetched(problem="timeout" if deadline.over else _unreached(error))


def _landed(
    response: httpx2.Response,
    sink: BinaryIO,
    most_bytes: int,
    may_land: Callable[[int], bool],
) -> Fetched:
    if response.status_code == _NOTHING:
        return Fetched()
    if response.status_code != _OK:
        return Fetched(problem=f"status-{response.status_code}")
    package_id = response.headers.get(PACKAGE_HEADER, "")
    said = response.headers.get("content-length", "")
    if not (_PACKAGE_ID.fullmatch(package_id) and said.isascii() and said.isdigit()):
        return Fetched(problem="unfit-answer")
    if int(said) > most_bytes:
        return Fetched(package_id=package_id, problem=TOO_LONG)
    if not may_land(int(said)):
        return Fetched(problem=NOT_NOW)
    whole = _written_whole(response, sink, int(said))
    return Fetched(package_id=package_id) if whole else Fetched(problem="unfit-answer")


def _written_whole(response: httpx2.Response, sink: BinaryIO, due_bytes: int) -> bool:
    size_bytes = 0
    for chunk in response.iter_bytes():
        size_bytes += len(chunk)
        if size_bytes > due_bytes:
            break
        sink.write(chunk)
    return size_bytes == due_bytes


def _unreached(error: BaseException | None) -> str:
    """Why no answer came: nobody there, or somebody who is not whom we trust there."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return "another-certificate"
        error = error.__cause__ or error.__context__
    return "unreachable"


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK_BYTES):
        yield chunk


def _limited(response: httpx2.Response) -> bytes | None:
    """The answer's body, or None when it is longer than any receipt."""
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > _RECEIPT_MAX_BYTES:
            return None
    return bytes(body)
