"""Who is signed in, and one unit of work for them."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from tipbridge.foundation.access import passwords, store
from tipbridge.foundation.access.actors import actor_of
from tipbridge.foundation.access.tokens.store import holder_of
from tipbridge.foundation.base.actors import DOORKEEPER, Actor
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import Kind, TipbridgeError
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.web.shell import shell_of

SIGN_IN_PATH = "/sign-in"
API_PATH = "/api/"
"""Below it programs ask, in JSON; a token of access counts here and nowhere else."""
_BEARER = re.compile(r"(?i:bearer) +([A-Za-z0-9_]{1,200}) *")


class NotSignedIn(TipbridgeError):
    """Nobody is signed in; the shell answers with the way to the sign-in page."""

    kind = Kind.UNAUTHENTICATED


def cookie_name(node: Node) -> str:
    """The session cookie of one node: browsers do not keep cookies of two ports apart."""
    return "tipbridge_" + re.sub(r"[^A-Za-z0-9]", "_", node.id)


def session_token(request: Request) -> str | None:
    """The token that the browser sent, if any."""
    return request.cookies.get(cookie_name(shell_of(request).node))


def is_api(request: Request) -> bool:
    """Whether a program asks at the HTTP API."""
    return request.url.path.startswith(API_PATH)


def bearer_token(request: Request) -> str | None:
    """The token of access that a program shows, if any; an empty text when it is malformed."""
    header = request.headers.get("authorization")
    if header is None or not is_api(request):
        return None
    found = _BEARER.fullmatch(header)
    return found[1] if found else ""


def signed_in(request: Request) -> Actor | None:
    """The member of staff whose session or token this is, while it holds and they work here."""
    bearer, token = bearer_token(request), session_token(request)
    if bearer is None and token is None:
        return None
    with open_work(shell_of(request).node, DOORKEEPER) as work:
        now = machine_now()
        if bearer is not None:
            staff_id = holder_of(work.db, passwords.token_digest(bearer), now)
        else:
            staff_id = store.session_staff_id(work.db, passwords.token_digest(token or ""), now)
        member = None if staff_id is None else store.staff_by_id(work.db, staff_id)
        return actor_of(work.db, member) if member is not None and member.active else None


@contextmanager
def staff_work(request: Request) -> Generator[Work]:
    """One unit of work for whoever is signed in; committed when the block is left.

    Errors: NotSignedIn, which the shell turns into the way to the sign-in page.
    """
    actor = signed_in(request)
    if actor is None:
        raise NotSignedIn("Sign in first.")
    request.state.reader = actor
    with open_work(shell_of(request).node, actor) as work:
        request.state.domain_time = work.now
        yield work


def set_session(request: Request, response: Response, token: str, expires_at: datetime) -> None:
    """Give the browser its session; no script and no other site can use it."""
    response.set_cookie(
        cookie_name(shell_of(request).node),
        token,
        expires=expires_at,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def clear_session(request: Request, response: Response) -> None:
    """Take the session back from the browser."""
    response.delete_cookie(cookie_name(shell_of(request).node), httponly=True, samesite="strict")


def sign_in_path(request: Request) -> str:
    """The sign-in page, and from there back to where a reader wanted to go."""
    if request.method != "GET" or request.url.path == "/":
        return SIGN_IN_PATH
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{SIGN_IN_PATH}?next={quote(request.url.path + query, safe='')}"


def own_path(path: str | None) -> str:
    """`path` when it stays on this node, else the start page."""
    if path is None or not re.fullmatch(r"/(?![/\\])[^\\\x00-\x20]*", path):
        return "/"
    return path
