"""The forms in which lists come: lines and tables here, JSON documents in `documents.py`."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.hashes.documents import DOCUMENTS
from tipbridge.knowledge.hashes.knowngood.reading import FORM as NSRL
from tipbridge.knowledge.hashes.knowngood.reading import MAGIC, SetFile, read_set
from tipbridge.knowledge.hashes.model import DigestKind, Entry, Found, ListPurpose, Reject, Scheme
from tipbridge.knowledge.hashes.rules import checked, digest_kind, digest_words, read_digest

TEXT = "text"
CSV = "csv"
FORMS = (TEXT, CSV, *DOCUMENTS, NSRL)
"""A table is read by its first line, whichever of the first two names it."""
LINE_LENGTH = 4_000
_DOCUMENT_BYTES = 1024**3

_KIND_COLUMNS = {
    "md5": DigestKind.MD5,
    "sha1": DigestKind.SHA1,
    "sha-1": DigestKind.SHA1,
    "sha256": DigestKind.SHA256,
    "sha-256": DigestKind.SHA256,
    "pdq": DigestKind.PDQ,
    "vpdq": DigestKind.VPDQ,
    "photodna": DigestKind.PHOTODNA,
    "netclean": DigestKind.NETCLEAN,
    "tmk-pdqf": DigestKind.TMK_PDQF,
    "videntifier": DigestKind.VIDENTIFIER,
}
_KINDS = {**_KIND_COLUMNS, "other": DigestKind.OTHER}
_COLUMNS = {
    "digest": "digest",
    "hash": "digest",
    "kind": "kind",
    "type": "kind",
    "mark": "mark",
    "classification": "mark",
    "category": "mark",
    "item": "item",
    "image id": "item",
    "frame": "frame",
    "quality": "quality",
}
_OTHERS = frozenset(
    {"crc32", "filename", "filesize", "productcode", "opsystemcode", "specialcode"}
    | {"is distributed", "victim identified", "offender identified", "series name"}
    | {"number of submissions", "file available", "media type", "baseline", "confidence"}
)
"""Columns of NSRL's and ICSE's tables, and of our own export, that lists here do not keep."""

_ONLY_NSRL = frozenset({"productcode", "opsystemcode", "specialcode"})

Row = Callable[[int, str], Iterable[Found]]


def read_form(
    form: str,
    lines: Iterable[bytes] | SetFile,
    *,
    kind: DigestKind | None,
    scheme: Scheme,
    reduces: bool = False,
) -> Iterator[Found]:
    """What each record of a file is.

    Shape: `kind` is what a bare digest is; without it, its length decides. A set in SQLite form
    is a file, every other form comes as lines. `reduces` says that the list is of known-good files:
    a table of those is refused anywhere else.
    Errors: Invalid for a form that is none, or a document that can't be read at all.
    """
    if isinstance(lines, SetFile) and form == NSRL:
        return read_set(lines, scheme)
    if isinstance(lines, SetFile) or form == NSRL:
        raise Invalid(f"The form {NSRL} is read from a SQLite file, and nothing else is.")
    if form in {TEXT, CSV}:
        return _lines(lines, kind, scheme, reduces=reduces)
    if form not in DOCUMENTS:
        raise Invalid(f"No form {form!r} of a list; one of: {', '.join(FORMS)}.")
    return DOCUMENTS[form](_whole(lines), scheme)


def _whole(lines: Iterable[bytes]) -> bytes:
    taken = bytearray()
    for line in lines:
        taken += line
        if len(taken) > _DOCUMENT_BYTES:
            raise Invalid(f"A JSON document of a list has at most {_DOCUMENT_BYTES:,} bytes.")
    return bytes(taken).removeprefix(b"\xef\xbb\xbf")


def _lines(
    lines: Iterable[bytes], kind: DigestKind | None, scheme: Scheme, *, reduces: bool
) -> Iterator[Found]:
    read: Row | None = None
    for number, raw in enumerate(lines, start=1):
        if number == 1 and raw.startswith(MAGIC):
            raise Invalid(f"This is a SQLite database: read it with --form {NSRL}.")
        text = _text(number, raw)
        if isinstance(text, Reject):
            yield text
            continue
        if not text or text.startswith("#"):
            continue
        if read is None:
            read, is_header = _reader(text, kind, scheme, reduces=reduces)
            if is_header:
                continue
        yield from read(number, text)


def _text(number: int, raw: bytes) -> str | Reject:
    if len(raw) > LINE_LENGTH:
        return Reject(line=number, reason=f"longer than {LINE_LENGTH} bytes")
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
    except UnicodeDecodeError:
        return Reject(line=number, reason="not UTF-8")


def _reader(
    first: str, kind: DigestKind | None, scheme: Scheme, *, reduces: bool
) -> tuple[Row, bool]:
    """How lines are read, and whether the first one names the columns."""
    delimiter = ";" if ";" in first and "," not in first else ","
    names = [cell.strip().lower() for cell in _cells(first, delimiter)]
    named = any(name in _KIND_COLUMNS or name in _COLUMNS for name in names)
    if not named or digest_kind(names[0]) is not None:  # a digest, whatever its mark is called
        return _bare(kind, scheme), False
    if not reduces and not _ONLY_NSRL.isdisjoint(names):
        raise Invalid(
            "line 1: this is NSRL's table, which says which files nobody has to look at: it is"
            f" loaded into a list of the purpose {ListPurpose.KNOWN_GOOD} alone."
        )
    unknown = [n for n in names if n not in _KIND_COLUMNS | _COLUMNS and n not in _OTHERS]
    if unknown:
        known = ", ".join(sorted({*_KIND_COLUMNS, *_COLUMNS}))
        raise Invalid(f"line 1: no column {unknown[0][:40]!r}; the columns are {known}.")
    return _table(names, delimiter, kind, scheme), True


def _cells(text: str, delimiter: str = ",") -> list[str]:
    if '"' not in text and "\r" not in text:
        return text.split(delimiter)
    try:
        for cells in csv.reader([text], delimiter=delimiter, strict=True):
            return cells
    except csv.Error:
        pass  # a quote left open: no row
    return []


def _bare(kind: DigestKind | None, scheme: Scheme) -> Row:
    """`DIGEST` or `DIGEST,MARK`."""

    def read(number: int, text: str) -> Iterable[Found]:
        cells = [cell.strip() for cell in _cells(text)]
        if len(cells) > 2:
            why = f"{len(cells)} columns, and no first line that names them"
            return (Reject(line=number, reason=why),)
        digest, mark = (*cells, "", "")[:2]
        return (_entry(number, {"digest": digest, "mark": mark or None}, kind, scheme),)

    return read


def _table(names: list[str], delimiter: str, kind: DigestKind | None, scheme: Scheme) -> Row:
    """A row of a table; what each column is was said once, and is found once."""
    columns = {_COLUMNS[name]: at for at, name in enumerate(names) if name in _COLUMNS}
    kinds = [(_KIND_COLUMNS[name], at) for at, name in enumerate(names) if name in _KIND_COLUMNS]
    places, width = tuple(columns.items()), len(names)

    def read(number: int, text: str) -> Iterable[Found]:
        cells = [cell.strip() for cell in _cells(text, delimiter)]
        if len(cells) != width:
            why = f"{len(cells)} columns, the first line has {width}"
            return (Reject(line=number, reason=why),)
        values = {name: cells[at] or None for name, at in places}
        found = [
            _entry(number, {**values, "digest": cells[at], "kind": None}, each, scheme)
            for each, at in kinds
            if cells[at]
        ]
        if values.get("digest"):
            return (_entry(number, values, kind, scheme), *found)
        return found or (Reject(line=number, reason="no digest"),)

    return read


def _entry(
    number: int, values: Mapping[str, str | None], kind: DigestKind | None, scheme: Scheme
) -> Found:
    named, text = values.get("kind"), values["digest"] or ""
    found = _KINDS.get(named.lower()) if named else kind or digest_kind(text)
    if found is None:
        none = f"no kind {named[:40]!r}" if named else "not an MD5, SHA-1 or SHA-256 in hexadecimal"
        return Reject(line=number, reason=none)
    digest = read_digest(found, text)
    if digest is None:
        return Reject(line=number, reason=f"not {digest_words(found)} ({found})")
    frame, quality = values.get("frame"), values.get("quality")
    numbers = _number(frame), _number(quality)
    if -1 in numbers:
        return Reject(line=number, reason="frame and quality are whole numbers")
    entry = Entry(
        kind=found,
        digest=digest,
        mark=values.get("mark"),
        item=values.get("item"),
        frame=numbers[0],
        quality=numbers[1],
    )
    return checked(number, entry, scheme)


def _number(text: str | None) -> int | None:
    """A whole number of at most nine digits; -1 for anything else."""
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
