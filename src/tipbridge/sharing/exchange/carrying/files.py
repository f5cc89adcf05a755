"""Files that are carried by hand: written whole or not at all."""

import os
import shutil
from pathlib import Path
from typing import BinaryIO

from tipbridge.foundation.base.errors import Invalid

PACKAGE_ENDING, RECEIPT_ENDING, REFUSAL_ENDING = ".tbpackage", ".tbreceipt", ".tbrefusal"
RECEIPT_MAX_BYTES = 256 * 1024


def write_new(path: Path, source: BinaryIO) -> bool:
    """Write a file that is durable when this returns; False when it is there already.

    Errors: Invalid when the folder can't be written.
    """
    if path.exists():
        return False
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            shutil.copyfileobj(source, file)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        _sync(path.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Invalid(f"Cannot write {path}: {error.strerror}.") from error
    return True


def opened(path: Path) -> BinaryIO:
    """A carried file, to be read.

    Errors: Invalid when it can't be.
    """
    try:
        return path.open("rb")
    except OSError as error:
        raise Invalid(f"Cannot read {path}: {error.strerror}.") from error


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
