"""What every answer tells the browser: nothing from elsewhere, no script, no framing, no copy."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'none'",  # the pages need none
        "style-src 'self'",
        "img-src 'self' data:",  # the style sheet's own small drawings
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
STATIC_PATH = "/static/"

_ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

_RAW = [(name.encode(), value.encode()) for name, value in _ALWAYS.items()]
_NAMES = frozenset(name for name, _ in _RAW)


class SafeHeaders:
    """Adds the headers; an answer may set a cache rule of its own, never weaken the others."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the answer's headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        still = str(scope["path"]).startswith(STATIC_PATH)

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                given: list[tuple[bytes, bytes]] = [
                    pair for pair in message.get("headers", ()) if pair[0].lower() not in _NAMES
                ]
                if not any(name.lower() == b"cache-control" for name, _ in given):
                    given.append((b"cache-control", b"max-age=3600" if still else b"no-store"))
                message = {**message, "headers": [*given, *_RAW]}
            await send(message)

        await self._app(scope, receive, complete)
