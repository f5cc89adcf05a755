"""Ways to break a valid report, each of which makes it invalid for certain."""

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.generated.documents import STYLES, report_trees, written
from tests.tips.report.building import etree, minimal, put, text_kind
from tests.tips.report.samples import samples
from tipbridge.tips.report.schema import Content, our_schema

Places = list[tuple[Any, str, Content]]
"""Every element of a report with its type and what that holds."""


def places_in(report: Any) -> Places:
    """The elements of a valid report, each with its type."""
    found: Places = []
    waiting = [(report, "report")]
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
    places[0][0].tag = "fileDetails"
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


IN_TREE: tuple[Callable[[st.DrawFn, Places], bool], ...] = (
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
    _no_reporters_email,
    _two_reported,
    _unknown_prior_report,
)


def _cut(draw: st.DrawFn, body: bytes) -> bytes:
    return body[: draw(st.integers(0, body.rindex(b">")))]


def _inserted(piece: bytes) -> Callable[[st.DrawFn, bytes], bytes]:
    def insert(draw: st.DrawFn, body: bytes) -> bytes:
        at = draw(st.integers(body.index(b"<report"), body.rindex(b">")))
        return body[:at] + piece + body[at:]

    return insert


def _doctype(_draw: st.DrawFn, body: bytes) -> bytes:
    return body.replace(b"<report", b"<!DOCTYPE report [<!ENTITY x 'y'>]><report", 1)


def _zero(_draw: st.DrawFn, body: bytes) -> bytes:
    return body.replace(b"<incidentSummary", b"&#0;<incidentSummary", 1)


def _deep(_draw: st.DrawFn, body: bytes) -> bytes:
    return body.replace(b"<incidentSummary", b"<a>" * 40 + b"</a>" * 40 + b"<incidentSummary", 1)


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
WAYS = (*(way.__name__.strip("_").replace("_", " ") for way in IN_TREE), *IN_BYTES)


@st.composite
def broken_by(draw: st.DrawFn, way: str) -> tuple[str, bytes]:
    """A report broken in this way: the way and the bytes."""
    root = draw(report_trees())
    style = draw(st.sampled_from(STYLES))
    if way in IN_BYTES:
        return way, IN_BYTES[way](draw, written(root, style))
    breaks = IN_TREE[WAYS.index(way)]
    if not breaks(draw, places_in(root)):  # nothing in it to break so
        way = "unheard attribute"
        _unheard_attribute(draw, places_in(root))
    return way, written(root, style)


broken_reports = st.sampled_from(WAYS).flatmap(broken_by)
