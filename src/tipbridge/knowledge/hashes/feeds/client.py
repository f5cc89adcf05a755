"""A client of the hash-sharing API v2, as NCMEC and nodes like this one serve it.

Source: protocol notes, section 7. One page at a time; a page that was lost is asked for again, a
vote never: it may have been counted.
"""

from collections.abc import Iterable
from dataclasses import replace
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
    Asked,
    FeedReason,
    PulledPage,
    read_member,
    read_page,
    read_reasons,
)
from tipbridge.knowledge.hashes.feeds.fetching import connected, fetch
from tipbridge.knowledge.hashes.feeds.targets import Feed
from tipbridge.knowledge.hashes.model import DigestKind

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
        self._http = connected(feed, login=(feed.values["username"], feed.values["password"]))

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

    def page(self, asked: Asked) -> PulledPage:
        """One page of what changed after one time, up to and with another.

        Errors: Unavailable when the feed can't be asked; Invalid for what is no answer.
        """
        span = {"to": _written(asked.until)}
        span |= {} if asked.after is None else {"from": _written(asked.after)}
        path = asked.following or f"/v2/entries?{urlencode(span)}"
        return read_page(fetch(self._http, path), asked.scheme)

    def member(self) -> str:
        """The number by which the feed knows us. Errors: Unavailable; Invalid."""
        return read_member(fetch(self._http, "/v2/status"))

    def reasons(self, kind: DigestKind) -> tuple[FeedReason, ...]:
        """The feed's reasons for a vote against a fingerprint. Errors: Unavailable; Invalid."""
        return read_reasons(fetch(self._http, f"/v2/feedback/{TYPES[kind]}/reasons"))

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


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sharing_page(feed: Feed, asked: Asked) -> PulledPage:
    """One page of a range, with the number by which the feed knows us where it tells of votes.

    Errors: Unavailable; Invalid.
    """
    with FeedClient(feed) as client:
        page = client.page(asked)
        return replace(page, member=client.member()) if page.votes else page
