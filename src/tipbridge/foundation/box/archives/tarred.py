"""Tar archives, entry by entry as they stand: ustar, GNU's long names, pax headers.

Source: POSIX.1-2017, pax, "pax Header Block" and "ustar Interchange Format"; GNU tar manual.
"""

from collections.abc import Callable, Iterator

from tipbridge.foundation.box.archives.entries import Entry, named
from tipbridge.foundation.box.archives.model import Left, Skip
from tipbridge.foundation.box.archives.window import Window

_BLOCK = 512
_MAGIC_AT, _MAGIC = 257, b"ustar"
_TEXT_BYTES = 64 * 1024
_KIND, _SIZE = 156, slice(124, 136)
_FILES, _FOLDER, _WITHOUT_CONTENT, _SPARSE = b"0\x007", ord("5"), b"123456", ord("S")
_LONG_NAME, _PAX, _HEADERS = ord("L"), ord("x"), b"LKxg"
_CHECK_AT, _CHECK_BYTES = 148, 8


def is_tar(start: bytes) -> bool:
    """Whether a file that begins so is a tar archive."""
    return len(start) >= _BLOCK and start[_MAGIC_AT:][:5] == _MAGIC and _sums_up(start[:_BLOCK])


class Tar:
    """One tar archive, read once; `unlisted_bytes` is known when its entries have been read."""

    def __init__(self, window: Window, check_time: Callable[[], None]) -> None:
        self._window, self._check_time = window, check_time
        self._name: bytes | None = None
        self._size: int | None = None
        self.unlisted_bytes = 0

    def entries(self) -> Iterator[Entry]:
        """The entries in their order.

        Errors: Left, after the entries before it, where the archive can't be read any further.
        """
        window, at = self._window, 0
        while at + _BLOCK <= window.size_bytes:
            self._check_time()
            block = window.read(at, _BLOCK)
            at += _BLOCK
            if not any(block):
                self.unlisted_bytes = _behind(window, at)
                return
            if not _sums_up(block):
                raise Left(Skip.DAMAGED, "header")
            size = self._size_of(block)
            if block[_KIND] in _HEADERS:
                self._heed(block[_KIND], at, size)
            else:
                yield _entry(window, block, at, size, self._name)
                self._name = self._size = None
            at += -(-size // _BLOCK) * _BLOCK
        if at < window.size_bytes:
            raise Left(Skip.DAMAGED, "cut-off")

    def _size_of(self, block: bytes) -> int:
        if block[_KIND] in _WITHOUT_CONTENT:
            return 0
        given = None if block[_KIND] in _HEADERS else self._size
        return _number(block[_SIZE]) if given is None else given

    def _heed(self, kind: int, at: int, size: int) -> None:
        """Take from a header what it says of the next entry."""
        if size > _TEXT_BYTES:
            raise Left(Skip.DAMAGED, "long-header")
        text = self._window.read(at, size)
        if kind == _LONG_NAME:
            self._name = text.rstrip(b"\0")
        elif kind == _PAX:
            self._name, self._size = _pax(text, self._name)


def _behind(window: Window, at: int) -> int:
    """The bytes behind an archive's end, when they are more than padding."""
    left = window.size_bytes - at
    return left if any(any(block) for block in window.blocks(at, left)) else 0


def _sums_up(block: bytes) -> bool:
    blank = block[:_CHECK_AT] + b" " * _CHECK_BYTES + block[_CHECK_AT + _CHECK_BYTES :]
    try:
        return sum(blank) == _number(block[_CHECK_AT : _CHECK_AT + _CHECK_BYTES])
    except Left:
        return False


def _number(field: bytes) -> int:
    if field[0] & 0x80:  # GNU's form for what octal digits have no room for
        number = int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
        if number >> 62:
            raise Left(Skip.DAMAGED, "number")
        return number
    digits = field.strip(b" \0")
    if not digits:
        return 0
    if not all(digit in b"01234567" for digit in digits):
        raise Left(Skip.DAMAGED, "number")
    return int(digits, 8)


def _pax(text: bytes, name: bytes | None) -> tuple[bytes | None, int | None]:
    """A name and a size out of `length key=value` lines."""
    size = None
    while text:
        digits, _, _ = text.partition(b" ")
        if not digits.isdigit() or not 0 < int(digits[:8]) <= len(text):
            raise Left(Skip.DAMAGED, "pax")
        key, _, value = text[len(digits) + 1 : int(digits) - 1].partition(b"=")
        text = text[int(digits) :]
        if key == b"path":
            name = value
        elif key == b"size":
            if not value.isdigit() or len(value) > 18:
                raise Left(Skip.DAMAGED, "pax")
            size = int(value)
        elif key.startswith(b"GNU.sparse"):
            raise Left(Skip.UNSUPPORTED, "sparse")
    return name, size


def _entry(window: Window, block: bytes, at: int, size: int, name: bytes | None) -> Entry:
    kind = block[_KIND]
    if name is None:
        own, prefix = block[:100].split(b"\0")[0], block[345:500].split(b"\0")[0]
        ustar = block[_MAGIC_AT : _MAGIC_AT + 6] == _MAGIC + b"\0"
        name = prefix + b"/" + own if ustar and prefix else own
    shown, notes = named(name)
    entry = Entry(
        name=shown, folder=kind == _FOLDER, packed_bytes=size, size_bytes=size, notes=notes
    )
    if kind == _SPARSE:
        entry.skip, entry.detail = Skip.UNSUPPORTED, "sparse"
    elif kind != _FOLDER and kind not in _FILES:
        entry.skip, entry.detail = Skip.NO_CONTENT, "link-or-device"
    elif at + size > window.size_bytes:
        entry.skip = Skip.OUTSIDE
    else:
        entry.content = window.blocks(at, size)
    return entry
