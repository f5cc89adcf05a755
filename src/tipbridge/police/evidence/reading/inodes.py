"""Which files of an ext are encrypted one by one (fscrypt), which the Sleuth Kit does not tell.

Source: the ext4 documentation, "Super Block", "Block Group Descriptors" and "Inode Table" (i_flags).
"""

import struct

from tipbridge.police.evidence.reading.image import SourceImage

_SUPER_AT, _SUPER_BYTES, _MARK = 1024, 1024, b"\x53\xef"
_ENCRYPTED, _META_GROUPS, _WIDE = 0x800, 0x10, 0x80
_FLAGS_AT, _PIECE_BYTES = 32, 4096
_LEAST_INODE, _MOST_INODE, _MOST_BLOCK_BITS, _LEAST_DESCRIPTOR, _MOST_DESCRIPTOR = (
    128, 65536, 6, 32, 1024,
)  # fmt: skip


class Inodes:
    """The inodes of the ext that begins there; of another system it knows nothing."""

    def __init__(self, image: SourceImage, offset: int) -> None:
        self._image, self._offset = image, offset
        self._piece: tuple[int, bytes] = (-1, b"")
        self._tables: dict[int, int] = {}
        head = image.read(offset + _SUPER_AT, _SUPER_BYTES)
        self._is_ext = len(head) == _SUPER_BYTES and head[56:58] == _MARK
        if self._is_ext:
            self._take(head)

    def is_encrypted(self, number: int) -> bool:
        """Whether an inode says that its content is encrypted."""
        if not self._is_ext or number < 1:
            return False
        group, place = divmod(number - 1, self._in_group)
        table = self._table(group)
        if not table:
            return False
        at = self._offset + table * self._block + place * self._inode + _FLAGS_AT
        return bool(int.from_bytes(self._bytes(at, 4), "little") & _ENCRYPTED)

    def _take(self, head: bytes) -> None:
        first, bits = struct.unpack_from("<II", head, 20)
        (self._in_group,) = struct.unpack_from("<I", head, 40)
        (revision,) = struct.unpack_from("<I", head, 76)
        (features,) = struct.unpack_from("<I", head, 96)
        self._inode = int.from_bytes(head[88:90], "little") if revision else _LEAST_INODE
        width = int.from_bytes(head[254:256], "little") if features & _WIDE else _LEAST_DESCRIPTOR
        self._is_wide, self._first, self._block = features & _WIDE, first, 1024 << min(bits, 6)
        (self._first_meta,) = struct.unpack_from("<I", head, 260)
        self._per_block = self._block // width if width else 0
        self._blocks_in_group = int.from_bytes(head[32:36], "little")
        self._width, self._has_meta = width, bool(features & _META_GROUPS)
        self._is_ext = (
            bits <= _MOST_BLOCK_BITS
            and self._in_group > 0
            and _LEAST_INODE <= self._inode <= _MOST_INODE
            and _LEAST_DESCRIPTOR <= width <= _MOST_DESCRIPTOR
        )

    def _table(self, group: int) -> int:
        """The block where a group's inodes begin; 0 where that is not known."""
        found = self._tables.get(group)
        if found is None:
            about = self._bytes(self._offset + self._descriptor(group), self._width)
            low = int.from_bytes(about[8:12], "little")
            high = int.from_bytes(about[40:44], "little") if self._is_wide else 0
            found = self._tables[group] = low | high << 32
        return found

    def _descriptor(self, group: int) -> int:
        number, place = divmod(group, self._per_block)
        if not self._has_meta or number < self._first_meta:
            return (self._first + 1 + number) * self._block + place * self._width
        # The descriptors of a meta group lie in its first group, behind a copy of the superblock.
        first = number * self._per_block
        has_copy = first in {0, 1} or any(_is_power(first, base) for base in (3, 5, 7))
        block = self._first + first * self._blocks_in_group + int(has_copy)
        return block * self._block + place * self._width

    def _bytes(self, at: int, length: int) -> bytes:
        """Bytes by way of the piece that was read last: inodes are asked for as they lie."""
        begin = at // _PIECE_BYTES * _PIECE_BYTES
        if at + length > begin + _PIECE_BYTES:
            return self._image.read(at, length)
        if self._piece[0] != begin:
            self._piece = begin, self._image.read(begin, _PIECE_BYTES)
        return self._piece[1][at - begin : at - begin + length]


def _is_power(number: int, base: int) -> bool:
    while number > 1 and number % base == 0:
        number //= base
    return number == 1
