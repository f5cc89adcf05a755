"""A bundle written into a new folder: every file durable, or no folder at all."""

import errno
import fcntl
import os
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tipbridge.police.disclosure.errors import FolderTaken, FolderUnwritable

_LOCK = ".tipbridge-writes-here"
"""Stands in a folder for as long as it is written, locked by who writes it."""


def refuse_taken(folder: Path) -> None:
    """Errors: FolderTaken when something stands at the name."""
    if folder.exists() or folder.is_symlink():
        raise FolderTaken


@contextmanager
def new_folder(folder: Path) -> Generator[Path]:
    """A place beside `folder`, which is not there yet; it gets that name once the block is left.

    Errors: FolderTaken; FolderUnwritable. Whatever else ends the block leaves nothing behind.
    """
    refuse_taken(folder)
    aside = folder.with_name(f"{folder.name}.part")
    try:
        _clear_abandoned(aside)
        aside.mkdir()
        lock = os.open(aside / _LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileExistsError as error:
        raise FolderTaken from error
    except OSError as error:
        raise FolderUnwritable(word_of(error)) from error
    try:
        yield aside
        (aside / _LOCK).unlink()
        for part in (aside, *(each for each in aside.rglob("*") if each.is_dir())):
            _sync(part)
        aside.rename(folder)
        _sync(folder.parent)
    except OSError as error:
        raise FolderUnwritable(word_of(error)) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)  # once renamed it is not there
        os.close(lock)


def _clear_abandoned(aside: Path) -> None:
    """Take away what a killed write left: it bears our lock, and nobody holds that.

    Errors: FolderTaken for what a write that still goes on fills, or is somebody else's.
    """
    if not aside.is_symlink() and not aside.exists():
        return
    try:
        lock = os.open(aside / _LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise FolderTaken from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(aside)
    except BlockingIOError as error:
        raise FolderTaken from error
    finally:
        os.close(lock)


def fill_folder(aside: Path, files: Mapping[str, bytes]) -> None:
    """Write the files below a folder. Errors: FolderUnwritable."""
    try:
        for path, data in files.items():
            _write(aside / path, data)
    except OSError as error:
        raise FolderUnwritable(word_of(error)) from error


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files below `folder`, which is not there yet.

    Errors: FolderTaken; FolderUnwritable.
    """
    with new_folder(folder) as aside:
        fill_folder(aside, files)


def word_of(error: OSError) -> str:
    """What the system says, without the path."""
    return errno.errorcode.get(error.errno or 0, "error")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
