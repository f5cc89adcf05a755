"""A parsed document as plain nested elements, and as the flat list that pages show."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

PRESENCE_FLAGS = frozenset(
    {
        "sextortion", "csamSolicitation", "minorToMinorInteraction", "spam",
        "sadisticOnlineExploitation", "informational", "potentialAggravatingFactors",
        "instrumentalUse", "animeDrawingVirtualHentai", "potentialMeme", "viral",
        "possibleSelfProduction", "physicalHarm", "violenceGore", "bestiality", "liveStreaming",
        "infant", "generativeAi",
    }
)  # fmt: skip
"""Elements that say something by being there; the schema's type `presence`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element with everything the sender wrote in it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict[str, str], repr=False)
    text: str = field(default="", repr=False)
    children: tuple["Element", ...] = field(default=(), repr=False)

    def all(self, name: str) -> tuple["Element", ...]:
        """The children called `name`, in order."""
        return tuple(child for child in self.children if child.name == name)

    def first(self, name: str) -> "Element | None":
        """The first child called `name`."""
        return next((child for child in self.children if child.name == name), None)

    def value(self, name: str) -> str | None:
        """The trimmed text of the first child called `name`; None when absent or empty."""
        child = self.first(name)
        return (child.text.strip() or None) if child is not None else None

    def walk(self) -> Iterator["Element"]:
        """This element and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


def element_json(element: Element) -> dict[str, Any]:
    """The form kept in the database."""
    found: dict[str, Any] = {"name": element.name}
    if element.attributes:
        found["attributes"] = element.attributes
    if element.text:
        found["text"] = element.text
    if element.children:
        found["children"] = [element_json(child) for child in element.children]
    return found


def element_from_json(value: dict[str, Any]) -> Element:
    """The element again, from the form kept in the database."""
    children = cast("list[dict[str, Any]]", value.get("children", []))
    return Element(
        name=str(value["name"]),
        attributes={**value.get("attributes", {})},
        text=str(value.get("text", "")),
        children=tuple(element_from_json(child) for child in children),
    )


def flat_values(element: Element) -> list[tuple[str, str]]:
    """Every element's and attribute's value with its path, in document order.

    Shape: `report/victim[2]/ipCaptureEvent/port`; a number only where a name is repeated;
    attributes as `…/email/@verified`. A presence flag without text counts as "true"; any
    other empty element stays an empty text.
    """
    return list(_flat(element, element.name))


def _flat(element: Element, path: str) -> Iterator[tuple[str, str]]:
    for name, value in element.attributes.items():
        yield f"{path}/@{name}", value
    if element.text or not (element.children or element.attributes):
        yield path, element.text or ("true" if element.name in PRESENCE_FLAGS else "")
    repeated = Counter(child.name for child in element.children)
    seen: Counter[str] = Counter()
    for child in element.children:
        seen[child.name] += 1
        number = f"[{seen[child.name]}]" if repeated[child.name] > 1 else ""
        yield from _flat(child, f"{path}/{child.name}{number}")
