"""Raw images: one file, or parts that follow each other."""

import os
from bisect import bisect_right
from collections.abc import Callable, Sequence

from tipbridge.police.evidence.sources.model import Gap, GapReason, StoredDigests

SECTOR_BYTES = 512
ReadAt = Callable[[int, int, int], bytes]
"""Reads from a descriptor, so many bytes, at an offset: `os.pread`, or what a test puts there."""


class RawSource:
    """Parts one after another. Shape: a part given as its length only is not there."""

    kind = "raw"
    stored = StoredDigests()
    notes: tuple[str, ...] = ()
    header: tuple[str, ...] = ()

    def __init__(self, parts: Sequence[tuple[int | None, int]], read_at: ReadAt = os.pread) -> None:
        self._parts, self._read_at = parts, read_at
        self._starts: list[int] = []
        end = 0
        for _, length in parts:
            self._starts.append(end)
            end += length
        self.size_bytes = end

    def read(self, offset: int, length: int) -> tuple[bytes, list[Gap]]:
        """These bytes; past the end there is a gap."""
        gaps: list[Gap] = []
        end = offset + length
        handle, size = self._parts[0]
        if handle is not None and end <= size:  # nearly every read of a medium in one part
            return self._part(handle, offset, length, offset, gaps), gaps
        pieces: list[bytes] = []
        while offset < min(end, self.size_bytes):
            number = bisect_right(self._starts, offset) - 1
            handle, size = self._parts[number]
            within = offset - self._starts[number]
            take = min(end - offset, size - within)
            if handle is None:
                gaps.append(Gap(offset=offset, length=take, reason=GapReason.MISSING_SEGMENT))
                pieces.append(bytes(take))
            else:
                pieces.append(self._part(handle, within, take, offset, gaps))
            offset += take
        if offset < end:
            gaps.append(Gap(offset=offset, length=end - offset, reason=GapReason.SOURCE_TOO_SHORT))
            pieces.append(bytes(end - offset))
        return pieces[0] if len(pieces) == 1 else b"".join(pieces), gaps

    def _part(self, handle: int, at: int, length: int, offset: int, gaps: list[Gap]) -> bytes:
        try:
            data = self._read_at(handle, length, at)
        except OSError:
            return self._by_sector(handle, at, length, offset, gaps)
        while len(data) < length:  # a read may end early; only an empty one is the end
            try:
                more = self._read_at(handle, length - len(data), at + len(data))
            except OSError:
                done = len(data)
                rest = self._by_sector(handle, at + done, length - done, offset + done, gaps)
                return data + rest
            if not more:
                missing = length - len(data)
                gaps.append(
                    Gap(
                        offset=offset + len(data),
                        length=missing,
                        reason=GapReason.SOURCE_TOO_SHORT,
                    )
                )
                return data + bytes(missing)
            data += more
        return data

    def _by_sector(self, handle: int, at: int, length: int, offset: int, gaps: list[Gap]) -> bytes:
        """Go round the bad sectors one by one, so that no good one is lost with them."""
        out = bytearray()
        while len(out) < length:
            here = at + len(out)
            take = min(length - len(out), SECTOR_BYTES - here % SECTOR_BYTES)
            try:
                data = self._read_at(handle, take, here)
            except OSError:
                data = b""
            if len(data) < take:
                lost = take - len(data)
                start = offset + len(out) + len(data)
                gaps.append(Gap(offset=start, length=lost, reason=GapReason.READ_ERROR))
            out += data + bytes(take - len(data))
        return bytes(out)
