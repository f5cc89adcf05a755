"""What the first bytes of a medium or a volume say: a partition table, or encryption."""

import struct
from itertools import pairwise

HEAD_BYTES = 512
_TABLE_AT, _ENTRY_BYTES, _ENTRIES = 446, 16, 4
_BOOT_MARK = b"\x55\xaa"
_LUKS, _BITLOCKER, _TO_GO = b"LUKS\xba\xbe", b"-FVE-FS-", b"MSWIN4.1"
_BITLOCKER_ID = bytes.fromhex("3bd66749292ed84a8399f6a339e3d001")
"""The volume's identifier. Source: libbde, BitLocker Drive Encryption format, the volume header."""
_ID_AT, _TO_GO_ID_AT = 160, 424
_SECTORS = frozenset({512, 1024, 2048, 4096})
_PROTECTIVE = 0xEE


def encrypted_as(head: bytes) -> str | None:
    """What encrypts a volume that begins so; None when nothing known does.

    Shape: its name alone is eight bytes that anybody can write into a boot sector, so that the
    sector must be one in other respects as well.
    """
    if head.startswith(_LUKS) and int.from_bytes(head[6:8], "big") in {1, 2}:
        return "LUKS"
    marked = head[_ID_AT : _ID_AT + 16] == _BITLOCKER_ID
    if head[3:11] == _BITLOCKER and (marked or _is_boot_sector(head)):
        return "BitLocker"
    if head[3:11] == _TO_GO and head[_TO_GO_ID_AT : _TO_GO_ID_AT + 16] == _BITLOCKER_ID:
        return "BitLocker To Go"
    return None


APFS_NAME, _EXFAT = "APFS", b"EXFAT   "
_BTRFS_MARK, _EXT_MARK_AT, _EXT_MARK, _HFS_MARKS = b"_BHRfS_M", 1080, b"\x53\xef", {b"H+", b"HX"}
_UNREAD = (
    (32, b"NXSB", APFS_NAME),
    (3, b"ReFS\0\0\0\0", "ReFS"),
    (0, b"XFSB", "XFS"),
    (0x10040, _BTRFS_MARK, "Btrfs"),
    (1024, b"\x10\x20\xf5\xf2", "F2FS"),
    (0, b"hsqs", "SquashFS"),
    (512, b"LABELONE", "a volume of LVM"),
    (4086, b"SWAPSPACE2", "Linux swap"),
)
"""Systems that the Sleuth Kit's Python binding does not open. It has no pools, which APFS lies in: that
is read by `apfs`, where a container can be opened.

Source: each system's documentation of its superblock; libblkid's list of them.
"""
_RECOGNISED_AT, _MOST_RECOGNISED = 32768, 32
_RECOGNISED = frozenset({b"CD001", b"BEA01", b"BOOT2", b"NSR02", b"NSR03", b"TEA01", b"CDW02"})
_UDF_MARKS = frozenset({b"NSR02", b"NSR03"})
NAMED_BYTES = _RECOGNISED_AT + _MOST_RECOGNISED * 2048


def unread_as(head: bytes) -> str | None:
    """The file system that begins so and that nothing here reads; None when it has no known name."""
    found = next((name for at, mark, name in _UNREAD if head[at : at + len(mark)] == mark), None)
    return "UDF" if found is None and holds_udf(head) else found


def holds_udf(head: bytes) -> bool:
    """Whether a volume's recognition sequence names UDF, alone or beside ISO 9660.

    Source: ECMA-167 part 2, structures of 2,048 bytes, or of a sector where that is more.
    """
    for step in (2048, 4096):
        for at in range(_RECOGNISED_AT, len(head), step):
            mark = head[at + 1 : at + 6]
            if mark in _UDF_MARKS:
                return True
            if mark not in _RECOGNISED:
                break
    return False


def may_begin(head: bytes, far: bytes) -> bool:
    """Whether a file system may begin with these bytes; `far` are those at Btrfs's mark."""
    return (
        encrypted_as(head) is not None
        or unread_as(head) is not None
        or _is_boot_sector(head)
        or head[3:11] == _EXFAT
        or head[_EXT_MARK_AT : _EXT_MARK_AT + 2] == _EXT_MARK
        or head[1024:1026] in _HFS_MARKS
        or far == _BTRFS_MARK
    )


def boots(head: bytes) -> bool:
    """Whether these first sectors are a file system's or a partitioned disk's."""
    return _is_boot_sector(head) or sane_table(head, 1 << 62) is not None


def _is_boot_sector(head: bytes) -> bool:
    (sector,) = struct.unpack_from("<H", head.ljust(HEAD_BYTES, b"\0"), 11)
    return head[510:512] == _BOOT_MARK and sector in _SECTORS


def sane_table(head: bytes, size_bytes: int) -> str | None:
    """`dos` or `gpt` when these two sectors hold a partition table that can be one.

    Shape: the same bytes are code in the boot sector of a file system; every entry has to make
    sense, and one of them to be there.
    """
    if head[510:512] != _BOOT_MARK:
        return None
    spans: list[tuple[int, int]] = []
    kinds: set[int] = set()
    for number in range(_ENTRIES):
        at = _TABLE_AT + number * _ENTRY_BYTES
        status, kind, start, length = struct.unpack_from("<B3xB3xII", head, at)
        if status not in {0x00, 0x80} or (kind == 0) != (length == 0):
            return None
        if kind:
            kinds.add(kind)
            spans.append((start, start + length))
    spans.sort()
    ordered = all(one[1] <= two[0] for one, two in pairwise(spans))
    inside = all(start > 0 and start * HEAD_BYTES < size_bytes for start, _ in spans)
    if not spans or not ordered or not inside:
        return None
    if kinds == {_PROTECTIVE}:
        return "gpt" if head[512:520] == b"EFI PART" else None
    return "dos"
