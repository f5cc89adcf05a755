"""Exact look-up: rows sorted in one flat file, and a fan-out table that says where to look.

`find` is plain Python over the mapped file; `find_many` is compiled and gives up the
interpreter's lock, so that threads add up. Entry numbers are the caller's own: what the database
calls the entry.
"""

import mmap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tipbridge.knowledge.hashes.engine import compiled
from tipbridge.knowledge.hashes.engine.compiled import read_only
from tipbridge.knowledge.hashes.engine.exact_kernels import LINEAR_ROWS, locate
from tipbridge.knowledge.hashes.engine.files import IndexFile, written_whole

MAGIC = b"tbexact1"
LEAST_WIDTH = 4
MOST_FAN_BITS = 26
NOTHING: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Which queries hit which entries, as pairs.

    Shape: two arrays of one length; `queries` rises, a query with several entries is repeated.
    """

    queries: NDArray[np.int64]
    entries: NDArray[np.uint32]


def fan_bits(count: int) -> int:
    """How many leading bits the fan-out table tells apart: 8 to 16 rows a bucket."""
    return min(MOST_FAN_BITS, max(0, count.bit_length() - 1 - 3))


def build(path: Path, digests: NDArray[np.uint8], entry_numbers: NDArray[np.uint32]) -> None:
    """Write an index of these digests; the file appears whole or not at all.

    Shape: `digests` is n x width, width at least 4; entry_numbers has n, in the same order.
    Errors: ValueError when the shapes do not fit.
    """
    count, width = _checked_shape(digests, entry_numbers)
    order = sorted_order(digests)
    bits = fan_bits(count)
    with written_whole(path, magic=MAGIC, width=width, own_number=bits, count=count) as body:
        body.section(_fan_out(digests, bits).astype("<u4"))
        for start in range(0, count, 1 << 20):
            body.piece(digests[order[start : start + (1 << 20)]])
        body.align()
        body.section(entry_numbers[order].astype("<u4"))


def sorted_order(digests: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The order that sorts the rows as bytes; equal rows keep theirs."""
    keys = _column(digests, 0)
    order = np.argsort(keys, kind="stable")
    if digests.shape[1] <= 8 or len(keys) < 2:
        return order
    ordered = keys[order]
    same = np.flatnonzero(ordered[1:] == ordered[:-1])
    if not len(same):
        return order
    tied = np.unique(np.concatenate((same, same + 1)))
    rows = order[tied]
    columns = [_column(digests[rows], start) for start in range(0, digests.shape[1], 8)]
    order[tied] = rows[np.lexsort(columns[::-1])]
    return order


class ExactIndex:
    """One index file, mapped or held in memory."""

    def __init__(self, mapped: IndexFile) -> None:
        header = mapped.header
        self.width, self.count, self._bits = header.width, header.count, header.own_number
        self._fan = mapped.section("<u4", (1 << self._bits) + 1)
        self._rows = mapped.section(np.uint8, self.count, self.width)
        self._flat = self._rows.reshape(-1)
        self._entries = mapped.section("<u4", self.count)
        self._mapped = mapped
        self._map = mapped.map
        self._base = len(mapped.map) - _filled(4 * self.count) - _filled(self.count * self.width)
        self._fan_list, self._entry_list = self._fan.data, self._entries.data

    @classmethod
    def open(cls, path: Path) -> "ExactIndex":
        """Map a file that `build` wrote.

        Errors: IndexDamaged when its kind or length is wrong; `verify` looks at every byte.
        """
        return cls(IndexFile.mapped(path, MAGIC))

    @classmethod
    def held(cls, path: Path, whole: memoryview) -> "ExactIndex":
        """The same of a copy of the file in memory. Errors: IndexDamaged."""
        return cls(IndexFile(path, whole, MAGIC))

    @property
    def file(self) -> IndexFile:
        """What it reads."""
        return self._mapped

    def verify(self) -> None:
        """IndexDamaged unless the file is bit for bit what was built."""
        self._mapped.verify()

    def find(self, digest: bytes) -> tuple[int, ...]:
        """The entry numbers of one digest, in the order they were given; none, when unknown.

        Shape: a digest of another width than the index is unknown.
        """
        width = self.width
        if len(digest) != width:
            return NOTHING
        bucket = int.from_bytes(digest[:4], "big") >> (32 - self._bits)
        low, high = self._fan_list[bucket], self._fan_list[bucket + 1]
        if high - low > LINEAR_ROWS or not isinstance(self._map, mmap.mmap):
            row = self._halved(digest, low, high)
        else:
            row = self._scanned(self._map, digest, low, high)
        if row < 0:
            return NOTHING
        end = row + 1
        while end < high and self._row(end) == digest:
            end += 1
        return tuple(self._entry_list[row:end])

    def find_many(self, digests: NDArray[np.uint8], *, threads: int = 1) -> Matches:
        """The entries of many digests at once.

        Shape: n x width. Errors: ValueError when the width is not that of the index.
        """
        if digests.ndim != 2 or digests.shape[1] != self.width:
            raise ValueError(f"digests must be n x {self.width} bytes: got {digests.shape}")
        if not compiled.wanted():
            return self._found_one_by_one(digests)
        queries = read_only(np.ascontiguousarray(digests).reshape(-1))
        firsts, counts = np.empty(len(digests), np.int64), np.empty(len(digests), np.int64)

        def part(start: int, end: int) -> None:
            locate(
                queries[start * self.width : end * self.width],
                self.width,
                self._bits,
                self._fan,
                self._flat,
                firsts[start:end],
                counts[start:end],
            )

        _in_threads(part, len(digests), threads)
        return self._pairs(firsts, counts)

    def _row(self, number: int) -> bytes:
        start = self._base + number * self.width
        return bytes(self._map[start : start + self.width])

    def _scanned(self, whole: mmap.mmap, digest: bytes, low: int, high: int) -> int:
        """The first row that is the digest: found as bytes, and only at the start of a row."""
        base, width = self._base, self.width
        end = base + high * width
        at = whole.find(digest, base + low * width, end)
        while at >= 0:
            row, inside = divmod(at - base, width)
            if not inside:
                return row
            at = whole.find(digest, at + 1, end)
        return -1

    def _halved(self, digest: bytes, low: int, high: int) -> int:
        end = high
        while low < high:
            middle = (low + high) // 2
            if self._row(middle) < digest:
                low = middle + 1
            else:
                high = middle
        return low if low < end and self._row(low) == digest else -1

    def _found_one_by_one(self, digests: NDArray[np.uint8]) -> Matches:
        found = [self.find(digest.tobytes()) for digest in digests]
        counts = np.array([len(each) for each in found], np.int64)
        entries = [entry for each in found for entry in each]
        return Matches(
            queries=np.repeat(np.arange(len(found)), counts), entries=np.array(entries, np.uint32)
        )

    def _pairs(self, firsts: NDArray[np.int64], counts: NDArray[np.int64]) -> Matches:
        hits = np.flatnonzero(counts)
        lengths = counts[hits]
        queries = np.repeat(hits, lengths)
        within = np.arange(len(queries)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        rows = np.repeat(firsts[hits], lengths) + within
        return Matches(queries=queries, entries=self._entries[rows])


def _in_threads(part: Any, count: int, threads: int) -> None:  # noqa: ANN401 - a local function
    if threads <= 1:
        part(0, count)
        return
    edges = [count * number // threads for number in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(part, edges[:-1], edges[1:]))


def _filled(size_bytes: int) -> int:
    return size_bytes + -size_bytes % 64


def _checked_shape(
    digests: NDArray[np.uint8], entry_numbers: NDArray[np.uint32]
) -> tuple[int, int]:
    if digests.ndim != 2 or digests.shape[1] < LEAST_WIDTH:
        raise ValueError(f"digests must be n x width, width >= {LEAST_WIDTH}: got {digests.shape}")
    if entry_numbers.shape != (len(digests),):
        raise ValueError(f"{len(digests)} digests with {entry_numbers.shape} entry numbers")
    return len(digests), digests.shape[1]


def _column(digests: NDArray[np.uint8], start: int) -> NDArray[np.uint64]:
    """Eight bytes of every row, as numbers that sort as the bytes do."""
    part = digests[:, start : start + 8]
    if part.shape[1] < 8:
        part = np.pad(part, ((0, 0), (0, 8 - part.shape[1])))
    return np.ascontiguousarray(part).view(">u8").reshape(-1).astype(np.uint64)


def _fan_out(digests: NDArray[np.uint8], bits: int) -> NDArray[np.int64]:
    """For each value of the leading bits, how many rows come before it; at last all of them."""
    if bits == 0:
        return np.array([0, len(digests)])
    leading = np.ascontiguousarray(digests[:, :4]).view(">u4").reshape(-1) >> (32 - bits)
    sizes = np.bincount(leading.astype(np.int64), minlength=1 << bits)
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
