"""PDQ of pixels without compiled code: the reference's operations in its order, in numpy."""

import numpy as np
from numpy.typing import NDArray

SIDE = 64
Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]


def luma(pixels: Pixels, channels: int, *, single: bool = False) -> Floats:
    """Brightness as the reference weighs it: computed in doubles or single floats, kept single."""
    planes = pixels.reshape(len(pixels), -1, channels)
    kind = np.float32 if single else np.float64
    green, blue = (1, 2) if channels > 1 else (0, 0)
    weighed = (planes[:, :, 0] * kind(0.299) + planes[:, :, green] * kind(0.587)) + planes[
        :, :, blue
    ] * kind(0.114)
    return weighed.astype(np.float32)


def box_along_rows(given: Floats, window: int) -> Floats:
    """One box filter along the rows, all rows abreast: a running sum, as the reference."""
    lines = np.ascontiguousarray(given.T)
    taken = np.empty_like(lines)
    half = (window + 2) // 2
    sums = np.zeros(lines.shape[1], np.float32)
    held = 0
    for right in range(len(lines) + half - 1):
        if right < len(lines):
            sums = sums + lines[right]
            held += 1
        if right >= window or right >= len(lines):
            sums = sums - lines[right - held + 1 if right < len(lines) else len(lines) - held]
            held -= 1
        if right >= half - 1:
            taken[right - half + 1] = sums / np.float32(held)
    return np.ascontiguousarray(taken.T)


def reference_blocks(pixels: Pixels, channels: int, single: int) -> Floats:
    """The 64 x 64 picture that the hash is made of."""
    filtered = luma(pixels, channels, single=bool(single))
    height, width = filtered.shape
    if height == SIDE and width == SIDE:
        return filtered
    for _ in range(2):
        filtered = box_along_rows(filtered, (width + 127) // 128)
        filtered = box_along_rows(filtered.T, (height + 127) // 128).T
    rows = [int((out + 0.5) * height / SIDE) for out in range(SIDE)]
    columns = [int((out + 0.5) * width / SIDE) for out in range(SIDE)]
    return np.ascontiguousarray(filtered[np.ix_(rows, columns)])


def blocks(
    pixels: Pixels,
    channels: int,
    row_starts: NDArray[np.int64],
    row_weights: Floats,
    column_starts: NDArray[np.int64],
    column_weights: Floats,
) -> Floats:
    """The 64 x 64 picture by the operator of each dimension."""
    bright = luma(pixels, channels)
    height, width = bright.shape
    small = np.empty((SIDE, width), np.float32)
    for out, (start, line) in enumerate(zip(row_starts, row_weights, strict=True)):
        weights = line[: height - start]
        small[out] = weights @ bright[start : start + len(weights)]
    smaller = np.empty((SIDE, SIDE), np.float32)
    for out, (start, line) in enumerate(zip(column_starts, column_weights, strict=True)):
        weights = line[: width - start]
        smaller[:, out] = small[:, start : start + len(weights)] @ weights
    return smaller


def transform(small: Floats, cosines: Floats) -> Floats:
    """The 16 x 16 lowest frequencies, summed in the reference's order."""
    half = np.zeros((16, SIDE), np.float32)
    for place in range(SIDE):
        half += cosines[:, place, None] * small[None, place, :]
    full = np.zeros((16, 16), np.float32)
    for place in range(SIDE):
        full += half[:, place, None] * cosines[None, :, place]
    return full


def gradients(small: Floats) -> int:
    """What the steps between neighbours add up to, each cut to a whole number."""
    steps = [small[1:] - small[:-1], small[:, 1:] - small[:, :-1]]
    sizes = [np.abs(step * np.float32(100) / np.float32(255)).astype(np.int64) for step in steps]
    return int(sum(each.sum() for each in sizes))
