"""Asking a feed for one page: again when it was lost, and never more than fits."""

from http import HTTPStatus

import httpx2

from tipbridge.foundation.base.errors import Invalid, Unavailable
from tipbridge.knowledge.hashes.feeds.targets import Feed

TRIES = 4
MAX_BYTES = 64 * 1024 * 1024
_SECONDS = 60.0


def connected(
    feed: Feed,
    *,
    login: tuple[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> httpx2.Client:
    """A client of a feed's root, which follows no redirection and knows no proxy."""
    return httpx2.Client(
        base_url=feed.url, auth=login, headers=headers, timeout=_SECONDS, trust_env=False
    )


def fetch(http: httpx2.Client, path: str) -> bytes:
    """A page below the feed's root.

    Errors: Unavailable when the feed can't be asked; Invalid when it refuses, or answers too much.
    """
    named, last = path.partition("?")[0], "nothing"  # what follows may hold a credential
    for _ in range(TRIES):
        try:
            with http.stream("GET", path) as answer:
                if answer.status_code == HTTPStatus.OK:
                    return _bounded(answer)
                last = f"status {answer.status_code}"
                if not _worth_another(answer.status_code):
                    raise Invalid(f"The feed refused {named} with {last}.")
        except httpx2.HTTPError as error:
            last = type(error).__name__
    raise Unavailable(f"The feed did not answer {named}: {last}.")


def _worth_another(status: int) -> bool:
    return status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _bounded(answer: httpx2.Response) -> bytes:
    taken = bytearray()
    for piece in answer.iter_bytes():
        taken += piece
        if len(taken) > MAX_BYTES:
            raise Invalid(f"The feed's page is longer than {MAX_BYTES:,} bytes.")
    return bytes(taken)
