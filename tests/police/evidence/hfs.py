"""HFS+ volumes written byte by byte: Debian has no tool that makes them any more.

Source: Apple, Technical Note TN1150, HFS Plus Volume Format. One catalog leaf, no journal.
"""

import struct
from dataclasses import dataclass, field
from pathlib import Path

BLOCK, BLOCKS, NODE = 4096, 256, 4096
_NAME, _ROOT, _FIRST = "Stick", 2, 16
_ALLOCATION, _EXTENTS, _CATALOG, _DATA = 1, 2, 3, 6
"""The first block of each special file, and of what files may take; the catalog has two nodes."""
_ATTRIBUTES, _PACKED = 240, 0x20
"""Where the file of attributes lies, of two nodes as well; the flag of what the system packed."""
_SECONDS = 3_400_000_000
"""A time of 2011, in seconds since 1904."""

Extents = tuple[tuple[int, int], ...]


@dataclass(slots=True)
class HfsPlus:
    """A volume; each file takes the blocks it is told to, and is read from them by its catalog."""

    path: Path
    records: dict[tuple[int, str], bytes] = field(default_factory=dict)
    used: set[int] = field(default_factory=lambda: {*range(_DATA), BLOCKS - 1})
    blocks: dict[int, bytes] = field(default_factory=dict)
    next_id: int = _FIRST
    counts: list[int] = field(default_factory=lambda: [0, 0])
    packed: dict[int, bytes] = field(default_factory=dict)
    """By a file's number what its attribute `com.apple.decmpfs` holds."""

    def folder(self, name: str, parent: int = _ROOT) -> int:
        number, self.next_id = self.next_id, self.next_id + 1
        self._catalogue(parent, name, number, _folder_record(number), kind=3)
        self.counts[1] += 1
        return number

    def write(
        self, name: str, data: bytes, extents: Extents, *, parent: int = _ROOT, rsrc: bytes = b""
    ) -> None:
        """A file whose content lies in these runs of blocks, with its resource fork behind them."""
        number, self.next_id = self.next_id, self.next_id + 1
        behind = max(start + count for start, count in extents)
        forks = _fork(data, extents), _fork(rsrc, ((behind, 1),) if rsrc else ())
        self._fill(data, extents)
        if rsrc:
            self._fill(rsrc, ((behind, 1),))
        record = struct.pack(">hHII", 2, 2, 0, number) + _common(0o100644) + b"".join(forks)
        self._catalogue(parent, name, number, record, kind=4)
        self.counts[0] += 1

    def pack(self, name: str, size: int, kind: int, inside: bytes, *, rsrc: int = 0) -> None:
        """A file as the system packs it: its content in an attribute, or in its resource fork.

        Shape: `rsrc` is the block of a fork that holds `inside`, none for 0. Source: Apple, decmpfs.h.
        """
        number, self.next_id = self.next_id, self.next_id + 1
        head = struct.pack("<4sIQ", b"fpmc", kind, size)
        self.packed[number] = head if rsrc else head + inside
        runs = ((rsrc, 1),) if rsrc else ()
        forks = _fork(b"", ()) + _fork(inside if rsrc else b"", runs)
        self._fill(inside, runs)
        record = struct.pack(">hHII", 2, 2, 0, number) + _common(0o100644, _PACKED) + forks
        self._catalogue(_ROOT, name, number, record, kind=4)
        self.counts[0] += 1

    def make(self) -> Path:
        """Write the volume as it is now."""
        image = bytearray(BLOCKS * BLOCK)
        for number, data in self.blocks.items():
            image[number * BLOCK : number * BLOCK + len(data)] = data
        special = {
            _ALLOCATION: bytes(sum(0x80 >> bit for bit in range(8) if 8 * each + bit in self.used)
                               for each in range(BLOCKS // 8)),
            _EXTENTS: _header_node(0, 0, 1, 10, 2),
            _CATALOG: _header_node(1, len(self._all()), 2, 516, 6) + self._leaf(),
        }  # fmt: skip
        if self.packed:
            self.used |= {_ATTRIBUTES, _ATTRIBUTES + 1}
            special[_ATTRIBUTES] = _header_node(1, len(self.packed), 2, 266, 6) + self._attributes()
        for number, data in special.items():
            image[number * BLOCK : number * BLOCK + len(data)] = data
        for at in (1024, len(image) - 1024):
            image[at : at + 512] = self._header()
        self.path.write_bytes(image)
        return self.path

    def remove(self, name: str) -> None:
        """Take a file out of the catalog, as a system does: its blocks stay what they are."""
        number = struct.unpack_from(">I", self.records.pop((_ROOT, name)), 8)[0]
        del self.records[number, ""]
        self.counts[0] -= 1

    def _fill(self, data: bytes, extents: Extents) -> None:
        for start, count in extents:
            for number in range(start, start + count):
                self.blocks[number], data = data[:BLOCK], data[BLOCK:]
                self.used.add(number)

    def _catalogue(self, parent: int, name: str, number: int, record: bytes, *, kind: int) -> None:
        self.records[parent, name] = record
        self.records[number, ""] = struct.pack(">hhI", kind, 0, parent) + _text(name)

    def _all(self) -> dict[tuple[int, str], bytes]:
        root = {
            (1, _NAME): _folder_record(_ROOT),
            (_ROOT, ""): struct.pack(">hhI", 3, 0, 1) + _text(_NAME),
        }
        return dict(sorted((root | self.records).items()))

    def _leaf(self) -> bytes:
        node, offsets = bytearray(struct.pack(">IIbBHH", 0, 0, -1, 1, len(self._all()), 0)), []
        for (parent, name), record in self._all().items():
            offsets.append(len(node))
            key = struct.pack(">I", parent) + _text(name)
            node += struct.pack(">H", len(key)) + key + record
        return _node(node, [*offsets, len(node)])

    def _attributes(self) -> bytes:
        node, offsets = bytearray(struct.pack(">IIbBHH", 0, 0, -1, 1, len(self.packed), 0)), []
        for number, value in self.packed.items():
            offsets.append(len(node))
            key = struct.pack(">HII", 0, number, 0) + _text("com.apple.decmpfs")
            node += struct.pack(">H", len(key)) + key
            node += struct.pack(">IIII", 0x10, 0, 0, len(value)) + value
            node += bytes(len(node) % 2)
        return _node(node, [*offsets, len(node)])

    def _header(self) -> bytes:
        free = BLOCKS - len(self.used)
        head = struct.pack(">2sHI4sI", b"H+", 4, 0x100, b"10.0", 0)
        head += struct.pack(">IIII", _SECONDS, _SECONDS, 0, _SECONDS)
        head += struct.pack(">IIIIIIII", *self.counts, BLOCK, BLOCKS, free, 0, BLOCK, BLOCK)
        head += struct.pack(">IIQ", self.next_id, 1, 1) + bytes(32)
        sizes = (BLOCKS // 8, NODE, 2 * NODE)
        for size, start in zip(sizes, (_ALLOCATION, _EXTENTS, _CATALOG), strict=True):
            head += _fork(bytes(size), ((start, -(-size // BLOCK)),))
        runs = ((_ATTRIBUTES, 2),) if self.packed else ()
        return head + _fork(bytes(2 * NODE if self.packed else 0), runs) + _fork(b"", ())


def _fork(data: bytes, extents: Extents) -> bytes:
    runs = b"".join(struct.pack(">II", *each) for each in extents).ljust(64, b"\0")
    return struct.pack(">QII", len(data), 0, sum(count for _, count in extents)) + runs


def _folder_record(number: int) -> bytes:
    return struct.pack(">hHII", 1, 0, 0, number) + _common(0o040755)


def _common(mode: int, flags: int = 0) -> bytes:
    """Times, rights, what the Finder keeps, and the encoding."""
    times = struct.pack(">IIIII", *(_SECONDS + each for each in range(4)), 0)
    return times + struct.pack(">IIBBHI", 0, 0, 0, flags, mode, 1) + bytes(32) + bytes(8)


def _text(name: str) -> bytes:
    return struct.pack(">H", len(name)) + name.encode("utf-16-be")


def _header_node(depth: int, records: int, nodes: int, key: int, attributes: int) -> bytes:
    leaf = 1 if depth else 0
    node = bytearray(struct.pack(">IIbBHH", 0, 0, 1, 0, 3, 0))
    node += struct.pack(">HIIIIHHII", depth, leaf, records, leaf, leaf, NODE, key, nodes, 0)
    node += struct.pack(">HIBBI", 0, NODE, 0, 0xCF, attributes) + bytes(64)
    map_at = len(node) + 128
    node += bytes(128) + bytes([0xC0 if nodes == 2 else 0x80])
    return _node(node, [14, 14 + 106, map_at, NODE - 8])


def _node(node: bytearray, offsets: list[int]) -> bytes:
    """A node with its records' offsets from its end backwards."""
    ends = b"".join(struct.pack(">H", each) for each in reversed(offsets))
    return bytes(node.ljust(NODE - len(ends), b"\0")) + ends
