"""Apple disk images (UDIF) around a medium: a table of blocks, packed or not, and a trailer.

Source: the layout as libmodi and dmg2img read it; whole numbers with the highest byte first.
"""

import bz2
import lzma
import plistlib
import struct
import zlib
from collections.abc import Callable

SECTOR, _CHUNK_SECTORS = 512, 128
_ZERO, _RAW, _ZLIB, _BZIP2, _LZMA, _END = 0, 1, 0x80000005, 0x80000006, 0x80000008, 0xFFFFFFFF
_PACK: dict[str, tuple[int, Callable[[bytes], bytes]]] = {
    "raw": (_RAW, bytes),
    "zlib": (_ZLIB, zlib.compress),
    "bzip2": (_BZIP2, bz2.compress),
    "lzma": (_LZMA, lzma.compress),
}


def dmg(
    medium: bytes, packed: str = "zlib", *, zero: int = _ZERO, table_sum: int | None = None
) -> bytes:
    """The medium as a disk image whose chunks are packed so; chunks of zeros are not stored.

    Shape: `zero` is how such a chunk is called, 2 for one that is left out; `table_sum` is the table's
    checksum, else the right one.
    """
    kind, pack = _PACK[packed]
    out, runs = bytearray(), bytearray()
    sectors = len(medium) // SECTOR
    for first in range(0, sectors, _CHUNK_SECTORS):
        count = min(_CHUNK_SECTORS, sectors - first)
        chunk = medium[first * SECTOR : (first + count) * SECTOR]
        is_zero = not any(chunk)
        data = b"" if is_zero else pack(chunk)
        runs += struct.pack(
            ">IIQQQQ", zero if is_zero else kind, 0, first, count, len(out), len(data)
        )
        out += data
    runs += struct.pack(">IIQQQQ", _END, 0, sectors, 0, len(out), 0)
    head = struct.pack(">4sIQQQII", b"mish", 1, 0, sectors, 0, _CHUNK_SECTORS + 8, 0)
    head += bytes(24) + struct.pack(
        ">III", 2, 32, zlib.crc32(medium) if table_sum is None else table_sum
    )
    head += bytes(124)
    table = head + struct.pack(">I", len(runs) // 40) + bytes(runs)
    block = {"Attributes": "0x0050", "CFName": "whole", "Data": table, "ID": "0", "Name": "whole"}
    text = plistlib.dumps({"resource-fork": {"blkx": [block]}})
    trailer = struct.pack(">4sIIIQQQQQII", b"koly", 4, 512, 1, 0, 0, len(out), 0, 0, 1, 1)
    trailer += bytes(16) + struct.pack(">III", 2, 32, zlib.crc32(out)) + bytes(124)
    trailer += struct.pack(">QQ", len(out), len(text)) + bytes(120)
    trailer += struct.pack(">II", 2, 32) + bytes(128) + struct.pack(">IQ", 1, sectors) + bytes(12)
    return bytes(out) + text + trailer
