"""Refusals in the shape people know: line, column, rule, element, and what is allowed there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast
from xml.parsers import expat

from lxml import etree

from tipbridge.tips.report.nodes import XmlComplaint, XmlNode

_XS = "{http://www.w3.org/2001/XMLSchema}"
_EXPECTED = re.compile(r"Expected is (?:one of )?\( (.*) \)")
_ATTRIBUTE = re.compile(r"attribute '([^']{1,100})")
_FACET = re.compile(r"\[facet '(\w+)'\]")
_LIMIT = re.compile(r"\('?([^')]{1,40})'?\)\.?\Z")
MAX_PROBLEMS = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason for refusal and the element it is about."""

    node: XmlNode
    text: str


def explained(data: bytes, tree: XmlNode, problems: tuple[Problem, ...]) -> str:
    """The text of a refusal: `Validation failed`, then one line for each problem."""
    shown = problems[:MAX_PROBLEMS]
    order = {node: number for number, node in enumerate(tree.iter())}
    wanted = {order[problem.node] for problem in shown}
    places = _places(data, wanted)
    lines = [
        "[{},{}] - {}".format(*places.get(order[problem.node], (1, 1)), problem.text)
        for problem in shown
    ]
    return "\n".join(("Validation failed", *lines))


def schema_problems(tree: XmlNode, log: Iterable[XmlComplaint]) -> tuple[Problem, ...]:
    """What the schema found, retold; values the sender wrote are not repeated."""
    found: list[Problem] = []
    for entry in log:
        node = _node_at(tree, entry.path)
        text = _retold(node, entry.type_name, entry.message)
        if not any(problem.node is node for problem in found):
            found.append(Problem(node, text))
        if len(found) == MAX_PROBLEMS:
            break
    return tuple(found) or (Problem(tree, "cvc-elt.1: The document does not fit."),)


def _node_at(tree: XmlNode, path: str | None) -> XmlNode:
    """The element a log entry is about; the root when its path can't be followed."""
    try:
        found = tree.getroottree().xpath(path or "/*")
    except etree.XPathError:
        return tree
    first = cast("list[object]", found)[0] if isinstance(found, list) and found else tree
    return cast("XmlNode", first) if etree.iselement(first) else tree


def _name(node: XmlNode) -> str:
    return str(node.tag)[:100]


def _retold(node: XmlNode, kind: str, message: str) -> str:
    name = _name(node)
    attribute = _ATTRIBUTE.search(message)
    if kind == "SCHEMAV_ELEMENT_CONTENT":
        return _content(node, message)
    if kind == "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1":
        return (
            f"cvc-complex-type.3.2.2: Attribute '{attribute[1] if attribute else '?'}' "
            f"is not allowed to appear in element '{name}'."
        )
    if kind == "SCHEMAV_CVC_COMPLEX_TYPE_4":
        return (
            f"cvc-complex-type.4: Attribute '{attribute[1] if attribute else '?'}' "
            f"must appear on element '{name}'."
        )
    where = f"attribute '{attribute[1]}' on element '{name}'" if attribute else f"element '{name}'"
    return _value(node, where, attribute[1] if attribute else None, message)


def _content(node: XmlNode, message: str) -> str:
    expected = _EXPECTED.search(message)
    allowed = (
        "{" + ", ".join(part.strip() for part in expected[1].split(",")) + "}" if expected else ""
    )
    if "Missing child" in message:
        return (
            f"cvc-complex-type.2.4.b: The content of element '{_name(node)}' is not complete. "
            f"One of '{allowed}' is expected.{_order_of(node)}"
        )
    start = f"Invalid content was found starting with element '{_name(node)}'."
    parent = node.getparent()
    order = _order_of(parent) if parent is not None else ""
    if allowed:
        return f"cvc-complex-type.2.4.a: {start} One of '{allowed}' is expected.{order}"
    return f"cvc-complex-type.2.4.d: {start} No child element is expected at this point.{order}"


def _value(node: XmlNode, where: str, attribute: str | None, message: str) -> str:
    facet = _FACET.search(message)
    if facet and facet[1] == "enumeration":
        allowed = ", ".join(_enumeration(_type_of(node), attribute))
        return f"cvc-enumeration-valid: The value of {where} must be one of '[{allowed}]'."
    if facet:
        limit = _LIMIT.search(message)
        told = f" (limit {limit[1]})" if limit and facet[1] != "pattern" else ""
        return f"cvc-{facet[1]}-valid: The value of {where} breaks '{facet[1]}'{told}."
    if "Character content" in message or "Element content is not allowed" in message:
        return f"cvc-complex-type.2.3: {where.capitalize()} may not hold this content."
    kind = re.search(r"atomic type '(xs:\w+|\w+)'", message)
    told = f" of type '{kind[1]}'" if kind else ""
    return f"cvc-datatype-valid.1.2.1: The value of {where} is not a valid value{told}."


@cache
def _schema_types() -> dict[str, XmlNode]:
    schema = etree.fromstring(files("tipbridge.tips.report").joinpath("schema.xsd").read_bytes())
    return {str(node.get("name")): node for node in schema if node.tag != f"{_XS}element"}


def _type_of(node: XmlNode) -> XmlNode | None:
    """The schema's type of an element, found by walking down from the root's."""
    road = [node, *node.iterancestors()][::-1]
    found = _schema_types().get(_name(road[0]))
    for step in road[1:]:
        if found is None:
            return None
        declared = next((e for e in found.iter(f"{_XS}element") if e.get("name") == step.tag), None)
        found = None if declared is None else _schema_types().get(str(declared.get("type")))
    return found


def _enumeration(kind: XmlNode | None, attribute: str | None) -> list[str]:
    if kind is not None and attribute is not None:
        declared = next(
            (a for a in kind.iter(f"{_XS}attribute") if a.get("name") == attribute), None
        )
        kind = None if declared is None else _schema_types().get(str(declared.get("type")))
    if kind is None:
        return []
    return [str(value.get("value")) for value in kind.iter(f"{_XS}enumeration")]


def _order_of(node: XmlNode) -> str:
    """What an element holds, in order, with how often: `?` 0-1, `*` any number, `+` 1 or more."""
    kind = _type_of(node)
    if kind is None:
        return ""
    names = [f"{e.get('name')}{_how_often(e)}" for e in kind.iter(f"{_XS}element")]
    if not names:
        return ""
    word = "in any order" if kind.find(f"{_XS}all") is not None else "in this order"
    return f" '{_name(node)}' holds, {word}: {', '.join(names)}."


def _how_often(declared: XmlNode) -> str:
    many, none = declared.get("maxOccurs") == "unbounded", declared.get("minOccurs") == "0"
    return {(True, True): "*", (True, False): "+", (False, True): "?"}.get((many, none), "")


def _places(data: bytes, wanted: set[int]) -> dict[int, tuple[int, int]]:
    """Line and column of the wanted elements; only run for a document already refused."""
    found: dict[int, tuple[int, int]] = {}
    parser = expat.ParserCreate("utf-8")
    count = 0

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal count
        if count in wanted:
            found[count] = (parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        count += 1

    parser.StartElementHandler = start
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return found
    return found
