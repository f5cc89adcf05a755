"""The decoders at their widest, as tasks: every frame, every format, metadata too."""

import contextlib
import importlib
import io
from typing import BinaryIO

import av
import simplejpeg
from PIL import AvifImagePlugin, Image, ImageSequence

HERE = "tests.boxfuzz.decoders"


def warm() -> None:
    """Read every format's code now."""
    Image.init()
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # a fork may start none
    importlib.import_module("av.subtitles.stream")  # read for every film, whatever it holds
    written = io.BytesIO()
    Image.new("RGB", (8, 8)).save(written, "JPEG")
    simplejpeg.decode_jpeg(written.getvalue())


def picture(source: BinaryIO) -> list[object]:
    """Size, mode and number of frames of a picture whose every frame has been decoded."""
    data = source.read()
    if data.startswith(b"\xff\xd8"):
        with contextlib.suppress(ValueError):  # Pillow may see it otherwise
            simplejpeg.decode_jpeg(data)
    with Image.open(io.BytesIO(data)) as opened:
        frames = 0
        for frame in ImageSequence.Iterator(opened):
            frame.convert("RGB")
            frames += 1
        opened.getexif()
        return [opened.format, opened.mode, *opened.size, frames]


def video(source: BinaryIO) -> list[int]:
    """The width, height and number of a video's frames, all decoded and made RGB."""
    with av.open(io.BytesIO(source.read()), "r", metadata_errors="replace") as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        frames = 0
        for frame in container.decode(stream):
            frame.reformat(format="rgb24", threads=1).to_ndarray()
            frames += 1
        return [stream.width, stream.height, frames]
