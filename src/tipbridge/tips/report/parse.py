"""From hostile bytes to a validated document: every limit comes before its cost."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any, NoReturn, cast

from lxml import etree

from tipbridge.tips.report.body import MAX_BYTES, Body, parser, read_body
from tipbridge.tips.report.compiling import compiled
from tipbridge.tips.report.errors import InvalidDocument
from tipbridge.tips.report.explain import MAX_PROBLEMS, Problem, schema_problems
from tipbridge.tips.report.fault import Fault
from tipbridge.tips.report.nodes import INSTANCE, XmlNode
from tipbridge.tips.report.rules import file_details_faults, report_faults
from tipbridge.tips.report.schema import SCHEMA_BYTES, our_schema
from tipbridge.tips.report.strictness import USUAL, Mode, Strictness
from tipbridge.tips.report.tree import Element
from tipbridge.tips.report.unknown import Unknown, set_aside

__all__ = [
    "MAX_BYTES",
    "SCHEMA_BYTES",
    "Examined",
    "examine_file_details",
    "examine_report",
    "parse_any",
    "parse_file_details",
    "parse_report",
]

_own = threading.local()


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A document that is let in, and what it breaks of the rules that are lenient for it."""

    document: Element
    body: Body = field(repr=False)
    strictness: Strictness = field(repr=False)
    findings: tuple[Fault, ...] = ()

    def held_to(self, faults: Iterable[Fault]) -> "Examined":
        """The same with these faults as well, such as those only a caller can know.

        Errors: InvalidDocument when one of them is of a rule that is strict.
        """
        found = list(faults)
        strict = [each for each in found if self.strictness.of(each.rule) is Mode.STRICT]
        if strict:
            numbers = {id(element): at for at, element in enumerate(self.document.walk())}
            nodes = list(self.body.tree.iter())
            told = [Problem(nodes[numbers[id(each.element)]], each.told) for each in strict]
            raise InvalidDocument(self.body.told(told))
        return replace(self, findings=(*self.findings, *found))


def examine_report(data: bytes, *, now: datetime, strictness: Strictness = USUAL) -> Examined:
    """A `<report>` document, held to the schema and to the protocol's rules.

    Errors: MalformedDocument, InvalidDocument; never another exception, for any bytes.
    """
    examined = _fitting(data, "report", strictness)
    return examined.held_to(report_faults(examined.document, now=now))


def examine_file_details(data: bytes, *, now: datetime, strictness: Strictness = USUAL) -> Examined:
    """A `<fileDetails>` document, held to the schema and to the protocol's rules.

    Errors: MalformedDocument, InvalidDocument; never another exception, for any bytes.
    """
    examined = _fitting(data, "fileDetails", strictness)
    return examined.held_to(file_details_faults(examined.document, now=now))


def parse_report(data: bytes, *, now: datetime, strictness: Strictness = USUAL) -> Element:
    """A `<report>` document, for those who need no findings.

    Errors: MalformedDocument, InvalidDocument; never another exception, for any bytes.
    """
    return examine_report(data, now=now, strictness=strictness).document


def parse_file_details(data: bytes, *, now: datetime, strictness: Strictness = USUAL) -> Element:
    """A `<fileDetails>` document, for those who need no findings.

    Errors: MalformedDocument, InvalidDocument; never another exception, for any bytes.
    """
    return examine_file_details(data, now=now, strictness=strictness).document


def parse_any(data: bytes, root: str) -> Element:
    """A document of our schema with this root, without the rules of the protocol.

    Errors: MalformedDocument, InvalidDocument.
    """
    return _fitting(data, root, USUAL).document


def _fitting(data: bytes, root: str, strictness: Strictness) -> Examined:
    body = read_body(data)
    if body.tree.tag != root:
        told = f"cvc-elt.1: The root element must be '{root}'."
        raise InvalidDocument(body.told([Problem(body.tree, told)]))
    unknown = set_aside(body.tree, strictness)
    aside = unknown.rest is not body.tree
    if not _is_valid(etree.tostring(unknown.rest) if aside else body.data):
        _refuse(body, root, unknown)
    document = _element(body.tree)
    examined = Examined(document=document, body=body, strictness=strictness)
    return examined.held_to(_unknown_faults(document, unknown)) if aside else examined


def _is_valid(data: bytes) -> bool:
    """Whether the schema accepts a well-formed document.

    The validator reads along with the parser: on a tree it would count siblings for each fault,
    and a document of many faults would take half a minute.
    """
    schema = cast("etree.XMLSchema | None", getattr(_own, "schema", None))
    if schema is None:
        schema = _own.schema = compiled(etree.fromstring(SCHEMA_BYTES))
    try:
        etree.fromstring(data, parser(schema))
    except etree.XMLSyntaxError:
        return False
    return True


def _refuse(body: Body, root: str, unknown: Unknown) -> NoReturn:
    """Say what does not fit; what was set aside is stepped over."""
    whole, rest = list(body.tree.iter()), unknown.rest.iter()
    gone = {node for number in unknown.elements for node in whole[number].iter()}
    sent = dict(zip(rest, (node for node in whole if node not in gone), strict=True))
    found = islice(schema_problems(unknown.rest, our_schema().roots[root]), MAX_PROBLEMS + 1)
    problems = [Problem(sent[problem.node], problem.text) for problem in found]
    told = problems or [Problem(body.tree, "cvc-elt.1: The document does not fit the schema.")]
    raise InvalidDocument(body.told(told))


def _unknown_faults(document: Element, unknown: Unknown) -> list[Fault]:
    elements = list(document.walk())
    return [
        *(Fault(elements[n], "unknown-element", "is not known.") for n in unknown.elements),
        *(Fault(elements[n], "unknown-attribute", "is not known.") for n in unknown.attributes),
    ]


def _element(node: XmlNode) -> Element:
    children = tuple(_element(child) for child in node)
    attributes = {
        str(name): str(value)
        for name, value in cast("Any", node.attrib).items()
        if not str(name).startswith(INSTANCE)
    }
    text = node.text or ""
    if children:
        text += "".join(child.tail or "" for child in node)
        text = text if text.strip() else ""
    return Element(name=str(node.tag), attributes=attributes, text=text, children=children)
