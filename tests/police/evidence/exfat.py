"""Files on exFAT, for which there is no tool that writes without mounting.

Source: the exFAT file system specification (sections 6 and 7.4 to 7.7).
"""

import struct
from pathlib import Path


def write_exfat(path: Path, name: str, data: bytes, *, deleted: bool = False) -> None:
    """Put a file of contiguous clusters into the root folder, or mark one as deleted there."""
    image = bytearray(path.read_bytes())
    (fat, _, heap, clusters, root) = struct.unpack_from("<5I", image, 80)
    sector = 1 << image[108]
    cluster = sector << image[109]
    root_at = heap * sector + (root - 2) * cluster
    entries = [root_at + at for at in range(0, cluster, 32)]
    bitmap = next(at for at in entries if image[at] == 0x81)
    bits_at = (
        heap * sector + (int.from_bytes(image[bitmap + 20 : bitmap + 24], "little") - 2) * cluster
    )
    if deleted:
        _end(image, entries, name, bits_at, cluster)
    else:
        count = -(-len(data) // cluster)
        first = next(
            number
            for number in range(clusters)
            if all(not image[bits_at + n // 8] >> n % 8 & 1 for n in range(number, number + count))
        )
        at = heap * sector + first * cluster
        image[at : at + len(data)] = data
        for number in range(first, first + count):
            image[bits_at + number // 8] |= 1 << number % 8
        free = next(at for at in entries if image[at] == 0)
        entry_set = _entry_set(name, len(data), first + 2)
        image[free : free + len(entry_set)] = entry_set
    assert fat
    path.write_bytes(image)


def _entry_set(name: str, size: int, first: int) -> bytes:
    text = name.encode("utf-16-le")
    names = [text[at : at + 30].ljust(30, b"\0") for at in range(0, len(text), 30)]
    stamp = (2014 - 1980) << 25 | 5 << 21 | 1 << 16
    head = struct.pack("<BBHHHIII7x5x", 0x85, 1 + len(names), 0, 0x20, 0, stamp, stamp, stamp)
    stream = struct.pack(
        "<BBxBHHQIIQ", 0xC0, 0x03, len(name), _name_hash(name), 0, size, 0, first, size
    )
    whole = bytearray(head + stream + b"".join(b"\xc1\0" + part for part in names))
    whole[2:4] = _checksum(whole).to_bytes(2, "little")
    return bytes(whole)


def _checksum(entries: bytes) -> int:
    total = 0
    for at, byte in enumerate(entries):
        if at not in {2, 3}:
            total = ((total << 15 | total >> 1) & 0xFFFF) + byte & 0xFFFF
    return total


def _name_hash(name: str) -> int:
    total = 0
    for byte in name.upper().encode("utf-16-le"):
        total = ((total << 15 | total >> 1) & 0xFFFF) + byte & 0xFFFF
    return total


def _end(image: bytearray, entries: list[int], name: str, bits_at: int, cluster: int) -> None:
    text = name.encode("utf-16-le")[:30].ljust(30, b"\0")
    at = next(at for at in entries if image[at] == 0xC1 and bytes(image[at + 2 : at + 32]) == text)
    size = int.from_bytes(image[at - 8 : at], "little")
    first = int.from_bytes(image[at - 12 : at - 8], "little") - 2
    for number in range(first, first + -(-size // cluster)):
        image[bits_at + number // 8] &= ~(1 << number % 8)
    count = image[at - 63]
    for each in range(at - 64, at - 64 + 32 * (count + 1), 32):
        image[each] &= 0x7F


def shorten_valid(path: Path, name: str, valid: int) -> None:
    """Let a file's entry say that only so many of its bytes were ever written."""
    image = bytearray(path.read_bytes())
    text = name.encode("utf-16-le")[:30].ljust(30, b"\0")
    at = image.index(b"\xc1\0" + text) - 64
    image[at + 40 : at + 48] = valid.to_bytes(8, "little")
    end = at + 32 * (image[at + 1] + 1)
    image[at + 2 : at + 4] = _checksum(image[at:end]).to_bytes(2, "little")
    path.write_bytes(image)
