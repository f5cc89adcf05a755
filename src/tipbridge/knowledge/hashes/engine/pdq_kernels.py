"""The compiled part of hashing pictures.

`blocks` takes the short way: the reference's filters and sampling as one sparse operator, each
pixel read about once. `reference_blocks` takes the reference's own way, operation by operation
and rounding by rounding; it decides where the short way is too close to call.
"""

import numpy as np
from numpy.typing import NDArray

from tipbridge.knowledge.hashes.engine.compiled import inner, kernel

SIDE = 64
RED, GREEN, BLUE = 0.299, 0.587, 0.114
Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]


@kernel
def blocks(
    pixels: Pixels,
    channels: int,
    row_starts: NDArray[np.int64],
    row_weights: Floats,
    column_starts: NDArray[np.int64],
    column_weights: Floats,
) -> Floats:
    """The 64 x 64 picture that the hash is made of, by the operator of each dimension.

    Shape: pixels is height x (width * channels); a line of weights ends in zeros.
    """
    wide = pixels.shape[1]
    width = wide // channels
    sums, luma = np.empty(wide, np.float32), np.empty(width, np.float32)
    small = np.empty((SIDE, SIDE), np.float32)
    for out in range(SIDE):
        _add_rows(pixels, row_starts[out], row_weights[out], sums)
        if channels == 1:
            luma[:] = sums
        else:
            for column in range(width):
                at = column * channels
                luma[column] = (
                    np.float32(RED) * sums[at]
                    + np.float32(GREEN) * sums[at + 1]
                    + np.float32(BLUE) * sums[at + 2]
                )
        for across in range(SIDE):
            start, weights = column_starts[across], column_weights[across]
            total = np.float32(0)
            for place in range(min(len(weights), width - start)):
                total += weights[place] * luma[start + place]
            small[out, across] = total
    return small


@inner
def _add_rows(pixels: Pixels, start: int, weights: Floats, sums: Floats) -> None:
    """The weighted sum of some rows, four at a time."""
    sums[:] = 0
    length = min(len(weights), len(pixels) - start)
    wide = np.uint64(len(sums))
    full = length - length % 4
    for place in range(0, full, 4):
        first, second = weights[place], weights[place + 1]
        third, fourth = weights[place + 2], weights[place + 3]
        if first == 0 and second == 0 and third == 0 and fourth == 0:
            continue
        row = start + place
        one, two, three, four = pixels[row], pixels[row + 1], pixels[row + 2], pixels[row + 3]
        for at in range(wide):
            sums[at] += (
                first * np.float32(one[at])
                + second * np.float32(two[at])
                + third * np.float32(three[at])
                + fourth * np.float32(four[at])
            )
    for place in range(full, length):
        weight, one = weights[place], pixels[start + place]
        for at in range(wide):
            sums[at] += weight * np.float32(one[at])


@inner
def _box_along_columns(given: Floats, taken: Floats, window: int) -> None:
    """One box filter down the columns, all columns abreast: a running sum, as the reference."""
    height, width = given.shape
    half = (window + 2) // 2
    sums = np.zeros(width, np.float32)
    held, left, out = 0, 0, 0
    for right in range(height + half - 1):
        if right < height:
            sums += given[right]
            held += 1
        if right >= window or right >= height:
            sums -= given[left]
            left += 1
            held -= 1
        if right >= half - 1:
            size = np.float32(held)
            for column in range(width):
                taken[out, column] = sums[column] / size
            out += 1


@inner
def _box_along_rows(given: Floats, taken: Floats, window: int) -> None:
    """One box filter along the rows: a running sum, as the reference."""
    height, width = given.shape
    half = (window + 2) // 2
    for row in range(height):
        total = np.float32(0)
        held, left, out = 0, 0, 0
        for right in range(width + half - 1):
            if right < width:
                total += given[row, right]
                held += 1
            if right >= window or right >= width:
                total -= given[row, left]
                left += 1
                held -= 1
            if right >= half - 1:
                taken[row, out] = total / np.float32(held)
                out += 1


@kernel
def reference_blocks(pixels: Pixels, channels: int, single: int) -> Floats:
    """The same 64 x 64 picture, rounded at every step as the reference rounds.

    Shape: `single` is 1 where the reference weighs colours in single floats (vPDQ), 0 where it
    does in doubles (PDQ of pictures).
    """
    height, width = pixels.shape[0], pixels.shape[1] // channels
    first, second = np.empty((height, width), np.float32), np.empty((height, width), np.float32)
    green, blue = (1, 2) if channels > 1 else (0, 0)
    for row in range(height):
        for column in range(width):
            at = column * channels
            r, g, b = pixels[row, at], pixels[row, at + green], pixels[row, at + blue]
            if single:
                first[row, column] = (
                    np.float32(RED) * np.float32(r)
                    + np.float32(GREEN) * np.float32(g)
                    + np.float32(BLUE) * np.float32(b)
                )
            else:
                first[row, column] = np.float32(r * RED + g * GREEN + b * BLUE)
    if height == SIDE and width == SIDE:
        return first
    for _ in range(2):
        _box_along_rows(first, second, (width + 127) // 128)
        _box_along_columns(second, first, (height + 127) // 128)
    small = np.empty((SIDE, SIDE), np.float32)
    for out in range(SIDE):
        row = int((out + 0.5) * height / SIDE)
        for across in range(SIDE):
            small[out, across] = first[row, int((across + 0.5) * width / SIDE)]
    return small


@kernel
def transform(small: Floats, cosines: Floats) -> Floats:
    """The 16 x 16 lowest frequencies, summed in the reference's order."""
    half = np.zeros((16, SIDE), np.float32)
    full = np.zeros((16, 16), np.float32)
    for down in range(16):
        for place in range(SIDE):
            for column in range(SIDE):
                half[down, column] += cosines[down, place] * small[place, column]
        for across in range(16):
            total = np.float32(0)
            for place in range(SIDE):
                total += half[down, place] * cosines[across, place]
            full[down, across] = total
    return full


@kernel
def gradient_bounds(small: Floats, margin: float) -> tuple[int, int]:
    """The least and the most that the gradients may add up to, if each value is off by half of
    the margin; twice the same number for a margin of 0.
    """
    least, most = 0, 0
    for row in range(SIDE):
        for column in range(SIDE):
            for down, right in ((1, 0), (0, 1)):
                if row + down == SIDE or column + right == SIDE:
                    continue
                step = small[row, column] - small[row + down, column + right]
                size = abs(step * np.float32(100) / np.float32(255))
                least += max(0, int(size - margin))
                most += int(size + margin)
    return least, most
