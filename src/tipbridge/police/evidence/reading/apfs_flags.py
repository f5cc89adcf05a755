"""What the superblocks of an APFS container's volumes say of encryption; libfsapfs gives no flags.

Source: Apple, Apple File System Reference (2020): nx_superblock_t, omap_phys_t, btree_node_phys_t,
apfs_superblock_t. Only places and numbers are taken from it, and nothing is entered twice.
"""

import struct
from collections.abc import Iterator

from tipbridge.police.evidence.reading.image import SourceImage

UNENCRYPTED = 0x1
"""APFS_FS_UNENCRYPTED, in a volume's flags."""
_LEAST_BLOCK, _MOST_BLOCK, _MOST_VOLUMES = 4096, 65536, 100
_MOST_CHECKPOINTS, _MOST_NODES = 4096, 1024
_ROOT, _LEAF, _FIXED = 1, 2, 4
_HEAD, _TAIL = 56, 40
Find = dict[int, tuple[int, int]]


class VolumeFlags:
    """The flags of a container's volumes by their UUID, as far as its superblocks can be read."""

    def __init__(self, image: SourceImage, offset: int, length: int) -> None:
        self._image, self._offset, self._length = image, offset, length
        self._block = _LEAST_BLOCK
        self._flags = dict(self._found())

    def says_encrypted(self, identifier: str) -> bool:
        """Whether the volume says that its files are encrypted; not where nothing can be read of it."""
        flags = self._flags.get(identifier.replace("-", "").lower())
        return flags is not None and not flags & UNENCRYPTED

    def _read(self, block: int) -> bytes:
        at = block * self._block
        if not 0 <= at <= self._length - self._block:
            return b""
        return self._image.read(self._offset + at, self._block)

    def _found(self) -> Iterator[tuple[str, int]]:
        head = self._newest()
        if head is None:
            return
        tree = self._read(_number(head, 160))
        if len(tree) < self._block:
            return
        wanted = {_number(head, 184 + 8 * each) for each in range(_MOST_VOLUMES)} - {0}
        for block in self._places(_number(tree, 48), wanted, _number(head, 16)).values():
            data = self._read(block[1])
            if data[32:36] == b"APSB":
                yield data[240:256].hex(), _number(data, 264)

    def _newest(self) -> bytes | None:
        """The container's superblock of its last checkpoint: block 0 may be an older one."""
        first = self._read(0)
        if first[32:36] != b"NXSB":
            return None
        block = int.from_bytes(first[36:40], "little")
        if block & (block - 1) or not _LEAST_BLOCK <= block <= _MOST_BLOCK:
            return None
        self._block, best = block, first
        count, base = int.from_bytes(first[104:108], "little"), _number(first, 112)
        if count > _MOST_CHECKPOINTS:  # not contiguous (its high bit), or no count of a container
            return best
        for each in range(count):
            data = self._read(base + each)
            is_whole = data[32:36] == b"NXSB" and _is_summed(data)
            if is_whole and _number(data, 16) >= _number(best, 16):
                best = data
        return best

    def _places(self, root: int, wanted: set[int], xid: int) -> Find:
        """Of each object the newest transaction up to this one, and its block."""
        found, ahead, seen = Find(), [root], set[int]()
        while ahead and len(seen) < _MOST_NODES:
            number = ahead.pop()
            node = self._read(number)
            if number in seen or len(node) < self._block:
                continue
            seen.add(number)
            flags, _, count = struct.unpack_from("<HHI", node, 32)
            if not flags & _FIXED:
                continue
            for oid, since, value in _pairs(node, flags, count):
                if not flags & _LEAF:
                    ahead.append(_number(value, 0))
                elif oid in wanted and found.get(oid, (0, 0))[0] <= since <= xid:
                    found[oid] = since, _number(value, 8)
        return found


def _pairs(node: bytes, flags: int, count: int) -> Iterator[tuple[int, int, bytes]]:
    """Object, transaction and value of each entry of a node that lies within it."""
    begin, length = struct.unpack_from("<HH", node, 40)
    table, keys = _HEAD + begin, _HEAD + begin + length
    end, size = len(node) - (_TAIL if flags & _ROOT else 0), 16 if flags & _LEAF else 8
    for each in range(min(count, length // 4)):
        if table + 4 * each + 4 > end:
            return
        key, value = struct.unpack_from("<HH", node, table + 4 * each)
        if keys + key + 16 <= end and size <= value <= end - keys:
            oid, xid = struct.unpack_from("<QQ", node, keys + key)
            yield oid, xid, node[end - value : end - value + size]


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 8], "little")


def _is_summed(data: bytes) -> bool:
    """Whether Fletcher's sum of a block, in its first eight bytes, is right."""
    one = two = 0
    for (word,) in struct.iter_unpack("<I", data[8:]):
        one = (one + word) % 0xFFFFFFFF
        two = (two + one) % 0xFFFFFFFF
    low = 0xFFFFFFFF - (one + two) % 0xFFFFFFFF
    return data[:8] == struct.pack("<II", low, 0xFFFFFFFF - (one + low) % 0xFFFFFFFF)
