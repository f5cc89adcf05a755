"""Ways to break a valid document, each of which makes it invalid for certain."""

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.generated.documents import STYLES, trees_of, written
from tests.tips.report.building import etree, minimal, put, text_kind
from tests.tips.report.samples import samples
from tipbridge.tips.report.schema import Content, our_schema

Places = list[tuple[Any, str, Content]]
"""Every element of a document with its type and what that holds."""


def places_in(root: Any) -> Places:
    """The elements of a valid document, each with its type."""
    found: Places = []
    waiting = [(root, our_schema().roots[root.tag])]
    while waiting:
        node, kind = waiting.pop()
        content = our_schema().content(kind)
        found.append((node, kind, content))
        waiting += [(child, content.type_of(child.tag) or "") for child in node]
    return found


def _unheard_element(draw: st.DrawFn, places: Places) -> bool:
    node = draw(st.sampled_from([n for n, _, c in places if c.text is None]))
    node.insert(draw(st.integers(0, len(node))), etree.Element("unheard"))
    return True


def _unheard_attribute(draw: st.DrawFn, places: Places) -> bool:
    draw(st.sampled_from(places))[0].set("unheard", "x")
    return True


def _once_more(draw: st.DrawFn, places: Places) -> bool:
    """Twice what may occur once."""
    among = [
        child
        for node, _, content in places
        for child in node
        if any(child.tag in part.types and part.most == 1 for part in content.parts)
    ]
    child = draw(st.sampled_from(among))
    child.addnext(copy.deepcopy(child))
    return True


def _left_out(draw: st.DrawFn, places: Places) -> bool:
    """Without what must occur."""
    among = [
        child
        for node, _, content in places
        for child in node
        if any(child.tag in part.types and part.least == 1 == part.most for part in content.parts)
    ]
    child = draw(st.sampled_from(among))
    child.getparent().remove(child)
    return True


def _out_of_order(draw: st.DrawFn, places: Places) -> bool:
    among = [
        child
        for node, _, content in places
        if not content.any_order
        for child in node
        if child.getnext() is not None and child.getnext().tag != child.tag
    ]
    if not among:
        return False
    child = draw(st.sampled_from(among))
    child.getnext().addnext(child)
    return True


def _bad_text(draw: st.DrawFn, places: Places) -> bool:
    among = [
        (node, bad)
        for node, kind, content in places
        if content.text is not None and (bad := samples(node.tag, text_kind(kind)).bad)
    ]
    node, bad = draw(st.sampled_from(among))
    node.text = draw(st.sampled_from(bad))
    return True


def _bad_attribute(draw: st.DrawFn, places: Places) -> bool:
    among = [
        (node, name, bad)
        for node, _, content in places
        for name in node.attrib
        if (bad := samples(name, content.attributes[name]).bad)
    ]
    if not among:
        return False
    node, name, bad = draw(st.sampled_from(among))
    node.set(name, draw(st.sampled_from(bad)))
    return True


def _words_between(draw: st.DrawFn, places: Places) -> bool:
    draw(st.sampled_from([n for n, _, c in places if c.text is None])).text = "words"
    return True


def _element_in_text(draw: st.DrawFn, places: Places) -> bool:
    node = draw(st.sampled_from([n for n, _, c in places if c.text is not None]))
    etree.SubElement(node, "b")
    return True


def _other_root(_draw: st.DrawFn, places: Places) -> bool:
    root = places[0][0]
    root.tag = "fileDetails" if root.tag == "report" else "report"
    return True


def _no_reporters_email(_draw: st.DrawFn, places: Places) -> bool:
    person = places[0][0].find("reporter/reportingPerson")
    for email in person.findall("email"):
        person.remove(email)
    return True


def _two_reported(_draw: st.DrawFn, places: Places) -> bool:
    """Two people where one may be, or more than an identifier where only that may be."""
    for _ in range(2):
        person = minimal("personOrUserReported", "personOrUserReported")
        put(places[0][0], our_schema().content("report"), person)
    return True


def _unknown_prior_report(_draw: st.DrawFn, places: Places) -> bool:
    report, content = places[0][0], our_schema().content("report")
    victim = minimal("victim", "victim")
    etree.SubElement(victim, "priorCTReports").text = "999999999999"
    put(report, content, victim)
    return True


def _seen_unseen(_draw: st.DrawFn, places: Places) -> bool:
    """Its metadata was looked at, the file was not."""
    root, content = places[0][0], our_schema().content("fileDetails")
    for name in ("fileViewedByEsp", "exifViewedByEsp"):
        for old in root.findall(name):
            root.remove(old)
    put(root, content, etree.Element("exifViewedByEsp")).text = "true"
    return True


def _classified_beside(_draw: st.DrawFn, places: Places) -> bool:
    """Supplemental, and classified all the same."""
    root, content = places[0][0], our_schema().content("fileDetails")
    for name, text in (
        ("fileRelevance", "Supplemental Reported"),
        ("industryClassification", "A1"),
    ):
        for old in root.findall(name):
            root.remove(old)
        put(root, content, etree.Element(name)).text = text
    return True


Break = Callable[[st.DrawFn, Places], bool]
_IN_ANY: tuple[Break, ...] = (
    _unheard_element,
    _unheard_attribute,
    _once_more,
    _left_out,
    _out_of_order,
    _bad_text,
    _bad_attribute,
    _words_between,
    _element_in_text,
    _other_root,
)
IN_TREE: dict[str, tuple[Break, ...]] = {
    "report": (*_IN_ANY, _no_reporters_email, _two_reported, _unknown_prior_report),
    "fileDetails": (*_IN_ANY, _seen_unseen, _classified_beside),
}
_FIRST = {"report": b"<incidentSummary", "fileDetails": b"<reportId"}
"""How a document's first element begins that is always there."""


def _cut(draw: st.DrawFn, body: bytes) -> bytes:
    return body[: draw(st.integers(0, body.rindex(b">")))]


def _inserted(piece: bytes) -> Callable[[st.DrawFn, bytes], bytes]:
    def insert(draw: st.DrawFn, body: bytes) -> bytes:
        at = draw(st.integers(body.index(b"<" + _root(body).encode()), body.rindex(b">")))
        return body[:at] + piece + body[at:]

    return insert


def _root(body: bytes) -> str:
    return next(root for root in IN_TREE if b"</" + root.encode() + b">" in body)


def _doctype(_draw: st.DrawFn, body: bytes) -> bytes:
    root = _root(body).encode()
    doctype = b"<!DOCTYPE " + root + b" [<!ENTITY x 'y'>]>"
    return body.replace(b"<" + root, doctype + b"<" + root, 1)


def _zero(_draw: st.DrawFn, body: bytes) -> bytes:
    first = _FIRST[_root(body)]
    return body.replace(first, b"&#0;" + first, 1)


def _deep(_draw: st.DrawFn, body: bytes) -> bytes:
    first = _FIRST[_root(body)]
    return body.replace(first, b"<a>" * 40 + b"</a>" * 40 + first, 1)


def _other_encoding(_draw: st.DrawFn, body: bytes) -> bytes:
    return body.decode().encode("utf-16")


IN_BYTES: dict[str, Callable[[st.DrawFn, bytes], bytes]] = {
    "cut": _cut,
    "open bracket": _inserted(b"<<"),
    "not utf-8": _inserted(b"\xff"),
    "doctype": _doctype,
    "zero": _zero,
    "deep": _deep,
    "utf-16": _other_encoding,
}
WAYS = {
    root: (*(way.__name__.strip("_").replace("_", " ") for way in ways), *IN_BYTES)
    for root, ways in IN_TREE.items()
}


@st.composite
def broken_by(
    draw: st.DrawFn, way: str, root: str = "report", about: tuple[str, str] | None = None
) -> tuple[str, bytes]:
    """A document broken in this way: the way and the bytes."""
    tree = draw(trees_of(root, about))
    style = draw(st.sampled_from(STYLES))
    if way in IN_BYTES:
        return way, IN_BYTES[way](draw, written(tree, style))
    breaks = IN_TREE[root][WAYS[root].index(way)]
    if not breaks(draw, places_in(tree)):  # nothing in it to break so
        way = "unheard attribute"
        _unheard_attribute(draw, places_in(tree))
    return way, written(tree, style)


def broken(root: str, about: tuple[str, str] | None = None) -> st.SearchStrategy[tuple[str, bytes]]:
    """Documents with this root, broken in any way."""
    return st.sampled_from(WAYS[root]).flatmap(lambda way: broken_by(way, root, about))
