"""The compiled part of exact look-up."""

import numpy as np
from numpy.typing import NDArray

from tipbridge.knowledge.hashes.engine.compiled import inner, kernel, prefetch

LINEAR_ROWS = 64
"""A bucket up to this long is searched from its start; a longer one by halves."""
FAN_AHEAD = 16
ROWS_AHEAD = 8


@inner
def _bucket(queries: NDArray[np.uint8], start: int, bits: int) -> np.uint64:
    leading = (
        (np.uint64(queries[start]) << np.uint64(24))
        | (np.uint64(queries[start + 1]) << np.uint64(16))
        | (np.uint64(queries[start + 2]) << np.uint64(8))
        | np.uint64(queries[start + 3])
    )
    return leading >> np.uint64(32 - bits)


@inner
def _same(
    rows: NDArray[np.uint8], at: int, queries: NDArray[np.uint8], start: int, width: int
) -> bool:
    """The last bytes first: in one bucket the first ones are alike."""
    for place in range(width - 1, -1, -1):
        if rows[at + place] != queries[start + place]:
            return False
    return True


@inner
def _less(
    rows: NDArray[np.uint8], at: int, queries: NDArray[np.uint8], start: int, width: int
) -> bool:
    for place in range(width):
        if rows[at + place] != queries[start + place]:
            return rows[at + place] < queries[start + place]
    return False


@inner
def _first(
    rows: NDArray[np.uint8],
    queries: NDArray[np.uint8],
    start: int,
    width: int,
    low: int,
    high: int,
) -> int:
    """The first row of [low, high) that equals the query; high when none does."""
    if high - low <= LINEAR_ROWS:
        while low < high and not _same(rows, low * width, queries, start, width):
            low += 1
        return low
    end = high
    while low < high:
        middle = (low + high) // 2
        if _less(rows, middle * width, queries, start, width):
            low = middle + 1
        else:
            high = middle
    return low if low < end and _same(rows, low * width, queries, start, width) else end


@kernel
def locate(
    queries: NDArray[np.uint8],
    width: int,
    bits: int,
    fan: NDArray[np.uint32],
    rows: NDArray[np.uint8],
    firsts: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> None:
    """The first row that equals each query, and how many do; a count of 0 when none does.

    Shape: queries and rows are flat, `width` bytes each. What the next queries will read is
    asked for ahead, so that several misses of the cache are waited for at once.
    """
    total, number_of_queries = len(rows) // width, len(counts)
    for number in range(number_of_queries):
        if number + FAN_AHEAD < number_of_queries:
            prefetch(fan, _bucket(queries, (number + FAN_AHEAD) * width, bits))
        if number + ROWS_AHEAD < number_of_queries:
            ahead = _bucket(queries, (number + ROWS_AHEAD) * width, bits)
            row_ahead = np.uint64(fan[ahead]) * np.uint64(width)
            if row_ahead + np.uint64(191) < np.uint64(len(rows)):
                prefetch(rows, row_ahead)
                prefetch(rows, row_ahead + np.uint64(64))
                prefetch(rows, row_ahead + np.uint64(128))
                prefetch(rows, row_ahead + np.uint64(191))
        start = number * width
        bucket = _bucket(queries, start, bits)
        low, high = int(fan[bucket]), min(int(fan[bucket + np.uint64(1)]), total)
        low = _first(rows, queries, start, width, low, high)
        end = low
        while end < high and _same(rows, end * width, queries, start, width):
            end += 1
        firsts[number], counts[number] = low, end - low
