"""How the chunks of an Apple disk image (UDIF) are packed, before libmodi is asked for them.

It opens an image whose chunks it can't unpack, and then every read fails. Source: libmodi, "Mac OS
disk image types", the resource file trailer and the block table.
"""

import plistlib
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, Protocol, cast
from xml.parsers.expat import ExpatError

from tipbridge.police.evidence.sources.ewf_sections import BadImage

_FORK_AT, _SUM_AT, _NO_SUM, _CRC32, _PIECE_BYTES = 24, 80, 0, 2, 1024 * 1024
_TRAILER_BYTES, _XML_AT, _MOST_XML = 512, 216, 64 * 1024 * 1024
_TABLE_BYTES, _RUN_BYTES = 204, 40
_UNPACKED = frozenset({0, 1, 2, 0x7FFFFFFE, 0xFFFFFFFF})
"""Zeros, bytes as they are, ranges left out, a remark, the end."""
_PACKED = {0x80000004: "ADC", 0x80000005: "zlib", 0x80000006: "bzip2", 0x80000007: "LZFSE"}
_NAMED = {0x80000008: "LZMA"}


class _File(Protocol):
    def seek(self, offset: int, whence: int = 0) -> None: ...
    def read(self, size: int) -> bytes: ...
    def get_size(self) -> int: ...


def check_packing(file: _File) -> None:
    """Refuse an image with chunks packed in a way that can't be unpacked. Errors: BadImage."""
    for kind in sorted(set(_kinds(file))):
        if kind not in _UNPACKED and kind not in _PACKED:
            name = _NAMED.get(kind, f"a way of its own (0x{kind:08x})")
            raise BadImage(f"its chunks are packed with {name}, which can't be unpacked")


def stored_sum_notes(file: _File) -> list[str]:
    """A note where the data are not what the trailer's checksum is of; the whole of them is read."""
    file.seek(max(0, file.get_size() - _TRAILER_BYTES))
    trailer = file.read(_TRAILER_BYTES)
    if trailer[:4] != b"koly" or len(trailer) < _TRAILER_BYTES:
        return []
    at, left = struct.unpack_from(">QQ", trailer, _FORK_AT)
    kind, _, stored = struct.unpack_from(">III", trailer, _SUM_AT)
    if kind != _CRC32:
        return [] if kind == _NO_SUM else [f"its checksum is of type {kind} and is not checked"]
    file.seek(min(at, file.get_size()))
    found = 0
    while data := file.read(min(left, _PIECE_BYTES)):
        found, left = zlib.crc32(data, found), left - len(data)
    if found == stored and not left:
        return []
    return [f"it stores the checksum {stored:08x} and its data have {found:08x}"]


def _kinds(file: _File) -> Iterator[int]:
    """What each chunk says that it is; nothing of an image without a trailer, or with no XML."""
    file.seek(max(0, file.get_size() - _TRAILER_BYTES))
    trailer = file.read(_TRAILER_BYTES)
    if trailer[:4] != b"koly" or len(trailer) < _TRAILER_BYTES:
        return
    at, length = struct.unpack_from(">QQ", trailer, _XML_AT)
    if not 0 < length <= _MOST_XML:
        return
    file.seek(at)
    for table in _tables(file.read(length)):
        for place in range(_TABLE_BYTES, len(table) - _RUN_BYTES + 1, _RUN_BYTES):
            yield int.from_bytes(table[place : place + 4], "big")


def _tables(text: bytes) -> list[bytes]:
    try:
        found = cast("Mapping[str, Any]", plistlib.loads(text, fmt=plistlib.FMT_XML))
        return [bytes(block["Data"]) for block in found["resource-fork"]["blkx"]]
    except (ExpatError, plistlib.InvalidFileException, ValueError, KeyError, TypeError) as error:
        raise BadImage("its table of chunks can't be read") from error
