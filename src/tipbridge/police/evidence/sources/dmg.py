"""How the chunks of an Apple disk image (UDIF) are packed, before libmodi is asked for them.

It opens an image whose chunks it can't unpack, and then every read fails. Source: libmodi, "Mac OS
disk image types", the resource file trailer and the block table.
"""

import plistlib
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, cast
from xml.parsers.expat import ExpatError

from tipbridge.police.evidence.sources.ewf_sections import BadImage

_FORK_AT, _SUM_AT, _NO_SUM, _CRC32, _PIECE_BYTES = 24, 80, 0, 2, 1024 * 1024
_TRAILER_BYTES, _XML_AT, _MOST_XML = 512, 216, 64 * 1024 * 1024
_TABLE_BYTES, _RUN_BYTES, _TABLE_SUM_AT, _SECTOR_BYTES, _LEFT_OUT = 204, 40, 64, 512, 2
_MOST_READ = 4
"""As many times the medium at most for the tables' checksums: tables of one image don't overlap."""
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


def table_sum_notes(file: _File, size_bytes: int, read: Callable[[int, int], bytes]) -> list[str]:
    """A note for each table whose unpacked data are not what its checksum is of.

    Shape: ranges that are left out are read as zeros; whether a maker sums them up is not known, so
    that where there are such a difference says nothing.
    """
    notes, left = list[str](), _MOST_READ * size_bytes
    for number, table in enumerate(_all_tables(file), start=1):
        if len(table) < _TABLE_BYTES:
            continue
        first, count = struct.unpack_from(">QQ", table, 8)
        kind, _, stored = struct.unpack_from(">III", table, _TABLE_SUM_AT)
        begin, end = first * _SECTOR_BYTES, (first + count) * _SECTOR_BYTES
        if kind == _NO_SUM:
            continue
        if kind != _CRC32 or end > size_bytes or end - begin > left:
            notes.append(f"the checksum of its table {number} is not checked")
            continue
        left, found = left - (end - begin), 0
        for at in range(begin, end, _PIECE_BYTES):
            found = zlib.crc32(read(at, min(_PIECE_BYTES, end - at)), found)
        if found != stored and _LEFT_OUT in _kinds_of(table):
            notes.append(f"the checksum of its table {number} is not checked")
        elif found != stored:
            notes.append(
                f"its table {number} stores the checksum {stored:08x} and its data have {found:08x}"
            )
    return notes


def _kinds(file: _File) -> Iterator[int]:
    """What each chunk says that it is; nothing of an image without a trailer, or with no XML."""
    for table in _all_tables(file):
        yield from _kinds_of(table)


def _kinds_of(table: bytes) -> Iterator[int]:
    for place in range(_TABLE_BYTES, len(table) - _RUN_BYTES + 1, _RUN_BYTES):
        yield int.from_bytes(table[place : place + 4], "big")


def _all_tables(file: _File) -> list[bytes]:
    file.seek(max(0, file.get_size() - _TRAILER_BYTES))
    trailer = file.read(_TRAILER_BYTES)
    if trailer[:4] != b"koly" or len(trailer) < _TRAILER_BYTES:
        return []
    at, length = struct.unpack_from(">QQ", trailer, _XML_AT)
    if not 0 < length <= _MOST_XML:
        return []
    file.seek(at)
    return _tables(file.read(length))


def _tables(text: bytes) -> list[bytes]:
    try:
        found = cast("Mapping[str, Any]", plistlib.loads(text, fmt=plistlib.FMT_XML))
        return [bytes(block["Data"]) for block in found["resource-fork"]["blkx"]]
    except (ExpatError, plistlib.InvalidFileException, ValueError, KeyError, TypeError) as error:
        raise BadImage("its table of chunks can't be read") from error
