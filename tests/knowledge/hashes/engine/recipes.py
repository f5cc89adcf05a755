"""Made-up pictures from a few words and a seed: the same pixels on every machine.

Whole numbers only, so that no rounding of another processor changes a pixel. `golden.tsv` beside
has the hash and the quality that the reference gives each; `make oracles` in bench/ writes it.
"""

import io
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
MODES = ("1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "LA", "I;16")


class Recipe(NamedTuple):
    """How one picture is made. Shape: `mode` is that of the file which holds it, a TIFF."""

    kind: str
    height: int
    width: int
    seed: int
    mode: str = "RGB"


def _clouds(rng: np.random.Generator, height: int, width: int) -> Pixels:
    """Random fields of ever finer grain, the coarse ones stronger; whole-number bilinear."""
    total = np.zeros((height, width, 3), np.int64)
    for grain, weight in ((48, 8), (16, 4), (5, 2), (1, 1)):
        rows, columns = height // grain + 2, width // grain + 2
        grid = rng.integers(0, 256, (rows, columns, 3))
        y, x = np.arange(height), np.arange(width)
        top, left = y // grain, x // grain
        down, right = (y % grain)[:, None, None], (x % grain)[None, :, None]
        upper = grid[top][:, left] * (grain - right) + grid[top][:, left + 1] * right
        lower = grid[top + 1][:, left] * (grain - right) + grid[top + 1][:, left + 1] * right
        total += weight * (upper * (grain - down) + lower * down) // (grain * grain)
    return (total // 15).astype(np.uint8)


def _stripes(rng: np.random.Generator, height: int, width: int) -> Pixels:
    period = int(rng.integers(3, 40))
    y, x = np.arange(height)[:, None], np.arange(width)[None, :]
    bright = ((y * int(rng.integers(1, 4)) + x) // period % 2) * 200 + 20
    return np.repeat(bright[:, :, None], 3, axis=2).astype(np.uint8)


def pixels_of(recipe: Recipe) -> Pixels:
    """The picture itself, before its mode."""
    rng = np.random.default_rng([recipe.seed, recipe.height, recipe.width])
    shape = (recipe.height, recipe.width, 3)
    if recipe.kind == "noise":
        return rng.integers(0, 256, shape, dtype=np.uint8)
    if recipe.kind == "flat":
        return np.broadcast_to(rng.integers(0, 256, 3, dtype=np.uint8), shape).copy()
    if recipe.kind == "stripes":
        return _stripes(rng, recipe.height, recipe.width)
    clouds = _clouds(rng, recipe.height, recipe.width)
    if recipe.kind == "bright":
        return 255 - clouds // 16
    return clouds // 16 if recipe.kind == "dark" else clouds


def file_of(recipe: Recipe) -> bytes:
    """The picture as a file that keeps every bit of it."""
    image = Image.fromarray(pixels_of(recipe))
    if recipe.mode in {"LA", "I;16"}:
        image = image.convert("L")
    if recipe.mode in {"I;16", "LAB"}:  # made by hand: conversions of these need a profile
        planes = np.asarray(image)
        if recipe.mode == "I;16":
            image = Image.fromarray(planes.astype(np.uint16) * 3)
        else:
            image = Image.frombytes("LAB", image.size, planes.tobytes())
    elif image.mode != recipe.mode:
        image = image.convert(recipe.mode)
    held = io.BytesIO()
    image.save(held, "TIFF")
    return held.getvalue()


def golden_recipes() -> Iterator[Recipe]:
    """Every side from 5 to 200, small ones, panoramas, odd modes, nearly blank ones."""
    for side in range(1, 201):
        yield Recipe("clouds", side, side, 1)
        yield Recipe("clouds", side, 5 + side * 37 % 196, 2)
    for number in range(24):
        short, long = 5 + number * 5, 900 + 67 * number
        yield Recipe("clouds", short, long, 3)
        yield Recipe("noise", long, short, 4)
    for mode in MODES:
        for number in range(4):
            yield Recipe("clouds", 90 + 61 * number, 300 - 50 * number, 5, mode)
    for number in range(12):
        for kind in ("flat", "stripes", "bright", "dark", "noise"):
            yield Recipe(kind, 64 + 29 * number, 400 - 28 * number, 6)
    yield from (Recipe("clouds", 1080, 1920, seed) for seed in (7, 8, 9))


def many_recipes() -> Iterator[Recipe]:
    """The long form: every side from 5 to 200 five times over, and more of everything else."""
    for seed in range(100, 105):
        for side in range(5, 201):
            yield Recipe("clouds", side, side, seed)
            yield Recipe(
                ("clouds", "noise", "bright", "dark", "stripes")[seed % 5],
                side,
                5 + side * (seed - 63) % 196,
                seed,
            )
    for number in range(150):
        short, long = 5 + number % 200, 700 + 17 * number
        yield Recipe("clouds", short, long, 106)
        yield Recipe("clouds", long, short, 107)
    for mode in MODES:
        for number in range(30):
            yield Recipe("clouds", 60 + 13 * number, 450 - 13 * number, 108, mode)
    for number in range(150):
        for kind in ("clouds", "bright", "dark", "flat"):
            yield Recipe(kind, 257 + number * 7, 1400 - number * 7, 109)
