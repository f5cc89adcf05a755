"""VirtualBox's disk image (VDI), which libyal has no library for: a header, a map, and blocks.

Source: Oracle VM VirtualBox, `src/VBox/Storage/VDICore.h`, header version 1.1; qemu's `block/vdi.c`.
"""

import struct
import sys
from array import array
from typing import Protocol

from tipbridge.police.evidence.sources.ewf_sections import BadImage

_HEADER_BYTES = 512
_DYNAMIC, _STATIC, _UNDO, _DIFFERENCE = 1, 2, 3, 4
_NOT_STORED = frozenset({0xFFFFFFFF, 0xFFFFFFFE})
"""Map entries of blocks that are not in the file: never written, or discarded."""
_MOST_BLOCKS, _LEAST_BLOCK, _MOST_BLOCK = 1 << 24, 4096, 1 << 28


class _File(Protocol):
    def seek(self, offset: int, whence: int = 0) -> None: ...
    def read(self, size: int) -> bytes: ...
    def get_size(self) -> int: ...


class VdiDisk:
    """The blocks of a VDI in their order. Errors: BadImage."""

    def __init__(self, file: _File) -> None:
        self._file = file
        head = self._at(0, _HEADER_BYTES)
        if len(head) < _HEADER_BYTES:
            raise BadImage("its header is cut off")
        version, _, kind = struct.unpack_from("<III", head, 68)
        if version >> 16 != 1:
            raise BadImage(f"its header is of version {version >> 16}; 1 can be read")
        map_at, self._data_at = struct.unpack_from("<II", head, 340)
        self.size_bytes, self._block, self._extra, blocks, _ = struct.unpack_from(
            "<QIIII", head, 368
        )
        if kind in {_UNDO, _DIFFERENCE}:
            raise BadImage(
                "it holds only what changed against another image, the one with the UUID"
                f" {_uuid(head[424:440])}"
            )
        if kind not in {_DYNAMIC, _STATIC} or not self._makes_sense(blocks):
            raise BadImage("its header makes no sense")
        stored = self._at(map_at, 4 * blocks)
        if len(stored) < 4 * blocks:
            raise BadImage("its map of blocks is cut off")
        self._map = array("I", stored)
        if sys.byteorder == "big":
            self._map.byteswap()

    def read_buffer_at_offset(self, size: int, offset: int) -> bytes:
        """Bytes of the medium, zeros for blocks that are not stored. Errors: OSError."""
        out = bytearray()
        while size > 0:
            number, within = divmod(offset, self._block)
            take = min(size, self._block - within)
            out += self._of_block(number, within, take)
            offset, size = offset + take, size - take
        return bytes(out)

    def _of_block(self, number: int, within: int, take: int) -> bytes:
        place = self._map[number]
        if place in _NOT_STORED:
            return bytes(take)
        at = self._data_at + place * (self._block + self._extra) + self._extra + within
        data = self._at(at, take)
        if len(data) < take:
            raise OSError("the file ends before its block")
        return data

    def _makes_sense(self, blocks: int) -> bool:
        is_block = _LEAST_BLOCK <= self._block <= _MOST_BLOCK and not self._block & self._block - 1
        return (
            is_block
            and 0 < blocks <= _MOST_BLOCKS
            and 0 < self.size_bytes <= blocks * self._block
            and self._extra <= self._block
        )

    def _at(self, offset: int, length: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(length)


def _uuid(stored: bytes) -> str:
    """A UUID as VirtualBox prints it; it stores the first three groups with the last byte first."""
    groups = stored[3::-1], stored[5:3:-1], stored[7:5:-1], stored[8:10], stored[10:16]
    return "-".join(group.hex() for group in groups)
