"""Ask a host for the status of a place, without being led anywhere else.

The name is resolved once, every address it has must lie in the public network, and the
connection goes to the address that was looked at: a name that answers otherwise a moment
later is not asked again. No redirect is followed, no proxy setting read, no body kept;
only a comparison under a legal authority reads one at all.
"""

import functools
import ipaddress
import socket
import ssl
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import SplitResult, quote

import httpx2

from tipbridge.foundation.node import Node
from tipbridge.police.removals.model import CheckOutcome
from tipbridge.police.removals.places import is_public

Resolve = Callable[[str, int], Sequence[str]]
_PORTS: Mapping[str, int] = {"http": 80, "https": 443}
_AGENT = "tipbridge-removal-check"
_PLAIN = "/?&=%:@!$'()*+,;~-._"
_CONNECT_SECONDS = 5.0
_ASK_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedPlace:
    """A web address with the one network address that is asked."""

    scheme: str
    host: str
    port: int
    target: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a place is not asked."""

    outcome: CheckOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of asking: a status, or why there is none; `location` is where it sends on to."""

    status: int | None
    location: str | None = None
    outcome: CheckOutcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a place answered, still on its way; without chunks when it is no file."""

    status: int
    chunks: Iterator[bytes] | None


def resolve_here(host: str, port: int) -> Sequence[str]:
    """Every address of a name, as this machine finds them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """How this node asks hosts.

    Shape: `networks` are private ones that may be asked all the same, on a synthetic node only.
    """

    resolve: Resolve = resolve_here
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()
    seconds: float = _ASK_SECONDS

    def pin(self, parts: SplitResult) -> PinnedPlace | Refused:
        """Resolve a web address once, and refuse it when any of its addresses is not public."""
        scheme, host = parts.scheme.lower(), (parts.hostname or "").rstrip(".")
        port = parts.port or _PORTS[scheme]
        try:
            found = self.resolve(host.encode("idna").decode("ascii"), port)
        except (OSError, UnicodeError):
            return Refused(outcome=CheckOutcome.UNRESOLVED)
        if not found:
            return Refused(outcome=CheckOutcome.UNRESOLVED)
        if not all(self._may_ask(address) for address in found):
            return Refused(outcome=CheckOutcome.PRIVATE_NETWORK)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return PinnedPlace(
            scheme=scheme,
            host=host.encode("idna").decode("ascii").lower(),
            port=port,
            target=target,
            address=found[0],
        )

    def _may_ask(self, address: str) -> bool:
        ip = ipaddress.ip_address(address.partition("%")[0])
        return is_public(str(ip)) or any(ip in network for network in self.networks)

    def head(self, place: PinnedPlace) -> Answer:
        """Ask for a place's status, and for nothing else."""
        try:
            with self._asked(place, "HEAD") as response:
                location = response.headers.get("location")
                return Answer(status=response.status_code, location=location)
        except (httpx2.HTTPError, OSError):
            return Answer(status=None, outcome=CheckOutcome.SILENT)

    @contextmanager
    def fetch(self, place: PinnedPlace) -> Generator[Fetched]:
        """Ask for what stands at a place; its bytes come as they are sent, and only for a file.

        Errors: httpx2's own, and OSError.
        """
        with self._asked(place, "GET") as response:
            whole = response.status_code == HTTPStatus.OK
            plain = response.headers.get("content-encoding", "identity") == "identity"
            chunks = response.iter_raw() if whole and plain else None
            yield Fetched(status=response.status_code, chunks=chunks)

    def status(
        self,
        place: PinnedPlace,
        method: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> int:
        """Make one call to the pinned address and give its status; no body is read.

        Errors: httpx2's own, and OSError.
        """
        with self._asked(place, method, content=content, headers=headers) as response:
            return response.status_code

    @contextmanager
    def _asked(
        self,
        place: PinnedPlace,
        method: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Generator[httpx2.Response]:
        """One call to the pinned address, its body unread."""
        usual = _PORTS[place.scheme] == place.port
        name = place.host if usual else f"{place.host}:{place.port}"
        address = f"[{place.address}]" if ":" in place.address else place.address
        url = httpx2.URL(f"{place.scheme}://{address}:{place.port}").copy_with(
            raw_path=quote(place.target, safe=_PLAIN).encode("ascii")
        )
        timeout = httpx2.Timeout(self.seconds, connect=min(_CONNECT_SECONDS, self.seconds))
        sent = {"host": name, "user-agent": _AGENT, "accept-encoding": "identity"}
        with (
            httpx2.Client(
                verify=_trust(), timeout=timeout, follow_redirects=False, trust_env=False
            ) as client,
            client.stream(
                method,
                url,
                content=content,
                headers=sent | dict(headers or {}),
                extensions={"sni_hostname": place.host},
            ) as response,
        ):
            yield response


@functools.cache
def _trust() -> ssl.SSLContext:
    return httpx2.create_ssl_context(trust_env=False)


def asker_of(node: Node) -> Asker:
    """How this node asks; a real node never asks a private network."""
    return Asker(networks=node.settings.removal_private_networks if node.synthetic else ())
