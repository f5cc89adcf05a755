"""Where between and behind partitions a file system may begin that no table names any more.

Looked at are the begin of the range, every mebibyte (where today's tools begin a partition) and every
63rd sector of a cylinder of 255 heads (where older ones did).
"""

from collections.abc import Iterator
from heapq import merge

from tipbridge.police.evidence.reading.heads import HEAD_BYTES, may_begin
from tipbridge.police.evidence.reading.image import SourceImage

_STEP, _TRACK, _CYLINDER = 1 << 20, 63 * HEAD_BYTES, 255 * 63 * HEAD_BYTES
_HEAD_BYTES, _FAR_AT, _FAR_BYTES = 4096, 0x10040, 8


def places(image: SourceImage, begin: int, end: int) -> Iterator[int]:
    """Places of a range whose first bytes are a file system's, in order; byte 0 is looked at apart."""
    for at in _tried(begin, end):
        head = image.read(at, min(_HEAD_BYTES, end - at))
        far = image.read(at + _FAR_AT, _FAR_BYTES) if at + _FAR_AT + _FAR_BYTES <= end else b""
        if may_begin(head, far):
            yield at


def _tried(begin: int, end: int) -> Iterator[int]:
    steps = range(begin // _STEP * _STEP, end, _STEP)
    cylinders = range(begin // _CYLINDER * _CYLINDER, end, _CYLINDER)
    tracks = range(cylinders.start + _TRACK, end, _CYLINDER)
    last = -1
    for at in merge([begin], steps, cylinders, tracks):
        if at > last and at >= begin and at:
            yield at
        last = max(last, at)
