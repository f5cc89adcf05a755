"""A file as an archive that can be walked: its window, and what sort it is."""

from io import BytesIO
from typing import BinaryIO

from tipbridge.foundation.box.archives.model import Kind, Left
from tipbridge.foundation.box.archives.walk import SNIFFED_BYTES, closed_kind, kind_of
from tipbridge.foundation.box.archives.window import Window
from tipbridge.foundation.box.errors import Refused
from tipbridge.foundation.box.model import Reason

NO_ARCHIVE = "no-archive"
"""The detail for what is none after all."""


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


def archive_kind(window: Window) -> Kind:
    """What sort of archive this is.

    Errors: Refused when it is none that is walked here.
    """
    try:
        start = window.read(0, min(SNIFFED_BYTES, window.size_bytes))
        if (closed := closed_kind(start)) is not None:
            raise Refused(Reason.UNSUPPORTED, closed)
        kind = kind_of(window, nested=False)
    except Left as left:
        raise Refused(Reason.UNDECODABLE, left.reason) from left
    if kind is None:
        raise Refused(Reason.UNSUPPORTED, NO_ARCHIVE)
    return kind
