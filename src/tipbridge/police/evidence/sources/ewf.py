"""E01 images: an index of chunks over all segments, inflated by ISA-L, every checksum verified."""

import os
import zlib
from array import array
from collections import OrderedDict
from collections.abc import Sequence

from isal import isal_zlib

from tipbridge.police.evidence.sources.ewf_sections import (
    COMPRESSED,
    BadImage,
    Medium,
    Section,
    acquisition_errors,
    checked,
    header_of,
    medium_of,
    sections_of,
    segment_number,
    table_of,
)
from tipbridge.police.evidence.sources.model import Gap, GapReason, StoredDigests

_KEPT_CHUNKS, _KEPT_BYTES = 64, 64 * 1024 * 1024
_FAULTS = (isal_zlib.error, EOFError)


class _Index:
    """Where each chunk lies: segment (one more than its place), offset, length, compressed."""

    def __init__(self) -> None:
        self.segments, self.offsets = array("H"), array("Q")
        self.lengths, self.packed = array("I"), array("B")
        self._head: int | None = None
        self._tail = 0

    def add(self, segment: int, offset: int, length: int, packed: int) -> None:
        self.segments.append(segment)
        self.offsets.append(offset)
        self.lengths.append(length)
        self.packed.append(packed)

    def skip(self, chunks: int) -> None:
        for _ in range(chunks):
            self.add(0, 0, 0, 0)

    def mark_hole(self) -> None:
        """Say that chunks are missing here, nobody knows how many."""
        if self._head is None:
            self._head = len(self)
        self._tail = len(self)

    def close_holes(self, total: int) -> None:
        """Place what follows the last hole from the end; what lies between two has no place."""
        if self._head is None:
            return
        rows = (self.segments, self.offsets, self.lengths, self.packed)
        missing = max(0, total - self._head - (len(self) - self._tail))
        for row in rows:
            row[self._head : self._tail] = array(row.typecode, bytes(row.itemsize * missing))

    def __len__(self) -> int:
        return len(self.segments)


class EwfSource:
    """A set of E01 segments, each a descriptor (None: not there) and its length.

    Errors: BadImage when the first segment does not say what medium this is.
    """

    kind = "e01"

    def __init__(self, segments: Sequence[tuple[int | None, int]]) -> None:
        self._handles = [handle for handle, _ in segments]
        self._index = _Index()
        self._medium: Medium | None = None
        self._notes: list[str] = []
        self._acquired_bad: list[tuple[int, int]] = []
        self.header: tuple[str, ...] = ()
        self._md5: str | None = None
        self._sha1: str | None = None
        for place, (handle, size) in enumerate(segments):
            if handle is None:
                self._index.mark_hole()
                self._notes.append(f"segment {place + 1} is missing")
                continue
            self._take(place, handle, size)
        if self._medium is None:
            raise BadImage("no segment says what medium this is")
        self._index.close_holes(self._medium.chunk_count)
        self.stored = StoredDigests(md5=self._md5, sha1=self._sha1)
        self.notes = tuple(self._notes)
        self.size_bytes = self._medium.size_bytes
        self._chunk_bytes = self._medium.chunk_bytes
        self._most_kept = max(1, min(_KEPT_CHUNKS, _KEPT_BYTES // self._chunk_bytes))
        self._kept: OrderedDict[int, tuple[bytes, GapReason | None]] = OrderedDict()

    def _take(self, place: int, handle: int, size: int) -> None:
        number = segment_number(handle)
        if number != place + 1:
            raise BadImage(f"the file in place {place + 1} says it is segment {number}")
        sections, fault = sections_of(handle, size)
        data_end = 0
        for number, section in enumerate(sections):
            try:
                if section.type == "sectors":
                    data_end = section.at + section.length
                elif section.type == "table":
                    spare = sections[number + 1] if number + 1 < len(sections) else None
                    self._tabulate(place, handle, (section, spare), data_end)
                else:
                    self._learn(handle, section)
            except BadImage as error:
                self._notes.append(f"segment {place + 1}: {error}")
        if fault:
            self._notes.append(f"segment {place + 1}: {fault}")
            self._index.mark_hole()

    def _learn(self, handle: int, section: Section) -> None:
        """What the small sections say."""
        match section.type:
            case "volume" | "disk" if self._medium is None:
                self._medium = medium_of(handle, section)
            case "hash":
                self._md5 = _stated(checked(handle, section, 36)[:16].hex()) or self._md5
            case "digest":
                read = checked(handle, section, 80)
                self._md5 = _stated(read[:16].hex()) or self._md5
                self._sha1 = _stated(read[16:36].hex()) or self._sha1
            case "header2" | "header" if not self.header:
                self.header = header_of(handle, section)
            case "error2":
                self._acquired_bad += acquisition_errors(handle, section)
            case _:
                pass

    def _tabulate(
        self, place: int, handle: int, tables: tuple[Section, Section | None], data_end: int
    ) -> None:
        first, spare = tables
        try:
            base, entries = table_of(handle, first)
        except BadImage as error:
            if spare is None or spare.type != "table2":
                self._index.mark_hole()
                raise
            self._notes.append(f"segment {place + 1}: {error}; its second copy is used")
            base, entries = self._second(handle, spare)
        end = data_end or first.at - 76
        for number, entry in enumerate(entries):
            at = base + (entry & ~COMPRESSED)
            following = entries[number + 1] if number + 1 < len(entries) else None
            until = end if following is None else base + (following & ~COMPRESSED)
            length = until - at
            if 0 < length < 1 << 27:
                self._index.add(place + 1, at, length, 1 if entry & COMPRESSED else 0)
            else:
                self._index.skip(1)

    def _second(self, handle: int, spare: Section) -> "tuple[int, array[int]]":
        try:
            return table_of(handle, spare)
        except BadImage:
            self._index.mark_hole()
            raise

    def read(self, offset: int, length: int) -> tuple[bytes, list[Gap]]:
        """These bytes of the medium; a chunk that fails its checksum is a gap."""
        pieces: list[bytes] = []
        gaps: list[Gap] = []
        end = min(offset + length, self.size_bytes)
        past = offset + length - max(end, offset)
        while offset < end:
            number, within = divmod(offset, self._chunk_bytes)
            data, reason = self._chunk(number)
            take = min(len(data) - within, end - offset)
            pieces.append(data if take == len(data) else data[within : within + take])
            if reason is not None:
                gaps.append(Gap(offset=offset, length=take, reason=reason))
            offset += take
        if past > 0:
            gaps.append(Gap(offset=offset, length=past, reason=GapReason.SOURCE_TOO_SHORT))
            pieces.append(bytes(past))
        gaps += self._bad_when_acquired(offset + past - length, length)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces), gaps

    @property
    def held_bytes(self) -> int:
        """How much of the medium is kept in memory."""
        return sum(len(data) for data, _ in self._kept.values())

    def _bad_when_acquired(self, offset: int, length: int) -> list[Gap]:
        if not self._acquired_bad or self._medium is None:
            return []
        unit = self._medium.bytes_per_sector
        found: list[Gap] = []
        for first, count in self._acquired_bad:
            start = max(offset, first * unit)
            end = min(offset + length, (first + count) * unit)
            if start < end:
                gap = Gap(offset=start, length=end - start, reason=GapReason.BAD_WHEN_ACQUIRED)
                found.append(gap)
        return found

    def _chunk(self, number: int) -> tuple[bytes, GapReason | None]:
        kept = self._kept.get(number)
        if kept is None:
            kept = self._inflated(number)
            self._kept[number] = kept
            if len(self._kept) > self._most_kept:
                self._kept.popitem(last=False)
        return kept

    def _inflated(self, number: int) -> tuple[bytes, GapReason | None]:
        whole = min(self._chunk_bytes, self.size_bytes - number * self._chunk_bytes)
        data, reason = self._stored(number)
        if reason is not None:
            return bytes(whole), reason
        if self._index.packed[number]:
            return _unpacked(data, whole)
        return _plain(data, whole)

    def _stored(self, number: int) -> tuple[bytes, GapReason | None]:
        index = self._index
        segment = index.segments[number] if number < len(index) else 0
        handle = self._handles[segment - 1] if segment else None
        if handle is None:
            missing = None in self._handles
            return b"", GapReason.MISSING_SEGMENT if missing else GapReason.CHUNK_MISSING
        try:
            data = os.pread(handle, index.lengths[number], index.offsets[number])
        except OSError:
            return b"", GapReason.READ_ERROR
        short = len(data) < index.lengths[number]
        return data, GapReason.CHUNK_MISSING if short else None


def _plain(data: bytes, whole: int) -> tuple[bytes, GapReason | None]:
    if len(data) < whole + 4:
        return bytes(whole), GapReason.CHUNK_MISSING
    if zlib.adler32(data[:whole]) != int.from_bytes(data[whole : whole + 4], "little"):
        return bytes(whole), GapReason.WRONG_CHECKSUM
    return data[:whole], None


def _unpacked(data: bytes, whole: int) -> tuple[bytes, GapReason | None]:
    unpacker = isal_zlib.decompressobj()
    try:
        found = unpacker.decompress(data, whole + 1)  # a chunk that swells further is none
    except _FAULTS as error:
        checksum = "checksum" in str(error)
        return bytes(whole), GapReason.WRONG_CHECKSUM if checksum else GapReason.BAD_COMPRESSION
    if len(found) != whole or not unpacker.eof:
        return bytes(whole), GapReason.BAD_COMPRESSION
    return found, None


def _stated(digest: str | None) -> str | None:
    return digest if digest is not None and digest.strip("0") else None
