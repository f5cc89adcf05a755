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
FORMS = (TEXT, *DOCUMENTS, NSRL)
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

Row = Callable[[int, str], Iterator[Found]]


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
    if form == TEXT:
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
    if not any(name in _KIND_COLUMNS or name in _COLUMNS for name in names):
        return (lambda number, text: _bare(number, text, kind, scheme)), False
    if not reduces and not _ONLY_NSRL.isdisjoint(names):
        raise Invalid(
            "line 1: this is NSRL's table, which says which files nobody has to look at: it is"
            f" loaded into a list of the purpose {ListPurpose.KNOWN_GOOD} alone."
        )
    unknown = [n for n in names if n not in _KIND_COLUMNS | _COLUMNS and n not in _OTHERS]
    if unknown:
        known = ", ".join(sorted({*_KIND_COLUMNS, *_COLUMNS}))
        raise Invalid(f"line 1: no column {unknown[0][:40]!r}; the columns are {known}.")
    return (lambda number, text: _row(number, text, names, delimiter, kind, scheme)), True


def _cells(text: str, delimiter: str = ",") -> list[str]:
    try:
        for cells in csv.reader([text], delimiter=delimiter, strict=True):
            return cells
    except csv.Error:
        pass  # a quote left open: no row
    return []


def _bare(number: int, text: str, kind: DigestKind | None, scheme: Scheme) -> Iterator[Found]:
    """`DIGEST` or `DIGEST,MARK`."""
    cells = [cell.strip() for cell in _cells(text)]
    if len(cells) > 2:
        yield Reject(line=number, reason=f"{len(cells)} columns, and no first line that names them")
        return
    digest, mark = (*cells, "", "")[:2]
    yield _entry(number, {"digest": digest, "mark": mark or None}, kind, scheme)


def _row(  # noqa: PLR0917 - the reader of one table, closed over
    number: int,
    text: str,
    names: list[str],
    delimiter: str,
    kind: DigestKind | None,
    scheme: Scheme,
) -> Iterator[Found]:
    cells = [cell.strip() for cell in _cells(text, delimiter)]
    if len(cells) != len(names):
        yield Reject(line=number, reason=f"{len(cells)} columns, the first line has {len(names)}")
        return
    by_name = dict(zip(names, cells, strict=True))
    values = {_COLUMNS[name]: cell or None for name, cell in by_name.items() if name in _COLUMNS}
    own = [
        (_KIND_COLUMNS[name], cell)
        for name, cell in by_name.items()
        if name in _KIND_COLUMNS and cell
    ]
    if values.get("digest"):
        yield _entry(number, values, kind, scheme)
    elif not own:
        yield Reject(line=number, reason="no digest")
    for each, cell in own:
        yield _entry(number, {**values, "digest": cell, "kind": each.value}, None, scheme)


def _entry(
    number: int, values: Mapping[str, str | None], kind: DigestKind | None, scheme: Scheme
) -> Found:
    named, text = values.get("kind"), values["digest"] or ""
    if named:
        found = _KIND_COLUMNS.get(named.lower()) or (
            DigestKind.OTHER if named.lower() == "other" else None
        )
        if found is None:
            return Reject(line=number, reason=f"no kind {named[:40]!r}")
    else:
        found = kind or digest_kind(text)
        if found is None:
            return Reject(line=number, reason="not an MD5, SHA-1 or SHA-256 in hexadecimal")
    digest = read_digest(found, text)
    if digest is None:
        return Reject(line=number, reason=f"not {digest_words(found)} ({found})")
    numbers = [_number(values.get(name)) for name in ("frame", "quality")]
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
