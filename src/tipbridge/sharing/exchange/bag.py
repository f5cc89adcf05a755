"""The serialised bag: which bytes stand between the header and the files. Pure.

Everything but the files' contents follows from the header, so that a reader makes it again and
compares. Source: RFC 8493 (BagIt 1.0), POSIX.1-2008 pax interchange format; ADR 0064.
"""

import hashlib
from collections.abc import Iterator, Sequence

from tipbridge.sharing.exchange.graph import graph_of
from tipbridge.sharing.exchange.model import FileSlot, SaltedPart, Statement

HEADER_MAX_BYTES = 64 * 1024 * 1024
_BLOCK = 512
_ID_DIGITS = 32
_SIZE_AT, _SIZE_DIGITS = 2 * _BLOCK + 124, 11
_USTAR_SIZES = 8**_SIZE_DIGITS
FRONT_BYTES = 3 * _BLOCK
"""Where the header begins: behind the declaration and the header's own head."""
_DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_HEADER, _GRAPH = "data/header.json", "data/case.jsonld"
_INFO, _MANIFEST, _TAGS = "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"
_DECLARATION = "bagit.txt"

Piece = bytes | FileSlot
"""Bytes as they must stand, or a file's content."""


def header_size(front: bytes) -> int:
    """How long the header is that `front` announces, not yet compared with anything.

    Errors: ValueError when no length stands there, or too large a one.
    """
    said = front[_SIZE_AT : _SIZE_AT + _SIZE_DIGITS]
    if not said.isdigit() or (size := int(said, 8)) > HEADER_MAX_BYTES:
        raise ValueError("size of the header")
    return size


def bag_pieces(
    header: bytes,
    statements: Sequence[Statement],
    parts: Sequence[SaltedPart],
    files: Sequence[FileSlot],
) -> Iterator[Piece]:
    """The whole serialised bag of a package, the contents of its files left open.

    Shape: `parts` by label; `files` as `file_slots` gives them.
    """
    last = statements[-1]
    graph = graph_of(statements, parts, files)
    paths = [f"data/files/{number}" for number in range(len(files))]
    digests = {_HEADER: _sha256(header), _GRAPH: _sha256(graph)}
    digests |= {path: slot.sha256 for path, slot in zip(paths, files, strict=True)}
    size = len(header) + len(graph) + sum(slot.size_bytes for slot in files)
    tags = {
        _DECLARATION: _DECLARED,
        _INFO: _info(last, f"{size}.{len(digests)}"),
        _MANIFEST: _manifest(digests),
    }
    members = {
        _DECLARATION: _DECLARED,
        _HEADER: header,
        **tags,
        _TAGS: _manifest({path: _sha256(data) for path, data in tags.items()}),
        _GRAPH: graph,
    }
    yield b"".join(
        _head(last.package_id, path, len(data)) + data + _padding(len(data))
        for path, data in members.items()
    )
    for path, slot in zip(paths, files, strict=True):
        yield _head(last.package_id, path, slot.size_bytes)
        yield slot
        yield _padding(slot.size_bytes)
    yield bytes(2 * _BLOCK)


def _head(package_id: str, path: str, size: int) -> bytes:
    """The head of a member, with a pax record of its size before it where ustar has no room.

    Written here and not by `tarfile`, whose bytes differ between versions of Python.
    """
    name = f"{package_id}/{path}"
    if size < _USTAR_SIZES:
        return _ustar(name, size)
    said = f" size={size}\n"
    record = f"{len(said) + 2}{said}".encode()
    before = _ustar("././@PaxHeader", len(record), kind=b"x")
    return before + record + _padding(len(record)) + _ustar(name, 0)


def _ustar(name: str, size: int, *, kind: bytes = b"0") -> bytes:
    nobody, numbers = b"0000000\0", b"%011o\0%011o\0" % (size, 0)
    first = name.encode().ljust(100, b"\0") + b"0000644\0" + nobody + nobody + numbers
    last = kind + bytes(100) + b"ustar\x0000" + bytes(247)
    total = sum(first) + sum(last) + 8 * ord(" ")
    return first + b"%06o\0 " % total + last


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def _info(last: Statement, oxum: str) -> bytes:
    lines = {
        "Source-Organization": last.sender,
        "External-Identifier": last.package_id,
        "Bagging-Date": last.sent_at.date().isoformat(),
        "Payload-Oxum": oxum,
    }
    return "".join(f"{name}: {value}\n" for name, value in lines.items()).encode()


def _manifest(digests: dict[str, str]) -> bytes:
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items())).encode()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
