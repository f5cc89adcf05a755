"""A bundle written into a new folder: every file durable, or no folder at all."""

import errno
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from tipbridge.police.disclosure.errors import FolderTaken, FolderUnwritable


def refuse_taken(folder: Path) -> None:
    """Errors: FolderTaken when something stands at the name."""
    if folder.exists() or folder.is_symlink():
        raise FolderTaken


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files below `folder`, which is not there yet.

    Errors: FolderTaken; FolderUnwritable.
    """
    refuse_taken(folder)
    aside = folder.with_name(f"{folder.name}.part")
    try:
        aside.mkdir()
    except FileExistsError as error:
        raise FolderTaken from error
    except OSError as error:
        raise FolderUnwritable(errno.errorcode.get(error.errno or 0, "error")) from error
    try:
        for path, data in files.items():
            _write(aside / path, data)
        for part in {aside, *(aside / path for path in _folders(files))}:
            _sync(part)
        aside.rename(folder)
        _sync(folder.parent)
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise FolderUnwritable(errno.errorcode.get(error.errno or 0, "error")) from error


def _folders(files: Mapping[str, bytes]) -> set[Path]:
    return {parent for path in files for parent in Path(path).parents if parent.name}


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
