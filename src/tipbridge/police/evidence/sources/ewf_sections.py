"""The sections of an E01 segment: where each begins, and what the small ones say.

Source: the EWF-E01 format as libewf's documentation describes it.
"""

import os
import struct
import sys
import zlib
from array import array
from dataclasses import dataclass

SIGNATURE = b"EVF\x09\x0d\x0a\xff\x00"
HEAD_BYTES, _SECTION_BYTES = 13, 76
_MOST_SECTIONS, _MOST_ENTRIES, _MOST_SMALL_BYTES = 100_000, 1 << 22, 1 << 20
COMPRESSED = 0x8000_0000


class BadImage(ValueError):
    """The image's structure can't be followed; says what is wrong and where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section. Unit: bytes from the segment's begin; `length` is of its data."""

    type: str
    at: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """What the volume section says of the medium."""

    chunk_count: int
    sectors_per_chunk: int
    bytes_per_sector: int
    sector_count: int

    @property
    def chunk_bytes(self) -> int:
        """The length of one chunk of the medium."""
        return self.sectors_per_chunk * self.bytes_per_sector

    @property
    def size_bytes(self) -> int:
        """The length of the medium."""
        return self.sector_count * self.bytes_per_sector


def segment_number(handle: int) -> int:
    """Which segment of its set a file is. Errors: BadImage."""
    head = os.pread(handle, HEAD_BYTES, 0)
    if len(head) < HEAD_BYTES or head[:8] != SIGNATURE:
        raise BadImage("a segment does not begin as E01")
    return int.from_bytes(head[9:11], "little")


def sections_of(handle: int, size: int) -> tuple[list[Section], str]:
    """The sections in order, and what cut them short (empty when nothing did)."""
    found: list[Section] = []
    at = HEAD_BYTES
    while len(found) < _MOST_SECTIONS:
        head = os.pread(handle, _SECTION_BYTES, at)
        if len(head) < _SECTION_BYTES:
            return found, f"section list ends at byte {at}"
        name, following, length = struct.unpack_from("<16sQQ", head)
        if zlib.adler32(head[:72]) != int.from_bytes(head[72:], "little"):
            return found, f"section head at byte {at} has a wrong checksum"
        kind = name.rstrip(b"\0").decode("ascii", "replace")
        if kind in {"next", "done"}:
            return found, ""
        if not at + _SECTION_BYTES <= following <= size:
            return found, f"section at byte {at} leads outside of its segment"
        data = at + _SECTION_BYTES
        found.append(Section(type=kind, at=data, length=min(following - data, max(0, length - 76))))
        at = following
    return found, "more sections than an image has"


def checked(handle: int, section: Section, length: int) -> bytes:
    """The first `length` bytes of a small section. Errors: BadImage (checksum, length)."""
    data = os.pread(handle, min(length, _MOST_SMALL_BYTES), section.at)
    if len(data) < length:
        raise BadImage(f"section {section.type} at byte {section.at} is cut short")
    if zlib.adler32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        raise BadImage(f"section {section.type} at byte {section.at} has a wrong checksum")
    return data


def medium_of(handle: int, section: Section) -> Medium:
    """What a volume section says. Errors: BadImage."""
    data = checked(handle, section, 1052 if section.length >= 1052 else 94)
    chunks, per_chunk, per_sector = struct.unpack_from("<III", data, 4)
    form = "<Q" if section.length >= 1052 else "<I"
    (sectors,) = struct.unpack_from(form, data, 16)
    medium = Medium(
        chunk_count=chunks,
        sectors_per_chunk=per_chunk,
        bytes_per_sector=per_sector,
        sector_count=sectors,
    )
    if not (0 < medium.chunk_bytes <= 1 << 26 and sectors <= chunks * per_chunk):
        raise BadImage("the volume section says what can't be")
    return medium


def table_of(handle: int, section: Section) -> tuple[int, "array[int]"]:
    """Base offset and entries of a table. Errors: BadImage (checksums, length)."""
    head = checked(handle, section, 24)
    count, base = struct.unpack_from("<I4xQ", head)
    if count > _MOST_ENTRIES or 24 + 4 * count > section.length:
        raise BadImage(f"table at byte {section.at} says it has {count} entries")
    data = os.pread(handle, 4 * count + 4, section.at + 24)
    if len(data) < 4 * count:
        raise BadImage(f"table at byte {section.at} is cut short")
    if section.length >= 28 + 4 * count and zlib.adler32(data[:-4]) != int.from_bytes(
        data[-4:], "little"
    ):
        raise BadImage(f"table at byte {section.at} has a wrong checksum")
    entries = array("I")
    entries.frombytes(data[: 4 * count])
    if sys.byteorder == "big":
        entries.byteswap()
    return base, entries


def acquisition_errors(handle: int, section: Section) -> list[tuple[int, int]]:
    """First sector and number of sectors of each range that was bad. Errors: BadImage."""
    head = checked(handle, section, 520)
    (count,) = struct.unpack_from("<I", head)
    if 520 + 8 * count > section.length:
        raise BadImage(f"error list at byte {section.at} says it has {count} ranges")
    data = os.pread(handle, 8 * count, section.at + 520)
    return [struct.unpack_from("<II", data, 8 * number) for number in range(len(data) // 8)]


_HEADER_NAMES = {
    "a": "description",
    "c": "case number",
    "n": "evidence number",
    "e": "examiner",
    "t": "notes",
    "md": "model",
    "sn": "serial number",
    "av": "tool's version",
    "ov": "system",
    "m": "acquired at",
    "u": "system's time",
}
_MOST_HEADER_BYTES, _MOST_VALUE = 1 << 18, 200


def header_of(handle: int, section: Section) -> tuple[str, ...]:
    """What the image's maker wrote of it, name by name. Errors: BadImage."""
    packed = os.pread(handle, min(section.length, _MOST_SMALL_BYTES), section.at)
    try:
        raw = zlib.decompressobj().decompress(packed, _MOST_HEADER_BYTES)
    except zlib.error as error:
        raise BadImage(f"section {section.type} at byte {section.at} can't be inflated") from error
    wide = raw[:2] in {b"\xff\xfe", b"\xfe\xff"}
    lines = raw.decode("utf-16" if wide else "utf-8", "replace").splitlines()
    main = lines.index("main") if "main" in lines else len(lines)
    names, values = (
        lines[at].split("\t") if at < len(lines) else [] for at in (main + 1, main + 2)
    )
    return tuple(
        f"{_HEADER_NAMES[name]}: {''.join(one for one in value if one.isprintable())[:_MOST_VALUE]}"
        for name, value in zip(names, values, strict=False)
        if name in _HEADER_NAMES and value.strip()
    )
