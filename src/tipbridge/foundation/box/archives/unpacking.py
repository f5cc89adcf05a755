"""Unpacking streams block by block: no step gives more than one block, whatever went in."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

from tipbridge.foundation.box.archives.model import Kind, Left, Skip
from tipbridge.foundation.box.archives.window import BLOCK_BYTES

_XZ_MEMORY_BYTES = 128 * 1024 * 1024
_GZIP_WINDOW, _BARE_WINDOW = 31, -15
_FAULTS = (zlib.error, lzma.LZMAError, OSError, ValueError, EOFError)


class _Step(Protocol):
    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What was given and stands behind that end."""
        ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Some of what `data` holds."""
        ...


class _Deflated:
    """zlib's object in the form that the others have: it keeps what it has not used yet."""

    def __init__(self, window: int) -> None:
        self._inner = zlib.decompressobj(window)
        self.eof, self.unused_data = False, b""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Some of what `data`, and what was kept, holds."""
        out = self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
        self.eof, self.unused_data = self._inner.eof, self._inner.unused_data
        return out


def _gzip() -> _Step:
    return _Deflated(_GZIP_WINDOW)


def _bare() -> _Step:
    return _Deflated(_BARE_WINDOW)


def _bzip2() -> _Step:
    return bz2.BZ2Decompressor()


def _xz() -> _Step:
    return lzma.LZMADecompressor(lzma.FORMAT_AUTO, memlimit=_XZ_MEMORY_BYTES)


_MAKERS: dict[Kind, Callable[[], _Step]] = {
    Kind.GZIP: _gzip,
    Kind.BZIP2: _bzip2,
    Kind.XZ: _xz,
}
_METHODS: dict[int, Callable[[], _Step]] = {8: _bare, 12: _bzip2}


def unpack_method(method: int, packed: Iterator[bytes]) -> Iterator[bytes]:
    """A zip member's bytes by its method of packing.

    Errors: Left for a method that is not read here, or packed bytes that do not fit it.
    """
    if method == 0:
        yield from packed
        return
    if method not in _METHODS:
        raise Left(Skip.UNSUPPORTED, f"method-{method}")
    step = _METHODS[method]()
    yield from _one(step, packed)


def unpack_stream(kind: Kind, packed: Iterator[bytes]) -> Iterator[bytes]:
    """A packed stream's bytes; such streams may stand one behind the other.

    Errors: Left when it is damaged; what stands behind the last one and is no stream is damage.
    """
    left = b""
    while True:
        step = _MAKERS[kind]()
        yield from _one(step, _with(left, packed))
        left = step.unused_data.lstrip(b"\0") or next(packed, b"").lstrip(b"\0")
        if not left:
            return


def _with(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _one(step: _Step, packed: Iterator[bytes]) -> Iterator[bytes]:
    try:
        for data in packed:
            out = step.decompress(data, BLOCK_BYTES)
            while out:
                yield out
                out = b"" if step.eof else step.decompress(b"", BLOCK_BYTES)
            if step.eof:
                return
    except _FAULTS as fault:
        raise Left(Skip.DAMAGED, type(fault).__name__) from fault
    raise Left(Skip.DAMAGED, "cut-off")
