"""Read a folder once: every entry comes out, as digests or as a reason why not.

The source is opened for reading only, without touching access times where the system
allows; links are never followed, and no path is walked twice by name.
"""

import errno
import os
import stat
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tipbridge.knowledge.hashes.digests import Digester, Digests
from tipbridge.knowledge.hashes.files.kinds import START_BYTES, Content
from tipbridge.police.evidence.errors import NoFolder
from tipbridge.police.evidence.model import ReadFile, SkippedEntry, SkipReason
from tipbridge.police.evidence.reading.behind import HEADER_MARK, TAIL_BYTES, begin_of_archive
from tipbridge.police.evidence.reading.contents import looks_like
from tipbridge.police.evidence.sources.sniffing import is_medium

_PIECE_BYTES = 1024 * 1024
_READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_FOLDER = _READING | os.O_DIRECTORY
_UNTOUCHED = getattr(os, "O_NOATIME", 0)

Entry = ReadFile | SkippedEntry
R = TypeVar("R")
_Read = Callable[[int, str, str, bytes, os.stat_result], R]
"""What is made of a file: by its folder, its name, its path, its place and what stands of it there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """A file that was seen and not opened. Unit: nanoseconds since 1970."""

    path: str
    size_bytes: int
    modified_ns: int


@dataclass(slots=True)
class _Level:
    handle: int
    path: str
    place: bytes
    names: Iterator[str]


def read_folder(root: Path, *, only: str | None = None, skip: int = 0) -> Generator[Entry]:
    r"""Every entry below `root`, in the order of names, folders themselves left out.

    With `only`, nothing but the entry of that name in `root` itself; the first `skip` entries
    are passed by and not opened.

    Shape: paths are relative, with `/`; bytes that are no UTF-8 are written as `\xNN`.
    Errors: NoFolder when `root` is none or can't be opened.
    """
    number = 0

    def read(
        parent: int, name: str, path: str, place: bytes, _about: os.stat_result
    ) -> Entry | None:
        return _read(parent, name, path, place) if number >= skip else None

    for found in _walked(root, only, read):
        number += 1
        if found is not None and number > skip:
            yield found


def list_folder(root: Path, *, only: str | None = None) -> Generator[ListedFile | SkippedEntry]:
    """The same entries in the same order, none of them opened. Errors: NoFolder."""

    def listed(
        _parent: int, _name: str, path: str, _place: bytes, about: os.stat_result
    ) -> ListedFile:
        return ListedFile(path=path, size_bytes=about.st_size, modified_ns=about.st_mtime_ns)

    yield from _walked(root, only, listed)


def _walked(root: Path, only: str | None, read: _Read[R]) -> Generator[R | SkippedEntry]:
    try:
        handle = os.open(root, _FOLDER)
    except OSError as error:
        raise NoFolder(_word(error)) from error
    device = os.fstat(handle).st_dev
    names = _names(handle) if only is None else iter([only])
    levels = [_Level(handle, "", b"", names)]
    try:
        while levels:
            level = levels[-1]
            name = next(level.names, None)
            if name is None:
                os.close(levels.pop().handle)
                continue
            found = _take(level, name, device, read)
            if isinstance(found, _Level):
                levels.append(found)
            else:
                yield found
    finally:
        for level in levels:
            os.close(level.handle)


def is_archive(path: Path) -> bool:
    """Whether a file says by its first bytes that it is an archive, and no medium begins in it; False for what can't be read."""
    try:
        handle = os.open(path, _READING)
    except OSError:
        return False
    try:
        is_file = stat.S_ISREG(os.fstat(handle).st_mode) and not is_medium(handle)
        begin = os.read(handle, START_BYTES) if is_file else b""
    finally:
        os.close(handle)
    return looks_like(begin) == Content.ARCHIVE.value


def _names(handle: int) -> Iterator[str]:
    return iter(sorted(os.listdir(handle), key=os.fsencode))


def _take(level: _Level, name: str, device: int, read: _Read[R]) -> R | SkippedEntry | _Level:
    path = level.path + os.fsencode(name).decode("utf-8", "backslashreplace")
    try:
        about = os.stat(name, dir_fd=level.handle, follow_symlinks=False)
    except OSError as error:
        return _skipped(path, SkipReason.UNREADABLE_FILE, error)
    if stat.S_ISREG(about.st_mode):
        return read(level.handle, name, path, level.place + os.fsencode(name), about)
    if stat.S_ISDIR(about.st_mode):
        if about.st_dev != device:
            return SkippedEntry(path=path + "/", reason=SkipReason.OTHER_FILE_SYSTEM)
        return _enter(level.handle, name, path + "/", level.place + os.fsencode(name) + b"/")
    if stat.S_ISLNK(about.st_mode):
        return SkippedEntry(path=path, reason=SkipReason.SYMBOLIC_LINK)
    return SkippedEntry(path=path, reason=SkipReason.SPECIAL_FILE)


def _enter(parent: int, name: str, path: str, place: bytes) -> SkippedEntry | _Level:
    try:
        handle = os.open(name, _FOLDER, dir_fd=parent)
    except OSError as error:
        return _skipped(path, SkipReason.UNREADABLE_FOLDER, error)
    try:
        return _Level(handle, path, place, _names(handle))
    except OSError as error:
        os.close(handle)
        return _skipped(path, SkipReason.UNREADABLE_FOLDER, error)


def _open(parent: int, name: str) -> int:
    # Only the owner of a file may leave its access time alone; a mount read-only does too.
    with suppress(PermissionError):
        return os.open(name, _READING | _UNTOUCHED, dir_fd=parent)
    return os.open(name, _READING, dir_fd=parent)


def _read(parent: int, name: str, path: str, place: bytes) -> Entry:
    try:
        handle = _open(parent, name)
    except OSError as error:
        return _skipped(path, SkipReason.UNREADABLE_FILE, error)
    digester, head, last = Digester(), b"", [b""]
    taken, behind = 0, None
    try:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            return SkippedEntry(path=path, reason=SkipReason.CHANGED_WHILE_READ)
        while taken < before.st_size and (piece := os.read(handle, _PIECE_BYTES)):
            head = head or piece[:START_BYTES]
            digester.update(piece)
            taken, last = taken + len(piece), [last[-1], piece]
        if looks_like(head) != Content.ARCHIVE.value:
            behind = _behind(handle, b"".join(last)[-TAIL_BYTES:], taken)
        after = os.fstat(handle)
    except OSError as error:
        return _skipped(path, SkipReason.UNREADABLE_FILE, error, f" at byte {taken}")
    finally:
        os.close(handle)
    if taken != after.st_size or before.st_mtime_ns != after.st_mtime_ns:
        return SkippedEntry(path=path, reason=SkipReason.CHANGED_WHILE_READ)
    return ReadFile(
        path=path,
        digests=digester.result(),
        looks=looks_like(head),
        place=place,
        modified_ns=before.st_mtime_ns,
        behind=behind,
    )


def _behind(handle: int, tail: bytes, size: int) -> tuple[int, Digests] | None:
    """The archive that stands behind a file's content, if one does."""
    begin = begin_of_archive(tail, size)
    if begin is None or os.pread(handle, len(HEADER_MARK), begin) != HEADER_MARK:
        return None
    digester = Digester()
    for piece in pieces_from(handle, begin):
        digester.update(piece)
    return begin, digester.result()


def pieces_from(handle: int, at: int) -> Iterator[bytes]:
    """A file's bytes from a place on."""
    while piece := os.pread(handle, _PIECE_BYTES, at):
        at += len(piece)
        yield piece


@contextmanager
def opened_again(root: Path, place: bytes) -> Generator[int]:
    """A file of the folder, opened by its place as it was the first time; no link is followed.

    Errors: OSError.
    """
    *folders, name = place.split(b"/")
    parent = os.open(root, _FOLDER)
    try:
        for each in folders:
            inner = os.open(each, _FOLDER, dir_fd=parent)
            os.close(parent)
            parent = inner
        handle = _open(parent, os.fsdecode(name))
    finally:
        os.close(parent)
    try:
        yield handle
    finally:
        os.close(handle)


def _word(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, "error")


def _skipped(path: str, reason: SkipReason, error: OSError, where: str = "") -> SkippedEntry:
    if error.errno == errno.ENOENT:
        reason = SkipReason.GONE
    return SkippedEntry(path=path, reason=reason, detail=_word(error) + where)
