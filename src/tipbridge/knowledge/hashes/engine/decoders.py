"""What the box's warm process reads before the first file; imported there alone."""

import av.subtitles.stream
import numpy as np
from PIL import AvifImagePlugin, Image, ImageCms

from tipbridge.knowledge.hashes.engine import pdq

IMPORTED_LATE = (av.subtitles.stream, ImageCms)
"""Modules that PyAV and Pillow import only once a file has such a stream or mode."""


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
