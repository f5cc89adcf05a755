"""Where sealed files lie until a page has sent them: below the node's own folder, and no longer than that."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from tipbridge.police.disclosure.errors import FolderUnwritable
from tipbridge.police.disclosure.folder import word_of

_FOLDER = "sealing"


def new_aside(data: Path) -> "TemporaryDirectory[str]":
    """A folder of its own that nobody but the node's user reads. Errors: FolderUnwritable."""
    try:
        (data / _FOLDER).mkdir(mode=0o700, exist_ok=True)
        return TemporaryDirectory(dir=data / _FOLDER)
    except OSError as error:
        raise FolderUnwritable(word_of(error)) from error


def clear_aside(data: Path) -> None:
    """Take away what a node that was killed left there; to be called before its pages open."""
    shutil.rmtree(data / _FOLDER, ignore_errors=True)
