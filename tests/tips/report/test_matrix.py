"""Every element and attribute of the schema: valid, at its edge, and invalid.

The places come from the schema itself and the texts from `samples`, so that a new element has its
cases at once, or fails here because nothing is said of its kind of text.
"""

import copy
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.tips.report.building import below, etree, minimal, put, roads, text_kind
from tests.tips.report.samples import samples
from tipbridge.tips.report.errors import InvalidDocument
from tipbridge.tips.report.parse import parse_file_details, parse_report
from tipbridge.tips.report.schema import SCHEMA_BYTES, Part, our_schema

NOW = datetime(2026, 1, 6, tzinfo=UTC)
_MOST = {"personOrUserReported": 1}
_LEAST = {"countryCode": 1}
"""Narrower than the schema, by a rule."""
_NEEDS = {"verificationDate": ("verified", "true")}
_NEEDS_BESIDE = {"exifViewedByEsp": ("fileViewedByEsp", "true")}
ROADS = roads()
ELEMENTS = [
    (kind, name, part)
    for kind in ROADS
    for part in our_schema().content(kind).parts
    for name in part.types
]
ATTRIBUTES = [
    (kind, name, of) for kind in ROADS for name, of in our_schema().content(kind).attributes.items()
]


def accept(document) -> None:
    data = etree.tostring(document, encoding="UTF-8")
    (parse_report if document.tag == "report" else parse_file_details)(data, now=NOW)


def refuse(document, name: str) -> str:
    """The document is refused at an element of this name; what the refusal says."""
    text = etree.tostring(document, encoding="unicode").replace("><", ">\n<")
    parse = parse_report if document.tag == "report" else parse_file_details
    with pytest.raises(InvalidDocument) as refused:
        parse(text.encode(), now=NOW)
    told = refused.value.public
    found = re.match(r"Validation failed\n\[(\d+),(\d+)\] - [\w.-]+: ", told)
    assert found, told
    line = text.split("\n")[int(found[1]) - 1][int(found[2]) - 1 :]
    assert re.match(rf"<{name}\b", line), (line, told)
    assert re.search(r"must|may|expected|holds|not allowed|exclude|is empty", told), told
    return told


def with_child(kind: str, name: str, times: int = 1, text: str | None = None):
    """A document with so many of this child in an element of this type; it and the children."""
    root, path = ROADS[kind]
    document, parent = below(root, (*path, name) if times else path)
    content = our_schema().content(kind)
    if times and name in _NEEDS_BESIDE:
        beside, value = _NEEDS_BESIDE[name]
        put(parent.getparent(), content, minimal(beside, content.type_of(beside) or ""))
        parent.getparent().find(beside).text = value
    if not times:
        alone = next(part for part in content.parts if name in part.types)
        for old in [each for each in parent if each.tag in alone.types]:
            parent.remove(old)
        return document, parent
    while len(parent.getparent().findall(name)) < times:
        put(parent.getparent(), content, copy.deepcopy(parent))
    if text is not None:
        parent.text = text
    return document, parent


def with_attribute(kind: str, name: str, text: str | None):
    root, path = ROADS[kind]
    document, owner = below(root, path)
    if name in _NEEDS:
        owner.set(*_NEEDS[name])
    if name == "accountType":
        del owner.attrib["type"]
    if text is None:
        del owner.attrib[name]
    else:
        owner.set(name, text)
    return document, owner


@pytest.mark.parametrize(("kind", "name", "part"), ELEMENTS)
def test_every_element_has_its_valid_boundary_and_invalid_cases(kind: str, name: str, part: Part):
    accept(with_child(kind, name)[0])
    for document in edge_cases(kind, name, part):
        accept(document)
    cases = list(bad_cases(kind, name, part))
    assert cases
    for document, where in cases:
        refuse(document, where)


def edge_cases(kind: str, name: str, part: Part) -> Iterator:
    of = part.types[name]
    most = _MOST.get(name, part.most)
    yield with_child(kind, name, most or 3)[0]
    if not _LEAST.get(name, part.least):
        yield with_child(kind, name, 0)[0]
    if our_schema().content(of).text is not None:
        for text in samples(name, text_kind(of)).edges:
            yield with_child(kind, name, 1, text)[0]


def bad_cases(kind: str, name: str, part: Part) -> Iterator:
    of = part.types[name]
    most = _MOST.get(name, part.most)
    if most is not None:
        yield with_child(kind, name, most + 1)[0], name
    if _LEAST.get(name, part.least):
        document, parent = with_child(kind, name, 0)
        yield document, r"\w+" if len(parent) else parent.tag
    if our_schema().content(of).text is not None:
        for text in samples(name, text_kind(of)).bad:
            yield with_child(kind, name, 1, text)[0], name
        document, child = with_child(kind, name)
        etree.SubElement(child, "b")
        yield document, name
    else:
        document, child = with_child(kind, name)
        etree.SubElement(child, "unheard")
        yield document, "unheard"
        document, child = with_child(kind, name)
        child.text = "words"
        yield document, name
    document, child = with_child(kind, name)
    child.set("unheard", "x")
    yield document, name
    document, child = with_child(kind, name)
    child.tag = "unheard"
    yield document, "unheard"


@pytest.mark.parametrize(("kind", "name", "of"), ATTRIBUTES)
def test_every_attribute_has_its_valid_boundary_and_invalid_cases(kind: str, name: str, of: str):
    found = samples(name, of)
    for text in (*found.good, *found.edges):
        accept(with_attribute(kind, name, text)[0])
    for text in found.bad:
        document, owner = with_attribute(kind, name, text)
        refuse(document, owner.tag)
    if name in our_schema().content(kind).required:
        document, owner = with_attribute(kind, name, None)
        assert f"Attribute '{name}' must appear" in refuse(document, owner.tag)


def test_the_matrix_has_every_element_and_attribute_that_a_provider_may_send():
    schema = etree.fromstring(SCHEMA_BYTES)
    ns = {"xs": "http://www.w3.org/2001/XMLSchema"}
    answers = {"reportResponse", "reportDoneResponse", "files"}
    for word, cases in (("element", ELEMENTS), ("attribute", ATTRIBUTES)):
        declared = {
            (str(node.xpath("ancestor::xs:complexType/@name", namespaces=ns)[0]), node.get("name"))
            for node in schema.iterfind(f".//xs:complexType//xs:{word}", ns)
        }
        wanted = {each for each in declared if each[0] not in answers}
        assert {(kind, name) for kind, name, _ in cases} == wanted
    assert len(ELEMENTS) > 200
    assert len(ATTRIBUTES) > 25


@pytest.mark.parametrize(
    ("root", "path"),
    [
        ("report", ("incidentSummary", "incidentDateTime")),
        ("fileDetails", ("uploadedToEspTimestamp",)),
    ],
)
def test_a_time_may_be_five_minutes_ahead_and_no_more(root: str, path: tuple[str, ...]):
    document, node = below(root, path)
    node.text = "2026-01-06T09:05:00+09:00"
    accept(document)
    node.text = "2026-01-06T09:05:01+09:00"
    assert "time-past: " in refuse(document, node.tag)
