"""Short made-up films in several codecs and pixel formats, for oracles and claims."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """How one film is made."""

    name: str
    codec: str = "libx264"
    width: int = 320
    height: int = 240
    rate: Fraction = field(default=Fraction(25))
    frames: int = 120
    pixels: str = "yuv420p"
    matrix: int | None = None
    container: str = "mp4"
    options: dict[str, str] = field(default_factory=dict)


FILMS = (
    Film(name="H.264"),
    Film(name="odd sides, 4:4:4", width=321, height=241, pixels="yuv444p"),
    Film(name="BT.709 named", matrix=1),
    Film(name="VP9 at 29.97", codec="libvpx-vp9", rate=Fraction(30000, 1001), container="mkv"),
    Film(name="MPEG-4 part 2", codec="mpeg4", width=176, height=144, container="avi"),
    Film(name="64 x 64", width=64, height=64),
    Film(name="one frame in two seconds", rate=Fraction(1, 2), frames=10),
    Film(name="720p", width=1280, height=720, frames=75),
    Film(name="motion JPEG, full range", codec="mjpeg", pixels="yuvj420p", container="avi"),
    Film(name="4:2:2", width=322, height=182, pixels="yuv422p"),
    Film(name="HEVC", codec="libx265"),
    Film(name="10 bit", pixels="yuv420p10le"),
)


def make(film: Film, path: Path, seed: int = 3) -> None:
    """Blocks that wander, and a cut every fifty frames."""
    rng = np.random.default_rng(seed)
    height, width = film.height, film.width
    coarse = rng.integers(0, 256, (height // 8 + 8, width // 8 + 40, 3), dtype=np.uint8)
    scene = np.kron(coarse, np.ones((8, 8, 1), np.uint8))
    options = dict(film.options)
    if film.codec == "libx265":
        options["x265-params"] = "log-level=none"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(film.codec, rate=film.rate, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, film.pixels
        if film.matrix is not None:
            stream.codec_context.colorspace = film.matrix
        for number in range(film.frames):
            if number % 50 == 0:
                scene = np.roll(scene, 97, axis=0)
            left = number % (scene.shape[1] - width)
            shown = np.ascontiguousarray(
                scene[number % 40 : number % 40 + height, left : left + width]
            )
            for packet in stream.encode(av.VideoFrame.from_ndarray(shown, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


def films(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every film, made in the folder."""
    for number, film in enumerate(FILMS):
        path = folder / f"{number}.{film.container}"
        make(film, path)
        yield film.name, path
