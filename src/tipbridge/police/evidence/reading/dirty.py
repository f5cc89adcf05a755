"""Whether a file system was left before everything was written: pulled out, cut from power.

Source: Microsoft, FAT32 File System Specification 1.03, "FAT Data Structure"; exFAT file system
specification, 3.1.13.2 (VolumeDirty); the ext4 documentation, "Super Block" (s_state); the Linux-NTFS documentation of `$LogFile`, `$Volume` and the
boot sector.
"""

import struct

from tipbridge.police.evidence.reading.image import SourceImage

_BOOT_BYTES, _RECORD_SIZES, _MOST_PAGE = 512, range(512, 4097), 64 * 1024
_LOG_FILE, _VOLUME, _DATA, _ABOUT_VOLUME = 2, 3, 0x80, 0x70
_NO_CLIENT, _CLEAN = 0xFFFF, 2
_EXT_AT, _EXT_MARK, _EXT_STATE, _EXT_CLEAN = 1024 + 56, b"\x53\xef", 3, 1
"""An ext's mark and its state after it: let go of cleanly, no errors found."""
_LEAST_FAT16, _LEAST_FAT32 = 4085, 65_525
_SIZES_AT = {"fat16": (37, 2, 0x8000, 0x4000), "fat32": (65, 4, 0x0800_0000, 0x0400_0000)}
"""Where the boot sector's dirty bit is; the second entry of the table: its width, clean, no errors."""


def log_waits(image: SourceImage, offset: int) -> bool:
    """Whether the NTFS that begins there has a log that its system would replay first."""
    head = image.read(offset, _BOOT_BYTES)
    place = _first_run(image, offset, head) if head[3:11] == b"NTFS    " else None
    if place is None:
        return False
    first = _restart(image, place)
    second = None if first is None else _restart(image, place + first[2])
    pages = [each for each in (first, second) if each is not None]
    return bool(pages) and not max(pages)[1]


def is_dirty(image: SourceImage, offset: int) -> bool:
    """Whether a FAT, exFAT, NTFS or ext that begins there was not let go of cleanly, as it says."""
    head = image.read(offset, _BOOT_BYTES)
    if len(head) < _BOOT_BYTES or head[510:] != b"\x55\xaa":
        return _ext_is_dirty(image, offset)
    if head[3:11] == b"NTFS    ":
        about = _attribute(_record(image, offset, head, _VOLUME), _ABOUT_VOLUME)
        at = int.from_bytes(about[20:22], "little")
        return bool(int.from_bytes(about[at + 10 : at + 12], "little") & 1)
    if head[3:11] == b"EXFAT   ":
        return bool(head[106] & 2)
    return _fat_is_dirty(image, offset, head)


def _ext_is_dirty(image: SourceImage, offset: int) -> bool:
    said = image.read(offset + _EXT_AT, 4)
    return said[:2] == _EXT_MARK and said[2] & _EXT_STATE != _EXT_CLEAN


def _fat_is_dirty(image: SourceImage, offset: int, head: bytes) -> bool:
    sector, per_cluster, reserved, tables, names = struct.unpack_from("<HBHBH", head, 11)
    total = int.from_bytes(head[19:21], "little") or int.from_bytes(head[32:36], "little")
    length = int.from_bytes(head[22:24], "little") or int.from_bytes(head[36:40], "little")
    if not (sector and per_cluster and tables and length):
        return _ext_is_dirty(image, offset)  # it may begin with a program that loads a system
    clusters = (total - reserved - tables * length - -(-names * 32 // sector)) // per_cluster
    if clusters < _LEAST_FAT16:  # FAT12 has the boot sector's bit alone
        return bool(head[37] & 1)
    flag_at, width, clean, whole = _SIZES_AT["fat32" if clusters >= _LEAST_FAT32 else "fat16"]
    entry = int.from_bytes(image.read(offset + reserved * sector + width, width), "little")
    return bool(head[flag_at] & 1) or entry & (clean | whole) != clean | whole


def _cluster(head: bytes) -> int:
    sector, per_cluster = struct.unpack_from("<Hb", head, 11)
    return sector * (per_cluster if per_cluster > 0 else 1 << min(-per_cluster, 31))


def _record(image: SourceImage, offset: int, head: bytes, number: int) -> bytes:
    """One of the first records of the table of files; nothing where it is none."""
    (size,) = struct.unpack_from("<b", head, 64)
    size = size * _cluster(head) if size > 0 else 1 << min(-size, 31)
    if size not in _RECORD_SIZES:
        return b""
    begin = offset + int.from_bytes(head[48:56], "little") * _cluster(head)
    record = image.read(begin + number * size, size)
    return record if record[:4] == b"FILE" else b""


def _attribute(record: bytes, wanted: int) -> bytes:
    """The bytes of a record's first attribute of a kind; nothing where it has none."""
    at = int.from_bytes(record[20:22], "little")
    while at + 24 <= len(record):
        kind, length = struct.unpack_from("<II", record, at)
        if kind == wanted:
            return record[at : at + length]
        if not length or kind > wanted:
            break
        at += length
    return b""


def _first_run(image: SourceImage, offset: int, head: bytes) -> int | None:
    """Where the log begins on the medium."""
    data = _attribute(_record(image, offset, head, _LOG_FILE), _DATA)
    if len(data) < 64 or not data[8]:
        return None
    at = int.from_bytes(data[32:34], "little")
    widths = data[at] if at < len(data) else 0
    lengths, places = widths & 15, widths >> 4
    cluster = int.from_bytes(data[at + 1 + lengths : at + 1 + lengths + places], "little")
    return offset + cluster * _cluster(head) if places else None


def _restart(image: SourceImage, at: int) -> tuple[int, bool, int] | None:
    """A restart page's newest number, whether it says that all is written, and how long it is."""
    page = image.read(at, 4096)
    if len(page) < 4096 or page[:4] not in {b"RSTR", b"CHKD"}:
        return None
    (size,), (area,) = struct.unpack_from("<I", page, 16), struct.unpack_from("<H", page, 24)
    if not _BOOT_BYTES <= size <= _MOST_PAGE or area > 4096 - 16:
        return None
    newest, in_use, flags = struct.unpack_from("<Q4xHH", page, area)
    return newest, in_use == _NO_CLIENT or bool(flags & _CLEAN), size
