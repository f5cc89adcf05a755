"""The box's task over one archive: its members with their digests, and what was left out."""

import dataclasses
from io import BytesIO
from typing import BinaryIO

from tipbridge.foundation.box.archives.model import Caps, Left
from tipbridge.foundation.box.archives.walk import SNIFFED_BYTES, Walk, closed_kind, kind_of
from tipbridge.foundation.box.archives.window import Window
from tipbridge.foundation.box.errors import Refused
from tipbridge.foundation.box.model import MEBIBYTE, Limits, Reason

LIST_MEMBERS = "tipbridge.foundation.box.archives.task:list_members"
LIMITS = Limits(result_bytes=16 * MEBIBYTE)
"""What this task needs: ten thousand members make a longer result than a picture."""


def list_members(source: BinaryIO, **caps: float) -> dict[str, object]:
    """Every member with its path, size and digests; `caps` change fields of Caps.

    Errors: Refused when the file is no archive that is walked here, or too long to be held.
    """
    allowed = Caps(**caps)  # type: ignore[arg-type]
    window = open_window(source, allowed.source_bytes)
    try:
        start = window.read(0, min(SNIFFED_BYTES, window.size_bytes))
        if (closed := closed_kind(start)) is not None:
            raise Refused(Reason.UNSUPPORTED, closed)
        kind = kind_of(window, nested=False)
    except Left as left:
        raise Refused(Reason.UNDECODABLE, left.reason) from left
    if kind is None:
        raise Refused(Reason.UNSUPPORTED, "no-archive")
    walk = Walk(kind, allowed)
    walk.into(window, kind)
    return dataclasses.asdict(walk.listing)


def open_window(source: BinaryIO, most: int) -> Window:
    """The source as a window: in place when it can be sought in, else read into memory.

    Errors: Refused when it would have to be held and is longer than `most`.
    """
    if source.seekable():
        return Window(source, source.seek(0, 2))
    data = source.read(most + 1)
    if len(data) > most:
        raise Refused(Reason.TOO_LARGE, f"{most}-bytes")
    return Window(BytesIO(data), len(data))
