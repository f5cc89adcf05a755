"""Refuses requests that another site made a browser send, and names that are not ours."""

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tipbridge.web.render import told

RefusalForm = Callable[[str, int, str], Response]
"""Says a refusal (path, status, words) in the way of the clients below one path."""


def refusal_at(forms: Mapping[str, RefusalForm], path: str, status: int, words: str) -> Response:
    """A refusal in the way of the clients below this path; in plain words elsewhere."""
    for top, form in forms.items():
        if path == top or path.startswith(f"{top}/"):
            return form(path, status, words)
    return PlainTextResponse(f"{words}\n", status_code=status)


_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_SEEN_HOSTS = 100
_OWN_SITES = frozenset({"same-origin", "none"})


def host_name(host: str) -> str:
    """The name in a Host header, without its port; empty when it is malformed."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


def is_our_host(host: str, names: Iterable[str]) -> bool:
    """Whether a Host header names this node: loopback, or a name the operator gave.

    A foreign name that resolves to us (DNS rebinding) would make its pages ours.
    """
    name = host_name(host)
    if name == "localhost" or name in set(names):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_own_request(method: str, headers: Headers) -> bool:
    """Whether a request that changes something comes from our own pages, or from no browser.

    Source: Fetch Metadata (Sec-Fetch-Site); where a browser does not send it, Origin must
    name the same host. Programs send neither, and carry no cookie by themselves.
    """
    if method in _SAFE_METHODS:
        return True
    if site := headers.get("sec-fetch-site"):
        return site in _OWN_SITES
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")


class OwnRequestsOnly:
    """The check before every route; it never touches a body."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        names: Iterable[str] = (),
        forms: Mapping[str, RefusalForm] | None = None,
    ) -> None:
        self._app, self._names, self._forms = app, frozenset(names), dict(forms or {})
        self._seen: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 421 or 403."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self._is_ours(headers.get("host", "")):
            refusal = self._refusal(scope, 421, "This node has no such name.")
        elif not is_own_request(scope["method"], headers):
            refusal = self._refusal(scope, 403, "This form came from another site.")
        else:
            await self._app(scope, receive, send)
            return
        await refusal(scope, receive, send)

    def _is_ours(self, host: str) -> bool:
        """Whether a Host header names this node; a name that did is not looked at again."""
        if host in self._seen:
            return True
        if not is_our_host(host, self._names):
            return False
        if len(self._seen) < _SEEN_HOSTS:
            self._seen.add(host)
        return True

    def _refusal(self, scope: Scope, status: int, words: str) -> Response:
        return refusal_at(self._forms, scope["path"], status, told(Request(scope), words))
