"""The made-up files: tiny pictures of noise, the same bytes for the same name."""

import hashlib
import struct
from collections.abc import Iterator, Sequence

from tipbridge.demo.draw import Draw
from tipbridge.demo.medium import MediumFile

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


def device_files(draw: Draw, names: Sequence[str]) -> Iterator[MediumFile]:
    """What lies on a device: the files of these names, and every few of them another one.

    Shape: some of the named are deleted or called something else; of the others, one half
    differ from a named one in a single bit.
    """
    for number, name in enumerate(names):
        data = picture(draw, name)
        suffix = "TXT" if number % 50 == 49 else "BMP"
        yield MediumFile(data=data, suffix=suffix, deleted=number % 100 == 99)
        if number % 10 == 4:
            yield MediumFile(data=data[:-1] + bytes([data[-1] ^ 1]), suffix="BMP")
        if number % 10 == 9:
            yield MediumFile(data=picture(draw, f"{name}/beside"), suffix="BMP")
