"""Walking an archive and the archives in it: every member read once, every one left out listed."""

import hashlib
import re
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Protocol

from tipbridge.foundation.box.archives.budget import Budget
from tipbridge.foundation.box.archives.entries import Entry
from tipbridge.foundation.box.archives.model import (
    Caps,
    Kind,
    Left,
    Listing,
    Note,
    Skip,
    Skipped,
)
from tipbridge.foundation.box.archives.tarred import Tar, is_tar
from tipbridge.foundation.box.archives.unpacking import unpack_stream
from tipbridge.foundation.box.archives.window import Window
from tipbridge.foundation.box.archives.zipped import is_zip, read_zip

SNIFFED_BYTES = 512
_STREAMS = (
    (re.compile(rb"\x1f\x8b\x08"), Kind.GZIP),
    (re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)"), Kind.BZIP2),
    (re.compile(rb"\xfd7zXZ\0"), Kind.XZ),
)
_ZIP_STARTS = (b"PK\3\4", b"PK\5\6", b"PK\7\\8")
_CLOSED = {b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "rar"}
_UNPACKED = "~"
"""The name of what a packed stream holds: such a stream need not say."""


class Taker(Protocol):
    """Takes a member's bytes block by block and tells what it learned of them."""

    def take(self, block: bytes) -> None:
        """The next block."""
        ...

    def told(self) -> dict[str, object]:
        """What is known after the last block: plain JSON data."""
        ...


class Digests:
    """The three digests of a member."""

    def __init__(self) -> None:
        self._all = {
            name: hashlib.new(name, usedforsecurity=False) for name in ("md5", "sha1", "sha256")
        }

    def take(self, block: bytes) -> None:
        """The next block."""
        for digest in self._all.values():
            digest.update(block)

    def told(self) -> dict[str, object]:
        """The digests in hexadecimal digits."""
        return {name: digest.hexdigest() for name, digest in self._all.items()}


def kind_of(window: Window, *, nested: bool) -> Kind | None:
    """What sort of archive this is, if any; a nested one must also begin as one."""
    start = window.read(0, min(SNIFFED_BYTES, window.size_bytes))
    kind = kind_of_start(start)
    if kind is None and not nested and is_zip(window):
        return Kind.ZIP  # something may stand in front, as in one that unpacks itself
    return kind


def kind_of_start(start: bytes) -> Kind | None:
    """What sort of archive begins like this."""
    if start.startswith(_ZIP_STARTS):
        return Kind.ZIP
    for mark, kind in _STREAMS:
        if mark.match(start):
            return kind
    return Kind.TAR if is_tar(start) else None


def closed_kind(start: bytes) -> str | None:
    """The name of a sort of archive that is known but not walked."""
    return next((name for mark, name in _CLOSED.items() if start.startswith(mark)), None)


class Walk:
    """One walk: its budget, its listing, and how deep it stands."""

    def __init__(self, kind: Kind, caps: Caps, taker: Callable[[], Taker] = Digests) -> None:
        self._budget, self._taker = Budget(caps), taker
        self.listing = Listing(kind=kind)
        self._depth = 1

    def into(self, window: Window, kind: Kind, path: tuple[str, ...] = ()) -> None:
        """Walk one archive; what can't be read of it is listed, never raised."""
        try:
            for entry in self._entries(window, kind):
                self._visit(entry, (*path, entry.name))
        except Left as left:  # the archive itself ends here
            self.listing.unopened.append(Skipped(path=path, reason=left.reason, detail=left.detail))

    def _entries(self, window: Window, kind: Kind) -> Iterator[Entry]:
        if kind is Kind.ZIP:
            entries, unlisted = read_zip(window, self._budget.entries_left)
            self.listing.unlisted_bytes += unlisted
            yield from entries
            return
        if kind is Kind.TAR:
            tar = Tar(window, self._budget.check_time)
            yield from tar.entries()
            self.listing.unlisted_bytes += tar.unlisted_bytes
            return
        packed = window.blocks(0, window.size_bytes)
        content = unpack_stream(kind, packed)
        yield Entry(name=_UNPACKED, packed_bytes=window.size_bytes, content=content)

    def _visit(self, entry: Entry, path: tuple[str, ...]) -> None:
        listing = self.listing
        listing.entries += entry.count
        try:
            self._budget.count_entry()
            if entry.skip is not None:
                raise Left(entry.skip, entry.detail)
            if entry.folder:
                listing.folders += 1
            else:
                self._read(entry, path)
        except Left as left:
            self._leave_out(path, left, entry.count)

    def _leave_out(self, path: tuple[str, ...], left: Left, count: int) -> None:
        """List it; what one archive holds beyond the count is one line, however much it is."""
        skipped, where = self.listing.skipped, path[:-1]
        if left.reason is Skip.COUNT:
            path = (*where, "")
            if skipped and skipped[-1].reason is Skip.COUNT and skipped[-1].path == path:
                count += skipped.pop().count
        skipped.append(Skipped(path=path, reason=left.reason, detail=left.detail, count=count))

    def _read(self, entry: Entry, path: tuple[str, ...]) -> None:
        taker = self._taker()
        kept = _Kept(self._budget)
        try:
            size, checksum = 0, 0
            for block in self._paced(entry):
                size, checksum = size + len(block), zlib.crc32(block, checksum)
                taker.take(block)
                kept.keep(block)
            notes = entry.notes | _claims_that_fail(entry, size, checksum)
            self.listing.members.append({
                "path": list(path), "size_bytes": size, "notes": sorted(notes), **taker.told(),
            })  # fmt: skip
            self._open(kept, path)
        finally:
            kept.let_go()

    def _paced(self, entry: Entry) -> Iterator[bytes]:
        out = 0
        for block in entry.content:
            out += len(block)
            self._budget.charge(len(block))
            self._budget.weigh(out=out, of=entry.packed_bytes)
            yield block

    def _open(self, kept: "_Kept", path: tuple[str, ...]) -> None:
        """Walk a member that is an archive itself."""
        try:
            window = kept.window()
            kind = None if window is None else kind_of(window, nested=True)
            if window is None or kind is None:
                return
            if self._depth >= self._budget.caps.depth:
                raise Left(Skip.DEPTH)
        except Left as left:
            self.listing.unopened.append(Skipped(path=path, reason=left.reason, detail=left.detail))
            return
        self._depth += 1
        self.into(window, kind, path)
        self._depth -= 1


class _Kept:
    """A member's bytes, kept while they may be an archive's and there is room."""

    def __init__(self, budget: Budget) -> None:
        self._budget, self._bytes = budget, bytearray()
        self._start = b""
        self._wanted, self._full = True, False

    def keep(self, block: bytes) -> None:
        if not self._wanted:
            return
        if len(self._start) < SNIFFED_BYTES:
            self._start += block[: SNIFFED_BYTES - len(self._start)]
            if len(self._start) == SNIFFED_BYTES and kind_of_start(self._start) is None:
                self._wanted = False
                self.let_go()
                return
        if self._budget.hold(len(block)):
            self._bytes += block
        else:
            self._full, self._wanted = True, False
            self.let_go()

    def window(self) -> Window | None:
        """What was kept, to be read at places; nothing when it is no archive.

        Errors: Left when it is one that can't be opened here.
        """
        if self._full:
            raise Left(Skip.NESTED_SIZE)
        if (name := closed_kind(self._start)) is not None:
            raise Left(Skip.UNSUPPORTED, name)
        if not self._wanted or kind_of_start(self._start) is None:
            return None
        return Window(BytesIO(self._bytes), len(self._bytes))

    def let_go(self) -> None:
        self._budget.release(len(self._bytes))
        self._bytes = bytearray()


def _claims_that_fail(entry: Entry, size: int, checksum: int) -> set[Note]:
    notes = set[Note]()
    if entry.size_bytes is not None and entry.size_bytes != size:
        notes.add(Note.SIZE_LIES)
    if entry.checksum is not None and entry.checksum != checksum:
        notes.add(Note.CHECKSUM)
    return notes
