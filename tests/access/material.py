"""An address of material in every text that somebody types or sends in the world, and no document
of the product in which a program could take it for a link.

Every answer of every route and all that every command prints or writes is looked at, by whoever
may ask. A kind of document that is not known here is refused.
"""

import base64
import io
import json
import re
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

ADDRESS = "https://social.example/posts/1"
MATERIAL = re.compile(
    r"://[a-z.]*social\.example/|social\.example/posts|\[\[:\]//|\[\[\.\]\]", re.IGNORECASE
)
"""An address of the world's material that a program could take for a link, or that was defanged
twice, so that nobody gets it back."""
LINKS_IN_PDF = (b"/URI", b"/Annot", b"/GoToR", b"/Launch")

_AROUND = 60
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)

Texts = Iterator[str]
Read = Callable[[bytes], Texts]


def planted(text: str) -> str:
    """A text in which the address stands as its writer typed it."""
    return f"{text} See {ADDRESS}"


def _text(data: bytes) -> Texts:
    yield data.decode()


def _pdf(data: bytes) -> Texts:
    """What a PDF says, packed or not, in letters of one byte or two; a link in it is a finding."""
    for part in (data, *(_unpacked(found[1]) for found in _STREAM.finditer(data))):
        yield from (ADDRESS for word in LINKS_IN_PDF if word in part)
        yield part.decode("latin-1")
        yield part.replace(b"\0", b"").decode("latin-1")


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def _tar(data: bytes) -> Texts:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            if (found := archive.extractfile(member)) is not None:
                yield from texts_of_file(Path(member.name), found.read())


def _envelope(data: bytes) -> Texts:
    """What stands in a signed envelope, and the envelope."""
    yield data.decode()
    yield base64.b64decode(json.loads(data)["payload"]).decode()


def _nothing(data: bytes) -> Texts:
    del data
    yield from ()


BY_TYPE: Mapping[str, Read] = {
    "": _text,
    "text/html": _text,
    "text/plain": _text,
    "text/css": _text,
    "application/xml": _text,
    "application/json": _text,
    "application/x-ndjson": _text,
    "application/pdf": _pdf,
    "application/x-tar": _tar,
    "application/vnd.tipbridge.node-card+json": _envelope,
    "application/vnd.tipbridge.receipt+json": _envelope,
    "application/vnd.tipbridge.filing-receipt+json": _envelope,
    "application/octet-stream": _nothing,  # what staff kept with a case, byte for byte
}
"""How what a route answers with is read, by its type."""

BY_ENDING: Mapping[str, Read] = {
    "": _text,
    ".raw": _nothing,  # an image of a medium
    ".txt": _text,
    ".json": _text,
    ".jsonl": _text,
    ".jsonld": _text,
    ".pdf": _pdf,
    ".dsse.json": _envelope,
}
"""How a file that a command writes, or that lies in a bundle, is read, by its ending."""


def texts_of_answer(content_type: str, data: bytes) -> Texts:
    """The texts of what a route answered."""
    return BY_TYPE[content_type.partition(";")[0]](data)


def texts_of_file(path: Path, data: bytes) -> Texts:
    """The texts of a file that was given out."""
    ending = ".dsse.json" if path.name.endswith(".dsse.json") else path.suffix
    read = _pdf if data.startswith(b"%PDF") else BY_ENDING[ending]
    return read(data)


def texts_of_folder(folder: Path) -> Texts:
    """The texts of all files below a folder, or of one file."""
    for path in sorted([folder, *folder.rglob("*")]):
        if path.is_file():
            yield from texts_of_file(path, path.read_bytes())


def links_to_material(texts: Iterable[str]) -> list[str]:
    """Where in a document an address of material stands that can be followed."""
    return [
        text[max(0, found.start() - _AROUND) : found.end() + _AROUND]
        for text in texts
        for found in MATERIAL.finditer(text)
    ]
