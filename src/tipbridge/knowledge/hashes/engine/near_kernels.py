"""The compiled part of near look-up: tables of bands, and the search through them.

A hash is four unsigned words; a band is 16 bits of one. `tables[i, 0]` holds for each entry of
band i its next two bands, `tables[i, 1]` its row, both in the order of the band's value;
`offsets[i]` says where each value begins. Every index that comes from the file is held against
the number of rows before it is used, so that a damaged file gives wrong answers at worst.
"""

import numpy as np
from numpy.typing import NDArray

from tipbridge.knowledge.hashes.engine.compiled import inner, kernel, popcount, prefetch

BANDS = 16
VALUES = 1 << 16
TOO_MANY = -1
LINE_ENTRIES = 16
"""Entries of a table in one line of the processor's cache, of 64 bytes."""
OWN, RUN, REACH, MASK, MASK_BITS, RADIUS = range(6)  # the lines of ring.plan
Words = NDArray[np.uint64]
Tables = tuple[Words, NDArray[np.uint32], NDArray[np.uint32]]
"""The rows, the offsets and the tables of one index."""


@inner
def _band(words: Words, band: int) -> np.uint64:
    return (words[band >> 2] >> np.uint64((band & 3) * 16)) & np.uint64(0xFFFF)


@inner
def _distance(left: Words, right: Words) -> np.int64:
    return np.int64(
        popcount(left[0] ^ right[0])
        + popcount(left[1] ^ right[1])
        + popcount(left[2] ^ right[2])
        + popcount(left[3] ^ right[3])
    )


@inner
def _seen_before(row: Words, query: Words, band: int, plan: NDArray[np.int64]) -> bool:
    """Whether a band before this one leads to the same row; then it was reported there."""
    for earlier in range(band):
        first = np.int64(popcount(_band(row, earlier) ^ _band(query, earlier)))
        if first > plan[OWN, earlier]:
            continue
        second, third = (earlier + 1) & 15, (earlier + 2) & 15
        together = (
            first
            + np.int64(popcount(_band(row, second) ^ _band(query, second)))
            + np.int64(popcount(_band(row, third) ^ _band(query, third)))
        )
        if together <= plan[RUN, earlier]:
            return True
    return False


@kernel
def count_bands(rows: Words, offsets: NDArray[np.uint32]) -> None:
    """For each band, where the entries of each value begin; offsets start as zeros."""
    for number in range(len(rows)):
        row = rows[number]
        for band in range(BANDS):
            offsets[band, np.int64(_band(row, band)) + 1] += np.uint32(1)
    for band in range(BANDS):
        for value in range(VALUES):
            offsets[band, value + 1] += offsets[band, value]


@kernel
def fill_band(
    rows: Words, band: int, offsets: NDArray[np.uint32], table: NDArray[np.uint32]
) -> None:
    """The table of one band, in the order of its values."""
    ends = offsets[band].copy()
    for number in range(len(rows)):
        row = rows[number]
        value = _band(row, band)
        place = ends[value]
        ends[value] = place + np.uint32(1)
        following = _band(row, (band + 1) & 15) | (_band(row, (band + 2) & 15) << np.uint64(16))
        table[0, place] = np.uint32(following)
        table[1, place] = np.uint32(number)


@kernel
def scan_all(query: Words, rows: Words, radius: int, found: NDArray[np.int64]) -> int:
    """Every row within the radius, by looking at all; TOO_MANY when they do not fit."""
    count = 0
    for number in range(len(rows)):
        bits = _distance(rows[number], query)
        if bits <= radius:
            if count == len(found):
                return TOO_MANY
            found[count, 0], found[count, 1] = number, bits
            count += 1
    return count


@inner
def _look_up(
    band: int, query: Words, index: Tables, plan: NDArray[np.int64], spans: NDArray[np.uint64]
) -> None:
    """Where the probes of one band begin and end, and ask for the memory there.

    A probe of a million hashes has some 15 entries: in most cases two lines of the cache.
    """
    _, offsets, tables = index
    value = _band(query, band)
    most = np.uint64(tables.shape[2])
    begins, following = offsets[band], tables[band, 0]
    for probe in range(plan[REACH, band]):
        at = value ^ np.uint64(plan[MASK, probe])
        low = np.uint64(begins[at])
        high = min(np.uint64(begins[at + np.uint64(1)]), most)
        spans[0, probe], spans[1, probe] = low, high
        if low < high:
            prefetch(following, low)
            prefetch(following, min(low + np.uint64(LINE_ENTRIES), high - np.uint64(1)))


@inner
def _scan_band(
    band: int,
    query: Words,
    index: Tables,
    plan: NDArray[np.int64],
    spans: NDArray[np.uint64],
    count: int,
    found: NDArray[np.int64],
) -> int:
    """Scan the probes of one band; the new count of what was found, or TOO_MANY."""
    rows, _, tables = index
    following, numbers = tables[band, 0], tables[band, 1]
    wanted = np.uint32(
        _band(query, (band + 1) & 15) | (_band(query, (band + 2) & 15) << np.uint64(16))
    )
    for probe in range(plan[REACH, band]):
        low, high = spans[0, probe], spans[1, probe]
        budget = np.uint32(plan[RUN, band] - plan[MASK_BITS, probe])
        passing = np.uint32(0)
        for place in range(low, high):
            passing += np.uint32(popcount(following[place] ^ wanted) <= budget)
        if passing == 0:
            continue
        for place in range(low, high):
            if popcount(following[place] ^ wanted) > budget:
                continue
            number = np.uint64(numbers[place])
            if number >= np.uint64(len(rows)):
                continue
            bits = _distance(rows[number], query)
            if bits > plan[RADIUS, 0] or _seen_before(rows[number], query, band, plan):
                continue
            if count >= len(found):
                return TOO_MANY
            found[count, 0], found[count, 1] = number, bits
            count += 1
    return count


@kernel
def search_one(
    query: Words, index: Tables, plan: NDArray[np.int64], found: NDArray[np.int64]
) -> int:
    """Every row within the radius, once each; TOO_MANY when they do not fit.

    All probes are looked up before the first is scanned, so that their memory comes at once.
    """
    spans = np.empty((BANDS, 2, plan.shape[1]), np.uint64)
    for band in range(BANDS):
        _look_up(band, query, index, plan, spans[band])
    count = 0
    for band in range(BANDS):
        count = _scan_band(band, query, index, plan, spans[band], count, found)
        if count < 0:
            return count
    return count


@kernel
def search_band(
    band: int,
    queries: Words,
    order: NDArray[np.int64],
    index: Tables,
    plan: NDArray[np.int64],
    most: int,
    counts: NDArray[np.int64],
    pairs: NDArray[np.int64],
    state: NDArray[np.int64],
) -> None:
    """One band for many queries, in the order of their value there.

    Shape: a pair is (query, row, bits). `counts` goes to TOO_MANY for a query past `most`.
    `state` is how many pairs there are and how many of the order are done: not all when `pairs`
    has less room than the next query may need.
    """
    spans = np.empty((2, 2, plan.shape[1]), np.uint64)
    found = np.empty((most, 2), np.int64)
    pair_count, done = state[0], state[1]
    if done < len(order):
        _look_up(band, queries[order[done]], index, plan, spans[done & 1])
    while done < len(order) and pair_count + most <= len(pairs):
        number, turn = order[done], done & 1
        done += 1
        if done < len(order):
            _look_up(band, queries[order[done]], index, plan, spans[1 - turn])
        if counts[number] == TOO_MANY:
            continue
        room = found[: most - counts[number]]
        count = _scan_band(band, queries[number], index, plan, spans[turn], 0, room)
        if count < 0:
            counts[number] = TOO_MANY
            continue
        counts[number] += count
        for each in range(count):
            pairs[pair_count, 0] = number
            pairs[pair_count, 1], pairs[pair_count, 2] = found[each, 0], found[each, 1]
            pair_count += 1
    state[0], state[1] = pair_count, done
