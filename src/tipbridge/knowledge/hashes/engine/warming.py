"""Load or compile every kernel before the first question, so that no caller waits for it."""

import tempfile
from pathlib import Path

import numpy as np

from tipbridge.knowledge.hashes.engine import exact, near, recent, ring


def warm_up() -> None:
    """Ask small indexes of each kind once; a second or two, less once compiled code is kept."""
    count = near.FLAT_ROWS + 1
    numbers = np.arange(count, dtype=np.uint32)
    hashes = np.zeros((count, ring.HASH_BYTES), np.uint8)
    hashes.view("<u4")[:, 0] = numbers
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in (2, count):
            near.build(folder / "near", hashes[:rows], numbers[:rows])
            index = near.NearIndex.open(folder / "near")
            index.search(hashes[1].tobytes())
            index.pairs(hashes[:2])
        exact.build(folder / "exact", hashes, numbers)
        exact.ExactIndex.open(folder / "exact").find_many(hashes[:2])
    recent.Recent(1).near(bytes(ring.HASH_BYTES), 0, since=0.0)
