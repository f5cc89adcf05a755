"""The made-up files: tiny pictures of noise, the same bytes for the same name."""

import hashlib
import struct
from collections.abc import Iterable
from pathlib import Path

from tipbridge.demo.draw import Draw

SIDE_PIXELS = 8
_ROW_BYTES = SIDE_PIXELS * 3
_BODY_BYTES = _ROW_BYTES * SIDE_PIXELS
_HEAD_BYTES = 54


def picture(draw: Draw, name: str) -> bytes:
    """A BMP of 8 by 8 pixels of noise: synthetic, and about nothing."""
    head = struct.pack("<2sIHHI", b"BM", _HEAD_BYTES + _BODY_BYTES, 0, 0, _HEAD_BYTES)
    about = struct.pack(
        "<IiiHHIIiiII", 40, SIDE_PIXELS, SIDE_PIXELS, 1, 24, 0, _BODY_BYTES, 2835, 2835, 0, 0
    )
    return head + about + draw.noise(f"file/{name}", _BODY_BYTES)


def sha256_of(draw: Draw, name: str) -> str:
    """The digest of a made-up file."""
    return hashlib.sha256(picture(draw, name)).hexdigest()


def write_device(draw: Draw, names: Iterable[str], folder: Path) -> None:
    """Lay a device's files into `folder`, a few hundred to a subfolder as on a real one."""
    for number, name in enumerate(names):
        part = folder / f"{number // 500:03}"
        if number % 500 == 0:
            part.mkdir(parents=True, exist_ok=True)
        (part / f"{number:06}.bmp").write_bytes(picture(draw, name))
