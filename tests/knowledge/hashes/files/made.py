"""Files of the tests: pictures, films and archives that hold them."""

import functools
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from tests.boxfuzz.seeds import pixels, videos
from tests.foundation.box.archives.made import zipped
from tests.knowledge.hashes.engine.recipes import Recipe, pixels_of

__all__ = ["archive", "damaged", "descriptor", "film", "picture", "pixels", "turned", "zipped"]


def picture(seed: int = 40, side: int = 300, form: str = "JPEG") -> bytes:
    """A picture with enough in it to be told from others."""
    out = io.BytesIO()
    Image.fromarray(pixels_of(Recipe("clouds", side, side + 120, seed))).save(out, form)
    return out.getvalue()


def turned(seed: int = 40) -> bytes:
    """The same, a quarter turn further."""
    out = io.BytesIO()
    image = Image.fromarray(pixels_of(Recipe("clouds", 300, 420, seed)))
    image.transpose(Image.Transpose.ROTATE_90).save(out, "PNG")
    return out.getvalue()


@functools.cache
def film() -> bytes:
    """A second of film."""
    return videos()[0].data


def damaged() -> bytes:
    """A picture that breaks off."""
    return picture()[:2000]


def archive() -> bytes:
    """A picture, a damaged one, words and an archive with another picture, in one archive."""
    inner = zipped({"deep.png": picture(41, form="PNG")})
    return zipped({
        "a.jpg": picture(), "cut.jpg": damaged(), "words.txt": b"words" * 9, "in.zip": inner,
        "film.mp4": film(),
    })  # fmt: skip


@contextmanager
def descriptor(path, data: bytes) -> Iterator[int]:
    """The bytes as a file, opened for reading only."""
    path.write_bytes(data)
    opened = os.open(path, os.O_RDONLY)
    try:
        yield opened
    finally:
        os.close(opened)
