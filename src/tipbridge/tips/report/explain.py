"""Refusals in the shape people know: line, column, rule, element, and what is allowed there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tipbridge.tips.report.nodes import INSTANCE, XmlNode
from tipbridge.tips.report.places import Place, element_places, moved
from tipbridge.tips.report.schema import Content, Part, our_schema
from tipbridge.tips.report.texts import allowed, fits

_HINTS = frozenset({"schemaLocation", "noNamespaceSchemaLocation"})
MAX_PROBLEMS = 5
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason for refusal and the element it is about."""

    node: XmlNode
    text: str


def explained(data: bytes, start: Place, tree: XmlNode, problems: Sequence[Problem]) -> str:
    """The text of a refusal: `Validation failed`, then one line for each of the first problems.

    Shape: `start` is the place where `data` begins in what was sent.
    """
    shown = problems[:MAX_PROBLEMS]
    wanted = {problem.node for problem in shown}
    order = {node: number for number, node in enumerate(tree.iter()) if node in wanted}
    places = element_places(data, set(order.values()))
    lines = ["Validation failed"]
    for problem in shown:
        line, column = moved(places.get(order[problem.node], (1, 1)), start)
        lines.append(f"[{line},{column}] - {problem.text}")
    if len(problems) > MAX_PROBLEMS:
        lines.append("More is wrong than is told here.")
    return "\n".join(lines)


def schema_problems(tree: XmlNode, kind: str) -> Iterator[Problem]:
    """Where a document does not fit, in document order; what the sender wrote is not repeated."""
    content = our_schema().content(kind)
    yield from _attribute_problems(tree, content)
    children = list(tree)
    if content.text is not None:
        yield from _text_problems(tree, content.text, children)
        return
    if any((text or "").strip() for text in (tree.text, *(child.tail for child in children))):
        told = f"Element '{_name(tree)}' holds elements only, no text between them."
        yield Problem(tree, f"cvc-complex-type.2.3: {told}{order_of(tree, content)}")
    misfit, text = _misfit(tree, content, children)
    for at, child in enumerate(children):
        if at == misfit:
            yield Problem(child, text)
        known = content.type_of(str(child.tag))
        if known is not None:
            yield from schema_problems(child, known)
    if misfit == len(children):
        yield Problem(tree, text)


def order_of(node: XmlNode, content: Content) -> str:
    """What an element holds, in order, with how often each may occur."""
    if not content.parts:
        return f" '{_name(node)}' is empty."
    word = "in any order" if content.any_order else "in this order"
    names = ", ".join(_often(part) for part in content.parts)
    return (
        f" '{_name(node)}' holds, {word}: {names}"
        " (? at most one, * any number, + at least one, else exactly one)."
    )


def _often(part: Part) -> str:
    names = " | ".join(part.types)
    sign = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((part.least, part.most), "")
    return f"({names}){sign}" if len(part.types) > 1 else f"{names}{sign}"


def _name(node: XmlNode) -> str:
    return str(node.tag)[:_LONGEST_NAME]


def _attribute_problems(node: XmlNode, content: Content) -> Iterator[Problem]:
    given = {str(name): str(value) for name, value in node.attrib.items()}
    for name, value in given.items():
        if name.removeprefix(INSTANCE) in _HINTS and name.startswith(INSTANCE):
            continue
        kind = content.attributes.get(name)
        if kind is None:
            others = ", ".join(content.attributes) or "none"
            told = f"is not allowed to appear in element '{_name(node)}' (allowed: {others})."
            text = f"cvc-complex-type.3.2.2: Attribute '{name[:_LONGEST_NAME]}' {told}"
            yield Problem(node, text)
        elif not fits(kind, value):
            where = f"attribute '{name}' on element '{_name(node)}'"
            yield Problem(node, _unfit(where, kind))
    for name in sorted(content.required - given.keys()):
        told = f"must appear on element '{_name(node)}': {allowed(content.attributes[name])}."
        yield Problem(node, f"cvc-complex-type.4: Attribute '{name}' {told}")


def _text_problems(node: XmlNode, kind: str, children: list[XmlNode]) -> Iterator[Problem]:
    if children:
        told = f"Element '{_name(node)}' holds text only: {allowed(kind)}."
        yield Problem(node, f"cvc-type.3.1.2: {told}")
    elif not fits(kind, node.text or ""):
        yield Problem(node, _unfit(f"element '{_name(node)}'", kind))


def _unfit(where: str, kind: str) -> str:
    listed = our_schema().value(kind).listed
    name = "cvc-enumeration-valid" if listed else "cvc-datatype-valid.1.2.1"
    return f"{name}: The value of {where} must be {allowed(kind)}."


def _misfit(node: XmlNode, content: Content, children: list[XmlNode]) -> tuple[int, str]:
    """The place of the first child that does not fit, and why; past the end: one is missing."""
    at, expected = (_anyhow if content.any_order else _in_order)(content.parts, children)
    one_of = f"One of '{{{', '.join(expected)}}}' is expected." if expected else ""
    order = order_of(node, content)
    if at is None:
        return -1, ""
    if at == len(children):
        told = f"The content of element '{_name(node)}' is not complete."
        return at, f"cvc-complex-type.2.4.b: {told} {one_of}{order}"
    told = f"Invalid content was found starting with element '{_name(children[at])}'."
    if expected:
        return at, f"cvc-complex-type.2.4.a: {told} {one_of}{order}"
    none = "No child element is expected at this point."
    return at, f"cvc-complex-type.2.4.d: {told} {none}{order}"


def _in_order(parts: tuple[Part, ...], children: list[XmlNode]) -> tuple[int | None, list[str]]:
    at = 0
    open_: list[str] = []
    for part in parts:
        count = 0
        while at < len(children) and children[at].tag in part.types and count != part.most:
            at, count = at + 1, count + 1
        if count:
            open_ = []
        if count != part.most:
            open_ += part.types
        if count < part.least:
            return at, open_
    return (None, []) if at == len(children) else (at, open_)


def _anyhow(parts: tuple[Part, ...], children: list[XmlNode]) -> tuple[int | None, list[str]]:
    left = [name for part in parts for name in part.types]
    for at, child in enumerate(children):
        if child.tag not in left:
            return at, left
        left.remove(str(child.tag))
    return None, []
