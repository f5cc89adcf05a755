"""Lists as others read them: our own table, bare lines, VICS and MISP documents."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.hashes.model import DigestKind, Entry
from tipbridge.knowledge.hashes.rules import EXACT_KINDS, written_digest

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
    """One MD5, SHA-1 or SHA-256 a line."""
    for each in entries:
        yield f"{each.digest.hex()}\n".encode()


def write_vics(entries: Iterable[Entry]) -> Iterator[bytes]:
    """A VICS 2.0 hash set: one medium for each entry."""
    yield f'{{"@odata.context":{json.dumps(VICS_CONTEXT)},"value":['.encode()
    first = True
    for number, each in enumerate(entries, start=1):
        medium: dict[str, object] = {"MediaID": each.item or str(number), "Category": each.mark}
        digest = written_digest(each.kind, each.digest)
        if each.kind in _VICS_NAMES:
            medium[_VICS_NAMES[each.kind]] = digest.upper()
        else:
            medium["AlternativeHashes"] = [{"HashName": each.kind.upper(), "HashValue": digest}]
        yield (b"\n" if first else b",\n") + json.dumps(medium, ensure_ascii=False).encode()
        first = False
    yield b"\n]}\n"


def write_misp(entries: Iterable[Entry]) -> Iterator[bytes]:
    """MISP attributes."""
    yield b'{"response":{"Attribute":['
    first = True
    for each in entries:
        attribute = {
            "type": each.kind.value,
            "category": "Payload delivery",
            "to_ids": True,
            "value": each.digest.hex(),
        }
        yield (b"\n" if first else b",\n") + json.dumps(attribute).encode()
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


class Written:
    """Entries in a form, piece by piece; and then, by kind, how many it had no place for.

    Errors: Invalid for a form that is not written.
    """

    def __init__(self, form: str, entries: Iterable[Entry]) -> None:
        if form not in WRITERS:
            raise Invalid(f"No form {form!r} to write a list in; one of: {', '.join(WRITERS)}.")
        self._form, self._entries = form, entries
        self.left_out: Counter[str] = Counter()

    def __iter__(self) -> Iterator[bytes]:
        """The pieces."""
        return WRITERS[self._form](self._held())

    def _held(self) -> Iterator[Entry]:
        for each in self._entries:
            if each.kind in HOLDS[self._form]:
                yield each
            else:
                self.left_out[each.kind.value] += 1
