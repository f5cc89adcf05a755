"""Documents that together hold every element, attribute and listed value, each value unique."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from xml.sax.saxutils import escape, quoteattr

from tests.tips.report.protocol import ENUMERATIONS, KINDS, Slot

_EPOCH = datetime(2012, 1, 1, tzinfo=UTC)
_OFFSETS = (0, 60, -300, 540, 330)
_REPEATS = {"*": 3, "+": 2}


@dataclass(slots=True)
class Writer:
    """Writes elements by the notation and remembers every value it wrote."""

    given: dict[str, str] = field(default_factory=dict[str, str])
    serial: int = 0
    turns: Counter[str] = field(default_factory=Counter[str])
    owing: bool = False
    emails_owed: list[str] = field(default_factory=list[str])
    written: list[str] = field(default_factory=list[str])
    omitted: frozenset[str] = frozenset()

    def element(self, slot: Slot) -> str:
        """One element with all it may hold."""
        kind = KINDS.get(slot.kind)
        if kind is None:
            return f"<{slot.name}>{escape(self.value(slot))}</{slot.name}>"
        attributes = "".join(self._attributes(slot, kind.attributes))
        if kind.content == "choice":
            children = self.element(kind.children[self._turn(slot.kind) % len(kind.children)])
        elif kind.content == "seq":
            children = "".join(self._children(slot, kind.children))
        else:
            text = kind.content.partition(":")[2] or slot.name
            children = escape(self.value(Slot(name=slot.name, kind=text)))
        return f"<{slot.name}{attributes}>{children}</{slot.name}>"

    def value(self, slot: Slot) -> str:
        """A fresh value for a place."""
        text = self._value(slot)
        self.written.append("true" if slot.kind == "flag" and not text else text)
        return text

    def _turn(self, kind: str) -> int:
        self.turns[kind] += 1
        return self.turns[kind] - 1

    def _value(self, slot: Slot) -> str:
        if slot.kind == "given":
            return self.given[slot.name]
        if slot.kind in ENUMERATIONS:
            listed = ENUMERATIONS[slot.kind]
            return listed[self._turn(slot.kind) % len(listed)]
        self.serial += 1
        makers = {
            "time": self._time,
            "birth": self._birth,
            "ip": self._ip,
            "url": self._url,
            "email": self._email,
            "incidentEmail": self._incident_email,
            "age": lambda: str(self.serial % 151),
            "port": lambda: str(1 + self.serial % 65535),
            "number": lambda: str(800000000 + self.serial),
            "degrees": lambda: f"{self.serial / 1000:.3f}",
            "phoneText": lambda: f"202555{self.serial:05}",
            "digits": lambda: str(self.serial),
            "callingCode": lambda: f"+{300 + self.serial % 700}",
            "zip": lambda: f"zip-{self.serial}",
        }
        make = makers.get(slot.kind)
        return make() if make else f"{slot.name} 값 {self.serial} & <sent>"

    def _time(self) -> str:
        zone = timezone(timedelta(minutes=_OFFSETS[self.serial % len(_OFFSETS)]))
        return (_EPOCH + timedelta(seconds=self.serial)).astimezone(zone).isoformat()

    def _birth(self) -> str:
        return (_EPOCH - timedelta(days=self.serial)).date().isoformat()

    def _ip(self) -> str:
        last = self.serial % 250
        forms = (
            f"2001:db8::{self.serial >> 16:x}:{self.serial & 0xFFFF:x}",
            f"203.0.113.{last}",
            f"::ffff:198.51.100.{last}",
        )
        return forms[self.serial % 3]

    def _url(self) -> str:
        return f"https://site.example/{self.serial}?a=1&b=2"

    def _email(self) -> str:
        if self.owing and self.emails_owed:
            return self.emails_owed.pop()
        return f"u{self.serial}@mail.example"

    def _incident_email(self) -> str:
        self.emails_owed.append(f"i{self.serial}@mail.example")
        return self.emails_owed[-1]

    def _children(self, parent: Slot, slots: tuple[Slot, ...]) -> list[str]:
        found: list[str] = []
        for slot in slots:
            times = _REPEATS.get(slot.often, 1)
            if parent.name == "personOrUserReportedPerson" and slot.name == "email":
                times = 8  # the addresses of the incident must recur here
            if parent.kind == "report":
                times = {"personOrUserReported": 1, "internetDetails": 8, "batchedReport": 0}.get(
                    slot.name, times
                )
            if slot.name == self._left_out(parent) or slot.name in self.omitted:
                times = 0
            self.owing = parent.name == "personOrUserReportedPerson"
            found.extend(self.element(slot) for _ in range(times))
        return found

    def _left_out(self, parent: Slot) -> str | None:
        """Of two that exclude each other, take turns."""
        pairs = {
            "associatedAccount": ("approximateAge", "dateOfBirth"),
            "fileDetails": ("potentialMeme", "fileAnnotations"),
        }
        pair = pairs.get(parent.kind)
        return pair[self.turns[f"<{parent.kind}"] % 2] if pair else None

    def _attributes(self, owner: Slot, slots: tuple[Slot, ...]) -> list[str]:
        self.turns[f"<{owner.kind}"] += 1
        found: list[str] = []
        for slot in slots:
            if owner.kind == "associatedAccount" and slot.kind == "accountType":
                chosen = ("type", "accountType")[self.turns["<associatedAccount"] // 7 % 2]
                if slot.name != chosen:
                    continue
            found.append(f" {slot.name}={quoteattr(self.value(slot))}")
        return found


def _unused(writer: Writer, kinds: tuple[str, ...]) -> bool:
    return any(writer.turns[kind] < len(ENUMERATIONS[kind]) for kind in kinds)


_REPORT_LISTS = (
    "incidentType",
    "accountType",
    "addressType",
    "emailType",
    "phoneType",
    "eventName",
    "bool",
    "flag",
    "state",
    "country",
    "foreignCountry",
)


def maximal_reports() -> list[tuple[bytes, list[str]]]:
    """Reports, each with the values written in it."""
    writer, found = Writer(), []
    while _unused(writer, _REPORT_LISTS) or len(found) < 4:
        writer.written = []
        text = writer.element(Slot(name="report", kind="report"))
        found.append((f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode(), writer.written))
    return [*found, _batched(writer)]


def _batched(writer: Writer) -> tuple[bytes, list[str]]:
    writer.written, writer.omitted = [], frozenset({"escalateToHighPriority"})
    parts = [
        writer.element(Slot(name=name, kind=name))
        for name in ("batchedReport", "incidentSummary", "reporter")
    ]
    for _ in range(3):
        one = writer.value(Slot(name="espIdentifier", kind="espIdentifier"))
        parts.append(
            f"<personOrUserReported><espIdentifier>{escape(one)}</espIdentifier>"
            "</personOrUserReported>"
        )
    return f"<report>{''.join(parts)}</report>".encode(), writer.written


def maximal_file_details(report_id: str, file_ids: list[str]) -> list[tuple[bytes, list[str]]]:
    """Details, one document for each file id in turn, until every listed value was used.

    Shape: more documents than file ids may come back; the ids repeat.
    """
    writer, found = Writer(serial=500_000), []
    lists = ("fileRelevance", "industryClassification", "metadataType", "eventName", "flag")
    while _unused(writer, lists) or len(found) < 4:
        writer.written = []
        writer.given = {"reportId": report_id, "fileId": file_ids[len(found) % len(file_ids)]}
        text = writer.element(Slot(name="fileDetails", kind="fileDetails"))
        if "Supplemental" in text:
            text, writer.written = _supplemental(text, writer.written)
            writer.turns["industryClassification"] -= 1
        found.append((text.encode(), writer.written))
    return found


def _supplemental(text: str, written: list[str]) -> tuple[str, list[str]]:
    """Without what a supplemental file may not have; those values come in the next document."""
    head, mark, marks = text.partition("<fileAnnotations>")
    for name in ("industryClassification", "potentialMeme"):
        if name == "potentialMeme" and not mark:
            continue
        found = re.search(rf"<{name}>([^<]*)</{name}>", marks or head)
        if found is None:
            continue
        head = head.replace(found[0], "") if not mark else head
        marks = marks.replace(found[0], "")
        written = list(written)
        written.remove(found[1] or "true")
    return head + mark + marks, written
