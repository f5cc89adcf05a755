"""How much of an exFAT file was ever written: behind it its system shows zeros, the Sleuth Kit older bytes.

Source: exFAT file system specification, 3.1 (boot sector), 7.4 and 7.6 (ValidDataLength); a file's
number is that of the Sleuth Kit's `fatfs.h`: its entry's place, counted from the first cluster on.
"""

import struct

from tipbridge.police.evidence.reading.image import SourceImage

_BOOT_BYTES, _ENTRY_BYTES, _FIRST_NUMBER, _END_OF_CHAIN = 512, 32, 3, 0xFFFFFFF7
_FILES, _STREAMS = frozenset({0x85, 0x05}), frozenset({0xC0, 0x40})
_SECTOR_BITS, _MOST_CLUSTER_BITS = range(9, 13), 25


class ValidLengths:
    """The folders of the exFAT that begins there; of another system it knows nothing."""

    def __init__(self, image: SourceImage, offset: int) -> None:
        self._image, self._offset = image, offset
        head = image.read(offset, _BOOT_BYTES)
        self._is_exfat = len(head) == _BOOT_BYTES and head[3:11] == b"EXFAT   "
        if self._is_exfat:
            bits, per = head[108], head[109]
            self._is_exfat = bits in _SECTOR_BITS and bits + per <= _MOST_CLUSTER_BITS
            fat, _, heap = struct.unpack_from("<III", head, 80)
            self._fat, self._heap, self._cluster = fat << bits, heap << bits, 1 << (bits + per)

    def length(self, number: int, size: int) -> int | None:
        """How many of a file's bytes were written, None if that is unknown or no less than all."""
        if not self._is_exfat or number < _FIRST_NUMBER:
            return None
        at = (number - _FIRST_NUMBER) * _ENTRY_BYTES
        file, stream = self._entry(at), self._entry(self._next(at))
        if file[:1] == b"" or file[0] not in _FILES or stream[:1] == b"":
            return None
        if stream[0] not in _STREAMS:
            return None
        valid, is_long = struct.unpack_from("<Q8xQ", stream, 8)
        return valid if valid < size == is_long else None

    def _entry(self, at: int) -> bytes:
        data = self._image.read(self._offset + self._heap + at, _ENTRY_BYTES)
        return data if len(data) == _ENTRY_BYTES else b""

    def _next(self, at: int) -> int:
        """The place of the entry behind this one, which may lie in another cluster."""
        behind = at + _ENTRY_BYTES
        if behind % self._cluster:
            return behind
        cluster = behind // self._cluster - 1
        told = self._image.read(self._offset + self._fat + 4 * (cluster + 2), 4)
        following = int.from_bytes(told, "little")
        chained = 2 <= following < _END_OF_CHAIN
        return (following - 2) * self._cluster if chained else behind
