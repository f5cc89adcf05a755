"""Documents of the hash-sharing API v2, as a client reads them. Source: protocol notes, section 7."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.hashes.model import DigestKind, Entry, Found, Gone, Passed, Reject, Scheme
from tipbridge.knowledge.hashes.rules import checked, digest_words, read_digest

NAMESPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
_KINDS = {
    "md5": DigestKind.MD5,
    "sha1": DigestKind.SHA1,
    "sha256": DigestKind.SHA256,
    "pdq": DigestKind.PDQ,
    "pdna": DigestKind.PHOTODNA,
    "netclean": DigestKind.NETCLEAN,
}
_ENTRIES, _DELETED = {"image", "video"}, {"deletedImage", "deletedVideo"}
_Node = etree._Element  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - lxml publishes none


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerVote:
    """What a member of the feed says of one fingerprint of one entry; since when, where it is told."""

    item: str
    kind: DigestKind
    digest: bytes
    voter: str
    affirmative: bool
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a feed: a page that it named, or the first of what changed in a range."""

    after: datetime | None
    until: datetime
    following: str | None
    scheme: Scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class PulledPage:
    """One page of a range: its records, the votes beside them, and what names the next.

    Shape: `member` is the number by which the feed knows us, where it tells of votes; `after` is
    where the feed wants the next range to begin, the end of this one when it does not say.
    """

    records: tuple[Found, ...]
    votes: tuple[PeerVote, ...] = ()
    following: str | None
    body: bytes
    member: str | None = None
    after: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReason:
    """A reason that a feed takes for a vote against a fingerprint."""

    guid: str
    name: str


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
        deleted = _name(node) in _DELETED
        records.append(Gone(item=item, renewed=not deleted))
        if deleted:
            continue
        entries = list(_fingerprints(number, node, item, scheme))
        records.extend(entries)
        votes.extend(_votes(node, item, [each for each in entries if isinstance(each, Entry)]))
    return PulledPage(records=tuple(records), votes=tuple(votes), following=_next(root), body=body)


def read_reasons(body: bytes) -> tuple[FeedReason, ...]:
    """An `<availableFeedbackReasons>`. Errors: Invalid."""
    return tuple(
        FeedReason(guid=guid, name=node.get("name") or "")
        for node in _nodes(_root(body), {"reason"})
        if (guid := node.get("guid"))
    )


def read_member(body: bytes) -> str:
    """The number of the member who asks, as a `<status>` says it. Errors: Invalid."""
    number = next((node.get("id") for node in _nodes(_root(body), {"member"})), None)
    if not number:
        raise Invalid("The feed's <status> does not say which member we are.")
    return number


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
            yield Reject(line=number, reason=f"not {digest_words(kind)} ({kind})")
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
                    at=_time(member.getparent(), said, feedback),
                )


def _time(*nodes: _Node | None) -> datetime | None:
    """Since when a vote stands, as the nearest node around it says."""
    for node in nodes:
        text = "" if node is None else node.get("timestamp") or node.get("lastUpdateTimestamp")
        try:
            at = datetime.fromisoformat(text or "")
        except ValueError:
            continue
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return None


def _next(root: _Node) -> str | None:
    """The way to the next page, when it stays below the feed's root."""
    paging = _child(root, "paging")
    link = None if paging is None else _child(paging, "next")
    if link is None or not link.text:
        return None
    if not link.text.startswith("/v2/entries?"):
        raise Invalid("The feed's next page is not below its own root.")
    return link.text
