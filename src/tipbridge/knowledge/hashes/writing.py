"""Lists as others read them: our own table, bare lines, VICS and MISP documents."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from itertools import groupby
from typing import cast

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.hashes.documents import MISP_ITEM, MISP_MARK
from tipbridge.knowledge.hashes.model import DigestKind, Entry, Scheme
from tipbridge.knowledge.hashes.rules import EXACT_KINDS, MARKS, written_digest

COLUMNS = ("kind", "digest", "mark", "item", "frame", "quality")
VICS_CONTEXT = (
    "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/CUSTOM/$metadata#Media"
)
_VICS_NAMES = {DigestKind.MD5: "MD5", DigestKind.SHA1: "SHA1", DigestKind.SHA256: "SHA256"}


def write_table(entries: Iterable[Entry]) -> Iterator[bytes]:
    """CSV with every column of an entry: read again, it gives the same entries."""
    yield _line(COLUMNS)
    for each in entries:
        digest = written_digest(each.kind, each.digest)
        yield _line((each.kind, digest, each.mark, each.item, each.frame, each.quality))


def _line(cells: Iterable[object]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow("" if each is None else each for each in cells)
    return text.getvalue().encode()


def write_lines(entries: Iterable[Entry]) -> Iterator[bytes]:
    """One MD5, SHA-1 or SHA-256 a line, with its mark where it has one."""
    for each in entries:
        yield _line((each.digest.hex(), each.mark) if each.mark else (each.digest.hex(),))


def write_vics(entries: Iterable[Entry]) -> Iterator[bytes]:
    """A VICS 2.0 hash set: one medium for each item, so entries come in order of items.

    Shape: a mark that is none of 0 to 5 is no category; it goes into the medium's tags.
    """
    yield f'{{"@odata.context":{json.dumps(VICS_CONTEXT)},"value":['.encode()
    first, highest = True, 0
    for (item, mark), found in groupby(entries, key=lambda each: (each.item, each.mark)):
        digests = list(found)
        if item is not None and item.isascii() and item.isdecimal():
            highest = max(highest, int(item))
        for of_one in [digests] if item is not None else [[each] for each in digests]:
            highest += item is None
            medium = _medium(str(highest) if item is None else item, mark, of_one)
            yield (b"\n" if first else b",\n") + json.dumps(medium, ensure_ascii=False).encode()
            first = False
    yield b"\n]}\n"


def _medium(item: str, mark: str | None, entries: Iterable[Entry]) -> dict[str, object]:
    """One file of a hash set; of several digests of a kind the first has the kind's own place."""
    number = item.isascii() and item.isdecimal() and str(int(item)) == item
    category = mark in MARKS[Scheme.VICS]
    medium: dict[str, object] = {"MediaID": int(item) if number else item}
    medium["Category"] = int(mark) if mark is not None and category else None
    if mark is not None and not category:
        medium["Tags"] = mark
    others: list[dict[str, str]] = []
    for each in entries:
        digest, name = written_digest(each.kind, each.digest), _VICS_NAMES.get(each.kind)
        if name is not None and name not in medium:
            medium[name] = digest.upper()
        else:
            others.append({"HashName": each.kind.upper(), "HashValue": digest})
    return medium | ({"AlternativeHashes": others} if others else {})


def write_misp(entries: Iterable[Entry]) -> Iterator[bytes]:
    """MISP attributes; mark and item are tags of ours."""
    yield b'{"response":{"Attribute":['
    first = True
    for each in entries:
        attribute: dict[str, object] = {
            "type": each.kind.value,
            "category": "Payload delivery",
            "to_ids": True,
            "value": each.digest.hex(),
        }
        tags = [(MISP_MARK, each.mark), (MISP_ITEM, each.item)]
        named = [{"name": f'{name}="{said}"'} for name, said in tags if said is not None]
        attribute |= {"Tag": named} if named else {}
        yield (b"\n" if first else b",\n") + json.dumps(attribute, ensure_ascii=False).encode()
        first = False
    yield b"\n]}}\n"


WRITERS: Mapping[str, Callable[[Iterable[Entry]], Iterator[bytes]]] = {
    "csv": write_table,
    "text": write_lines,
    "vics": write_vics,
    "misp": write_misp,
}
_EXACT = frozenset(EXACT_KINDS)
HOLDS: Mapping[str, frozenset[DigestKind]] = {
    "csv": frozenset(DigestKind),
    "text": _EXACT,  # others can't be told apart there
    "vics": frozenset(DigestKind) - {DigestKind.VPDQ},  # frames of videos have no place in it
    "misp": _EXACT,
}
"""The kinds that each form has a place for."""


_KEEPS: Mapping[str, frozenset[str]] = {
    "csv": frozenset({"mark", "item", "frame", "quality"}),
    "text": frozenset({"mark"}),
    "vics": frozenset({"mark", "item"}),
    "misp": frozenset({"mark", "item"}),
}
"""What each form has a place for beside a digest."""
BY_ITEM = frozenset({"vics"})
"""Forms that are written item by item."""


class Written:
    """Entries in a form, piece by piece; and then how many, or what of them, it had no place for.

    Shape: `left_out` counts entries by kind, `lost` what other entries had beside their digest.
    Errors: Invalid for a form that is not written.
    """

    def __init__(self, form: str, entries: Iterable[Entry]) -> None:
        if form not in WRITERS:
            raise Invalid(f"No form {form!r} to write a list in; one of: {', '.join(WRITERS)}.")
        self._form, self._entries = form, entries
        self.left_out: Counter[str] = Counter()
        self.lost: Counter[str] = Counter()

    def __iter__(self) -> Iterator[bytes]:
        """The pieces."""
        return WRITERS[self._form](self._held())

    def close(self) -> None:
        """Give back what the entries are read by, also if they were not read to their end."""
        if isinstance(self._entries, Generator):
            cast("Generator[Entry]", self._entries).close()

    def _held(self) -> Iterator[Entry]:
        without = _KEEPS["csv"] - _KEEPS[self._form]
        for each in self._entries:
            if each.kind in HOLDS[self._form]:
                self.lost.update(name for name in without if getattr(each, name) is not None)
                yield each
            else:
                self.left_out[each.kind.value] += 1
