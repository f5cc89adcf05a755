"""What a file says it is by its first and last bytes, whatever its name."""

import os
from enum import StrEnum

from tipbridge.police.evidence.errors import NoImage
from tipbridge.police.evidence.reading.heads import boots
from tipbridge.police.evidence.sources.ewf_sections import SIGNATURE


class Form(StrEnum):
    """What an examiner may say that a file is. Closed; raw is the medium byte for byte."""

    RAW = "raw"
    E01 = "e01"
    QCOW2 = "qcow2"
    VMDK = "vmdk"
    VHD = "vhd"
    VHDX = "vhdx"
    VDI = "vdi"
    DMG = "dmg"


_READ = (
    (0, SIGNATURE, "e01"),
    (0, b"QFI\xfb", "qcow2"),
    (0, b"KDMV", "vmdk"),
    (0, b"COWD", "vmdk"),
    (0, b"conectix", "vhd"),
    (0, b"vhdxfile", "vhdx"),
    (64, b"\x7f\x10\xda\xbe", "vdi"),
    (0, b"sprs", "dmg"),
)
_UNREAD = (
    (0, b"EVF2\r\n\x81\0", "EnCase 7 (Ex01)"),
    (0, b"LVF\x09\r\n\xff\0", "EnCase logical (L01)"),
    (0, b"LEF2\r\n\x81\0", "EnCase 7 logical (Lx01)"),
    (0, b"AFF10\r\n\0", "AFF"),
    (0, b"encrcdsa", "an encrypted Apple disk image"),
    (0, b"WithoutFreeSpace", "a Parallels disk (hdd)"),
    (0, b"WithouFreSpacExt", "a Parallels disk (hdd)"),
    (0, b"QED\0", "a QEMU Enhanced Disk (QED)"),
)
"""Containers that would be read as if their own structure were the medium. Source: each format's
specification; libyal's documentation of EWF, VHD and VHDX; QEMU's of Parallels and QED."""
_ZIP, _AFF4_COMMENT = b"PK\x03\x04", b"aff4://"
"""Source: AFF4 Standard 1.0: the volume is a ZIP file with its URN as comment."""
_TRAILER_BYTES = 512
_SUM_AT, _FIXED_AT, _FIXED, _SIZE_AT = 64, 60, 2, 48
"""Source: Microsoft, Virtual Hard Disk Image Format Specification: the footer."""
_SUFFIXES = {"dmg": {".dmg", ".sparseimage"}, "qcow2": {".qcow2", ".qcow"}}
_MORE_MEDIA = ((32, b"NXSB"), (1024, b"H+"), (1024, b"HX"), (0, b"XFSB"))
"""Apple's systems and XFS, which may begin a medium that has no partition table."""
_EXT_AT, _EXT_MARK, _EXT_BLOCK_AT, _MOST_EXT_BLOCK = 1080, b"\x53\xef", 1048, 6


def container_of(handle: int, size: int) -> str:
    """The kind of source that reads a file: a container it says it is, or else raw.

    Errors: NoImage for a container that nothing here reads.
    """
    begin = _bytes_at(handle, 0, 512)
    for at, mark, kind in _READ:
        if begin[at : at + len(mark)] == mark:
            return kind
    named = [name for at, mark, name in _UNREAD if begin[at : at + len(mark)] == mark]
    trailer = _bytes_at(handle, max(0, size - _TRAILER_BYTES), _TRAILER_BYTES)
    if not named and _is_fixed_vhd(trailer):
        return "vhd"
    if trailer[-8:] == b"cdsaencr":
        named.append("an encrypted Apple disk image")
    if begin.startswith(_ZIP) and _AFF4_COMMENT in trailer:
        named.append("AFF4")
    if not named and trailer[:4] == b"koly":
        return "dmg"
    if named:
        raise NoImage(
            f"it is {named[0]}, which can't be read: have it converted to raw or E01, or say"
            " --form raw, which takes its bytes as they are"
        )
    return "raw"


def unsaid_container(handle: int, size: int, kind: str, suffix: str) -> str | None:
    """A note where only the bytes say that a file is a container, which a medium's user may write.

    Errors: NoImage where the same bytes are a medium as well: one of the two would hide the other.
    """
    is_named = suffix.lower() in _SUFFIXES.get(kind, {f".{kind}"})
    if is_medium(handle) and not (kind == "vhd" and _ends_its_medium(handle, size)):
        raise NoImage(
            f"it begins as a medium and bears the marks of a container ({kind}), each of which may"
            f" hide the other; say which it is: --form raw or --form {kind}"
        )
    return None if is_named else f"it looks like {kind} and nobody said that it is"


def _ends_its_medium(handle: int, size: int) -> bool:
    """Whether a fixed VHD's footer says that all before it is the medium."""
    said = _bytes_at(handle, size - _TRAILER_BYTES + _SIZE_AT, 8)
    return int.from_bytes(said, "big") == size - _TRAILER_BYTES


def _is_fixed_vhd(footer: bytes) -> bool:
    """Whether a medium and its footer end so; anybody may write eight bytes, so it has to add up."""
    if footer[:8] != b"conectix" or len(footer) < _TRAILER_BYTES:
        return False
    rest = footer[:_SUM_AT] + footer[_SUM_AT + 4 :]
    said = int.from_bytes(footer[_SUM_AT : _SUM_AT + 4], "big")
    kind = int.from_bytes(footer[_FIXED_AT : _FIXED_AT + 4], "big")
    return kind == _FIXED and said == ~sum(rest) & 0xFFFFFFFF


def is_medium(handle: int) -> bool:
    """Whether a boot sector, a partition table or a known file system begins there."""
    begin = _bytes_at(handle, 0, 2048)
    is_ext = begin[_EXT_AT : _EXT_AT + 2] == _EXT_MARK
    block = int.from_bytes(begin[_EXT_BLOCK_AT : _EXT_BLOCK_AT + 4], "little")
    is_other = any(begin[at : at + len(mark)] == mark for at, mark in _MORE_MEDIA)
    is_disk = boots(begin) or begin[512:520] == b"EFI PART"
    return is_disk or is_other or (is_ext and block <= _MOST_EXT_BLOCK)


def _bytes_at(handle: int, offset: int, length: int) -> bytes:
    try:
        return os.pread(handle, length, offset)
    except OSError:  # a bad sector is a matter for the reader
        return b""
