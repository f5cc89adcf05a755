"""PDQ of the frames of videos, by vPDQ's rule. Runs inside the box only.

vPDQ counts decoded frames from 0 and hashes each whose number is a multiple of
int(seconds between hashes x frames a second), at least of 1. All frames have to be decoded for
that, so the key frames, some twenty times quicker, come first: they tell which videos are worth it.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

import av
import av.error
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from av.video.stream import VideoStream

from tipbridge.foundation.box.errors import Refused
from tipbridge.foundation.box.model import Reason
from tipbridge.knowledge.hashes.engine import pdq
from tipbridge.knowledge.hashes.engine.pdq import LEAST_SIDE, Pdq

MOST_FRAMES = 5_000
"""Hashes of one video; at one a second, an hour and more."""


class Frames(StrEnum):
    """Which frames are hashed: by vPDQ's rule, or the key frames for a first look."""

    VPDQ = "vpdq"
    KEY = "key-frames"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameHash:
    """One frame's hash. Shape: `number` counts decoded frames from 0, key frames alone in KEY."""

    number: int
    seconds: float
    found: Pdq


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoHash:
    """What one video hashes to.

    Shape: `ended_early` names why not all frames were looked at, empty when all were.
    """

    frames: tuple[FrameHash, ...]
    lane: Frames
    height: int
    width: int
    frames_a_second: float
    ended_early: str = ""


def hash_video(
    source: BinaryIO, lane: Frames = Frames.VPDQ, *, seconds_between: float = 1.0
) -> VideoHash:
    """The hashes of the first video stream.

    Errors: Refused: unsupported for what holds no video, undecodable when not one frame decodes.
    """
    seekable = source if source.seekable() else io.BytesIO(source.read())
    try:
        with av.open(seekable, "r", metadata_errors="replace") as container:
            if not container.streams.video:
                raise Refused(Reason.UNSUPPORTED, "no-video")
            return _hashed(container, container.streams.video[0], lane, seconds_between)
    except av.error.InvalidDataError as error:
        raise Refused(Reason.UNSUPPORTED, "no-video") from error


def video_task(source: BinaryIO, *, lane: str = Frames.VPDQ.value) -> dict[str, object]:
    """The box's task for one video: plain data."""
    result = hash_video(source, Frames(lane))
    return {
        "lane": result.lane.value,
        "height": result.height,
        "width": result.width,
        "frames_a_second": result.frames_a_second,
        "ended_early": result.ended_early,
        "frames": [
            [each.number, each.seconds, each.found.quality, each.found.hash_.hex()]
            for each in result.frames
        ],
    }


def step_of(frames_a_second: float, seconds_between: float) -> int:
    """Every how many frames one is hashed."""
    return max(1, int(seconds_between * frames_a_second))


def _hashed(
    container: InputContainer, stream: VideoStream, lane: Frames, seconds_between: float
) -> VideoHash:
    context = stream.codec_context
    height, width = context.height, context.width
    if height < LEAST_SIDE or width < LEAST_SIDE:
        raise Refused(Reason.UNSUPPORTED, "too-small")
    rate = stream.average_rate or stream.guessed_rate
    if not rate:
        raise Refused(Reason.UNSUPPORTED, "no-frame-rate")
    context.thread_count = 1
    if lane is Frames.KEY:
        context.skip_frame = "NONKEY"
    step = 1 if lane is Frames.KEY else step_of(float(rate), seconds_between)
    hashes: list[FrameHash] = []
    ended_early = ""
    try:
        for number, frame in _every(container, stream, step):
            if len(hashes) == MOST_FRAMES:
                ended_early = "too-many-frames"
                break
            seconds = frame.time if lane is Frames.KEY else None
            hashes.append(
                FrameHash(
                    number=number,
                    seconds=number / float(rate) if seconds is None else seconds,
                    found=_hash_frame(frame),
                )
            )
    except av.error.FFmpegError as error:
        ended_early = type(error).__name__
    if not hashes:
        raise Refused(Reason.UNDECODABLE, ended_early or "no-frames")
    return VideoHash(
        frames=tuple(hashes),
        lane=lane,
        height=height,
        width=width,
        frames_a_second=float(rate),
        ended_early=ended_early,
    )


def _every(
    container: InputContainer, stream: VideoStream, step: int
) -> Iterator[tuple[int, VideoFrame]]:
    for number, frame in enumerate(container.decode(stream)):
        if number % step == 0:
            yield number, frame


def _hash_frame(frame: VideoFrame) -> Pdq:
    """PDQ of a frame made RGB with the reference's colour matrix, whatever the video says."""
    picture = frame.reformat(
        format="rgb24",
        src_colorspace=Colorspace.ITU601,
        dst_colorspace=Colorspace.ITU601,
        src_color_range=ColorRange.UNSPECIFIED,
        dst_color_range=ColorRange.UNSPECIFIED,
        interpolation=Interpolation.AREA,
        threads=1,
    )
    return pdq.hash_pixels(picture.to_ndarray().astype(np.uint8, copy=False), as_frame=True)
