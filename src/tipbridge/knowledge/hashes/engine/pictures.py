"""PDQ of picture files. Runs inside the box only: what it decodes is hostile.

The reference lane gives the hash that the reference (pdqhash over Pillow) gives, its oddities
included: EXIF orientation is not applied, alpha is ignored, a palette's indices are hashed as
they are, and CMYK counts as if it were RGB. Where that differs from what a viewer shows, the hash
of what is shown stands beside it. The fast lane decodes large JPEGs smaller and may drift by some
bits: what it flags is hashed again in the reference lane.
"""

import io
import warnings
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

import numpy as np
import simplejpeg
from PIL import Image

from tipbridge.foundation.box.errors import Refused
from tipbridge.foundation.box.model import Reason
from tipbridge.knowledge.hashes.engine import pdq
from tipbridge.knowledge.hashes.engine.pdq import Pdq
from tipbridge.knowledge.hashes.engine.pdq_kernels import Pixels
from tipbridge.knowledge.hashes.files.kinds import START_BYTES, closed_picture

MOST_PIXELS = 100_000_000
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "JPEG2000", "AVIF", "ICO", "PPM")
AS_THEY_ARE = frozenset(
    {"1", "L", "P", "RGB", "RGBA", "RGBX", "RGBa", "CMYK", "YCbCr", "LAB", "HSV"}
)
"""Modes whose bytes the reference hashes as they stand."""
MADE_RGB = frozenset({"LA", "I;16"})
"""Modes that the reference turns into RGB first."""
SHOWN_OTHERWISE = frozenset({"1", "P", "CMYK", "YCbCr", "LAB", "HSV"})
_JPEG = b"\xff\xd8\xff"
_PLAIN_JPEG = {"Gray": "GRAY", "YCbCr": "RGB", "RGB": "RGB"}


class Lane(StrEnum):
    """How a hash came about; reports and evidence say which.

    Shape: `reference` is bit for bit the reference's. `fast` may differ by some bits. `converted`
    is the hash of the picture made RGB, for modes that the reference does not hash at all.
    """

    REFERENCE = "reference"
    FAST = "fast"
    CONVERTED = "converted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureHash:
    """What one picture hashes to.

    Shape: `turned` has the eight rotations and flips, the first being the picture as it is.
    `as_shown` is the hash of what a viewer shows where the reference hashes something else.
    """

    found: Pdq
    lane: Lane
    height: int
    width: int
    turned: tuple[bytes, ...]
    as_shown: Pdq | None = None


def hash_picture(data: bytes) -> PictureHash:
    """The hash of a picture in the reference lane.

    Errors: Refused: unsupported for what is no picture, too-large above MOST_PIXELS, undecodable
    for a damaged one. What else a decoder raises is the box's to name.
    """
    pixels = _quick_jpeg(data)
    if pixels is not None:
        return _result(pixels, Lane.REFERENCE)
    with _opened(data) as image:
        if image.mode in AS_THEY_ARE:
            lane, pixels = Lane.REFERENCE, np.asarray(image).astype(np.uint8)
        else:
            lane = Lane.REFERENCE if image.mode in MADE_RGB else Lane.CONVERTED
            pixels = np.asarray(image.convert("RGB"))
        shown = None
        if image.mode in SHOWN_OTHERWISE:
            shown = pdq.hash_pixels(np.asarray(image.convert("RGB")))
    return _result(pixels, lane, shown)


def hash_picture_fast(data: bytes) -> PictureHash:
    """The hash in the fast lane, for triage: JPEGs of 2 MP at a quarter, of 8 MP at an eighth.

    What is smaller or no JPEG goes through the reference lane, and the result says so.
    """
    size = _jpeg_size(data)
    scale = 1 if size is None else fast_scale(*size)
    if size is None or scale == 1:
        return hash_picture(data)
    height, width = size
    least = (-(-height // scale), -(-width // scale))
    try:
        pixels = simplejpeg.decode_jpeg(data, "GRAY", min_height=least[0], min_width=least[1])
    except ValueError:
        return hash_picture(data)
    if pixels.shape[:2] != least:
        return hash_picture(data)
    found = pdq.hash_scaled(pixels, height, width, scale)
    return PictureHash(
        found=found, lane=Lane.FAST, height=height, width=width, turned=pdq.turned(found)
    )


def fast_scale(height: int, width: int) -> int:
    """How much smaller the fast lane decodes: 1, 4 or 8."""
    if height * width >= 8_000_000:
        return 8
    return 4 if height * width >= 2_000_000 else 1


def picture_task(source: BinaryIO, *, fast: bool = False) -> dict[str, object]:
    """The box's task for one picture: plain data."""
    data = source.read()
    return as_plain(hash_picture_fast(data) if fast else hash_picture(data))


def as_plain(result: PictureHash) -> dict[str, object]:
    """A result as it leaves the box."""
    shown = result.as_shown
    return {
        "pdq": result.found.hash_.hex(),
        "quality": result.found.quality,
        "lane": result.lane.value,
        "height": result.height,
        "width": result.width,
        "turned": [each.hex() for each in result.turned],
        "shown_pdq": shown.hash_.hex() if shown else None,
        "shown_quality": shown.quality if shown else None,
    }


def _result(pixels: Pixels, lane: Lane, shown: Pdq | None = None) -> PictureHash:
    found = pdq.hash_pixels(pixels)
    height, width = pixels.shape[:2]
    return PictureHash(
        found=found,
        lane=lane,
        height=height,
        width=width,
        turned=pdq.turned(found),
        as_shown=shown,
    )


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Height and width of a JPEG in a colour space that simplejpeg decodes as Pillow does."""
    if not data.startswith(_JPEG):
        return None
    try:
        header = simplejpeg.decode_jpeg_header(data)
    except ValueError:
        return None
    height, width, space = int(header[0]), int(header[1]), header[2]
    _refuse_large(height, width)
    return (height, width) if space in _PLAIN_JPEG else None


def _quick_jpeg(data: bytes) -> Pixels | None:
    """The pixels of a sound JPEG; None leaves it to Pillow, which is the reference's decoder."""
    if _jpeg_size(data) is None:
        return None
    space = _PLAIN_JPEG[simplejpeg.decode_jpeg_header(data)[2]]
    try:
        return simplejpeg.decode_jpeg(data, space)
    except ValueError:
        return None


def _opened(data: bytes) -> Image.Image:
    """A picture in a known format and within the limit, decoded."""
    if (closed := closed_picture(data[:START_BYTES])) is not None:
        raise Refused(Reason.UNSUPPORTED, closed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # size is judged below; others are about metadata
        try:
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            _refuse_large(image.height, image.width)
            image.load()
        except Image.UnidentifiedImageError as error:
            raise Refused(Reason.UNSUPPORTED, "no-picture") from error
        except Image.DecompressionBombError as error:
            raise Refused(Reason.TOO_LARGE, "pixels") from error
    return image


def _refuse_large(height: int, width: int) -> None:
    if height * width > MOST_PIXELS:
        raise Refused(Reason.TOO_LARGE, "pixels")
