"""Pictures, films and archives by their own begin and end, where no name leads to them.

Only what is whole is taken: a format's structure is followed from its first byte to its last.
What lies there in pieces is not found; that is a known limit of every carver.
"""

import re
import struct
from collections.abc import Callable, Iterator

MOST_CARVED_BYTES = 16 * 1024 * 1024
_SECTOR = 512
_MOST_STATED_TIMES = 4
Find = Callable[[memoryview], int]
"""The length of a whole file that begins these bytes; 0 when none does."""

_BEGINS = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|BM....\0\0\0\0|RIFF....(?:WEBP|AVI )|....ftyp|PK\x03\x04",
    re.DOTALL,
)


def carved(data: bytes, *, aligned: bool, whole: int, base: int = 0) -> Iterator[tuple[int, int]]:
    """Offset and length of each whole file in `data` that begins before `whole`.

    Shape: with `aligned`, only where a sector of the medium begins, `base` being where `data` does
    on it. Nothing is looked for within a file whose structure was followed to its end; within one
    of which only its head states a length, what is left of another may stand, and is found. Such
    heads are believed for so many bytes only: a medium full of them must not take for ever.
    """
    view = memoryview(data)
    at, budget = 0, _MOST_STATED_TIMES * max(len(data), MOST_CARVED_BYTES)
    while (begin := _BEGINS.search(data, at)) is not None and begin.start() < whole:
        start = begin.start()
        at = start + 1
        if aligned and (base + start) % _SECTOR:
            continue
        length = _length(view[start : start + MOST_CARVED_BYTES])
        is_stated = head_states(view[start : start + 12])
        if length and not (is_stated and length > budget):
            yield start, length
            budget -= length if is_stated else 0
            at = start + 1 if is_stated else start + length


def head_states(head: memoryview) -> bool:
    """Whether a format's head alone says how long it is, and nothing at its end proves it."""
    begin = bytes(head)
    return begin[:2] == b"BM" or begin[:4] == b"RIFF" or begin[4:8] == b"ftyp"


def _length(view: memoryview) -> int:
    head = bytes(view[:12])
    for mark, find in _FORMATS:
        if head[find[1] : find[1] + len(mark)] == mark:
            try:
                length = find[0](view)
            except (struct.error, IndexError):
                return 0
            return length if 0 < length <= len(view) else 0
    return 0


def _jpeg(view: memoryview) -> int:
    at = 2
    while True:
        if view[at] != 0xFF:
            return 0
        mark = view[at + 1]
        if mark == 0xD9:
            return at + 2
        if mark == 0xFF:
            at += 1
            continue
        if mark in {0x01, *range(0xD0, 0xD9)}:
            at += 2
            continue
        (size,) = struct.unpack_from(">H", view, at + 2)
        if size < 2:
            return 0
        at += 2 + size
        if mark == 0xDA:
            at = _behind_scan(view, at)


def _behind_scan(view: memoryview, at: int) -> int:
    found = _JPEG_MARK.search(view, at)
    if found is None:
        raise IndexError
    return found.start()


_JPEG_MARK = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def _png(view: memoryview) -> int:
    at = 8
    while True:
        size, kind = struct.unpack_from(">I4s", view, at)
        at += 12 + size
        if kind == b"IEND":
            return at
        if at > len(view) or not kind.isalpha():
            return 0


def _gif(view: memoryview) -> int:
    flags = view[10]
    at = 13 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
    while view[at] != 0x3B:
        if view[at] == 0x2C:
            flags = view[at + 9]
            at += 11 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
        elif view[at] == 0x21:
            at += 2
        else:
            return 0
        while view[at]:
            at += 1 + view[at]
        at += 1
    return at + 1


def _bmp(view: memoryview) -> int:
    (size,) = struct.unpack_from("<I", view, 2)
    (pixels, head) = struct.unpack_from("<II", view, 10)
    return size if head in _BMP_HEADS and 14 + head <= pixels <= size else 0


_BMP_HEADS = frozenset({12, 40, 52, 56, 64, 108, 124})


def _riff(view: memoryview) -> int:
    (size,) = struct.unpack_from("<I", view, 4)
    return size + 8 + size % 2 if size > 4 else 0


def _boxes(view: memoryview) -> int:
    """ISO media: boxes one after another, as long as their kinds are ones that are."""
    at, seen = 0, False
    while at + 8 <= len(view):
        size, kind = struct.unpack_from(">I4s", view, at)
        if kind not in _BOXES:
            break
        if size == 1:
            (size,) = struct.unpack_from(">Q", view, at + 8)
        if size < 8:
            return 0
        seen = seen or kind in {b"moov", b"meta"}
        at += size
    return at if seen else 0


_BOXES = frozenset(
    {
        b"ftyp",
        b"moov",
        b"mdat",
        b"free",
        b"skip",
        b"meta",
        b"moof",
        b"mfra",
        b"sidx",
        b"uuid",
        b"wide",
    }
)


def _zip(view: memoryview) -> int:
    found = _ZIP_END.search(view)
    while found is not None:
        at = found.start()
        size, offset, comment = struct.unpack_from("<IIH", view, at + 12)
        if offset + size == at:
            return at + 22 + comment
        found = _ZIP_END.search(view, at + 1)
    return 0


_ZIP_END = re.compile(rb"PK\x05\x06\0\0\0\0", re.DOTALL)
_FORMATS: tuple[tuple[bytes, tuple[Find, int]], ...] = (
    (b"\xff\xd8\xff", (_jpeg, 0)),
    (b"\x89PNG", (_png, 0)),
    (b"GIF8", (_gif, 0)),
    (b"BM", (_bmp, 0)),
    (b"RIFF", (_riff, 0)),
    (b"ftyp", (_boxes, 4)),
    (b"PK\x03\x04", (_zip, 0)),
)
