"""Holds our hashes against the oracles, pdqhash and vpdq: `make oracles`; `--write` the golden file.

Not a claim of speed: it counts pictures whose bits or quality differ, and the bits.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pdqhash
from threatexchange.signal_type.pdq.pdq_hasher import pdq_from_bytes

from bench.films import films
from tests.knowledge.hashes.engine import recipes
from tests.knowledge.hashes.engine.recipes import Recipe, file_of, pixels_of
from tipbridge.knowledge.hashes.engine.pdq import LEAST_SIDE
from tipbridge.knowledge.hashes.engine.pictures import PictureHash, hash_picture
from tipbridge.knowledge.hashes.engine.videos import hash_video

try:
    import vpdq
except ImportError:  # it has no wheel, and needs FFmpeg's headers to be built
    vpdq = None

GOLDEN = Path(recipes.__file__).with_name("golden.tsv")
MOST_BITS, MOST_SHARE = 2, 0.001


def bits_apart(left: str, right: str) -> int:
    """The bits in which two hashes differ."""
    return (int(left, 16) ^ int(right, 16)).bit_count()


def write_golden() -> None:
    """The reference's hash and quality of each golden picture."""
    lines: list[str] = []
    for recipe in recipes.golden_recipes():
        hash_, quality = pdq_from_bytes(file_of(recipe))
        lines.append("\t".join([*map(str, recipe), hash_, str(quality)]))
    GOLDEN.write_text("\n".join(lines) + "\n", encoding="ascii")
    print(f"{len(lines)} golden pictures written")


def turned_differ(recipe: Recipe, ours: PictureHash) -> bool:
    """Whether one of the eight rotations and flips is not pdqhash's."""
    if recipe.mode != "RGB" or min(recipe.height, recipe.width) < LEAST_SIDE:
        return False
    theirs, _ = pdqhash.compute_dihedral(pixels_of(recipe))
    return [np.packbits(each.astype(np.uint8)).tobytes() for each in theirs] != list(ours.turned)


def compare_pictures(chosen: Iterable[Recipe]) -> bool:
    """Bits and quality of each picture; whether at most 0.1% differ, by at most two bits."""
    differing: list[tuple[Recipe, int, int]] = []
    count = 0
    for recipe in chosen:
        count += 1
        data = file_of(recipe)
        hash_, quality = pdq_from_bytes(data)
        ours = hash_picture(data).found
        bits = bits_apart(ours.hash_.hex(), hash_)
        if bits or ours.quality != quality or turned_differ(recipe, hash_picture(data)):
            differing.append((recipe, bits, ours.quality - quality))
    print(f"{count} pictures: {len(differing)} differ from pdqhash {differing[:5]}")
    within = all(bits <= MOST_BITS and not quality for _, bits, quality in differing)
    return within and len(differing) <= count * MOST_SHARE


def compare_films(folder: Path) -> bool:
    """Every frame hash of each film; whether they are those of vpdq, ten-bit ones within 2 bits."""
    if vpdq is None:
        print("films: not compared, vpdq is not built here (bench/install-debian)")
        return False
    fits = True
    for name, path in films(folder):
        theirs = vpdq.computeHash(str(path), seconds_per_hash=1.0)
        with path.open("rb") as source:
            ours = hash_video(source).frames
        pairs = list(zip(ours, theirs, strict=True))
        apart = [bits_apart(our.found.hash_.hex(), their.hex) for our, their in pairs]
        same = [(our.number, our.found.quality) for our in ours] == [
            (their.frame_number, their.quality) for their in theirs
        ]
        print(f"film {name}: {len(pairs)} frames, at most {max(apart)} bits from vpdq")
        fits = fits and same and max(apart) <= (MOST_BITS if "10 bit" in name else 0)
    return fits


def main() -> int:
    """Compare, or write the golden file; 1 when something differs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the golden file anew")
    if parser.parse_args().write:
        write_golden()
        return 0
    with tempfile.TemporaryDirectory(prefix="tbt-bench-") as folder:
        fits = [compare_pictures(recipes.many_recipes()), compare_films(Path(folder))]
    return 0 if all(fits) else 1


if __name__ == "__main__":
    sys.exit(main())
