"""PDQ of the frames of videos, by vPDQ's rule. Runs inside the box only.

vPDQ counts decoded frames from 0 and hashes each whose number is a multiple of
int(seconds between hashes x frames a second), at least of 1. Nearly all frames have to be decoded
for that (`sampling` says which not), so the key frames, some twenty times quicker, come first: what
time or damage leaves out of the rest is then still known by them.
"""

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import BinaryIO

import av
import av.error
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from tipbridge.foundation.base.clock import monotonic_seconds, processor_seconds
from tipbridge.foundation.box.errors import Refused
from tipbridge.foundation.box.model import Reason
from tipbridge.knowledge.hashes.engine import pdq, sampling
from tipbridge.knowledge.hashes.engine.pdq import LEAST_SIDE, Pdq

MOST_FRAMES = 5_000
"""Hashes of one video; at one a second, an hour and more."""
KEY_SECONDS = 1
"""No more key frames are decoded than one in so many seconds."""
BUDGET_SECONDS, KEY_BUDGET_SECONDS = 270.0, 90.0
"""What one video may take of the processor, and its key frames of that: less than the box allows."""
OUT_OF_TIME = "out-of-time"


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

    Shape: `ended_early` names why not all frames were looked at, empty when all were; `key_frames`
    are then those of the rest.
    """

    frames: tuple[FrameHash, ...]
    lane: Frames
    height: int
    width: int
    frames_a_second: float
    ended_early: str = ""
    key_frames: tuple[FrameHash, ...] = ()


class Budget:
    """What one video, or all of an archive, may take.

    Unit: seconds of processor, and twice as many of waiting.
    """

    def __init__(self, seconds: float) -> None:
        self._processor_until = processor_seconds() + seconds
        self._until = monotonic_seconds() + 2 * seconds

    def is_spent(self) -> bool:
        """Whether it has taken all."""
        return self.left_seconds() <= 0

    def left_seconds(self) -> float:
        """What is left, whichever of the two ends first. Unit: seconds of processor."""
        waiting = (self._until - monotonic_seconds()) / 2
        return min(self._processor_until - processor_seconds(), waiting)


def hash_video(
    source: BinaryIO,
    lane: Frames = Frames.VPDQ,
    *,
    seconds_between: float = 1.0,
    budget: Budget | None = None,
) -> VideoHash:
    """The hashes of the first video stream, no more than the budget allows.

    Errors: Refused: unsupported for what holds no video, undecodable when not one frame decodes.
    """
    seekable = _seekable(source)
    try:
        found = _hashed_quickly(seekable, seconds_between, budget) if lane is Frames.VPDQ else None
        if found is not None:
            return found
        with sampling.opened(seekable) as container:
            film = _Film.of(container, lane, seconds_between)
            return _taken(film, film.every(), budget)
    except av.error.InvalidDataError as error:
        raise Refused(Reason.UNSUPPORTED, "no-video") from error


def hash_in_time(
    source: BinaryIO, seconds: float = BUDGET_SECONDS, key_seconds: float = KEY_BUDGET_SECONDS
) -> VideoHash:
    """The key frames first, then all by vPDQ's rule; where that ends early, the rest's key frames.

    Errors: those of `hash_video`, when neither way gives a frame.
    """
    seekable, budget = _seekable(source), Budget(seconds)
    first_look: VideoHash | None = None
    with contextlib.suppress(Refused):
        first_look = hash_video(seekable, Frames.KEY, budget=Budget(key_seconds))
    try:
        found = hash_video(seekable, budget=budget)
    except Refused as refused:
        if first_look is None:
            raise
        return replace(first_look, ended_early=refused.detail or refused.reason)
    if not found.ended_early or first_look is None:
        return found
    last = found.frames[-1].seconds
    rest = tuple(each for each in first_look.frames if each.seconds > last)
    return replace(found, key_frames=rest)


def video_task(
    source: BinaryIO,
    *,
    lane: str = Frames.VPDQ.value,
    seconds: float = BUDGET_SECONDS,
    key_seconds: float = KEY_BUDGET_SECONDS,
) -> dict[str, object]:
    """The box's task for one video: plain data. The key frames alone, or first."""
    if lane == Frames.KEY:
        result = hash_video(source, Frames.KEY, budget=Budget(seconds))
    else:
        result = hash_in_time(source, seconds, key_seconds)
    return {
        "lane": result.lane.value,
        "height": result.height,
        "width": result.width,
        "frames_a_second": result.frames_a_second,
        "ended_early": result.ended_early,
        "frames": _plain(result.frames),
        "key_frames": _plain(result.key_frames),
    }


def _plain(frames: tuple[FrameHash, ...]) -> list[list[object]]:
    return [
        [each.number, each.seconds, each.found.quality, each.found.hash_.hex()] for each in frames
    ]


def _seekable(source: BinaryIO) -> BinaryIO:
    return source if source.seekable() else io.BytesIO(source.read())


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
        decoded = self._key_frames() if self.lane is Frames.KEY else self.container.decode(stream)
        for number, frame in enumerate(decoded):
            if number % self.step == 0:
                yield number, frame

    def _key_frames(self) -> Iterator[VideoFrame]:
        """Of each second the first key frame; no other packet is decoded."""
        stream = self.container.streams.video[0]
        due: float | None = None
        for packet in self.container.demux(stream):
            if packet.size:
                at = None if packet.pts is None else float(packet.pts * packet.time_base)
                is_due = due is None or at is None or not due - KEY_SECONDS <= at < due
                if not packet.is_keyframe or not is_due:
                    continue
                due = None if at is None else at + KEY_SECONDS
            yield from packet.decode()


def _hashed_quickly(
    source: BinaryIO, seconds_between: float, budget: Budget | None
) -> VideoHash | None:
    """The same as `_hashed`, without decoding what no wanted frame needs; None: decode all."""
    with sampling.opened(source) as container:
        film = _Film.of(container, Frames.VPDQ, seconds_between)
        plan = sampling.planned(container, film.step)
    if plan is None:
        return None
    try:
        with sampling.opened(source) as container:
            return _taken(film, sampling.wanted_frames(container, plan, film.step), budget)
    except sampling.NotAsPlanned:
        return None


def _taken(
    film: _Film, frames: Iterator[tuple[int, VideoFrame]], budget: Budget | None
) -> VideoHash:
    hashes: list[FrameHash] = []
    ended_early = ""
    try:
        for number, frame in frames:
            if len(hashes) == MOST_FRAMES:
                ended_early = "too-many-frames"
                break
            if budget is not None and budget.is_spent():
                ended_early = OUT_OF_TIME
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
