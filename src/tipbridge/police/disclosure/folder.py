"""A bundle written into a new folder: every file durable, or no folder at all."""

import errno
import os
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tipbridge.police.disclosure.errors import FolderTaken, FolderUnwritable


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
        aside.mkdir()
    except FileExistsError as error:
        raise FolderTaken from error
    except OSError as error:
        raise _unwritable(error) from error
    try:
        yield aside
        for part in (aside, *(each for each in aside.rglob("*") if each.is_dir())):
            _sync(part)
        aside.rename(folder)
        _sync(folder.parent)
    except OSError as error:
        raise _unwritable(error) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)  # once renamed it is not there


def fill_folder(aside: Path, files: Mapping[str, bytes]) -> None:
    """Write the files below a folder. Errors: FolderUnwritable."""
    try:
        for path, data in files.items():
            _write(aside / path, data)
    except OSError as error:
        raise _unwritable(error) from error


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files below `folder`, which is not there yet.

    Errors: FolderTaken; FolderUnwritable.
    """
    with new_folder(folder) as aside:
        fill_folder(aside, files)


def _unwritable(error: OSError) -> FolderUnwritable:
    return FolderUnwritable(errno.errorcode.get(error.errno or 0, "error"))


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
