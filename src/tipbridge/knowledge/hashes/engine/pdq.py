"""PDQ of pixels, bit for bit as the reference computes it, in about the time of one look at each.

The reference filters a picture four times and samples 64 x 64 places of it. All of that is one
linear map, separable into an operator for rows and one for columns. Sums of floats depend on
their order, so where a bit or the quality hangs on the last digits, the picture is done again in
the reference's own order of operations (`reference_blocks`); that is rare.
Source: PDQ, "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm", 2019.
"""

import math
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from tipbridge.knowledge.hashes.engine import compiled, pdq_plain
from tipbridge.knowledge.hashes.engine.pdq_kernels import (
    Floats,
    Pixels,
    blocks,
    gradient_bounds,
    reference_blocks,
    transform,
)

SIDE = 64
LEAST_SIDE = 5
MEDIAN_PLACE = 127
"""The lower of the two middle ones of 256: the reference's median."""
GRADIENTS_A_POINT = 90
BEST_QUALITY = 100
MARGIN = 3 * 255 * 2.0**-24
"""How near two middle frequencies may be, for each square root of a side, before the reference's
order of operations decides: twice what rounding moved them by in a thousand made-up pictures."""
SMALL_PIXELS = 1 << 16
"""Up to here the reference's own order of operations is quick enough to be the only way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pdq:
    """The hash of one picture.

    Unit: quality 0 (blank) to 100. `frequencies` is what the bits were cut from, for turning.
    """

    hash_: bytes
    quality: int
    frequencies: Floats


NO_FREQUENCIES = np.zeros((16, 16), np.float32)
TOO_SMALL = Pdq(hash_=bytes(32), quality=0, frequencies=NO_FREQUENCIES)


def hash_pixels(pixels: Pixels, *, as_frame: bool = False) -> Pdq:
    """PDQ of height x width or height x width x channels bytes; channels past three don't count.

    Shape: `as_frame` rounds brightness as vPDQ does; it matters in the last digits only.
    Errors: ValueError for another shape or two channels.
    """
    flat, channels = as_lines(pixels)
    height, width = flat.shape[0], flat.shape[1] // channels
    if height < LEAST_SIDE or width < LEAST_SIDE:
        return TOO_SMALL
    if not compiled.wanted():
        return pdq_of(pdq_plain.reference_blocks(flat, channels, int(as_frame)))
    if height * width <= SMALL_PIXELS:
        return pdq_of(reference_blocks(flat, channels, int(as_frame)))
    rows, columns = operator(height, 1), operator(width, 1)
    small = blocks(flat, channels, *rows, *columns)
    found = pdq_of(small)
    margin = MARGIN * (math.sqrt(height) + math.sqrt(width))
    if is_too_close(found, small, margin):
        return pdq_of(reference_blocks(flat, channels, int(as_frame)))
    return found


def hash_scaled(pixels: Pixels, height: int, width: int, scale: int) -> Pdq:
    """PDQ of a picture decoded `scale` times smaller, sampled as the whole one would be.

    Shape: height and width are those of the whole picture. Not bit for bit the reference: the
    decoder's own rounding is in it. Errors: ValueError when the sizes do not fit.
    """
    flat, channels = as_lines(pixels)
    if flat.shape != (-(-height // scale), -(-width // scale) * channels):
        raise ValueError(f"{pixels.shape} is not {height} x {width} at one in {scale}")
    if height < LEAST_SIDE or width < LEAST_SIDE:
        return TOO_SMALL
    rows, columns = operator(height, scale), operator(width, scale)
    taken = blocks if compiled.wanted() else pdq_plain.blocks
    return pdq_of(taken(flat, channels, *rows, *columns))


def as_lines(pixels: Pixels) -> tuple[Pixels, int]:
    """The pixels as height x (width * channels), and the channels."""
    if pixels.ndim == 2:
        channels = 1
    elif pixels.ndim == 3 and pixels.shape[2] in (1, 3, 4):
        channels = pixels.shape[2]
    else:
        raise ValueError(f"pixels are height x width x 1, 3 or 4 bytes: got {pixels.shape}")
    lines = np.ascontiguousarray(pixels, np.uint8).reshape(pixels.shape[0], -1)
    return compiled.read_only(lines), channels


def pdq_of(small: Floats) -> Pdq:
    """The hash and the quality of a 64 x 64 picture."""
    if compiled.wanted():
        frequencies = transform(small, cosines())
        gradients, _ = gradient_bounds(small, 0.0)
    else:
        frequencies = pdq_plain.transform(small, cosines())
        gradients = pdq_plain.gradients(small)
    return Pdq(hash_=bits_of(frequencies), quality=quality_of(gradients), frequencies=frequencies)


def quality_of(gradients: int) -> int:
    """The reference's quality: how much there is to see."""
    return min(BEST_QUALITY, gradients // GRADIENTS_A_POINT)


def bits_of(frequencies: Floats) -> bytes:
    """A bit for each frequency above the median; the highest comes first."""
    flat = frequencies.reshape(-1)
    median = np.partition(flat, MEDIAN_PLACE)[MEDIAN_PLACE]
    return np.packbits((flat > median)[::-1]).tobytes()


def is_too_close(found: Pdq, small: Floats, margin: float) -> bool:
    """Whether rounding alone could have turned a bit or the quality."""
    flat = np.sort(found.frequencies, axis=None)
    if flat[MEDIAN_PLACE + 1] - flat[MEDIAN_PLACE] <= margin:
        return True
    least, most = gradient_bounds(small, margin * 100 / 255)
    return quality_of(least) != quality_of(most)


def turned(found: Pdq) -> tuple[bytes, ...]:
    """The hashes of the picture's eight rotations and flips.

    Shape: as it is, turned by 90, 180 and 270 degrees, flipped over the x axis, the y axis, and
    over both diagonals; the order and the signs are the reference's.
    """
    given = found.frequencies
    across = np.where(np.arange(16) % 2 == 0, -1, 1).astype(np.float32)
    by_row, by_column = given * across[:, None], given * across[None, :]
    both = by_row * across[None, :]
    every = (given, by_column.T, both, by_row.T, by_row, by_column, given.T, both.T)
    if found is TOO_SMALL:
        return (found.hash_,) * len(every)
    return tuple(bits_of(each) for each in every)


@cache
def cosines() -> Floats:
    """The 16 lowest cosines of 64 places, rounded as the reference rounds them."""
    scale = np.float32(math.sqrt(2.0 / SIDE))
    rows = [
        [float(scale) * math.cos(math.pi / 2.0 / SIDE * (i + 1) * (2 * j + 1)) for j in range(SIDE)]
        for i in range(16)
    ]
    return np.array(rows, np.float32)


@lru_cache(maxsize=512)
def operator(size: int, scale: int) -> tuple[NDArray[np.int64], Floats]:
    """Where each of the 64 places along a side reads, and with what weights.

    Shape: starts (64) and weights (64 x n), in pixels of a picture `scale` times smaller; a line
    ends in zeros. Two box filters of the reference's width, cut off at the edges, read at the
    middle of each of 64 equal parts.
    """
    window = (size + 127) // 128
    half = (window + 2) // 2
    lines: list[tuple[int, NDArray[np.float64]]] = []
    for out in range(SIDE):
        start, line = _twice_filtered(int((out + 0.5) * size / SIDE), size, window, half)
        lines.append(_summed(start, line, scale))
    longest = max(len(line) for _, line in lines)
    weights = np.zeros((SIDE, longest), np.float32)
    for out, (_, line) in enumerate(lines):
        weights[out, : len(line)] = line
    starts = np.array([start for start, _ in lines], np.int64)
    return compiled.read_only(starts), compiled.read_only(weights)


def _reach(middle: int, size: int, window: int, half: int) -> tuple[int, int]:
    """From where to before where the box filter reads at one place."""
    return max(0, middle - (window - half)), min(size, middle + half)


def _twice_filtered(
    middle: int, size: int, window: int, half: int
) -> tuple[int, NDArray[np.float64]]:
    low, high = _reach(middle, size, window, half)
    start = _reach(low, size, window, half)[0]
    end = _reach(high - 1, size, window, half)[1]
    line = np.zeros(end - start)
    for place in range(low, high):
        first, last = _reach(place, size, window, half)
        line[first - start : last - start] += 1 / (last - first) / (high - low)
    return start, line


def _summed(start: int, line: NDArray[np.float64], scale: int) -> tuple[int, NDArray[np.float64]]:
    """The weights of blocks of `scale` pixels: each the sum of its pixels'."""
    if scale == 1:
        return start, line
    first = start // scale
    places = np.arange(start, start + len(line)) // scale - first
    return first, np.bincount(places, weights=line).astype(np.float64)
