"""A body as it was sent: refused when it is no document at all, else a tree with its places."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from tipbridge.tips.report.errors import MalformedDocument
from tipbridge.tips.report.explain import Problem, explained
from tipbridge.tips.report.nodes import XmlNode
from tipbridge.tips.report.places import Place, element_places, moved, place_at, trimmed

MAX_BYTES = 10 * 1024 * 1024
MAX_TAGS = 200_000
MAX_ATTRIBUTES = 16
MAX_DEPTH = 32
_DECLARATION = re.compile(rb"\A<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A well-formed body; `data` begins at `start` of what was sent."""

    data: bytes = field(repr=False)
    start: Place
    tree: XmlNode = field(repr=False)

    def told(self, problems: Sequence[Problem]) -> str:
        """The text of a refusal for these problems."""
        return explained(self.data, self.start, self.tree, problems)


def read_body(sent: bytes) -> Body:
    """A body within the limits, as a tree. Errors: MalformedDocument, with the place."""
    if len(sent) > MAX_BYTES:
        raise malformed(place_at(sent, MAX_BYTES), f"more than {MAX_BYTES} bytes.")
    data, start = trimmed(sent)
    _check_bytes(data, start)
    tree = _tree(data, start)
    _check_shape(data, start, tree)
    return Body(data=data, start=start, tree=tree)


_TOO_DEEP = "Excessive depth"
"""How the parser begins to say that it stopped at its own limit, which is above ours."""


def malformed(place: Place, text: str) -> MalformedDocument:
    """The refusal of a body that is no document."""
    return MalformedDocument("Malformed XML submittal\n[{},{}] - {}".format(*place, text))


def parser(schema: etree.XMLSchema | None = None) -> etree.XMLParser:
    """A parser that fetches, expands and loads nothing."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        schema=schema,
    )


def _check_bytes(data: bytes, start: Place) -> None:
    def refuse(offset: int, text: str) -> MalformedDocument:
        return malformed(moved(place_at(data, offset), start), text)

    if not data:
        raise refuse(0, "the body is empty.")
    declared = _DECLARATION.match(data)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise refuse(declared.start(1), "the encoding must be UTF-8.")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refuse(error.start, "the body is not UTF-8 here.") from error
    if data.count(b"<") > MAX_TAGS:
        raise refuse(_tag_at(data, MAX_TAGS), f"more than {MAX_TAGS} tags.")
    declaration = _declaration_at(data)
    if declaration is not None:
        raise refuse(declaration, "a DOCTYPE is not accepted.")


def _tag_at(data: bytes, number: int) -> int:
    at = -1
    for _ in range(number + 1):
        at = data.index(b"<", at + 1)
    return at


def _declaration_at(data: bytes) -> int | None:
    """Where `<!DOCTYPE` or its kind stands; comments and CDATA are stepped over, not searched."""
    at = data.find(b"<!")
    while at != -1:
        if data.startswith(b"<!--", at):
            at = data.find(b"-->", at + 4)
        elif data.startswith(b"<![CDATA[", at):
            at = data.find(b"]]>", at + 9)
        else:
            return at
        at = data.find(b"<!", at) if at != -1 else -1
    return None


def _tree(data: bytes, start: Place) -> XmlNode:
    try:
        return etree.fromstring(data, parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        place = getattr(error, "position", None) or (1, 1)
        line, column = max(1, place[0] or 1), max(1, place[1] or 1)
        text = str(getattr(error, "msg", "") or "not well-formed").split("\n")[0][:200]
        if text.startswith(_TOO_DEEP):
            text = f"elements nest deeper than {MAX_DEPTH}."
        raise malformed(moved((line, column), start), text) from error


def _check_shape(data: bytes, start: Place, tree: XmlNode) -> None:
    depth, number = 0, -1
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        number += event == "start"
        text = None
        if depth > MAX_DEPTH:
            text = f"elements nest deeper than {MAX_DEPTH}."
        elif len(node.attrib) > MAX_ATTRIBUTES:
            text = f"more than {MAX_ATTRIBUTES} attributes on one element."
        if text is not None:
            place = element_places(data, {number}).get(number, (1, 1))
            raise malformed(moved(place, start), text)
