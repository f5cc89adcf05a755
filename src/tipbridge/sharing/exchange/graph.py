"""What a package says as CASE/UCO JSON-LD, so that other agencies' tools read it. Pure.

The graph follows from statements and parts alone, so that a reader can make it again and refuse
any other (ADR 0064). docs/package-format.md says how each node is made.
"""

import re
from collections.abc import Mapping, Sequence
from typing import cast

from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.knowledge.agreements.markings import UNMARKED, Marking
from tipbridge.knowledge.agreements.model import DataClass, Form, Part
from tipbridge.sharing.exchange.model import FileSlot, SaltedPart, Statement
from tipbridge.sharing.exchange.ontology import Json, Nodes, moment
from tipbridge.sharing.exchange.statement import commitment_of, time_text

_BASE = "urn:tipbridge:package:"
_FACETS = (
    (DataClass.IP, "address", "IPv4AddressFacet", "addressValue"),
    (DataClass.CONTACT, "address", "EmailAddressFacet", "addressValue"),
    (DataClass.CONTACT, "number", "PhoneAccountFacet", "phoneNumber"),
    (DataClass.ACCOUNT, "account", "AccountFacet", "accountIdentifier"),
    (DataClass.MATERIAL_ADDRESS, "url", "URLFacet", "fullValue"),
)
"""Which text of a value of a class stands in which property of which facet."""
_DIGITS = {"md5": 32, "sha1": 40, "sha256": 64}
_HEXADECIMAL = frozenset("0123456789abcdef")
_PERSON = re.compile("people/[0-9]+(?=/)", re.ASCII)


def graph_of(
    statements: Sequence[Statement], parts: Sequence[SaltedPart], files: Sequence[FileSlot]
) -> bytes:
    """The canonical JSON of the graph: who sent what on to whom, how it is marked, every part.

    Shape: `parts` by label, `files` in the order in which they lie in the bag.
    """
    return canonical_json(_Graph(statements, parts, files).whole())


class _Graph:
    def __init__(
        self,
        statements: Sequence[Statement],
        parts: Sequence[SaltedPart],
        files: Sequence[FileSlot],
    ) -> None:
        self._statements, self._parts = statements, parts
        self._files = {slot.label: number for number, slot in enumerate(files)}
        self._nodes = Nodes(_BASE)
        self._about: dict[str, list[Json]] = {}

    def whole(self) -> Json:
        marked = self._marked(self._statements[-1])
        names: dict[int, list[str]] = {}
        for salted in self._parts:
            names.setdefault(salted.hop, []).append(self._part(salted, marked))
        self._people()
        for hop, statement in enumerate(self._statements):
            self._sending(statement, names.get(hop, []))
        return self._nodes.whole()

    def _marked(self, statement: Statement) -> Json:
        """What refers to the markings of a statement; nothing where it states none."""
        if statement.marking == UNMARKED:
            return {}
        name = statement.package_id
        definitions: list[Json] = [
            {
                "@id": self._nodes.id("marking-word", name, word),
                "@type": "uco-marking:StatementMarking",
                "uco-marking:definitionType": "statement",
                "uco-marking:statement": word,
            }
            for word in marking_words(statement.marking)
        ]
        node: Json = {
            "@id": self._nodes.id("marking", name),
            "@type": "uco-marking:MarkingDefinition",
            "uco-marking:definitionType": "statement",
            "uco-marking:definition": definitions,
        }
        return {"uco-core:objectMarking": [self._nodes.add(node)]}

    def _organization(self, node_id: str) -> Json:
        return self._nodes.add(
            {
                "@id": self._nodes.id("organization", node_id),
                "@type": "uco-identity:Organization",
                "uco-core:name": node_id,
            }
        )

    def _sending(self, statement: Statement, parts: Sequence[str]) -> None:
        """A statement: an action of its sender, whose result is a record of its own parts."""
        name = statement.package_id
        sender, recipient = map(self._organization, (statement.sender, statement.recipient))
        marked = self._marked(statement)
        record: Json = {
            "@id": self._nodes.id("provenance", name),
            "@type": "case-investigation:ProvenanceRecord",
            "uco-core:description": ["What the sender's statement commits to"],
            "case-investigation:exhibitNumber": name,
            "uco-core:object": [sender, *({"@id": part} for part in parts)],
            **marked,
        }
        action: Json = {
            "@id": self._nodes.id("action", name),
            "@type": "case-investigation:InvestigativeAction",
            "uco-core:name": statement.kind.value,
            "uco-core:description": [
                f"purpose: {statement.purpose.value}",
                f"basis: {statement.basis.kind.value} {statement.basis.id}".rstrip(),
            ],
            "uco-action:startTime": moment(time_text(statement.sent_at)),
            "uco-action:performer": sender,
            "uco-action:participant": [recipient],
            "uco-action:result": [self._nodes.add(record)],
            **marked,
        }
        self._nodes.add(action)

    def _part(self, salted: SaltedPart, marked: Json) -> str:
        """A part; its name, noted under the person that its label says it is about."""
        part, name = salted.part, commitment_of(salted.part, salted.salt)
        facets = self._facets(part, name)
        kind = "uco-observable:ObservableObject" if facets else "uco-core:Assertion"
        said = canonical_json(part.value).decode("utf-8")
        node: Json = {
            "@id": self._nodes.id("part", name),
            "@type": kind,
            "uco-core:name": part.label,
            "uco-core:tag": [part.data_class.value, part.form.value],
            **({"uco-core:hasFacet": facets} if facets else {}),
            **({"uco-core:description": [said]} if facets else {"uco-core:statement": [said]}),
            **marked,
        }
        made = self._nodes.add(node)
        person = _PERSON.match(part.label)
        if person is not None:
            self._about.setdefault(person[0], []).append(made)
        return made["@id"]

    def _people(self) -> None:
        """The people whom labels tell apart, each with the parts about it."""
        first = self._statements[0].package_id
        for label, parts in self._about.items():
            person = self._nodes.add(
                {
                    "@id": self._nodes.id("person", first, label),
                    "@type": "uco-identity:Person",
                    "uco-core:name": label,
                }
            )
            self._nodes.add(
                {
                    "@id": self._nodes.id("about", first, label),
                    "@type": "uco-core:Relationship",
                    "uco-core:source": parts,
                    "uco-core:target": person,
                    "uco-core:kindOfRelationship": "Related_To",
                    "uco-core:isDirectional": True,
                }
            )

    def _facets(self, part: Part, name: str) -> list[Json]:
        if part.form is not Form.EXACT or not isinstance(part.value, dict):
            return []
        value = cast("dict[str, object]", part.value)
        number = self._files.get(part.label)
        if number is not None:
            return [self._path(f"data/files/{number}", name), self._content(value, name)]
        if part.data_class is DataClass.CONTENT_HASH:
            return [self._content(value, name)] if _digests(value) else []
        return [
            self._facet(facet, property_, text, name)
            for data_class, key, facet, property_ in _FACETS
            if part.data_class is data_class and isinstance(text := value.get(key), str)
        ]

    def _facet(self, facet: str, property_: str, text: str, name: str) -> Json:
        if facet == "IPv4AddressFacet" and ":" in text:
            facet = "IPv6AddressFacet"
        return {
            "@id": self._nodes.id("facet", name, property_),
            "@type": f"uco-observable:{facet}",
            f"uco-observable:{property_}": text,
        }

    def _path(self, path: str, name: str) -> Json:
        return {
            "@id": self._nodes.id("file-facet", name),
            "@type": "uco-observable:FileFacet",
            "uco-observable:filePath": path,
        }

    def _content(self, value: Mapping[str, object], name: str) -> Json:
        size = value.get("size_bytes")
        counted = size if type(size) is int and size >= 0 else None
        return self._nodes.content_facet((name,), counted, _digests(value))


def marking_words(marking: Marking) -> list[str]:
    """What a marking states, one text for each: TLP, PAP, H-codes, grades."""
    grades = (("source", marking.source), ("information", marking.information))
    return [
        *(word.value for word in (marking.tlp, marking.pap) if word is not None),
        *sorted(code.value for code in marking.handling),
        *(f"{name} {grade.value}" for name, grade in grades if grade is not None),
    ]


def _digests(value: Mapping[str, object]) -> dict[str, str]:
    """The digests of a value, each of its own length."""
    return {
        key: found
        for key, digits in _DIGITS.items()
        if isinstance(found := value.get(key), str)
        and len(found) == digits
        and _HEXADECIMAL.issuperset(found)
    }
