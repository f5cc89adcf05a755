"""From hostile bytes to a validated document: every limit comes before its cost."""

import re
import threading
from datetime import datetime
from importlib.resources import files
from typing import Any, cast

from lxml import etree

from tipbridge.tips.report.errors import InvalidDocument, MalformedDocument
from tipbridge.tips.report.explain import Problem, explained, schema_problems
from tipbridge.tips.report.nodes import XmlNode
from tipbridge.tips.report.rules import file_details_faults, report_faults
from tipbridge.tips.report.tree import Element

MAX_BYTES = 10 * 1024 * 1024
MAX_TAGS = 200_000
MAX_ATTRIBUTES = 16
MAX_DEPTH = 32
_DECLARATION = re.compile(rb"\A<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_BOM = b"\xef\xbb\xbf"

SCHEMA_BYTES = files("tipbridge.tips.report").joinpath("schema.xsd").read_bytes()
"""The schema as served at /xsd."""

_own = threading.local()


def parse_report(data: bytes, *, now: datetime) -> Element:
    """A `<report>` document.

    Errors: MalformedDocument, InvalidDocument; never another exception, for any bytes.
    """
    document = _valid(data, "report")
    _hold_rules(data, document, report_faults(document, now=now))
    return document


def parse_file_details(data: bytes, *, now: datetime) -> Element:
    """A `<fileDetails>` document.

    Errors: MalformedDocument, InvalidDocument; never another exception, for any bytes.
    """
    document = _valid(data, "fileDetails")
    _hold_rules(data, document, file_details_faults(document, now=now))
    return document


def parse_any(data: bytes, root: str) -> Element:
    """A document of our schema with this root, without the rules of the protocol.

    Errors: MalformedDocument, InvalidDocument.
    """
    return _valid(data, root)


def _valid(data: bytes, root: str) -> Element:
    data = data.removeprefix(_BOM).lstrip()
    _check_bytes(data)
    tree = _tree(data)
    _check_shape(tree)
    if tree.tag != root:
        problem = Problem(tree, f"cvc-elt.1: The root element must be '{root}'.")
        raise InvalidDocument(explained(data, tree, (problem,)))
    schema = _schema()
    if not schema.validate(tree):
        raise InvalidDocument(explained(data, tree, schema_problems(tree, schema.error_log)))
    return _element(tree)


def _hold_rules(data: bytes, document: Element, faults: list[tuple[Element, str]]) -> None:
    if not faults:
        return
    places = {id(element): number for number, element in enumerate(document.walk())}
    data = data.removeprefix(_BOM).lstrip()
    nodes = list(_tree(data).iter())
    problems = tuple(Problem(nodes[places[id(element)]], text) for element, text in faults)
    raise InvalidDocument(explained(data, nodes[0], problems))


def _check_bytes(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise MalformedDocument(f"Malformed XML submittal: more than {MAX_BYTES} bytes.")
    if not data:
        raise MalformedDocument("Malformed XML submittal: the body is empty.")
    declared = _DECLARATION.match(data)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise MalformedDocument("Malformed XML submittal: the encoding must be UTF-8.")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        place = f"byte {error.start}"
        raise MalformedDocument(
            f"Malformed XML submittal: the body is not UTF-8 at {place}."
        ) from error
    if data.count(b"<") > MAX_TAGS:
        raise MalformedDocument(f"Malformed XML submittal: more than {MAX_TAGS} tags.")
    _refuse_declarations(data)


def _refuse_declarations(data: bytes) -> None:
    """Refuse `<!DOCTYPE` and its kind; comments and CDATA are stepped over, not searched."""
    at = data.find(b"<!")
    while at != -1:
        if data.startswith(b"<!--", at):
            at = data.find(b"-->", at + 4)
        elif data.startswith(b"<![CDATA[", at):
            at = data.find(b"]]>", at + 9)
        else:
            raise MalformedDocument("Malformed XML submittal: a DOCTYPE is not accepted.")
        at = data.find(b"<!", at) if at != -1 else -1


def _tree(data: bytes) -> XmlNode:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line, column = getattr(error, "position", (1, 0))
        text = str(getattr(error, "msg", "") or "not well-formed").split("\n")[0][:200]
        raise MalformedDocument(f"Malformed XML submittal\n[{line},{column}] - {text}") from error


def _check_shape(tree: XmlNode) -> None:
    depth = 0
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise MalformedDocument(
                f"Malformed XML submittal: elements nest deeper than {MAX_DEPTH}."
            )
        if len(node.attrib) > MAX_ATTRIBUTES:
            raise MalformedDocument(
                f"Malformed XML submittal: more than {MAX_ATTRIBUTES} attributes on one element."
            )


def _schema() -> etree.XMLSchema:
    """This thread's schema: its error log is not shared between threads."""
    schema = cast("etree.XMLSchema | None", getattr(_own, "schema", None))
    if schema is None:
        schema = _own.schema = etree.XMLSchema(etree.fromstring(SCHEMA_BYTES))
    return schema


def _element(node: XmlNode) -> Element:
    children = tuple(_element(child) for child in node)
    attributes = {
        str(name): str(value) for name, value in cast("Any", node.attrib).items() if name[0] != "{"
    }
    text = "" if children else (node.text or "")
    return Element(name=str(node.tag), attributes=attributes, text=text, children=children)
