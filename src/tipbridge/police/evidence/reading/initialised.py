"""How much of an NTFS file was ever written, which the Sleuth Kit heeds and does not tell.

Source: the NTFS documentation of the Linux-NTFS project, "Concept - File Record" and "Attribute
Header". Only the file's own record is read: of one so fragmented that its header lies in another,
nothing is known.
"""

import codecs
from collections.abc import Iterator
from typing import Any

import pytsk3

_DATA, _END, _NON_RESIDENT, _SECTOR = 0x80, 0xFFFFFFFF, 1, 512
_LEAST, _MOST = 512, 65536
_NTFS = int(getattr(pytsk3, "TSK_FS_TYPE_NTFS"))  # noqa: B009 - its stub does not name it
_UTF_16 = codecs.lookup("utf-16-le").encode
"""Loaded here: behind the walls no file can be opened any more, a codec's neither."""


class Initialised:
    """The file records of one file system; of another than NTFS it knows nothing."""

    def __init__(self, system: pytsk3.FS_Info) -> None:
        self._table, self._size = _table(system)

    def length(self, record: int, name: bytes) -> int | None:
        """The initialised length of a data stream that lies outside its record, None if unknown."""
        if self._table is None:
            return None
        try:
            raw = self._table.read_random(record * self._size, self._size)
        except OSError:
            return None
        for head in _attributes(_mended(raw)):
            if int.from_bytes(head[:4], "little") == _DATA and head[8] == _NON_RESIDENT:
                begin = int.from_bytes(head[10:12], "little")
                named = head[begin : begin + 2 * head[9]]
                first = int.from_bytes(head[16:24], "little")
                if named == _UTF_16(name.decode("utf-8", "replace"))[0] and first == 0:
                    return int.from_bytes(head[56:64], "little") if len(head) >= 64 else None
        return None


def _table(system: pytsk3.FS_Info) -> tuple[Any, int]:
    if int(system.info.ftype) != _NTFS:
        return None, 0
    try:
        table = system.open_meta(inode=0)
        head = table.read_random(0, 48)
    except OSError:
        return None, 0
    size = int.from_bytes(head[28:32], "little") if head[:4] == b"FILE" else 0
    return (table, size) if _LEAST <= size <= _MOST and size % _SECTOR == 0 else (None, 0)


def _mended(raw: bytes) -> bytes:
    """A record with the ends of its sectors put back; nothing for one that is torn."""
    if len(raw) < _LEAST or raw[:4] != b"FILE":
        return b""
    at, count = (int.from_bytes(raw[place : place + 2], "little") for place in (4, 6))
    data, mark = bytearray(raw), raw[at : at + 2]
    for number in range(1, count):
        end = number * _SECTOR
        kept = raw[at + 2 * number : at + 2 * number + 2]
        if end > len(raw) or len(kept) < 2 or raw[end - 2 : end] != mark:
            return b""
        data[end - 2 : end] = kept
    return bytes(data)


def _attributes(record: bytes) -> Iterator[bytes]:
    """The bytes of each attribute of a record."""
    at = int.from_bytes(record[20:22], "little")
    while 0 < at <= len(record) - 24:
        length = int.from_bytes(record[at + 4 : at + 8], "little")
        if int.from_bytes(record[at : at + 4], "little") == _END or length < 24:
            return
        yield record[at : at + length]
        at += length
