"""PDQ from the bytes of JPEGs, against the hasher of the threatexchange package; drift counted."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pdqhash
from PIL import Image
from threatexchange.signal_type.pdq.pdq_hasher import pdq_from_bytes

from bench.claims import Measured
from bench.paired import paired
from tests.knowledge.hashes.engine.recipes import Recipe, pixels_of
from tipbridge.knowledge.hashes.engine.pdq import hash_pixels
from tipbridge.knowledge.hashes.engine.pictures import hash_picture, hash_picture_fast

SIZES = {"0.2 MP": (384, 512, 8), "2 MP": (1080, 1920, 5), "12 MP": (3000, 4000, 2)}
GRAIN = {0: 0, 1: 4, 2: 2}
"""How much grain is laid over: at 2 MP the files are on average as large as photographs at this
quality, about 480 kB. Larger files narrow the ratio, for decoding is most of our time."""


def jpeg(height: int, width: int, number: int) -> bytes:
    """One made-up photograph at quality 88."""
    pixels = pixels_of(Recipe("clouds", height, width, 40 + number)).astype(np.int16)
    grain = GRAIN[number % 3]
    if grain:
        noise = np.random.default_rng(number).integers(-grain, grain + 1, pixels.shape[:2])
        pixels += noise[:, :, None].astype(np.int16)
    held = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(held, "JPEG", quality=88)
    return held.getvalue()


def drift(files: list[bytes]) -> int:
    """The bits in which ours and theirs differ, over all files; quality must be the same."""
    total = 0
    for data in files:
        ours, (theirs, quality) = hash_picture(data).found, pdq_from_bytes(data)
        assert ours.quality == quality
        total += (int.from_bytes(ours.hash_) ^ int(theirs, 16)).bit_count()
    return total


def measure(folder: Path) -> Iterator[Measured]:
    """Each size from bytes, decoded pixels alone, and the fast lane at twelve megapixels."""
    del folder
    for name, (height, width, count) in SIZES.items():
        files = [jpeg(height, width, number) for number in range(count)]
        sizes = ", ".join(f"{len(data) // 1000}" for data in files)
        measured = paired(
            lambda files=files: [hash_picture(data) for data in files],
            lambda files=files: [pdq_from_bytes(data) for data in files],
        )
        decoded = [np.asarray(Image.open(io.BytesIO(data))) for data in files]
        alone = paired(
            lambda decoded=decoded: [hash_pixels(each) for each in decoded],
            lambda decoded=decoded: [pdqhash.compute(each) for each in decoded],
        )
        bits = drift(files)
        assert bits == 0, f"{bits} bits of drift"
        goal = " (goal 7)" if name == "2 MP" else ""
        yield Measured(
            words=f"PDQ of JPEGs of {name}: threatexchange's hasher / ours, all eight turns too{goal}",
            ratio=measured.ratio,
            least=5 if name == "2 MP" else 3,
            notes=(
                f"{measured.note()}; {bits} bits of drift over {count} files of {sizes} kB",
                f"pixels already decoded: pdqhash / ours {alone.ratio:.1f}",
            ),
        )
    measured = paired(
        lambda: [hash_picture_fast(data) for data in files],
        lambda: [pdq_from_bytes(data) for data in files],
    )
    bits = [
        (
            int.from_bytes(hash_picture_fast(data).found.hash_)
            ^ int.from_bytes(hash_picture(data).found.hash_)
        ).bit_count()
        for data in files
    ]
    yield Measured(
        words="the fast lane for triage at 12 MP: threatexchange's hasher / ours",
        ratio=measured.ratio,
        least=5,
        notes=(f"{measured.note()}; drift of {bits} bits, re-hashed in the reference lane",),
    )
