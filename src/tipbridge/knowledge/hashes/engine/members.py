"""Archives walked with the pictures and videos in them hashed. Runs inside the box only.

One archive is one file: its members share a fork, which ends with it, and one budget for all that is
decoded; when that is spent, digests go on. When a member ends that fork, the caller asks again for
ranges of members, so that one bad member costs itself alone.
"""

import dataclasses
import io
from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from tipbridge.foundation.box.archives.model import Caps
from tipbridge.foundation.box.archives.opening import archive_kind, open_window
from tipbridge.foundation.box.archives.walk import Digests, Walk
from tipbridge.foundation.box.decoder import attempted
from tipbridge.foundation.box.model import MEBIBYTE, Failed, Reason
from tipbridge.knowledge.hashes.engine.pictures import picture_task
from tipbridge.knowledge.hashes.engine.videos import (
    BUDGET_SECONDS,
    KEY_BUDGET_SECONDS,
    Budget,
    Frames,
    video_task,
)
from tipbridge.knowledge.hashes.files.kinds import SPENT, START_BYTES, Content, content_of

MEMBER_BYTES = 64 * MEBIBYTE
"""A longer picture or video within an archive is not held, so only its digests are told."""
DECODING_SECONDS = 240.0
"""What all pictures and videos of an archive may take of the processor, and twice that of waiting."""


def members_task(
    source: BinaryIO,
    *,
    first: int = 0,
    last: int = 2**31,
    fast: bool = False,
    decoding_seconds: float = DECODING_SECONDS,
    **caps: float,
) -> dict[str, object]:
    """Every member with its digests, and hashes of pictures and videos numbered `first` to `last`.

    Shape: `last` is not one of them. Numbers are given in the order of the walk.
    Errors: Refused when the file is no archive that is walked here, or too long to be held.
    """
    allowed = Caps(**caps)  # type: ignore[arg-type]
    window = open_window(source, allowed.source_bytes)
    kind = archive_kind(window)
    count, budget = 0, Budget(decoding_seconds)

    def taker() -> _Taker:
        nonlocal count
        count += 1
        return _Taker(count - 1, budget, fast=fast, hashed=first <= count - 1 < last)

    walk = Walk(kind, allowed, taker)
    walk.into(window, kind)
    return dataclasses.asdict(walk.listing)


class _Taker:
    """A member's digests, and its hashes when it is a picture or a video."""

    def __init__(self, number: int, budget: Budget, *, fast: bool, hashed: bool) -> None:
        self._number, self._budget = number, budget
        self._fast, self._hashed = fast, hashed
        self._digests, self._held = Digests(), bytearray()
        self._content: Content | None = None
        self._too_long = False

    def take(self, block: bytes) -> None:
        """The next block."""
        self._digests.take(block)
        if self._content in {Content.OTHER, Content.ARCHIVE} or self._too_long:
            return
        self._held += block
        if self._content is None and len(self._held) >= START_BYTES:
            self._content = content_of(bytes(self._held[:START_BYTES]))
        over = len(self._held) > MEMBER_BYTES
        self._too_long = over and self._content is not Content.OTHER
        if over or self._content in {Content.OTHER, Content.ARCHIVE}:
            self._held = bytearray()

    def told(self) -> dict[str, object]:
        """Its number, what it is, its digests, and its hash or why there is none."""
        content = self._content or content_of(bytes(self._held[:START_BYTES]))
        told = {"number": self._number, "content": content.value, **self._digests.told()}
        task = self._task(content)
        if task is None or not self._hashed:
            return told
        if self._too_long:
            return {**told, "failed": [Reason.TOO_LARGE.value, f"{MEMBER_BYTES}-bytes"]}
        if self._budget.is_spent():
            return {**told, "failed": [Reason.OUT_OF_TIME.value, SPENT]}
        held, self._held = bytes(self._held), bytearray()
        found = attempted(lambda: task(io.BytesIO(held)))
        if isinstance(found, Failed):
            return {**told, "failed": [found.reason.value, found.detail]}
        return {**told, content.value: found.value}

    def _task(self, content: Content) -> Callable[[BinaryIO], dict[str, object]] | None:
        if content is Content.PICTURE:
            return lambda data: picture_task(data, fast=self._fast)
        lane = Frames.KEY if self._fast else Frames.VPDQ
        left = self._budget.left_seconds()
        seconds, key_seconds = min(BUDGET_SECONDS, left), min(KEY_BUDGET_SECONDS, left / 3)
        video = partial(video_task, lane=lane, seconds=seconds, key_seconds=key_seconds)
        return video if content is Content.VIDEO else None
