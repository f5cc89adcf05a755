"""The command line that puts namespaces and a bare file tree around the warm process."""

import os
import shutil
from pathlib import Path

PROGRAM = "bwrap"
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache")
_NAMESPACES = ("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts")
_USER_RIGHTS = ("CAP_SETUID", "CAP_SETGID")


def program() -> str | None:
    """Where bubblewrap is, if anywhere."""
    return shutil.which(PROGRAM)


def wrap(
    bubblewrap: str, command: list[str], *, folders: list[str], cache: str | None
) -> list[str]:
    """`command` in namespaces of its own, seeing the system's programs and `folders`, read-only.

    Shape: root makes the namespaces itself, keeping the right to become another user, which the
    warm process does before the first file; anybody else needs a user namespace.
    """
    line = [bubblewrap, *_NAMESPACES, "--unshare-cgroup-try", "--new-session", "--as-pid-1"]
    if os.geteuid() == 0:
        line += ["--cap-drop", "ALL"]
        for right in _USER_RIGHTS:
            line += ["--cap-add", right]
    else:
        line += ["--unshare-user", "--cap-drop", "ALL"]
    for path in _SYSTEM:
        line += _bind(path)
    line += ["--proc", "/proc"]
    for path in folders:
        line += ["--ro-bind-try", path, path]
    if cache:
        line += ["--bind", cache, cache]
    return [*line, "--chdir", "/", "--", *command]


def _bind(path: str) -> list[str]:
    place = Path(path)
    if place.is_symlink():  # /lib is a link into /usr on most systems
        return ["--symlink", str(place.readlink()), path]
    return ["--ro-bind-try", path, path]
