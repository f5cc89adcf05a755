"""A client of the hash-sharing API v2, as NCMEC and nodes like this one serve it.

Source: protocol notes, section 7. One page at a time; a page that was lost is asked for again, a
vote never: it may have been counted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import httpx2
from lxml import etree

from tipbridge.foundation.base.errors import Invalid, Unavailable
from tipbridge.knowledge.hashes.feeds.targets import Feed
from tipbridge.knowledge.hashes.model import DigestKind, Entry, Found, Gone, Passed, Reject, Scheme
from tipbridge.knowledge.hashes.rules import checked, digest_words, read_digest

NAMESPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
TRIES = 4
MAX_BYTES = 64 * 1024 * 1024
_SECONDS = 60.0
_KINDS = {
    "md5": DigestKind.MD5,
    "sha1": DigestKind.SHA1,
    "sha256": DigestKind.SHA256,
    "pdq": DigestKind.PDQ,
    "pdna": DigestKind.PHOTODNA,
    "netclean": DigestKind.NETCLEAN,
}
TYPES = {
    DigestKind.MD5: "MD5",
    DigestKind.SHA1: "SHA1",
    DigestKind.SHA256: "SHA256",
    DigestKind.PDQ: "PDQ",
    DigestKind.PHOTODNA: "PDNA",
    DigestKind.NETCLEAN: "NETCLEAN",
}
"""How a kind is called in the path of a vote."""
_ENTRIES, _DELETED = {"image", "video"}, {"deletedImage", "deletedVideo"}
_Node = etree._Element  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - lxml publishes none


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerVote:
    """What a member of the feed says of one fingerprint of one entry."""

    item: str
    kind: DigestKind
    digest: bytes
    voter: str
    affirmative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PulledPage:
    """One page of a range: its records, the votes beside them, and the link to the next."""

    records: tuple[Found, ...]
    votes: tuple[PeerVote, ...]
    following: str | None
    body: bytes


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

    def vote(self, item: str, kind: DigestKind, *, affirmative: bool) -> None:
        """Say that a fingerprint is right, or with the feed's own first reason that it is not.

        Errors: Unavailable; Invalid when the feed refuses the vote.
        """
        type_ = TYPES[kind]
        inside = "<affirmative/>"
        if not affirmative:
            found = _root(self._get(f"/v2/feedback/{type_}/reasons"))
            guid = next((each.get("guid") for each in found.iter() if each.get("guid")), None)
            if guid is None:
                raise Invalid(f"The feed offers no reason for a vote against {type_}.")
            inside = f"<negative><reasonIds><guid>{guid}</guid></reasonIds></negative>"
        document = f'<feedbackSubmission xmlns="{NAMESPACE}">{inside}</feedbackSubmission>'
        try:
            answer = self._http.put(
                f"/v2/entries/{item}/{type_}/feedback",
                content=document.encode(),
                headers={"content-type": "application/xml; charset=utf-8"},
            )
        except httpx2.HTTPError as error:
            raise Unavailable(f"The feed did not answer ({type(error).__name__}).") from error
        if not answer.is_success:
            raise Invalid(f"The feed refused the vote with status {answer.status_code}.")

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


def read_page(body: bytes, scheme: Scheme) -> PulledPage:
    """A `<queryResult>`. Errors: Invalid."""
    root = _root(body)
    if _name(root) != "queryResult":
        raise Invalid(f"The feed answered <{_name(root)[:40]}>, not <queryResult>.")
    records: list[Found] = []
    votes: list[PeerVote] = []
    for number, node in enumerate(_nodes(root, _ENTRIES | _DELETED), start=1):
        item = _item(node)
        if item is None:
            records.append(Reject(line=number, reason="an entry without member and id"))
            continue
        records.append(Gone(item=item))  # the newest state of an entry replaces the one before
        if _name(node) in _DELETED:
            continue
        entries = list(_fingerprints(number, node, item, scheme))
        records.extend(entries)
        votes.extend(_votes(node, item, [each for each in entries if isinstance(each, Entry)]))
    return PulledPage(records=tuple(records), votes=tuple(votes), following=_next(root), body=body)


def _root(body: bytes) -> _Node:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise Invalid("The feed's answer is not XML.") from error


def _name(node: _Node) -> str:
    return str(node.tag).rpartition("}")[2]


def _nodes(root: _Node, names: set[str]) -> Iterator[_Node]:
    return (node for node in root.iter() if _name(node) in names)


def _child(node: _Node, name: str) -> _Node | None:
    return next((child for child in node if _name(child) == name), None)


def _item(node: _Node) -> str | None:
    """An entry's own name: the member's number and the member's id."""
    member, entry = _child(node, "member"), _child(node, "id")
    if member is None or entry is None:
        return None
    number, text = member.get("id") or "", (entry.text or "").strip()
    fits = (
        number.isascii() and number.isdecimal() and re.fullmatch(r"[A-Za-z0-9._:~-]{1,128}", text)
    )
    return f"{number}/{text}" if fits else None


def _fingerprints(number: int, node: _Node, item: str, scheme: Scheme) -> Iterator[Found]:
    prints, marked = _child(node, "fingerprints"), _child(node, "classification")
    mark = None if marked is None else (marked.text or "").strip() or None
    for each in () if prints is None else prints:
        kind = _KINDS.get(_name(each))
        if kind is None or each.get("href"):
            yield Passed(line=number, why=f"fingerprint of type {_name(each)[:40]}")
            continue
        if not (each.text or "").strip():
            continue
        digest = read_digest(kind, (each.text or "").strip())
        if digest is None:
            yield Reject(line=number, reason=f"{item}: not {digest_words(kind)} ({kind})")
        else:
            entry = Entry(kind=kind, digest=digest, mark=mark, item=item)
            yield checked(number, entry, scheme)


def _votes(node: _Node, item: str, entries: list[Entry]) -> Iterator[PeerVote]:
    feedback = _child(node, "feedback")
    by_kind = {each.kind: each for each in entries}
    for said in () if feedback is None else feedback:
        affirmative = _name(said) == "affirmativeFeedback"
        kind = _KINDS.get((said.get("type") or "").lower())
        if kind not in by_kind or kind is None:
            continue
        for member in _nodes(said, {"member"}):
            if member.get("id"):
                yield PeerVote(
                    item=item,
                    kind=kind,
                    digest=by_kind[kind].digest,
                    voter=f"member:{member.get('id')}",
                    affirmative=affirmative,
                )


def _next(root: _Node) -> str | None:
    """The way to the next page, when it stays below the feed's root."""
    paging = _child(root, "paging")
    link = None if paging is None else _child(paging, "next")
    if link is None or not link.text:
        return None
    if not link.text.startswith("/v2/entries?"):
        raise Invalid("The feed's next page is not below its own root.")
    return link.text
