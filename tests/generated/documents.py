"""Valid documents, drawn from the schema and mended where a rule of the protocol asks for more."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.tips.report.building import etree, minimal, put, roads, text_kind
from tests.tips.report.samples import KNOWN_EMAILS, is_free, samples
from tipbridge.tips.report.schema import our_schema

_LETTERS = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"
)
_WORDS = st.text(_LETTERS, max_size=20)
_TIMES = ("disabledDate", "userNotifiedDate", "reenabledDate")
_OURS = 900_000_001
_OFTEN = 3
_MOST = 60
_GOOD_OFTEN = 9
"""The texts at the edge are long; most of a document is not."""
_ORDERED = ("2013-01-01T00:00:00Z", "2013-01-01T09:00:00+09:00", "2013-02-01T00:00:00Z")
STYLES = ("declared", "bare", "marked", "spaced", "escaped")
"""How a document is put into bytes, as the clients differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A child or an attribute that the schema allows in elements of one type.

    Shape: `path` leads from the root to such an element; an attribute's name begins with `@`.
    """

    kind: str
    path: tuple[str, ...]
    name: str
    of: str


@cache
def places_of(root: str) -> tuple[Place, ...]:
    """Every place of documents with this root, each type of element by its shortest road."""
    found: list[Place] = []
    for kind, (top, path) in roads().items():
        if top == root:
            content = our_schema().content(kind)
            named = [pair for part in content.parts for pair in part.types.items()]
            named += [(f"@{name}", of) for name, of in content.attributes.items()]
            found += [Place(kind=kind, path=path, name=name, of=of) for name, of in named]
    return tuple(found)


def places_in(tree: Any) -> set[tuple[str, str]]:
    """The places that a document has something in: type of element and name."""
    found: set[tuple[str, str]] = set()
    waiting = [(tree, our_schema().roots[tree.tag])]
    while waiting:
        node, kind = waiting.pop()
        if kind not in our_schema().contents:
            continue
        content = our_schema().content(kind)
        found |= {(kind, f"@{name}") for name in node.attrib}
        for child in node:
            found.add((kind, child.tag))
            waiting.append((child, content.type_of(child.tag) or ""))
    return found


@st.composite
def report_trees(draw: st.DrawFn, wanted: Place | None = None) -> Any:
    """A valid `<report>` as a tree; with `wanted` in it, or with any place or none."""
    root = _element(draw, "report", "report", [draw(st.integers(0, _MOST))])
    if wanted is not None or draw(st.integers(0, 15)):
        for batch in root.findall("batchedReport"):
            root.remove(batch)
    _seek(draw, root, wanted)
    mend(root)
    return root


@st.composite
def details_trees(draw: st.DrawFn, about: tuple[str, str], wanted: Place | None = None) -> Any:
    """A valid `<fileDetails>` about this report and file, as a tree."""
    root = _element(draw, "fileDetails", "fileDetails", [draw(st.integers(0, _MOST))])
    _seek(draw, root, wanted)
    mend_details(root)
    root.find("reportId").text, root.find("fileId").text = about
    return root


def trees_of(root: str, about: tuple[str, str] | None) -> st.SearchStrategy[Any]:
    """Valid documents with this root: reports, or details about a report's file."""
    if root == "report":
        return report_trees()
    assert about is not None
    return details_trees(about)


@st.composite
def documents(draw: st.DrawFn, root: str, about: tuple[str, str] | None = None) -> bytes:
    """A valid document with this root, in bytes."""
    return written(draw(trees_of(root, about)), draw(st.sampled_from(STYLES)))


def written(root: Any, style: str = "bare") -> bytes:
    """A tree in bytes."""
    if style == "escaped":
        return etree.tostring(root)
    before = {"declared": b'<?xml version="1.0" encoding="UTF-8"?>\n', "marked": b"\xef\xbb\xbf"}
    body = etree.tostring(root, encoding="unicode").encode()
    return before.get(style, b"\r\n " if style == "spaced" else b"") + body


def _element(draw: st.DrawFn, name: str, kind: str, room: list[int]) -> Any:
    """An element; `room` is for how many more that may be absent there is."""
    content = our_schema().content(kind)
    node = etree.Element(name)
    if content.text is not None:
        node.text = draw(_texts(name, text_kind(kind)))
    places = len(content.parts) + len(content.attributes)
    chosen = draw(st.integers(0, 8**places - 1)) if places else 0
    for attribute, of in content.attributes.items():
        chosen, lot = divmod(chosen, 8)
        if lot < _OFTEN or attribute in content.required:
            node.set(attribute, draw(_texts(attribute, of)))
    children: list[Any] = []
    for part in content.parts:
        chosen, lot = divmod(chosen, 8)
        wanted = (lot < _OFTEN) + (lot == 1 and part.most is None)
        times = max(part.least, min(wanted, room[0]))
        room[0] -= times
        for _ in range(times):
            names = sorted(part.types)
            picked = names[0] if len(names) == 1 else draw(st.sampled_from(names))
            children.append(_element(draw, picked, part.types[picked], room))
    node.extend(reversed(children) if content.any_order else children)
    return node


def _seek(draw: st.DrawFn, root: Any, wanted: Place | None) -> None:
    """Put a place in: what stands deep or late is else hardly ever reached."""
    place = wanted or draw(st.none() | st.sampled_from(places_of(root.tag)))
    if place is None:
        return
    node, kind = root, our_schema().roots[root.tag]
    for name in place.path:
        node, kind = _went(node, kind, name)
    if place.name.startswith("@"):
        if place.name == "@accountType":
            node.attrib.pop("type", None)  # one word for the other, never both
        node.set(place.name[1:], draw(_texts(place.name[1:], place.of)))
    else:
        _went(node, kind, place.name)


def _went(node: Any, kind: str, name: str) -> tuple[Any, str]:
    """The child of this name and its type; made where there is none."""
    content = our_schema().content(kind)
    of = content.type_of(name) or ""
    child = node.find(name)
    if child is None:
        part = next(part for part in content.parts if name in part.types)
        if len(part.types) > 1:
            for other in [each for each in node if each.tag in part.types]:
                node.remove(other)
        child = put(node, content, minimal(name, of))
    return child, of


@cache
def _texts(name: str, kind: str) -> st.SearchStrategy[str]:
    found = samples(name, kind)
    known = st.sampled_from((*(found.good + found.edges) * 2, *found.good * _GOOD_OFTEN))
    return known | _WORDS if is_free(name, kind) else known


def mend_details(details: Any) -> None:
    """Make file details that fit the schema keep the rules as well."""
    content = our_schema().content("fileDetails")
    if (details.findtext("exifViewedByEsp") or "").strip() in ("true", "1"):
        if details.find("fileViewedByEsp") is None:
            put(details, content, etree.Element("fileViewedByEsp"))
        details.find("fileViewedByEsp").text = "true"
    if details.findtext("fileRelevance") == "Supplemental Reported":
        for name in ("industryClassification", "potentialMeme", "fileAnnotations/potentialMeme"):
            for old in details.findall(name):
                old.getparent().remove(old)


def mend(report: Any) -> None:
    """Make a report that fits the schema keep the rules as well."""
    for node in report.iter():
        if "verificationDate" in node.attrib:
            node.set("verified", "true")
        if node.tag in ("priorCTReports", "priorCTReport") and int(node.text) >= _OURS:
            node.text = "250000000"
        for name, text in zip(_TIMES, _ORDERED, strict=True):
            if name in node.attrib:
                node.set(name, text)
    for place in list(report.iter("estimatedLocation")):
        _mend_place(place)
    for account in list(report.iter("associatedAccount")):
        _mend_account(account)
    person = report.find("reporter/reportingPerson")
    if person.find("email") is None:
        put(person, our_schema().content("person"), minimal("email", "email"))
    _mend_people(report)


def _mend_place(place: Any) -> None:
    content = our_schema().content("estimatedLocation")
    if place.find("countryCode") is None:
        put(place, content, minimal("countryCode", "country"))
    if place.find("countryCode").text == "US":
        for old in place.findall("region"):
            place.remove(old)
        put(place, content, minimal("region", "text255")).text = "IL"


def _mend_account(account: Any) -> None:
    if "accountType" in account.attrib and "type" in account.attrib:
        del account.attrib["accountType"]
    elif "accountType" not in account.attrib:
        account.set("type", account.get("type", "Other"))
    if account.find("approximateAge") is not None:
        for born in account.findall("dateOfBirth"):
            account.remove(born)


def _mend_people(report: Any) -> None:
    if report.find("batchedReport") is not None:
        _mend_batch(report)
        return
    for extra in report.findall("personOrUserReported")[1:]:
        report.remove(extra)
    if report.find(".//emailAddress") is not None:
        victim = put(report, our_schema().content("report"), minimal("victim", "victim"))
        for address in KNOWN_EMAILS:
            etree.SubElement(victim[0], "email").text = address


def _mend_batch(report: Any) -> None:
    for name in ("internetDetails", "lawEnforcement", "intendedRecipient", "victim"):
        for old in report.findall(name):
            report.remove(old)
    for parent in (report, report.find("incidentSummary")):
        for old in [*parent.findall("additionalInfo"), *parent.findall("escalateToHighPriority")]:
            parent.remove(old)
    for person in report.findall("personOrUserReported"):
        person[:] = [minimal("espIdentifier", "text255")]
