"""Our schema as plain values: what each element holds, in which order, how often, and which text.

Read from the same bytes that are served, so that an explanation can't differ from the verdict.
Only the constructs that our schema uses are known; another one is an error at import.
"""

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from lxml import etree

from tipbridge.tips.report.nodes import XmlNode

_XS = "{http://www.w3.org/2001/XMLSchema}"

SCHEMA_BYTES = files("tipbridge.tips.report").joinpath("schema.xsd").read_bytes()
"""The schema as served at /xsd."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A kind of text: a built-in base and what narrows it; `either` when one of several does."""

    base: str
    listed: tuple[str, ...] = ()
    pattern: str | None = None
    longest: int | None = None
    least: int | None = None
    most: int | None = None
    either: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A step in an element's content: one of these names, so often (`most` None: any number)."""

    types: dict[str, str]
    least: int
    most: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an element holds: parts in order (or in any), or text; and its attributes."""

    parts: tuple[Part, ...] = ()
    any_order: bool = False
    text: str | None = None
    attributes: dict[str, str] = field(default_factory=dict[str, str])
    required: frozenset[str] = frozenset()

    def type_of(self, name: str) -> str | None:
        """The type of a child, when there can be one of this name."""
        return next((part.types[name] for part in self.parts if name in part.types), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Roots, kinds of elements and kinds of text, by name."""

    roots: dict[str, str]
    contents: dict[str, Content]
    values: dict[str, Value]

    def content(self, kind: str) -> Content:
        """What an element of this type holds; one of a plain type holds text only."""
        return self.contents.get(kind) or Content(text=kind)

    def value(self, kind: str) -> Value:
        """What a text of this type may be."""
        return self.values.get(kind) or Value(base=kind)


@cache
def our_schema() -> Schema:
    """The schema of this room."""
    root = etree.fromstring(SCHEMA_BYTES)
    named = {str(node.get("name")): node for node in root}
    tops = [node for node in root if node.tag == f"{_XS}element"]
    return Schema(
        roots={str(node.get("name")): str(node.get("type")) for node in tops},
        contents={n: _content(e) for n, e in named.items() if e.tag == f"{_XS}complexType"},
        values={n: _value(e) for n, e in named.items() if e.tag == f"{_XS}simpleType"},
    )


@cache
def element_names() -> frozenset[str]:
    """Every name that an element of the schema has anywhere."""
    ours = our_schema()
    parts = (part for content in ours.contents.values() for part in content.parts)
    return frozenset(ours.roots).union(*(part.types for part in parts))


@cache
def attribute_names() -> frozenset[str]:
    """Every name that an attribute of the schema has anywhere."""
    return frozenset[str]().union(*(each.attributes for each in our_schema().contents.values()))


def _word(node: XmlNode) -> str:
    return str(node.tag).removeprefix(_XS)


def _elements(node: XmlNode) -> list[XmlNode]:
    return [child for child in node if isinstance(child.tag, str)]


def _content(node: XmlNode) -> Content:
    parts: tuple[Part, ...] = ()
    any_order, text = False, None
    attributes: list[XmlNode] = []
    for child in _elements(node):
        match _word(child):
            case "sequence":
                parts = tuple(_part(each) for each in _elements(child))
            case "all":
                parts, any_order = tuple(_part(each) for each in _elements(child)), True
            case "choice":
                parts = (_part(child),)
            case "attribute":
                attributes.append(child)
            case "simpleContent":
                (extension,) = _elements(child)
                text = str(extension.get("base"))
                attributes.extend(_elements(extension))
            case other:
                raise ValueError(f"The schema has a construct not known here: {other}.")
    return Content(
        parts=parts,
        any_order=any_order,
        text=text,
        attributes={str(each.get("name")): str(each.get("type")) for each in attributes},
        required=frozenset(str(e.get("name")) for e in attributes if e.get("use") == "required"),
    )


def _part(node: XmlNode) -> Part:
    inside = [node] if _word(node) == "element" else _elements(node)
    most = node.get("maxOccurs") or "1"
    return Part(
        types={str(each.get("name")): str(each.get("type")) for each in inside},
        least=int(node.get("minOccurs") or "1"),
        most=None if most == "unbounded" else int(most),
    )


def _value(node: XmlNode) -> Value:
    (child,) = _elements(node)
    if _word(child) == "union":
        return Value(base="", either=tuple(str(child.get("memberTypes")).split()))
    facets: dict[str, list[str]] = {}
    for facet in _elements(child):
        facets.setdefault(_word(facet), []).append(str(facet.get("value")))
    listed = tuple(facets.pop("enumeration", ()))
    single = {name: values[0] for name, values in facets.items()}
    value = Value(
        base=str(child.get("base")),
        listed=listed,
        pattern=single.pop("pattern", None),
        longest=_number(single.pop("maxLength", None)),
        least=_number(single.pop("minInclusive", None)),
        most=_number(single.pop("maxInclusive", None)),
    )
    if single:
        raise ValueError(f"The schema has a facet not known here: {', '.join(single)}.")
    return value


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)
