"""Archives walked with the pictures and videos in them hashed. Runs inside the box only.

One archive is one file: its members share a fork, which ends with it. When a member ends that
fork, the caller asks again for ranges of members, so that one bad member costs itself alone.
"""

import dataclasses
import io
from collections.abc import Callable
from typing import BinaryIO

from tipbridge.foundation.box.archives.model import Caps, Kind, Left
from tipbridge.foundation.box.archives.task import open_window
from tipbridge.foundation.box.archives.walk import Digests, Walk, closed_kind, kind_of
from tipbridge.foundation.box.archives.window import Window
from tipbridge.foundation.box.decoder import attempted
from tipbridge.foundation.box.errors import Refused
from tipbridge.foundation.box.model import MEBIBYTE, Failed, Reason
from tipbridge.knowledge.hashes.engine.pictures import picture_task
from tipbridge.knowledge.hashes.engine.videos import Frames, video_task
from tipbridge.knowledge.hashes.files.kinds import NO_ARCHIVE, START_BYTES, Content, content_of

MEMBER_BYTES = 64 * MEBIBYTE
"""A longer picture or video within an archive is not held, so only its digests are told."""


def members_task(
    source: BinaryIO, *, first: int = 0, last: int = 2**31, fast: bool = False, **caps: float
) -> dict[str, object]:
    """Every member with its digests, and hashes of pictures and videos numbered `first` to `last`.

    Shape: `last` is not one of them. Numbers are given in the order of the walk.
    Errors: Refused when the file is no archive that is walked here, or too long to be held.
    """
    allowed = Caps(**caps)  # type: ignore[arg-type]
    window = open_window(source, allowed.source_bytes)
    kind = _kind(window)
    count = 0

    def taker() -> _Taker:
        nonlocal count
        count += 1
        return _Taker(count - 1, fast=fast, hashed=first <= count - 1 < last)

    walk = Walk(kind, allowed, taker)
    walk.into(window, kind)
    return dataclasses.asdict(walk.listing)


def _kind(window: Window) -> Kind:
    try:
        start = window.read(0, min(START_BYTES, window.size_bytes))
        if (closed := closed_kind(start)) is not None:
            raise Refused(Reason.UNSUPPORTED, closed)
        kind = kind_of(window, nested=False)
    except Left as left:
        raise Refused(Reason.UNDECODABLE, left.reason) from left
    if kind is None:
        raise Refused(Reason.UNSUPPORTED, NO_ARCHIVE)
    return kind


class _Taker:
    """A member's digests, and its hashes when it is a picture or a video."""

    def __init__(self, number: int, *, fast: bool, hashed: bool) -> None:
        self._number, self._fast, self._hashed = number, fast, hashed
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
        held, self._held = bytes(self._held), bytearray()
        found = attempted(lambda: task(io.BytesIO(held)))
        if isinstance(found, Failed):
            return {**told, "failed": [found.reason.value, found.detail]}
        return {**told, content.value: found.value}

    def _task(self, content: Content) -> Callable[[BinaryIO], dict[str, object]] | None:
        if content is Content.PICTURE:
            return lambda data: picture_task(data, fast=self._fast)
        lane = Frames.KEY if self._fast else Frames.VPDQ
        return (lambda data: video_task(data, lane=lane)) if content is Content.VIDEO else None
