"""From a file's bytes to its hashes: digests here, everything that decodes in the box.

Nothing of the product decodes a picture or a video outside the box. What comes back from it was
made from hostile bytes, so its shape is checked; what does not fit is a Failed like any other.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from tipbridge.foundation.box.model import Failed, Limits, Outcome, Plan, Reason
from tipbridge.foundation.box.pool import Box
from tipbridge.foundation.box.source import Source
from tipbridge.foundation.node import Settings
from tipbridge.knowledge.hashes.digests import Digester, Digests

PICTURE_TASK = "tipbridge.knowledge.hashes.engine.pictures:picture_task"
VIDEO_TASK = "tipbridge.knowledge.hashes.engine.videos:video_task"
MEMBERS_TASK = "tipbridge.knowledge.hashes.engine.members:members_task"
WARM = "tipbridge.knowledge.hashes.engine.decoders:warm_decoders"
PICTURE_LIMITS = Limits()
VIDEO_LIMITS = Limits(cpu_seconds=300, wall_seconds=600.0, result_bytes=4 * 1024 * 1024)
"""A video is decoded whole; about five seconds of it in one of the processor's, at 1080p."""
_PDQ = re.compile(r"[0-9a-f]{64}")
_LANES = frozenset({"reference", "fast", "converted"})
_VIDEO_LANES = frozenset({"vpdq", "key-frames"})
_TURNS = 8
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureHashes:
    """What a picture hashes to.

    Shape: `turned` are its eight rotations and flips, itself first. `shown_pdq` is there when the
    reference hashes something else than a viewer shows. Unit: quality 0 to 100.
    """

    pdq: bytes
    quality: int
    lane: str
    height: int
    width: int
    turned: tuple[bytes, ...]
    shown_pdq: bytes | None
    shown_quality: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameHashed:
    """One frame of a video and its hash."""

    number: int
    seconds: float
    quality: int
    pdq: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoHashes:
    """What a video hashes to.

    Shape: `ended_early` is empty when all of it was looked at; `key_frames` are then those of the
    rest.
    """

    lane: str
    height: int
    width: int
    ended_early: str
    frames: tuple[FrameHashed, ...]
    key_frames: tuple[FrameHashed, ...] = ()


def plan(settings: Settings | None = None) -> Plan:
    """What a box is opened for so that it can hash files, walled as the node's operator wants it.

    Shape: without a node, behind the best walls that stand.
    """
    tasks, warm = (PICTURE_TASK, VIDEO_TASK, MEMBERS_TASK), (WARM,)
    if settings is None:
        return Plan(tasks=tasks, warm=warm)
    return settings.plan_box(tasks=tasks, warm=warm)


def hash_picture(box: Box, source: Source, *, fast: bool = False) -> PictureHashes | Failed:
    """PDQ of a picture in the reference lane, or the fast one for triage; else the reason."""
    outcome = box.run(PICTURE_TASK, source, arguments={"fast": fast}, limits=PICTURE_LIMITS)
    return understood(outcome, read_picture)


def hash_video(box: Box, source: Source, *, key_frames: bool = False) -> VideoHashes | Failed:
    """PDQ of a video's frames by vPDQ's rule, key frames first; or of those alone, for triage."""
    lane = "key-frames" if key_frames else "vpdq"
    outcome = box.run(VIDEO_TASK, source, arguments={"lane": lane}, limits=VIDEO_LIMITS)
    return understood(outcome, read_video)


def digest_and_hash(
    chunks: Iterable[bytes], hash_: Callable[[Iterator[bytes]], Value]
) -> tuple[Digests, Value]:
    """Read a file once, for its digests and for what `hash_` makes of it.

    Shape: the digests are those of the whole file, also when `hash_` stops reading early.
    """
    digester = Digester()

    def passing() -> Iterator[bytes]:
        for chunk in chunks:
            digester.update(chunk)
            yield chunk

    stream = passing()
    value = hash_(stream)
    for _ in stream:  # what the decoder did not want
        pass
    return digester.result(), value


def understood(outcome: Outcome, read: Callable[[dict[str, Any]], Value]) -> Value | Failed:
    """What `read` makes of a task's answer; one of another shape is a Failed."""
    if isinstance(outcome, Failed):
        return outcome
    try:
        return read(cast("dict[str, Any]", outcome.value))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        return Failed(reason=Reason.RESULT_MALFORMED, detail=type(error).__name__)


def read_picture(value: dict[str, Any]) -> PictureHashes:
    """A picture's hashes as they left the box. Errors: those of a wrong shape."""
    shown = value["shown_pdq"]
    turned = tuple(_pdq(each) for each in value["turned"])
    if value["lane"] not in _LANES or len(turned) != _TURNS:
        raise ValueError("not the answer of this task")
    return PictureHashes(
        pdq=_pdq(value["pdq"]),
        quality=whole(value["quality"], 100),
        lane=value["lane"],
        height=whole(value["height"]),
        width=whole(value["width"]),
        turned=turned,
        shown_pdq=None if shown is None else _pdq(shown),
        shown_quality=None if shown is None else whole(value["shown_quality"], 100),
    )


def read_video(value: dict[str, Any]) -> VideoHashes:
    """A video's hashes as they left the box. Errors: those of a wrong shape."""
    if value["lane"] not in _VIDEO_LANES or not isinstance(value["ended_early"], str):
        raise ValueError("not the answer of this task")
    return VideoHashes(
        lane=value["lane"],
        height=whole(value["height"]),
        width=whole(value["width"]),
        ended_early=value["ended_early"][:80],
        frames=_frames(value["frames"]),
        key_frames=_frames(value["key_frames"]),
    )


def _frames(value: Any) -> tuple[FrameHashed, ...]:  # noqa: ANN401 - out of the box
    return tuple(
        FrameHashed(
            number=whole(number),
            seconds=float(seconds),
            quality=whole(quality, 100),
            pdq=_pdq(hash_),
        )
        for number, seconds, quality, hash_ in value
    )


def _pdq(text: Any) -> bytes:  # noqa: ANN401 - out of the box
    if not isinstance(text, str) or not _PDQ.fullmatch(text):
        raise ValueError("no PDQ hash")
    return bytes.fromhex(text)


def whole(number: Any, most: int = 2**31) -> int:  # noqa: ANN401 - out of the box
    """A whole number from 0 to `most`. Errors: ValueError."""
    if type(number) is not int or not 0 <= number <= most:
        raise ValueError("no such number")
    return number
