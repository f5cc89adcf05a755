"""APFS containers written byte by byte: Debian's tool makes empty ones of half a gigabyte only.

Source: Apple, Apple File System Reference (2020). One checkpoint, one leaf for each tree.
"""

import struct
import unicodedata
import zlib
from dataclasses import dataclass, field
from pathlib import Path

BLOCK = 4096
_BLOCKS = 160
_ROOT, _FIRST, _XID, _NS = 2, 16, 2, 1_300_000_000 * 10**9
_MAP, _SUPER, _OMAP, _OTREE, _CHUNKS, _BITS, _SPACE, _VOLUMES = 1, 2, 3, 4, 5, 6, 7, 8
"""Blocks of the container; from the last on, four of each volume: superblock, map, its tree, files."""
FIRST_DATA = 32
_INODE, _XATTR, _DSTREAM, _EXTENT, _NAME = 3, 4, 6, 8, 9
_REGULAR, _FOLDER, _LINK = 0o100644, 0o040755, 0o120777
_PHYSICAL, _EPHEMERAL = 0x40000000, 0x80000000
_FOLDED = 1
"""Capital letters are not told apart, as on nearly every Mac: names stand with a hash."""


@dataclass(slots=True)
class Volume:
    """One volume: its records, and whether it says that it is encrypted."""

    name: str
    encrypted: bool = False
    records: dict[tuple[int, int, bytes], bytes] = field(default_factory=dict)
    next_id: int = _FIRST

    def __post_init__(self) -> None:
        for number, name in ((_ROOT, "root"), (_ROOT + 1, "private-dir")):
            self._named(1, name, number, 4)
            self._inode(number, 1, name, _FOLDER)

    def folder(self, name: str, parent: int = _ROOT) -> int:
        number = self._new(parent, name, 4)
        self._inode(number, parent, name, _FOLDER)
        return number

    def write(
        self, name: str, size: int, extents: list[tuple[int, int]], parent: int = _ROOT
    ) -> int:
        """A file of so many bytes in these runs of blocks; block 0 is a hole."""
        number = self._new(parent, name, 8)
        self._inode(number, parent, name, _REGULAR, size=size)
        self.records[number, _DSTREAM, b""] = struct.pack("<I", 1)
        at = 0
        for block, count in extents:
            value = struct.pack("<QQQ", count * BLOCK, block, 0)
            self.records[number, _EXTENT, struct.pack("<Q", at)] = value
            at += count * BLOCK
        return number

    def packed(self, name: str, data: bytes, parent: int = _ROOT) -> None:
        """A file whose content stands packed in an attribute, as the system's own programs do."""
        number = self._new(parent, name, 8)
        self._inode(number, parent, name, _REGULAR, flags=0x20, unpacked=len(data))
        head = struct.pack("<4sIQ", b"fpmc", 3, len(data))
        self.attribute(number, "com.apple.decmpfs", head + zlib.compress(data))

    def link(self, name: str, target: str, parent: int = _ROOT) -> None:
        number = self._new(parent, name, 10)
        self._inode(number, parent, name, _LINK)
        self.attribute(number, "com.apple.fs.symlink", target.encode() + b"\0")

    def attribute(self, number: int, name: str, data: bytes) -> None:
        text = name.encode() + b"\0"
        key = struct.pack("<H", len(text)) + text
        self.records[number, _XATTR, key] = struct.pack("<HH", 2, len(data)) + data

    def _new(self, parent: int, name: str, kind: int) -> int:
        number, self.next_id = self.next_id, self.next_id + 1
        self._named(parent, name, number, kind)
        return number

    def _named(self, parent: int, name: str, number: int, kind: int) -> None:
        text = name.encode() + b"\0"
        key = struct.pack("<I", len(text) | _hashed(name) << 10) + text
        self.records[parent, _NAME, key] = struct.pack("<QQH", number, _NS, kind)

    def _inode(
        self, number: int, parent: int, name: str, mode: int, *,
        size: int | None = None, flags: int = 0, unpacked: int = 0,
    ) -> None:  # fmt: skip
        fixed = struct.pack("<QQQQQQQ", parent, number, _NS, _NS, _NS, _NS, 0x8000)
        fixed += struct.pack("<iIIIIIHHQ", 1, 0, 0, flags, 501, 20, mode, 0, unpacked)
        text = name.encode() + b"\0"
        fields = [(4, text)]
        if size is not None:
            room = -(-size // BLOCK) * BLOCK
            fields.append((8, struct.pack("<QQQQQ", size, room, 0, size, 0)))
        table = b"".join(struct.pack("<BBH", kind, 2, len(data)) for kind, data in fields)
        values = b"".join(data + bytes(-len(data) % 8) for _, data in fields)
        self.records[number, _INODE, b""] = (
            fixed + struct.pack("<HH", len(fields), len(values)) + table + values
        )

    def tree(self) -> list[tuple[bytes, bytes]]:
        ordered = sorted(self.records.items(), key=_order)
        return [
            (struct.pack("<Q", number | kind << 60) + rest, value)
            for (number, kind, rest), value in ordered
        ]


def _order(record: tuple[tuple[int, int, bytes], bytes]) -> tuple[int, int, int, bytes]:
    """As the tree has them: names by their length and hash, as one number."""
    (number, kind, rest), _ = record
    return number, kind, int.from_bytes(rest[:4], "little") if kind == _NAME else 0, rest


def _hashed(name: str) -> int:
    """22 bits of CRC-32C over the folded name in UTF-32."""
    crc = 0xFFFFFFFF
    for byte in unicodedata.normalize("NFD", name).casefold().encode("utf-32-le"):
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc & 0x3FFFFF


@dataclass(slots=True)
class Apfs:
    """A container with its volumes and the blocks that their files lie in."""

    path: Path
    volumes: list[Volume]
    blocks: dict[int, bytes] = field(default_factory=dict)

    def put(self, block: int, data: bytes) -> None:
        """Lay bytes from the begin of a block on."""
        self.blocks[block] = data

    def make(self) -> Path:
        image = bytearray(_BLOCKS * BLOCK)
        objects = {0: _container(self), _SUPER: _container(self)}
        mapped = struct.pack("<IIIIQQQ", _EPHEMERAL | 5, 0, BLOCK, 0, 0, 1024, _SPACE)
        objects[_MAP] = _object(0x1, 0x4000000C, 0, struct.pack("<II", 1, 1) + mapped)
        objects[_SPACE], objects[_CHUNKS], objects[_BITS] = _space()
        places = [
            (1026 + 2 * number, _VOLUMES + 4 * number) for number, _ in enumerate(self.volumes)
        ]
        objects[_OMAP], objects[_OTREE] = _map(_OMAP, places)
        for (oid, at), volume in zip(places, self.volumes, strict=True):
            objects[at] = _volume(oid, at, volume, self.volumes.index(volume))
            objects[at + 1], objects[at + 2] = _map(at + 1, [(oid + 1, at + 3)])
            objects[at + 3] = _tree(oid + 1, 0x2, 0xE, volume.tree(), fixed=False)
        for number, data in (objects | self.blocks).items():
            image[number * BLOCK : number * BLOCK + len(data)] = data
        self.path.write_bytes(image)
        return self.path


def _object(oid: int, kind: int, subkind: int, body: bytes) -> bytes:
    rest = (struct.pack("<QQII", oid, _XID, kind, subkind) + body).ljust(BLOCK - 8, b"\0")
    return _sum(rest) + rest


def _sum(data: bytes) -> bytes:
    """Fletcher's checksum in 64 bits, over everything behind itself."""
    one = two = 0
    for (word,) in struct.iter_unpack("<I", data):
        one = (one + word) % 0xFFFFFFFF
        two = (two + one) % 0xFFFFFFFF
    low = 0xFFFFFFFF - (one + two) % 0xFFFFFFFF
    return struct.pack("<II", low, 0xFFFFFFFF - (one + low) % 0xFFFFFFFF)


def _container(made: Apfs) -> bytes:
    body = struct.pack("<4sIQQQQ", b"NXSB", BLOCK, _BLOCKS, 0, 0, 2) + bytes(range(16))
    body += struct.pack("<QQIIQQIIIIII", 2048, _XID + 1, 2, 1, _MAP, 7, 0, 0, 0, 2, 0, 0)
    body += struct.pack("<QQQII", 1024, _OMAP, 1025, 0, 100)
    body += b"".join(struct.pack("<Q", 1026 + 2 * each) for each, _ in enumerate(made.volumes))
    return _object(0x1, 0x80000001, 0, body)


def _space() -> tuple[bytes, bytes, bytes]:
    """Which blocks are taken: one chunk, of which all blocks are. Readers ask, we don't."""
    at = 0x150
    main = struct.pack("<QQIIQIIQ", _BLOCKS, 1, 1, 0, 0, at, 0, 0)
    body = struct.pack("<IIII", BLOCK, BLOCK * 8, 126, 511) + main + bytes(48)
    body = body.ljust(at - 32, b"\0") + struct.pack("<Q", _CHUNKS)
    chunk = struct.pack("<IIQQIIQ", 0, 1, _XID, 0, _BLOCKS, 0, _BITS)
    return (
        _object(1024, _EPHEMERAL | 5, 0, body),
        _object(_CHUNKS, _PHYSICAL | 7, 0, chunk),
        b"\xff" * (_BLOCKS // 8),
    )


def _volume(oid: int, at: int, volume: Volume, index: int) -> bytes:
    body = struct.pack("<4sIQQQ", b"APSB", index, 0, 0, _FOLDED) + bytes(32) + bytes(20)
    body += struct.pack("<III", 0x2, _PHYSICAL | 2, _PHYSICAL | 2)
    body += struct.pack("<QQ", at + 1, oid + 1) + bytes(32) + struct.pack("<Q", volume.next_id)
    body = body.ljust(0xF0 - 32, b"\0") + bytes(15) + bytes([index + 1])
    body += struct.pack("<QQ", _NS, 0 if volume.encrypted else 1)
    body = body.ljust(0x2C0 - 32, b"\0") + volume.name.encode() + b"\0"
    return _object(oid, 0xD, 0, body)


def _map(at: int, places: list[tuple[int, int]]) -> tuple[bytes, bytes]:
    """Where each object lies, as a map and its tree in the block behind."""
    body = struct.pack("<IIIIQQQ", 0, 0, _PHYSICAL | 2, _PHYSICAL | 2, at + 1, 0, 0)
    pairs = [
        (struct.pack("<QQ", oid, _XID), struct.pack("<IIQ", 0, BLOCK, block))
        for oid, block in places
    ]
    return (
        _object(at, _PHYSICAL | 0xB, 0, body),
        _tree(at + 1, _PHYSICAL | 2, 0xB, pairs, fixed=True),
    )


def _tree(
    oid: int, kind: int, subkind: int, pairs: list[tuple[bytes, bytes]], *, fixed: bool
) -> bytes:
    """A tree of one leaf: where each key and value is, keys from the front, values from behind."""
    table, keys, values = bytearray(), bytearray(), b""
    for key, value in pairs:
        values = value + values
        if fixed:
            table += struct.pack("<HH", len(keys), len(values))
        else:
            table += struct.pack("<HHHH", len(keys), len(key), len(values), len(value))
        keys += key
    room = BLOCK - 56 - 40
    free = room - len(table) - len(keys) - len(values)
    assert free >= 0, "more than one leaf holds"
    head = struct.pack("<HHI", 7 if fixed else 3, 0, len(pairs))
    head += struct.pack("<HHHH", 0, len(table), len(keys), free)
    head += struct.pack("<HHHH", 0xFFFF, 0, 0xFFFF, 0)
    sizes = (16, 16) if fixed else (0, 0)
    longest = [max((len(each[side]) for each in pairs), default=0) for side in (0, 1)]
    about = struct.pack("<IIIIIIQQ", 0, BLOCK, *sizes, *longest, len(pairs), 1)
    return _object(oid, kind, subkind, head + table + keys + bytes(free) + values + about)
