"""A client of the hash-sharing API v2, as NCMEC and nodes like this one serve it.

Source: protocol notes, section 7. One page at a time; a page that was lost is asked for again, a
vote never: it may have been counted.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import httpx2

from tipbridge.foundation.base.errors import Invalid, Unavailable
from tipbridge.knowledge.hashes.feeds.documents import (
    NAMESPACE,
    FeedReason,
    PulledPage,
    read_member,
    read_page,
    read_reasons,
)
from tipbridge.knowledge.hashes.feeds.targets import Feed
from tipbridge.knowledge.hashes.model import DigestKind, Scheme

TRIES = 4
MAX_BYTES = 64 * 1024 * 1024
_SECONDS = 60.0
TYPES = {
    DigestKind.MD5: "MD5",
    DigestKind.SHA1: "SHA1",
    DigestKind.SHA256: "SHA256",
    DigestKind.PDQ: "PDQ",
    DigestKind.PHOTODNA: "PDNA",
    DigestKind.NETCLEAN: "NETCLEAN",
}
"""How a kind is called in the path of a vote."""
_SAYS_NOTHING = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)
"""Refusals of whoever asks, or of the moment: none says anything of a vote."""


class FeedClient:
    """Asks one feed under one credential."""

    def __init__(self, feed: Feed) -> None:
        self._http = httpx2.Client(
            base_url=feed.url,
            auth=(feed.username, feed.password),
            timeout=_SECONDS,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        """Keep connections until the block is left."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close connections."""
        self._http.close()

    def page(
        self, *, after: datetime | None, until: datetime, following: str | None, scheme: Scheme
    ) -> PulledPage:
        """One page of what changed after one time, up to and with another.

        Errors: Unavailable when the feed can't be asked; Invalid for what is no answer.
        """
        asked = {"to": _written(until)} | ({} if after is None else {"from": _written(after)})
        path = following or f"/v2/entries?{urlencode(asked)}"
        body = self._get(path)
        return read_page(body, scheme)

    def member(self) -> str:
        """The number by which the feed knows us. Errors: Unavailable; Invalid."""
        return read_member(self._get("/v2/status"))

    def reasons(self, kind: DigestKind) -> tuple[FeedReason, ...]:
        """The feed's reasons for a vote against a fingerprint. Errors: Unavailable; Invalid."""
        return read_reasons(self._get(f"/v2/feedback/{TYPES[kind]}/reasons"))

    def vote(self, item: str, kind: DigestKind, *, against: Iterable[str] | None) -> None:
        """Say that a fingerprint is right, or with reasons of the feed's own that it is not.

        Errors: Unavailable when the feed answered nothing about this vote; Invalid when it
        refuses it.
        """
        inside = "<affirmative/>"
        if against is not None:
            guids = "".join(f"<guid>{escape(each)}</guid>" for each in against)
            inside = f"<negative><reasonIds>{guids}</reasonIds></negative>"
        document = f'<feedbackSubmission xmlns="{NAMESPACE}">{inside}</feedbackSubmission>'
        try:
            answer = self._http.put(
                f"/v2/entries/{item}/{TYPES[kind]}/feedback",
                content=document.encode(),
                headers={"content-type": "application/xml; charset=utf-8"},
            )
        except httpx2.HTTPError as error:
            raise Unavailable(f"The feed did not answer ({type(error).__name__}).") from error
        if answer.is_client_error and answer.status_code not in _SAYS_NOTHING:
            raise Invalid(f"The feed refused the vote with status {answer.status_code}.")
        if not answer.is_success:
            raise Unavailable(f"The feed took no vote: it answered {answer.status_code}.")

    def _get(self, path: str) -> bytes:
        last = "nothing"
        for _ in range(TRIES):
            try:
                with self._http.stream("GET", path) as answer:
                    if answer.status_code == HTTPStatus.OK:
                        return _bounded(answer)
                    last = f"status {answer.status_code}"
                    if not _worth_another(answer.status_code):
                        raise Invalid(f"The feed refused {path.partition('?')[0]} with {last}.")
            except httpx2.HTTPError as error:
                last = type(error).__name__
        raise Unavailable(f"The feed did not answer {path.partition('?')[0]}: {last}.")


def _worth_another(status: int) -> bool:
    return status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _bounded(answer: httpx2.Response) -> bytes:
    taken = bytearray()
    for piece in answer.iter_bytes():
        taken += piece
        if len(taken) > MAX_BYTES:
            raise Invalid(f"The feed's page is longer than {MAX_BYTES:,} bytes.")
    return bytes(taken)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
