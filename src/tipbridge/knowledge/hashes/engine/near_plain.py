"""Near look-up without compiled code: numpy, slower, with equal results."""

import numpy as np
from numpy.typing import NDArray

VALUES = 1 << 16
TOO_MANY = -1
PIECE_ROWS = 1 << 16
Words = NDArray[np.uint64]


def scan_all(query: Words, rows: Words, radius: int, found: NDArray[np.int64]) -> int:
    """Every row within the radius, in rising order; TOO_MANY when they do not fit, with the first."""
    count = 0
    for start in range(0, len(rows), PIECE_ROWS):
        piece = rows[start : start + PIECE_ROWS]
        bits = np.bitwise_count(piece ^ query).sum(axis=1, dtype=np.int64)
        near = np.flatnonzero(bits <= radius)
        fitting = near[: len(found) - count]
        found[count : count + len(fitting), 0] = fitting + start
        found[count : count + len(fitting), 1] = bits[fitting]
        if len(fitting) < len(near):
            return TOO_MANY
        count += len(near)
    return count


def band_offsets(rows: Words) -> NDArray[np.uint32]:
    """Where the entries of each value of each band begin."""
    bands = rows.view("<u2").reshape(len(rows), -1)
    offsets = np.zeros((bands.shape[1], VALUES + 1), np.uint32)
    for band in range(bands.shape[1]):
        offsets[band, 1:] = np.cumsum(np.bincount(bands[:, band], minlength=VALUES))
    return offsets


def band_table(rows: Words, band: int) -> NDArray[np.uint32]:
    """One band's next two bands and row numbers, in the order of its values."""
    bands = rows.view("<u2").reshape(len(rows), -1)
    order = np.argsort(bands[:, band], kind="stable")
    second, third = (bands[:, (band + each) % bands.shape[1]].astype(np.uint32) for each in (1, 2))
    return np.stack(((second | third << np.uint32(16))[order], order.astype(np.uint32)))
