"""Hand a sealed package to a peer's door over HTTP."""

import functools
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import httpx2

PACKAGES_PATH = "/exchange/v1/packages"
CARD_PATH = "/exchange/v1/card"
SEALED_TYPE = "application/vnd.tipbridge.package"
_TIMEOUT = httpx2.Timeout(connect=5.0, read=60.0, write=60.0, pool=5.0)
_RECEIPT_MAX_BYTES = 256 * 1024
_CHUNK_BYTES = 256 * 1024
_OK = 200
_REFUSED = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: a receipt, a refusal, or nothing that counts.

    Shape: `problem` is a closed word for the log, empty with a receipt.
    """

    receipt: bytes | None = None
    refused: bool = False
    problem: str = ""


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whom TLS trusts, read once: reading all certificates takes longer than most packages."""
    return httpx2.create_ssl_context(trust_env=False)


def post_package(url: str, sealed: BinaryIO, size_bytes: int) -> Answer:
    """Send a sealed package to the peer at `url`; never raises for what the network does.

    Only the pinned address is asked: no redirect is followed and no proxy setting read.
    """
    headers = {"content-type": SEALED_TYPE, "content-length": str(size_bytes)}
    try:
        with (
            httpx2.Client(
                verify=_trust(), timeout=_TIMEOUT, follow_redirects=False, trust_env=False
            ) as client,
            client.stream(
                "POST", url + PACKAGES_PATH, content=_chunks(sealed), headers=headers
            ) as response,
        ):
            body = _limited(response)
            status = response.status_code
    except httpx2.TimeoutException:
        return Answer(problem="timeout")
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError):
        return Answer(problem="unreachable")
    if status == _OK and body is not None:
        return Answer(receipt=body)
    if status == _REFUSED:
        return Answer(refused=True, problem="refused")
    return Answer(problem=f"status-{status}")


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
