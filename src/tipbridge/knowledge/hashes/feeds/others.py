"""Clients of StopNCII's hash API and of ThreatExchange: the next page, and nothing is handed back.

Source: protocol notes, sections 8.1 and 8.2. Neither page names its own credential: what is kept
of the way to the next one holds none.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from tipbridge.foundation.base.canonical import parse_json
from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.hashes.documents import read_stopncii, read_threatexchange
from tipbridge.knowledge.hashes.feeds.client import sharing_page
from tipbridge.knowledge.hashes.feeds.documents import Asked, PulledPage
from tipbridge.knowledge.hashes.feeds.fetching import connected, fetch
from tipbridge.knowledge.hashes.feeds.targets import Feed, FeedKind

_STOPNCII_BEGINNING = 10
_STOPNCII_SIZE, _THREAT_SIZE = 800, 500
_THREAT_FIELDS = "id,indicator,type,last_updated,should_delete,descriptors{owner{id},tags,status}"
_CREDENTIAL = "access_token"


def stopncii_page(feed: Feed, asked: Asked) -> PulledPage:
    """`FetchHashes`; the set says itself where the next one begins. Errors: Unavailable; Invalid."""
    first = _STOPNCII_BEGINNING if asked.after is None else int(asked.after.timestamp())
    start = {"startTimestamp": first, "pageSize": _STOPNCII_SIZE}
    keys = {
        "x-functions-key": feed.values["fetch_key"],
        "Ocp-Apim-Subscription-Key": feed.values["subscription_key"],
    }
    with connected(feed, headers=keys) as http:
        body = fetch(http, f"/FetchHashes?{asked.following or urlencode(start)}")
    answer, following = _object(body), None
    if answer.get("hasMoreRecords") is True:
        token = answer.get("nextPageToken")
        if not isinstance(token, str) or not token:
            raise Invalid("The feed has more records and names no page of them.")
        following = urlencode(start | {"nextPageToken": token})
    return PulledPage(
        records=tuple(read_stopncii(body, asked.scheme)),
        following=following,
        body=body,
        after=_time(answer.get("nextSetTimestamp")),
    )


def threat_page(feed: Feed, asked: Asked) -> PulledPage:
    """`threat_updates` of one privacy group. Errors: Unavailable; Invalid."""
    span: dict[str, str | int] = (
        {} if asked.after is None else {"start_time": int(asked.after.timestamp())}
    )
    span |= {
        "stop_time": int(asked.until.timestamp()),
        "limit": _THREAT_SIZE,
        "fields": _THREAT_FIELDS,
    }
    credential = urlencode({_CREDENTIAL: feed.values["token"]})
    with connected(feed) as http:
        path = f"/{feed.values['group']}/threat_updates/"
        body = fetch(http, f"{path}?{asked.following or urlencode(span)}&{credential}")
    paging = _object(body).get("paging")
    link = cast("Mapping[str, Any]", paging).get("next") if isinstance(paging, dict) else None
    return PulledPage(
        records=tuple(read_threatexchange(body, asked.scheme)),
        following=_without_credential(link) if isinstance(link, str) else None,
        body=body,
    )


def _without_credential(link: str) -> str:
    """What a link asks; it is asked of the feed's own root, whatever the link's is."""
    asked = parse_qsl(urlsplit(link).query, keep_blank_values=True)
    return urlencode([(name, value) for name, value in asked if name != _CREDENTIAL])


def _object(body: bytes) -> Mapping[str, Any]:
    found = cast("object", parse_json(body))
    if not isinstance(found, dict):
        raise Invalid("The feed's answer holds no object.")
    return cast("Mapping[str, Any]", found)


def _time(seconds: object) -> datetime:
    try:
        if isinstance(seconds, int):
            return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        pass  # beyond any calendar: no time
    raise Invalid("The feed does not say at which time its next set begins.")


PAGES: Mapping[FeedKind, Callable[[Feed, Asked], PulledPage]] = {
    FeedKind.HASH_SHARING: sharing_page,
    FeedKind.STOPNCII: stopncii_page,
    FeedKind.THREATEXCHANGE: threat_page,
}
"""The next page of a feed, by its kind."""
