"""Zip archives by their central directory, each entry checked against the file around it.

Source: PKWARE's APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.14-16, 4.4 and 4.5.3.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from tipbridge.foundation.box.archives.entries import Entry, named
from tipbridge.foundation.box.archives.model import Left, Note, Skip
from tipbridge.foundation.box.archives.unpacking import unpack_method
from tipbridge.foundation.box.archives.window import Window

_END = struct.Struct("<4s4H2LH")
_END64_PLACE, _END64 = struct.Struct("<4sLQL"), struct.Struct("<4sQ2H2L4Q")
_CENTRAL, _LOCAL = struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s5H3L2H")
_END_MARK, _END64_PLACE_MARK, _END64_MARK = b"PK\5\6", b"PK\6\7", b"PK\6\6"
_CENTRAL_MARK, _LOCAL_MARK, _SIGNATURE_MARK = b"PK\1\2", b"PK\3\4", b"PK\5\5"
_COMMENT_BYTES = 0xFFFF
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_ZIP64_EXTRA = 1
_ENCRYPTED, _DESCRIBED, _PATCH, _STRONG, _UTF8 = 0x1, 0x8, 0x20, 0x40, 0x800
_PACKED_NOTHING = 2
_DESCRIPTOR_BYTES = (12, 16, 20, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Directory:
    start: int
    end: int
    shift: int
    declared: int


@dataclass(slots=True, kw_only=True)
class _Header:
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    raw_name: bytes
    at: int
    data_at: int = 0
    skip: Skip | None = None
    detail: str = ""
    differs: bool = False

    @property
    def end(self) -> int:
        return self.data_at + self.packed


def is_zip(window: Window) -> bool:
    """Whether this file ends as a zip archive does."""
    try:
        return _find_end(window) is not None
    except Left:
        return False


def read_zip(window: Window, most: int) -> tuple[list[Entry], int]:
    """The entries in the directory's order, at most so many, and the bytes none of them covers.

    Errors: Left when there is no directory that can be read.
    """
    directory = _directory(window)
    headers, rest = _headers(window, directory, most)
    covered = _place(window, headers, directory)
    entries = [_entry(window, header) for header in headers]
    if rest is not None:
        entries.append(rest)
    return entries, directory.start - covered


def _find_end(window: Window) -> int | None:
    """Where the end record is: one whose comment fills the file, else the last one."""
    if window.size_bytes < _END.size:
        return None
    tail_at = max(0, window.size_bytes - _END.size - _COMMENT_BYTES)
    tail = window.read(tail_at, window.size_bytes - tail_at)
    found, last = tail.rfind(_END_MARK), None
    while found >= 0:
        if found + _END.size <= len(tail):
            comment = _END.unpack_from(tail, found)[7]
            if found + _END.size + comment == len(tail):
                return tail_at + found
            last = tail_at + found if last is None else last
        found = tail.rfind(_END_MARK, 0, found)
    return last


def _directory(window: Window) -> _Directory:
    at = _find_end(window)
    if at is None:
        raise Left(Skip.DAMAGED, "no-directory")
    _, disk, first_disk, _, declared, size, offset, _ = _END.unpack(window.read(at, _END.size))
    if declared == _FULL16 or size == _FULL32 or offset == _FULL32:
        at, disk, first_disk, declared, size, offset = _end64(window, at) or (
            at, disk, first_disk, declared, size, offset,
        )  # fmt: skip
    if disk or first_disk:
        raise Left(Skip.UNSUPPORTED, "several-disks")
    start = at - size
    if start < 0 or start < offset:
        raise Left(Skip.DAMAGED, "directory-outside")
    return _Directory(start=start, end=at, shift=start - offset, declared=declared)


def _end64(window: Window, end_at: int) -> tuple[int, int, int, int, int, int] | None:
    place_at = end_at - _END64_PLACE.size
    if place_at < 0:
        return None
    mark, _, claimed, _ = _END64_PLACE.unpack(window.read(place_at, _END64_PLACE.size))
    if mark != _END64_PLACE_MARK:
        return None
    for at in (claimed, place_at - _END64.size):  # the second, when something stands in front
        if 0 <= at <= place_at - _END64.size:
            fields = _END64.unpack(window.read(at, _END64.size))
            if fields[0] == _END64_MARK:
                return at, fields[4], fields[5], fields[7], fields[8], fields[9]
    raise Left(Skip.DAMAGED, "directory-outside")


def _headers(
    window: Window, directory: _Directory, most: int
) -> tuple[list[_Header], Entry | None]:
    """What the directory lists, and an entry that stands for all that was not read of it."""
    at, found = directory.start, list[_Header]()
    while at + _CENTRAL.size <= directory.end:
        fields = _CENTRAL.unpack(window.read(at, _CENTRAL.size))
        if fields[0] != _CENTRAL_MARK:
            break
        if len(found) >= most:
            rest = max(directory.declared - len(found), 1)
            return found, Entry(name="", skip=Skip.COUNT, count=rest)
        name, extra, comment = fields[10:13]
        variable = window.read(at + _CENTRAL.size, name + extra)
        found.append(_header(fields, variable[:name], variable[name:], directory.shift))
        at += _CENTRAL.size + name + extra + comment
    if at == directory.end or window.read(at, 4) == _SIGNATURE_MARK:
        return found, None
    rest = max(directory.declared - len(found), 1)
    return found, Entry(name="", skip=Skip.DAMAGED, detail="directory", count=rest)


def _header(fields: tuple[int, ...], name: bytes, extra: bytes, shift: int) -> _Header:
    packed, size, offset = fields[8], fields[9], fields[16]
    wanted = [size == _FULL32, packed == _FULL32, offset == _FULL32]
    longer = _longer(extra, sum(wanted))
    if longer is not None:
        given = iter(longer)
        size, packed, offset = (
            next(given) if asked else value
            for asked, value in zip(wanted, (size, packed, offset), strict=True)
        )
    return _Header(
        flags=fields[3],
        method=fields[4],
        checksum=fields[7],
        packed=packed,
        size=size,
        raw_name=name,
        at=offset + shift,
    )


def _longer(extra: bytes, count: int) -> tuple[int, ...] | None:
    """The 64-bit values that a header was too small for."""
    at = 0
    while count and at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _ZIP64_EXTRA and length >= 8 * count and at + 4 + 8 * count <= len(extra):
            return struct.unpack_from(f"<{count}Q", extra, at + 4)
        at += 4 + length
    return None


def _place(window: Window, headers: list[_Header], directory: _Directory) -> int:
    """Find where each member's bytes lie, and leave out what lies on another's; bytes covered."""
    for header in headers:
        try:
            _find_data(window, header)
        except Left as left:
            header.skip, header.detail = left.reason, left.detail
        else:
            if header.end > directory.start:
                header.skip = Skip.OUTSIDE
    covered, reached, described = 0, 0, False
    for header in sorted(headers, key=lambda one: (one.at, one.end)):
        if header.skip in (Skip.OUTSIDE, Skip.DAMAGED):
            continue
        if header.at < reached:
            header.skip = Skip.OVERLAP
            continue
        covered += header.end - header.at + _descriptor(header.at - reached, described)
        reached, described = header.end, bool(header.flags & _DESCRIBED)
    return covered + _descriptor(directory.start - reached, described)


def _descriptor(gap: int, described: bool) -> int:  # noqa: FBT001 - of the one before
    """The bytes of a data descriptor, which stands behind a member's bytes."""
    return gap if described and gap in _DESCRIPTOR_BYTES else 0


def _find_data(window: Window, header: _Header) -> None:
    fields = _LOCAL.unpack(window.read(header.at, _LOCAL.size))
    if fields[0] != _LOCAL_MARK:
        raise Left(Skip.DAMAGED, "no-header")
    flags, method, name, extra = fields[2], fields[3], fields[9], fields[10]
    header.data_at = header.at + _LOCAL.size + name + extra
    own_name = window.read(header.at + _LOCAL.size, name)
    header.differs = method != header.method or own_name != header.raw_name
    if (header.flags | flags) & (_ENCRYPTED | _STRONG):
        header.skip = Skip.ENCRYPTED
    elif (header.flags | flags) & _PATCH:
        header.skip, header.detail = Skip.UNSUPPORTED, "patch"


def _entry(window: Window, header: _Header) -> Entry:
    name, notes = named(header.raw_name, encoding="utf-8" if header.flags & _UTF8 else "cp437")
    if header.differs:
        notes.add(Note.HEADERS_DIFFER)
    empty = not header.size and header.packed <= _PACKED_NOTHING
    folder = header.raw_name.endswith(b"/") and empty and header.skip is None
    packed = window.blocks(header.data_at, header.packed)
    return Entry(
        name=name,
        folder=folder,
        skip=header.skip,
        detail=header.detail,
        packed_bytes=header.packed,
        size_bytes=header.size,
        checksum=header.checksum,
        content=iter(()) if header.skip else _content(header.method, packed),
        notes=notes,
    )


def _content(method: int, packed: Iterator[bytes]) -> Iterator[bytes]:
    yield from unpack_method(method, packed)
