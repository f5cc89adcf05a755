"""Whether changes stand in a file system's journal that were never written to their places.

What is listed then is older than what its system would show after it replayed them. Source: the
ext4 documentation, "Super Block"; Apple, Technical Note TN1150, "Journal".
"""

import struct

from tipbridge.police.evidence.reading.image import SourceImage

_HEAD_AT, _HEAD_BYTES = 1024, 512
_EXT_MARK, _NEEDS_RECOVERY = b"\x53\xef", 0x4
_HFS_MARKS, _JOURNALED, _IN_VOLUME = frozenset({b"H+", b"HX"}), 1 << 13, 1
_JOURNAL_MARKS = {b"xLNJ": "<", b"JNLx": ">"}


def waits_in_journal(image: SourceImage, offset: int) -> bool:
    """Whether the file system that begins there would replay its journal first."""
    head = image.read(offset + _HEAD_AT, _HEAD_BYTES)
    if len(head) < _HEAD_BYTES:
        return False
    if head[56:58] == _EXT_MARK:
        (features,) = struct.unpack_from("<I", head, 96)
        return bool(features & _NEEDS_RECOVERY)
    return head[:2] in _HFS_MARKS and _hfs_waits(image, offset, head)


def _hfs_waits(image: SourceImage, offset: int, head: bytes) -> bool:
    attributes, info_block, block = (struct.unpack_from(">I", head, at)[0] for at in (4, 12, 40))
    if not attributes & _JOURNALED:
        return False
    about = image.read(offset + info_block * block, 52)
    if len(about) < 52 or not int.from_bytes(about[:4], "big") & _IN_VOLUME:
        return False
    journal = image.read(offset + int.from_bytes(about[36:44], "big"), 24)
    order = _JOURNAL_MARKS.get(journal[:4])
    if order is None or len(journal) < 24:
        return False
    start, end = struct.unpack_from(f"{order}QQ", journal, 8)
    return start != end
