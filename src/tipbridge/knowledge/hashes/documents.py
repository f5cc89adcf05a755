"""JSON documents in which others hand lists out, read record by record."""

import codecs
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from tipbridge.foundation.base.canonical import parse_json
from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.hashes.model import (
    DigestKind,
    Entry,
    Found,
    Gone,
    Passed,
    Reject,
    Scheme,
)
from tipbridge.knowledge.hashes.rules import checked, digest_words, read_digest

Record = Mapping[str, Any]

MISP_MARK, MISP_ITEM = "tipbridge:mark", "tipbridge:item"
"""Tags in which attributes written here carry what MISP has no place for."""

_VICS_HASHES = {
    "md5": DigestKind.MD5,
    "sha1": DigestKind.SHA1,
    "photodna": DigestKind.PHOTODNA,
    "pdq": DigestKind.PDQ,
    "sha256": DigestKind.SHA256,
    "netclean": DigestKind.NETCLEAN,
    "videntifier": DigestKind.VIDENTIFIER,
    "tmk-pdqf": DigestKind.TMK_PDQF,
}
_MISP_TYPES = {"md5": DigestKind.MD5, "sha1": DigestKind.SHA1, "sha256": DigestKind.SHA256}
_STOPNCII_TYPES = {
    "imagepdq": DigestKind.PDQ,
    "videomd5": DigestKind.MD5,
    "videotmk": DigestKind.TMK_PDQF,
}
_STOPNCII_OVER = frozenset({"withdrawn", "deleted"})
_THREAT_TYPES = {
    "HASH_MD5": DigestKind.MD5,
    "HASH_SHA1": DigestKind.SHA1,
    "HASH_SHA256": DigestKind.SHA256,
    "HASH_PDQ": DigestKind.PDQ,
    "HASH_VIDEO_MD5": DigestKind.MD5,
    "HASH_TMK": DigestKind.TMK_PDQF,
    "PHOTODNA": DigestKind.PHOTODNA,
}


def read_vics(document: bytes, scheme: Scheme) -> Iterator[Found]:
    """Project VIC / VICS: cases with media, or media alone; versions 1.1 to 2.0.

    Source: protocol notes, section 8.4.
    """
    for _, found in numbered_vics(document, scheme):
        yield found


def numbered_vics(document: bytes, scheme: Scheme) -> Iterator[tuple[int, Found]]:
    """The same, each with the number of its medium in the document, from 1 on."""
    found = _object(document, "a VICS document")
    values = found.get("value")
    if not isinstance(values, list):
        raise Invalid("A VICS document holds its cases or media under 'value'; there is no list.")
    for number, media in enumerate(_media(cast("list[object]", values)), start=1):
        if not isinstance(media, dict):
            yield number, Reject(line=number, reason="a medium is no object")
            continue
        for each in _medium(number, cast("Record", media), scheme):
            yield number, each


def _media(values: list[object]) -> Iterator[object]:
    for value in values:
        inside = cast("Record", value).get("Media") if isinstance(value, dict) else None
        yield from cast("list[object]", inside) if isinstance(inside, list) else (value,)


def _medium(number: int, media: Record, scheme: Scheme) -> Iterator[Found]:
    digests = [
        (DigestKind.MD5, media.get("MD5")),
        (DigestKind.SHA1, media.get("SHA1")),
        (DigestKind.SHA256, media.get("SHA256")),
    ]
    others = media.get("AlternativeHashes")
    for other in cast("list[object]", others) if isinstance(others, list) else ():
        named = _as_record(other)
        kind = _VICS_HASHES.get(str(named.get("HashName")).lower(), DigestKind.OTHER)
        digests.append((kind, named.get("HashValue")))
    given = [(kind, value) for kind, value in digests if value]
    if not given:
        yield Reject(line=number, reason="no digest")
    mark, item = media.get("Category"), media.get("MediaID")
    for kind, value in given:
        yield _entry(
            number,
            kind,
            value,
            scheme,
            mark=None if mark is None else str(mark),
            item=None if item is None else str(item),
        )


def read_misp(document: bytes, scheme: Scheme) -> Iterator[Found]:
    """MISP: a list of attributes, or an event with attributes and objects."""
    for number, record in enumerate(_attributes(_json(document)), start=1):
        type_, value = str(record.get("type")), str(record.get("value"))
        name, _, last = type_.rpartition("|")
        kind = _MISP_TYPES.get(last)
        if kind is None or name not in {"", "filename"}:
            yield Passed(line=number, why=f"attribute of type {_word(type_)}")
        elif record.get("deleted") is True:
            digest = read_digest(kind, value.rpartition("|")[2])
            yield Gone(kind=kind, digest=digest) if digest else _no_digest(number, kind)
        elif record.get("to_ids") is False:
            yield Passed(line=number, why="attribute not meant for detection")
        else:
            uuid, tags = record.get("uuid"), _tags(record)
            item = tags.get(MISP_ITEM) or (uuid if isinstance(uuid, str) else None)
            mark, digest = tags.get(MISP_MARK), value.rpartition("|")[2]
            yield _entry(number, kind, digest, scheme, mark=mark, item=item)


def _tags(record: Record) -> dict[str, str]:
    """What an attribute's tags of the form `NAME="VALUE"` say."""
    given = record.get("Tag")
    names = (
        [_as_record(each).get("name") for each in cast("list[object]", given)]
        if isinstance(given, list)
        else []
    )
    found = (name.partition("=") for name in names if isinstance(name, str))
    return {
        name: said[1:-1] for name, _, said in found if len(said) > 2 and said[0] == said[-1] == '"'
    }


def _attributes(value: object) -> Iterator[Record]:
    """Every attribute, whatever stands around it."""
    ahead: list[object] = [value]
    while ahead:
        inside = ahead.pop(0)
        if isinstance(inside, list):
            ahead[:0] = cast("list[object]", inside)
        elif isinstance(inside, dict):
            record = cast("Record", inside)
            if "type" in record and "value" in record:
                yield record
            else:
                names = ("response", "Event", "Attribute", "Object")
                ahead[:0] = [record[name] for name in names if name in record]


def read_stopncii(document: bytes, scheme: Scheme) -> Iterator[Found]:
    """StopNCII: pages of `hashRecords`; a withdrawn or deleted record takes its entry back.

    Source: protocol notes, section 8.2.
    """
    for number, record in _records(document, "hashRecords"):
        type_, value = str(record.get("signalType")), record.get("hashValue")
        kind = _STOPNCII_TYPES.get(type_.lower())
        if kind is None:
            yield Passed(line=number, why=f"signal of type {_word(type_)}")
        elif str(record.get("hashStatus")).lower() in _STOPNCII_OVER:
            yield _gone(number, kind, value)
        else:
            yield _entry(number, kind, value, scheme)


def read_threatexchange(document: bytes, scheme: Scheme) -> Iterator[Found]:
    """ThreatExchange: pages of `data` as `threat_updates` answers them, tombstones included.

    Source: protocol notes, section 8.1.
    """
    for number, record in _records(document, "data"):
        type_, value = str(record.get("type")), record.get("indicator")
        kind = _THREAT_TYPES.get(type_)
        descriptors = cast("list[object]", record.get("descriptors") or [])
        if kind is None:
            yield Passed(line=number, why=f"indicator of type {_word(type_)}")
        elif record.get("should_delete") is True or not descriptors:
            yield _gone(number, kind, value)
        else:
            first = _as_record(descriptors[0])
            status = first.get("status") if scheme is Scheme.FREE else None
            item = record.get("id")
            yield _entry(
                number,
                kind,
                value,
                scheme,
                mark=status if isinstance(status, str) else None,
                item=None if item is None else str(item),
            )


def _records(document: bytes, name: str) -> Iterator[tuple[int, Record]]:
    """Numbered records under `name`, of one page or of a list of pages."""
    found = _json(document)
    pages = cast("list[object]", found) if isinstance(found, list) else [found]
    number = 0
    for page in pages:
        inside = cast("Record", page).get(name) if isinstance(page, dict) else None
        if not isinstance(inside, list):
            raise Invalid(f"Every page holds its records under {name!r}; one has no such list.")
        for record in cast("list[object]", inside):
            number += 1
            if not isinstance(record, dict):
                raise Invalid(f"Record {number} under {name!r} is no object.")
            yield number, cast("Record", record)


def _entry(
    number: int,
    kind: DigestKind,
    value: object,
    scheme: Scheme,
    *,
    mark: str | None = None,
    item: str | None = None,
) -> Found:
    digest = read_digest(kind, value.strip()) if isinstance(value, str) else None
    if digest is None:
        return _no_digest(number, kind)
    return checked(number, Entry(kind=kind, digest=digest, mark=mark, item=item), scheme)


def _gone(number: int, kind: DigestKind, value: object) -> Found:
    digest = read_digest(kind, value.strip()) if isinstance(value, str) else None
    return _no_digest(number, kind) if digest is None else Gone(kind=kind, digest=digest)


def _no_digest(number: int, kind: DigestKind) -> Reject:
    return Reject(line=number, reason=f"not {digest_words(kind)} ({kind})")


def _word(text: str) -> str:
    """A type's name short and plain enough to be counted under."""
    return text[:40] if text.isprintable() else "unprintable"


def _json(document: bytes) -> object:
    """What a document holds; programs on Windows put the mark of UTF-8 before it."""
    return cast("object", parse_json(document.removeprefix(codecs.BOM_UTF8)))


def _as_record(value: object) -> Record:
    """`value` where it is an object, else an empty one."""
    return cast("Record", value) if isinstance(value, dict) else {}


def _object(document: bytes, what: str) -> Record:
    found = _json(document)
    if not isinstance(found, dict):
        raise Invalid(f"This is not {what}: it holds no object.")
    return cast("Record", found)


DOCUMENTS: Mapping[str, Callable[[bytes, Scheme], Iterator[Found]]] = {
    "vics": read_vics,
    "misp": read_misp,
    "stopncii": read_stopncii,
    "threatexchange": read_threatexchange,
}
"""Readers of documents, by form."""
