"""PDQ of the frames of videos, by vPDQ's rule. Runs inside the box only.

vPDQ counts decoded frames from 0 and hashes each whose number is a multiple of
int(seconds between hashes x frames a second), at least of 1. Nearly all frames have to be decoded
for that (`sampling` says which not), so the key frames, some twenty times quicker, come first: they
tell which videos are worth it.
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

from tipbridge.foundation.box.errors import Refused
from tipbridge.foundation.box.model import Reason
from tipbridge.knowledge.hashes.engine import pdq, sampling
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
        found = _hashed_quickly(seekable, seconds_between) if lane is Frames.VPDQ else None
        if found is not None:
            return found
        with sampling.opened(seekable) as container:
            return _hashed(_Film.of(container, lane, seconds_between))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Film:
    """A video stream that is about to be decoded. Shape: every `step`-th frame is hashed."""

    container: InputContainer
    lane: Frames
    height: int
    width: int
    rate: float
    step: int

    @classmethod
    def of(cls, container: InputContainer, lane: Frames, seconds_between: float) -> "_Film":
        if not container.streams.video:
            raise Refused(Reason.UNSUPPORTED, "no-video")
        stream = container.streams.video[0]
        context = stream.codec_context
        height, width = context.height, context.width
        if height < LEAST_SIDE or width < LEAST_SIDE:
            raise Refused(Reason.UNSUPPORTED, "too-small")
        rate = stream.average_rate or stream.guessed_rate
        if not rate:
            raise Refused(Reason.UNSUPPORTED, "no-frame-rate")
        if lane is Frames.KEY:
            context.skip_frame = "NONKEY"
        step = 1 if lane is Frames.KEY else step_of(float(rate), seconds_between)
        return cls(
            container=container, lane=lane, height=height, width=width, rate=float(rate), step=step
        )

    def every(self) -> Iterator[tuple[int, VideoFrame]]:
        """Each frame to hash, all others decoded too."""
        stream = self.container.streams.video[0]
        for number, frame in enumerate(self.container.decode(stream)):
            if number % self.step == 0:
                yield number, frame


def _hashed_quickly(source: BinaryIO, seconds_between: float) -> VideoHash | None:
    """The same as `_hashed`, without decoding what no wanted frame needs; None: decode all."""
    with sampling.opened(source) as container:
        film = _Film.of(container, Frames.VPDQ, seconds_between)
        plan = sampling.planned(container, film.step)
    if plan is None:
        return None
    try:
        with sampling.opened(source) as container:
            return _taken(film, sampling.wanted_frames(container, plan, film.step))
    except sampling.NotAsPlanned:
        return None


def _hashed(film: _Film) -> VideoHash:
    return _taken(film, film.every())


def _taken(film: _Film, frames: Iterator[tuple[int, VideoFrame]]) -> VideoHash:
    hashes: list[FrameHash] = []
    ended_early = ""
    try:
        for number, frame in frames:
            if len(hashes) == MOST_FRAMES:
                ended_early = "too-many-frames"
                break
            seconds = frame.time if film.lane is Frames.KEY else None
            hashes.append(
                FrameHash(
                    number=number,
                    seconds=number / film.rate if seconds is None else seconds,
                    found=_hash_frame(frame),
                )
            )
    except av.error.FFmpegError as error:
        ended_early = type(error).__name__
    if not hashes:
        raise Refused(Reason.UNDECODABLE, ended_early or "no-frames")
    return VideoHash(
        frames=tuple(hashes),
        lane=film.lane,
        height=film.height,
        width=film.width,
        frames_a_second=film.rate,
        ended_early=ended_early,
    )


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
