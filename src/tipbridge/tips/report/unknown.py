"""What a document holds that no version of the schema names: set aside, or left to be refused.

Only a name found nowhere in the schema is unknown. One that the schema has elsewhere is out of
place, and stays to be refused: an address in the wrong element would be lost without a word.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field

from tipbridge.tips.report.nodes import INSTANCE, XmlNode
from tipbridge.tips.report.schema import attribute_names, element_names
from tipbridge.tips.report.strictness import Mode, Strictness
from tipbridge.tips.report.tree import Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The rest of a document without the unknown; and which elements hold what is unknown.

    Shape: numbers count elements from 0 in document order, of the whole document.
    """

    rest: XmlNode = field(repr=False)
    elements: tuple[int, ...] = ()
    attributes: tuple[int, ...] = ()


def known(element: Element) -> Iterator[Element]:
    """An element and all below it that is of the schema, in document order."""
    yield element
    for child in element.children:
        if child.name in element_names():
            yield from known(child)


def set_aside(tree: XmlNode, strictness: Strictness) -> Unknown:
    """Set aside what is unknown as far as that is lenient; the document itself stays as it is."""
    elements = _unknown_elements(tree) if _is_lenient("unknown-element", strictness) else []
    within = {node for element in elements for node in element.iter()}
    attributes = [
        node
        for node in (tree.iter() if _is_lenient("unknown-attribute", strictness) else ())
        if node not in within and any(_is_unknown(str(name)) for name in node.attrib)
    ]
    if not elements and not attributes:
        return Unknown(rest=tree)
    order = {node: number for number, node in enumerate(tree.iter())}
    found = Unknown(
        rest=copy.deepcopy(tree),
        elements=tuple(order[node] for node in elements),
        attributes=tuple(order[node] for node in attributes),
    )
    _remove(found)
    return found


def _is_lenient(rule: str, strictness: Strictness) -> bool:
    return strictness.of(rule) is Mode.LENIENT


def _unknown_elements(tree: XmlNode) -> list[XmlNode]:
    """The outermost elements of a name that the schema has nowhere."""
    names = element_names()
    found: list[XmlNode] = []
    for child in tree:
        if str(child.tag) not in names:
            found.append(child)
        else:
            found.extend(_unknown_elements(child))
    return found


def _is_unknown(name: str) -> bool:
    return name not in attribute_names() and not name.startswith(INSTANCE)


def _remove(found: Unknown) -> None:
    nodes = list(found.rest.iter())
    for number in found.attributes:
        for name in [str(name) for name in nodes[number].attrib if _is_unknown(str(name))]:
            del nodes[number].attrib[name]
    for number in found.elements:
        parent, before = nodes[number].getparent(), nodes[number].getprevious()
        tail = nodes[number].tail or ""
        if parent is None:
            continue
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
        parent.remove(nodes[number])
