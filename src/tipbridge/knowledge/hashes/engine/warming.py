"""Load or compile every kernel before the first question, so that no caller waits for it."""

import tempfile
from pathlib import Path

import av.subtitles.stream
import numpy as np
from PIL import AvifImagePlugin, Image, ImageCms

from tipbridge.knowledge.hashes.engine import exact, near, pdq, ring

IMPORTED_LATE = (av.subtitles.stream, ImageCms)
"""Modules that PyAV and Pillow import only once a file has such a stream or mode."""


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


def warm_decoders() -> None:
    """Load what the box's tasks for pictures and videos need, before the first file.

    A fork of the box can't import any more, so what libraries import late is imported here.
    """
    Image.init()
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # a fork of the box may start no thread
    for side in (40, 300):
        for channels in (1, 3):
            pdq.hash_pixels(np.zeros((side, side, channels), np.uint8))
    pdq.hash_scaled(np.zeros((75, 75), np.uint8), 300, 300, 4)
