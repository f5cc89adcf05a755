"""Documents built from the schema: the least that is valid, with one place put in."""

from typing import Any, cast

import lxml.etree

from tests.tips.report.samples import KNOWN_EMAILS, samples
from tipbridge.tips.report.schema import Content, our_schema

etree = cast("Any", lxml.etree)  # tests use more of it than its stub has
_ATTRIBUTES = {"associatedAccount": {"type": "Other"}}
_CHILDREN = {
    "reportingPerson": ("email",),
    "estimatedLocation": ("countryCode",),
    "victim": ("victimPerson",),
}
"""What a rule requires though the schema does not."""


def minimal(name: str, kind: str) -> Any:
    """The least element of this name and type that is valid."""
    content = our_schema().content(kind)
    node = etree.Element(name, _ATTRIBUTES.get(name, {}))
    for attribute in sorted(content.required):
        node.set(attribute, samples(attribute, content.attributes[attribute]).good[0])
    if content.text is not None:
        node.text = samples(name, text_kind(kind)).good[0]
    for part in content.parts:
        if part.least:
            first = next(iter(part.types))
            node.append(minimal(first, part.types[first]))
    for extra in _CHILDREN.get(name, ()):
        if node.find(extra) is None:
            put(node, content, minimal(extra, content.type_of(extra) or ""))
    return node


def text_kind(kind: str) -> str:
    """The kind that says what the text of an element of this type may be."""
    return kind if kind in ("email", "phone") else our_schema().content(kind).text or kind


def put(parent: Any, content: Content, child: Any) -> Any:
    """Put a child where the order of the schema wants it, after those of its own name."""
    place = {name: at for at, part in enumerate(content.parts) for name in part.types}
    later = (at for at, each in enumerate(parent) if place[each.tag] > place[child.tag])
    parent.insert(next(later, len(parent)), child)
    return child


def base(root: str, *, batched: bool = False) -> Any:
    """The least report or file details; a report has somebody with the known addresses."""
    node = minimal(root, our_schema().roots[root])
    if root == "report" and not batched:
        content = our_schema().content("report")
        victim = put(node, content, minimal("victim", "victim"))
        for address in KNOWN_EMAILS:
            etree.SubElement(victim[0], "email").text = address
    return node


def below(root: str, path: tuple[str, ...]) -> tuple[Any, Any]:
    """A base document with this road of elements in it; the document and the road's last."""
    document = base(root, batched="batchedReport" in path)
    node, kind = document, our_schema().roots[root]
    for name in path:
        content = our_schema().content(kind)
        kind = content.type_of(name) or ""
        found = node.find(name)
        if found is None:
            alone = next(part for part in content.parts if name in part.types)
            if len(alone.types) > 1:
                for other in [each for each in node if each.tag in alone.types]:
                    node.remove(other)
            found = put(node, content, minimal(name, kind))
        node = found
    return document, node


def roads() -> dict[str, tuple[str, tuple[str, ...]]]:
    """For each type of element that a provider may send: a root and the shortest road to it."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    waiting = [(root, (), our_schema().roots[root]) for root in ("report", "fileDetails")]
    while waiting:
        root, path, kind = waiting.pop(0)
        if kind in found or kind not in our_schema().contents:
            continue
        found[kind] = (root, path)
        for part in our_schema().content(kind).parts:
            waiting += [(root, (*path, name), of) for name, of in part.types.items()]
    return found
