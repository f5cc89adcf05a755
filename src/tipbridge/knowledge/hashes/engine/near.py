"""Near look-up: every PDQ hash within a radius, none missed, by ring-filtered multi-index hashing.

Up to FLAT_ROWS hashes are scanned; above, sixteen tables of bands lead to the few candidates
(docs/match-engine.md has the proof). An index answers `TooMany` instead of growing without bound.
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tipbridge.knowledge.hashes.engine import compiled, near_plain, ring
from tipbridge.knowledge.hashes.engine.compiled import read_only
from tipbridge.knowledge.hashes.engine.files import IndexFile, written_whole
from tipbridge.knowledge.hashes.engine.near_kernels import (
    TOO_MANY,
    VALUES,
    Tables,
    Words,
    count_bands,
    fill_band,
    scan_all,
    search_band,
    search_one,
)

MAGIC = b"tbnear_1"
FLAT_ROWS = 5_000
"""Up to here a scan of all is quicker than the look-ups of the tables."""
DEFAULT_MOST = 1_000
BATCH = 4_096
FLAT_NUMBER, TABLE_NUMBER = 0, ring.BANDS


class Neighbour(NamedTuple):
    """One entry near a query. Unit: bits that differ, 0 to the radius."""

    entry: int
    distance_bits: int


@dataclass(frozen=True, slots=True)
class Found:
    """All neighbours of one query, the nearest first, then by entry number."""

    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class TooMany:
    """There are more neighbours than were asked for; `nearest` says which are the nearest."""

    more_than: int


NOTHING = Found(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """What many queries found, as arrays.

    Shape: `queries`, `entries` and `distances` have one length and are sorted by query, then
    distance, then entry; `too_many` has a truth for each query, and such a query has no pairs.
    """

    queries: NDArray[np.int64]
    entries: NDArray[np.uint32]
    distances: NDArray[np.int64]
    too_many: NDArray[np.bool_]


def build(path: Path, hashes: NDArray[np.uint8], entry_numbers: NDArray[np.uint32]) -> None:
    """Write an index of these PDQ hashes; the file appears whole or not at all.

    Shape: hashes is n x 32 bytes, entry_numbers has n.
    """
    rows = as_words(hashes)
    if entry_numbers.shape != (len(rows),):
        raise ValueError(f"{len(rows)} hashes with {entry_numbers.shape} entry numbers")
    number = FLAT_NUMBER if len(rows) <= FLAT_ROWS else TABLE_NUMBER
    with written_whole(
        path, magic=MAGIC, width=ring.HASH_BYTES, own_number=number, count=len(rows)
    ) as body:
        body.section(entry_numbers.astype("<u4"))
        body.section(rows)
        if number == FLAT_NUMBER:
            return
        offsets = band_offsets(rows)
        body.section(offsets)
        for band in range(ring.BANDS):
            body.piece(band_table(rows, band, offsets))
        body.align()


def band_offsets(rows: Words) -> NDArray[np.uint32]:
    """Where the entries of each value of each band begin."""
    if not compiled.wanted():
        return near_plain.band_offsets(rows)
    offsets = np.zeros((ring.BANDS, VALUES + 1), np.uint32)
    count_bands(rows, offsets)
    return offsets


def band_table(rows: Words, band: int, offsets: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """One band's next two bands and row numbers, in the order of its values."""
    if not compiled.wanted():
        return near_plain.band_table(rows, band)
    table = np.empty((2, len(rows)), np.uint32)
    fill_band(rows, band, offsets, table)
    return table


def as_words(hashes: NDArray[np.uint8]) -> Words:
    """Hashes as four words each, as the kernels read them.

    Errors: ValueError unless they are rows of 32 bytes.
    """
    if hashes.ndim != 2 or hashes.shape[1] != ring.HASH_BYTES:
        raise ValueError(f"PDQ hashes must be n x {ring.HASH_BYTES} bytes: got {hashes.shape}")
    words = np.ascontiguousarray(hashes, np.uint8).view("<u8").reshape(len(hashes), 4)
    return read_only(words)


class NearIndex:
    """One index of PDQ hashes: mapped from a file, or small and in memory."""

    def __init__(
        self,
        entries: NDArray[np.uint32],
        rows: Words,
        tables: Tables | None,
        mapped: IndexFile | None,
    ) -> None:
        self.count = len(rows)
        self._entries, self._rows, self._tables, self._mapped = entries, rows, tables, mapped
        self._entry_list: memoryview[int] = entries.data

    @classmethod
    def open(cls, path: Path) -> "NearIndex":
        """Map a file that `build` wrote.

        Errors: IndexDamaged when its kind or length is wrong; `verify` looks at every byte.
        """
        return cls._over(IndexFile.mapped(path, MAGIC))

    @classmethod
    def held(cls, path: Path, whole: memoryview) -> "NearIndex":
        """The same of a copy of the file in memory. Errors: IndexDamaged."""
        return cls._over(IndexFile(path, whole, MAGIC))

    @classmethod
    def _over(cls, mapped: IndexFile) -> "NearIndex":
        count = mapped.header.count
        entries, rows = mapped.section("<u4", count), mapped.section("<u8", count, 4)
        if mapped.header.own_number == FLAT_NUMBER:
            return cls(entries, rows, None, mapped)
        offsets = mapped.section("<u4", ring.BANDS, VALUES + 1)
        tables = mapped.section("<u4", ring.BANDS, 2, count)
        return cls(entries, rows, (rows, offsets, tables), mapped)

    @property
    def file(self) -> IndexFile | None:
        """What it reads; None for one that was made in memory."""
        return self._mapped

    @classmethod
    def of(cls, hashes: NDArray[np.uint8], entry_numbers: NDArray[np.uint32]) -> "NearIndex":
        """An index in memory: for the changes of a day."""
        entries, rows = read_only(entry_numbers.astype(np.uint32)), as_words(hashes.copy())
        if len(rows) <= FLAT_ROWS:
            return cls(entries, rows, None, None)
        offsets = band_offsets(rows)
        tables = np.stack([band_table(rows, band, offsets) for band in range(ring.BANDS)])
        return cls(entries, rows, (rows, read_only(offsets), read_only(tables)), None)

    def verify(self) -> None:
        """IndexDamaged unless the file is bit for bit what was built."""
        if self._mapped is not None:
            self._mapped.verify()

    def search(
        self, hash_: bytes, radius: int = ring.DEFAULT_RADIUS, most: int = DEFAULT_MOST
    ) -> Found | TooMany:
        """Every entry within `radius` bits of one hash, or TooMany when they are more than `most`.

        Errors: ValueError when the hash is not 32 bytes or the radius is not 0 to 47.
        """
        if len(hash_) != ring.HASH_BYTES:
            raise ValueError(f"a PDQ hash is {ring.HASH_BYTES} bytes: got {len(hash_)}")
        found = np.empty((most, 2), np.int64)
        count = self._within(np.frombuffer(hash_, np.uint64), radius, found)
        if count == TOO_MANY:
            return TooMany(most)
        return self._answer(found[:count]) if count else NOTHING

    def nearest(self, hash_: bytes, radius: int, most: int) -> NDArray[np.int64]:
        """The nearest entries within `radius` bits of a hash, `most` at most; of equal ones any.

        Shape: n x 2, entry and bits, the nearest first. For what `search` says is too many: some
        searches of smaller radii, each within bounds.
        """
        query = np.frombuffer(hash_, np.uint64)
        found = np.empty((most, 2), np.int64)
        count = self._within(query, radius, found)
        if count != TOO_MANY:
            return self._as_entries(found[:count])
        inside, full = found[:0], found
        low, high = -1, radius  # within the lower are few enough, within the higher too many
        while high - low > 1:
            between, found = (low + high) // 2, np.empty((most, 2), np.int64)
            count = self._within(query, between, found)
            if count == TOO_MANY:
                high, full = between, found
            else:
                low, inside = between, found[:count]
        last = full[full[:, 1] == high]
        return self._as_entries(np.concatenate((inside, last))[:most])

    def search_many(
        self,
        hashes: NDArray[np.uint8],
        radius: int = ring.DEFAULT_RADIUS,
        most: int = DEFAULT_MOST,
    ) -> list[Found | TooMany]:
        """`search` for many hashes, in their order."""
        pairs = self.pairs(hashes, radius, most)
        answers: list[Found | TooMany] = [NOTHING] * len(hashes)
        edges = np.flatnonzero(np.diff(pairs.queries, prepend=-1, append=len(hashes))).tolist()
        for start, end in pairwise(edges):
            near = zip(
                pairs.entries[start:end].tolist(), pairs.distances[start:end].tolist(), strict=True
            )
            answers[int(pairs.queries[start])] = Found(tuple(Neighbour(*each) for each in near))
        for number in np.flatnonzero(pairs.too_many).tolist():
            answers[number] = TooMany(most)
        return answers

    def pairs(
        self,
        hashes: NDArray[np.uint8],
        radius: int = ring.DEFAULT_RADIUS,
        most: int = DEFAULT_MOST,
    ) -> Pairs:
        """`search` for many hashes, as arrays: the tables are read nearly in order."""
        queries = as_words(hashes)
        ring.own_budgets(radius)
        if self._tables is None or not compiled.wanted():
            found, too_many = self._scanned(queries, radius, most)
        else:
            found, too_many = self._batched(queries, self._tables, radius, most)
        found = found[~too_many[found[:, 0]]]
        entries = self._entries[found[:, 1]]
        order = np.lexsort((entries, found[:, 2], found[:, 0]))
        return Pairs(
            queries=found[order, 0],
            entries=entries[order],
            distances=found[order, 2],
            too_many=too_many,
        )

    def hashes(self) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
        """All hashes and their entry numbers."""
        return self._rows.view(np.uint8).reshape(self.count, ring.HASH_BYTES), self._entries

    def _within(self, query: Words, radius: int, found: NDArray[np.int64]) -> int:
        """Write rows within the radius; their count, or TOO_MANY when all room is filled."""
        plan = ring.plan(radius)
        if not compiled.wanted():
            return near_plain.scan_all(query, self._rows, radius, found)
        if self._tables is None:
            return scan_all(query, self._rows, radius, found)
        return search_one(query, self._tables, plan, found)

    def _as_entries(self, found: NDArray[np.int64]) -> NDArray[np.int64]:
        entries = self._entries[found[:, 0]].astype(np.int64)
        order = np.lexsort((entries, found[:, 1]))
        return np.stack((entries, found[:, 1]), axis=1)[order]

    def _answer(self, found: NDArray[np.int64]) -> Found:
        rows: list[tuple[int, int]] = found.tolist()
        near = [(bits, self._entry_list[row]) for row, bits in rows]
        near.sort()
        return Found(tuple(Neighbour(entry, bits) for bits, entry in near))

    def _scanned(
        self, queries: Words, radius: int, most: int
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        scan = scan_all if compiled.wanted() else near_plain.scan_all
        found = np.empty((most, 2), np.int64)
        too_many = np.zeros(len(queries), np.bool_)
        parts: list[NDArray[np.int64]] = [np.empty((0, 3), np.int64)]
        for number, query in enumerate(queries):
            count = scan(query, self._rows, radius, found)
            too_many[number] = count == TOO_MANY
            if count > 0:
                numbers = np.full((count, 1), number, np.int64)
                parts.append(np.concatenate((numbers, found[:count]), axis=1))
        return np.concatenate(parts), too_many

    def _batched(
        self, queries: Words, tables: Tables, radius: int, most: int
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        plan = ring.plan(radius)
        bands = queries.view("<u2")
        counts = np.zeros(len(queries), np.int64)
        pairs = np.empty((max(BATCH, 2 * len(queries)) + most, 3), np.int64)
        state = np.zeros(2, np.int64)
        for band in range(ring.BANDS):
            if plan[0, band] < 0:
                continue
            order = np.argsort(bands[:, band], kind="stable")
            state[1] = 0
            while True:
                search_band(band, queries, order, tables, plan, most, counts, pairs, state)
                if state[1] == len(order):
                    break
                pairs = np.concatenate((pairs, np.empty_like(pairs)))
        return pairs[: state[0]], counts == TOO_MANY
