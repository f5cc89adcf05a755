"""From bytes that a member sent to a submission or a vote; every limit before its cost."""

from collections.abc import Iterable, Iterator

from lxml import etree

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.hashsharing.errors import UnfitDocument
from tipbridge.knowledge.hashsharing.model import (
    Change,
    Classification,
    EntryKind,
    Fingerprint,
    FingerprintType,
)
from tipbridge.knowledge.hashsharing.rules import ENTRY_ID, ENTRY_ID_WORDS, read_value

NAMESPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
MAX_BYTES = 8 * 1024 * 1024
MAX_CHANGES = 1000
MAX_TAGS = 40_000

_Node = etree._Element  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - lxml publishes none
_LINES = {
    **{kind.value: (kind, False) for kind in EntryKind},
    **{f"deleted{kind.title()}": (kind, True) for kind in EntryKind},
}
_TYPES = {type_.element: type_ for type_ in FingerprintType}


def read_submission(body: bytes) -> tuple[Change, ...]:
    """The entries of an `<entrySubmission>`, each at most once.

    Errors: UnfitDocument with line, element and what is allowed.
    """
    root = _root(body, "entrySubmission")
    changes: dict[str, Change] = {}
    for node in root:
        name = _name(node)
        if name not in _LINES:
            raise _unfit(node, f"not allowed here; allowed are {_listed(_LINES)}")
        if len(changes) >= MAX_CHANGES:
            raise _unfit(node, f"a submission holds at most {MAX_CHANGES} entries")
        kind, deleted = _LINES[name]
        change = _deletion(node, kind) if deleted else _entry(node, kind)
        if change.entry_id in changes:
            raise _unfit(node, f"the entry {change.entry_id} stands twice in this submission")
        changes[change.entry_id] = change
    if not changes:
        raise _unfit(root, f"empty; 1 to {MAX_CHANGES} of {_listed(_LINES)} are needed")
    return tuple(changes.values())


def read_vote(body: bytes) -> tuple[str, ...] | None:
    """The reasons of a `<feedbackSubmission>`; None for a vote in favour.

    Errors: UnfitDocument.
    """
    root = _root(body, "feedbackSubmission")
    found = list(root)
    if len(found) != 1 or _name(found[0]) not in {"affirmative", "negative"}:
        raise _unfit(root, "must hold exactly one of <affirmative>, <negative>")
    if _name(found[0]) == "affirmative":
        _children(found[0], ())
        return None
    reasons = _children(found[0], ("reasonIds",)).get("reasonIds")
    if reasons is None:
        raise _unfit(found[0], "must hold <reasonIds>")
    for each in reasons:
        if _name(each) != "guid":
            raise _unfit(each, "not allowed here; allowed is <guid>")
    guids = tuple(dict.fromkeys(_text(each).lower() for each in reasons))
    if not guids:
        raise _unfit(reasons, "must hold at least one <guid>")
    return guids


def _entry(node: _Node, kind: EntryKind) -> Change:
    parts = _children(node, ("id", "classification", "fingerprints", "access"))
    prints = tuple(_fingerprints(parts["fingerprints"])) if "fingerprints" in parts else ()
    if not prints:
        raise _unfit(node, f"must hold <fingerprints> with at least one of {_listed(_TYPES)}")
    return Change(
        entry_id=_entry_id(node, parts),
        kind=kind,
        classification=_classification(parts.get("classification")),
        fingerprints=tuple(sorted(prints, key=lambda each: list(FingerprintType).index(each.type))),
        visible_to=frozenset(_access(parts["access"])) if "access" in parts else frozenset(),
    )


def _deletion(node: _Node, kind: EntryKind) -> Change:
    return Change(entry_id=_entry_id(node, _children(node, ("id",))), kind=kind, deleted=True)


def _entry_id(node: _Node, parts: dict[str, _Node]) -> str:
    if "id" not in parts:
        raise _unfit(node, "must hold <id>")
    found = _text(parts["id"])
    if not ENTRY_ID.fullmatch(found):
        raise _unfit(parts["id"], f"{ENTRY_ID_WORDS} are allowed")
    return found


def _classification(node: _Node | None) -> Classification | None:
    if node is None:
        return None
    if _text(node) not in set(Classification):
        raise _unfit(node, f"one of {', '.join(Classification)} is allowed")
    return Classification(_text(node))


def _fingerprints(node: _Node) -> Iterator[Fingerprint]:
    for name, each in _children(node, tuple(_TYPES)).items():
        try:
            yield Fingerprint(type=_TYPES[name], value=read_value(_TYPES[name], _text(each)))
        except Invalid as refusal:
            raise _unfit(each, refusal.public) from refusal


def _access(node: _Node) -> Iterator[int]:
    members = list(node)
    if not members:
        raise _unfit(node, "must name at least one <member id>; leave it out for every member")
    for each in members:
        number = each.get("id") or ""
        if _name(each) != "member" or not number.isascii() or not number.isdecimal():
            raise _unfit(each, 'allowed is <member id="NUMBER"/>')
        if len(number) > 9:
            raise _unfit(each, "a member's number has at most 9 digits")
        yield int(number)


def _children(node: _Node, allowed: tuple[str, ...]) -> dict[str, _Node]:
    """The children of an element by name, each of `allowed` at most once."""
    found: dict[str, _Node] = {}
    for child in node:
        name = _name(child)
        if name not in allowed:
            what = f"allowed are {_listed(allowed)}" if allowed else "nothing is allowed"
            raise _unfit(child, f"not allowed in <{_name(node)}>; {what}")
        if name in found:
            raise _unfit(child, f"stands twice in <{_name(node)}>; once is allowed")
        found[name] = child
    return found


def _text(node: _Node) -> str:
    if len(node):
        raise _unfit(node, "holds elements; text is allowed")
    return (node.text or "").strip()


def _name(node: _Node) -> str:
    return str(node.tag).removeprefix(f"{{{NAMESPACE}}}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"<{name}>" for name in names)


def _unfit(node: _Node, what: str) -> UnfitDocument:
    return UnfitDocument(f"Line {node.sourceline}, <{_name(node)[:60]}>: {what}.")


def _root(body: bytes, name: str) -> _Node:
    if body.count(b"<") > MAX_TAGS:
        raise UnfitDocument(f"The document has more than {MAX_TAGS} tags.")
    if b"<!DOCTYPE" in body:
        raise UnfitDocument("The document has a DOCTYPE; none is allowed.")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line, column = getattr(error, "position", (1, 0))
        raise UnfitDocument(
            f"Line {line}, column {column}: the body is no well-formed XML in UTF-8."
        ) from error
    if root.tag != f"{{{NAMESPACE}}}{name}":
        raise _unfit(root, f"the root must be <{name}> in the namespace {NAMESPACE}")
    return root
