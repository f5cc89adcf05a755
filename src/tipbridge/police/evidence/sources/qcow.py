"""QEMU's disk image (QCOW2, versions 2 and 3): a header, tables of two levels, and clusters.

libqcow gives zeros for packed clusters without a word, so it is read here. Source: QEMU,
`docs/interop/qcow2.rst`.
"""

import struct
import sys
import zlib
from array import array
from collections import OrderedDict
from typing import Protocol

from tipbridge.police.evidence.sources.ewf_sections import BadImage

_HEADER_BYTES, _VERSIONS, _MOST_NAME = 112, (2, 3), 120
_OTHER_FILE, _OTHER_PACKING, _LONG_ENTRIES, _KNOWN = 1 << 2, 1 << 3, 1 << 4, (1 << 5) - 1
_LEAST_BITS, _MOST_BITS, _MOST_TABLE = 9, 21, 1 << 22
_PACKED, _ZEROS, _PLACE = 1 << 62, 1, 0x00FF_FFFF_FFFF_FE00
_AS_RAW = "; convert a copy: qemu-img convert -O raw"
"""What an examiner can do; qemu-img reads every version and packing."""
_KEPT_TABLES, _SECTOR, _WINDOW = 64, 512, -12


class _File(Protocol):
    def seek(self, offset: int, whence: int = 0) -> None: ...
    def read(self, size: int) -> bytes: ...
    def get_size(self) -> int: ...


class QcowDisk:
    """The clusters of a QCOW2 in their order. Errors: BadImage."""

    def __init__(self, file: _File) -> None:
        self._file = file
        head = self._at(0, _HEADER_BYTES).ljust(_HEADER_BYTES, b"\0")
        self._version, parent_at, parent, bits, self.size_bytes, cipher, entries, tables_at = (
            struct.unpack_from(">IQIIQIIQ", head, 4)
        )
        if self._version not in _VERSIONS:
            raise BadImage(
                f"its header is of version {self._version}; 2 and 3 can be read{_AS_RAW}"
            )
        if parent_at:
            name = self._at(parent_at, min(parent, _MOST_NAME)).decode("utf-8", "replace")
            shown = "".join(each for each in name if each.isprintable())
            raise BadImage(f"it holds only what changed against another image ({shown})")
        if cipher:
            raise BadImage("it is encrypted")
        self._check_features(head)
        self._bits, self._cluster = bits, 1 << min(bits, _MOST_BITS)
        of_table = self._cluster // 8 * self._cluster
        if (
            not _LEAST_BITS <= bits <= _MOST_BITS
            or not 0 < entries <= _MOST_TABLE
            or not 0 < self.size_bytes <= entries * of_table
        ):
            raise BadImage("its header makes no sense")
        self._tables = self._words(tables_at, entries)
        if len(self._tables) < entries:
            raise BadImage("its map of clusters is cut off")
        self._kept: OrderedDict[int, array[int]] = OrderedDict()
        self._unpacked: tuple[int, bytes] = (-1, b"")

    def read_buffer_at_offset(self, size: int, offset: int) -> bytes:
        """Bytes of the medium, zeros for clusters that are not stored. Errors: OSError."""
        out = bytearray()
        while size > 0:
            number, within = divmod(offset, self._cluster)
            take = min(size, self._cluster - within)
            out += self._of_cluster(number, within, take)
            offset, size = offset + take, size - take
        return bytes(out)

    def _of_cluster(self, number: int, within: int, take: int) -> bytes:
        table, place = divmod(number, self._cluster // 8)
        word = self._table(table)[place] if self._tables[table] & _PLACE else 0
        if word & _PACKED:
            return self._packed(word)[within : within + take]
        if not word & _PLACE or (word & _ZEROS and self._version > _VERSIONS[0]):
            return bytes(take)
        data = self._at((word & _PLACE) + within, take)
        if len(data) < take:
            raise OSError("the file ends before its cluster")
        return data

    def _packed(self, word: int) -> bytes:
        """A cluster that is packed; it begins anywhere and ends within so many sectors."""
        if self._unpacked[0] != word:
            width = 62 - (self._bits - 8)
            at, sectors = word & (1 << width) - 1, (word & _PACKED - 1) >> width
            stored = self._at(at, (sectors + 1) * _SECTOR - at % _SECTOR)
            try:
                data = zlib.decompressobj(_WINDOW).decompress(stored, self._cluster)
            except zlib.error as error:
                raise OSError("a packed cluster can't be unpacked") from error
            if len(data) < self._cluster:
                raise OSError("a packed cluster is cut off")
            self._unpacked = word, data
        return self._unpacked[1]

    def _table(self, number: int) -> "array[int]":
        found = self._kept.get(number)
        if found is None:
            found = self._words(self._tables[number] & _PLACE, self._cluster // 8)
            if len(found) < self._cluster // 8:
                raise OSError("a table of clusters is cut off")
            self._kept[number] = found
            if len(self._kept) > _KEPT_TABLES:
                self._kept.popitem(last=False)
        return found

    def _check_features(self, head: bytes) -> None:
        wanted = int.from_bytes(head[72:80], "big") if self._version > _VERSIONS[0] else 0
        if wanted & _OTHER_FILE:
            raise BadImage("its clusters lie in another file")
        if wanted & _OTHER_PACKING and head[104]:
            raise BadImage(
                f"its clusters are packed with Zstandard, which can't be unpacked{_AS_RAW}"
            )
        if wanted & _LONG_ENTRIES or wanted & ~_KNOWN:
            raise BadImage(f"it needs what can't be read here (features 0x{wanted:x})")

    def _words(self, offset: int, count: int) -> "array[int]":
        stored = self._at(offset, 8 * count)
        words = array("Q", stored[: len(stored) // 8 * 8])
        if sys.byteorder == "little":
            words.byteswap()
        return words

    def _at(self, offset: int, length: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(length)
