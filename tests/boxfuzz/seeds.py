"""Made-up files of every format that is decoded, and known tricks: what mutations start from."""

import bz2
import functools
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import av
import numpy as np
from av.video.stream import VideoStream
from PIL import Image, PngImagePlugin

_EXACT = {"fflags": "bitexact"}  # no random ids, no dates
PICTURES = {
    "JPEG": {"quality": 80},
    "JPEG progressive": {"progressive": True},
    "PNG": {},
    "GIF": {},
    "WEBP": {"quality": 70},
    "WEBP lossless": {"lossless": True},
    "TIFF": {"compression": "tiff_lzw"},
    "TIFF deflate": {"compression": "tiff_deflate"},
    "BMP": {},
    "JPEG2000": {},
    "AVIF": {},
    "ICO": {},
    "PPM": {},
}
MODES = ("RGB", "L", "P", "CMYK", "RGBA", "1", "I;16")
VIDEOS = (
    ("libx264", "mp4", "yuv420p"),
    ("mpeg4", "avi", "yuv420p"),
    ("libvpx-vp9", "matroska", "yuv420p"),
    ("mjpeg", "mov", "yuvj420p"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """One file. Shape: `sort` is picture, video or archive."""

    sort: str
    name: str
    data: bytes


def pixels(height: int, width: int, seed: int = 1) -> np.ndarray:
    """Waves with some noise over them: neither flat nor without structure."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    waves = 128 + 90 * np.sin(x / 5)[..., None] * np.cos(y / 7)[..., None]
    noise = rng.integers(-20, 20, (height, width, 3))
    return np.clip(waves + noise, 0, 255).astype(np.uint8)


def pictures() -> list[Seed]:
    """One small picture of each format, and of each mode that a format has."""
    found = list[Seed]()
    whole = Image.fromarray(pixels(48, 64))
    for name, options in PICTURES.items():
        for mode in MODES:
            out = io.BytesIO()
            try:
                shown = whole.convert("L").convert(mode) if mode == "I;16" else whole.convert(mode)
                shown.save(out, name.split()[0], **options)
            except (OSError, ValueError, KeyError):
                continue  # this format has no such mode
            found.append(Seed(sort="picture", name=f"{name} {mode}", data=out.getvalue()))
    frames = [Image.fromarray(pixels(32, 32, seed)).convert("P") for seed in range(4)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return [*found, Seed(sort="picture", name="GIF moving", data=out.getvalue())]


def videos() -> list[Seed]:
    """A second of film in several codecs and containers."""
    found = list[Seed]()
    for codec, container, form in VIDEOS:
        out = io.BytesIO()
        with av.open(out, "w", format=container, container_options=_EXACT) as opened:
            stream = cast("VideoStream", opened.add_stream(codec, rate=Fraction(12)))
            stream.width, stream.height, stream.pix_fmt = 64, 48, form
            for seed in range(12):
                frame = av.VideoFrame.from_ndarray(pixels(48, 64, seed), format="rgb24")
                opened.mux(stream.encode(frame))
            opened.mux(stream.encode(None))
        found.append(Seed(sort="video", name=f"{codec} in {container}", data=out.getvalue()))
    return found


def archives() -> list[Seed]:
    """Archives of each sort, in one another too."""
    files = {"a.txt": b"words " * 200, "b.bin": bytes(range(256)) * 8, "dir/c": b""}
    made = {
        "zip": _zip(files, zipfile.ZIP_DEFLATED),
        "zip stored": _zip(files, zipfile.ZIP_STORED),
        "zip bzip2": _zip(files, zipfile.ZIP_BZIP2),
        "tar": _tar(files),
    }
    made["tar gzip"] = gzip.compress(made["tar"], mtime=0)
    made["tar bzip2"] = bz2.compress(made["tar"])
    made["tar xz"] = lzma.compress(made["tar"])
    made["zip of media"] = zipped({"a.jpg": pictures()[0].data, "b.mp4": videos()[0].data})
    made["nested"] = _zip({"in.zip": made["zip"], "in.tgz": made["tar gzip"]}, zipfile.ZIP_STORED)
    return [Seed(sort="archive", name=name, data=data) for name, data in made.items()]


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip that holds its files as they are."""
    return _zip(files, zipfile.ZIP_STORED)


def _zip(files: dict[str, bytes], method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def _tar(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def _png(width: int, height: int, body: bytes, *between: tuple[bytes, bytes]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), *between, (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in chunks)


def tricks() -> list[Seed]:
    """Known tricks: sizes that nothing has, bombs in pixels and in words, two formats at once."""
    zeros = zlib.compress(bytes(32 * 1024 * 1024))
    jpeg = io.BytesIO()
    Image.new("RGB", (16, 16)).save(jpeg, "JPEG")
    wide = jpeg.getvalue()
    at = wide.index(b"\xff\xc0")
    wide = wide[: at + 5] + b"\xff\xff\xff\xff" + wide[at + 9 :]
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 4_000_000, zip=True)
    texts = io.BytesIO()
    Image.new("L", (8, 8)).save(texts, "PNG", pnginfo=info)
    gif = io.BytesIO()
    Image.new("P", (8, 8)).save(gif, "GIF")
    huge_gif = gif.getvalue()[:6] + b"\xff\xff\xff\xff" + gif.getvalue()[10:]
    both = jpeg.getvalue() + _zip({"hidden": b"in a picture"}, zipfile.ZIP_DEFLATED)
    pictures_ = {
        "PNG of 65,535 square": _png(65_535, 65_535, zeros),
        "PNG of 2 to the 31 square": _png(2**31 - 1, 2**31 - 1, zeros),
        "PNG that unpacks to more": _png(8, 8, zeros),
        "PNG whose words are a bomb": _png(8, 8, zlib.compress(bytes(200)), (b"zTXt", b"k\0\0" + zeros)),
        "PNG whose profile is a bomb": _png(8, 8, zlib.compress(bytes(200)), (b"iCCP", b"k\0\0" + zeros)),
        "PNG with long words": texts.getvalue(),
        "JPEG of 65,535 square": wide,
        "GIF of 65,535 square": huge_gif,
        "JPEG and zip": both,
        "nothing": b"",
    }  # fmt: skip
    found = [Seed(sort="picture", name=name, data=data) for name, data in pictures_.items()]
    bomb = _zip({"zeros": bytes(30 * 1024 * 1024)}, zipfile.ZIP_DEFLATED)
    found.append(Seed(sort="archive", name="zip of zeros", data=bomb))
    found.append(Seed(sort="archive", name="JPEG and zip", data=both))
    found.append(Seed(sort="video", name="JPEG as video", data=jpeg.getvalue()))
    return found


@functools.cache
def originals() -> list[Seed]:
    """The whole files, which every decoder must read."""
    return [*pictures(), *videos(), *archives()]


@functools.cache
def all_seeds() -> list[Seed]:
    """Everything above."""
    return [*originals(), *tricks()]
