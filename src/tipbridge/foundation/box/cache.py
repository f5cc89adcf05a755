"""Where the warm process keeps compiled code from one start to the next."""

import os
import stat
from pathlib import Path


def own_cache_folder() -> str | None:
    """A folder that this user alone can write to, made at need; nothing where none can be had.

    What lies in it is run, in the warm process only: a fork can open no file.
    """
    folder = _base() / "tipbridge" / "compiled"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat(follow_symlinks=False)
    except OSError:
        return None
    others = stat.S_IWGRP | stat.S_IWOTH
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & others:
        return None
    return str(folder)


def _base() -> Path:
    for name in ("CACHE_DIRECTORY", "XDG_CACHE_HOME"):  # as systemd and the desktop name it
        given = os.environ.get(name, "").split(":")[0]
        if given.startswith("/"):
            return Path(given)
    try:
        return Path.home() / ".cache"
    except RuntimeError:  # a user without a home
        return Path("/nowhere")
