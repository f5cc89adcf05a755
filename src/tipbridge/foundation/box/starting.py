"""Starting the warm process, behind the walls that work on this machine."""

import contextlib
import json
import os
import pwd
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tipbridge.foundation.box import bubblewrap, wire
from tipbridge.foundation.box.cache import own_cache_folder
from tipbridge.foundation.box.errors import BoxClosed
from tipbridge.foundation.box.model import Plan, Walls
from tipbridge.foundation.box.wire import Ready, Start

_PROGRAM = """\
import json, sys
sys.path[:0] = [path for path in json.loads(sys.argv[2]) if path not in sys.path]
from tipbridge.foundation.box.zygote import main
main()
"""
_START_SECONDS = 600.0
_END_SECONDS = 5.0
_NOBODY, _NOBODY_ID = "nobody", 65534
_FAULT_CHARACTERS = 300
_ENVIRONMENT = {
    "PATH": os.defpath,
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "OMP_NUM_THREADS": "1",  # a fork keeps one thread, so there may never be another
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
}
_CACHE = "NUMBA_CACHE_DIR"
_SET_BY_BUBBLEWRAP = "PWD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Warm:
    """A warm process that serves: the channel to it, and what it said of itself."""

    process: subprocess.Popen[bytes]
    channel: socket.socket
    walls: Walls
    ready: Ready

    def end(self) -> None:
        """End it and every fork of it."""
        self.channel.close()  # it ends by itself when this closes
        try:
            self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.kill()
            self.process.wait()

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None


def environment_names() -> frozenset[str]:
    """All that a fork's environment may hold."""
    return frozenset({*_ENVIRONMENT, _CACHE, _SET_BY_BUBBLEWRAP})


def start_warm(plan: Plan, walls: Walls) -> Warm:
    """Start a warm process behind these walls.

    Errors: BoxClosed naming what it stumbled over.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with open(os.memfd_create("words", os.MFD_CLOEXEC), "w+b") as words:  # noqa: PTH123
        with theirs:
            process = _spawn(plan, walls, theirs, words.fileno())
        try:
            ready = _greet(plan, ours)
        except (OSError, ValueError) as error:
            words.seek(0)
            said = words.read(_FAULT_CHARACTERS).decode("ascii", "replace").strip()
            ready = Ready(fault=f"it never answered ({said or type(error).__name__})")
    warm = Warm(process=process, channel=ours, walls=walls, ready=ready)
    if ready.fault:
        warm.end()
        raise BoxClosed(
            f"The box does not start with walls of kind {walls}: {ready.fault[:_FAULT_CHARACTERS]}."
        )
    return warm


def _spawn(plan: Plan, walls: Walls, channel: socket.socket, words: int) -> subprocess.Popen[bytes]:
    paths, cache = json.dumps(_search_path()), plan.cache_folder
    command = [sys.executable, "-I", "-B", "-c", _PROGRAM, str(channel.fileno()), paths]
    if walls is Walls.BUBBLEWRAP:
        found = bubblewrap.program()
        if found is None:
            raise BoxClosed("The box does not start: the program bwrap is not installed.")
        folders = _program_folders()
        cache = cache or (own_cache_folder() if plan.warm else None)
        command = bubblewrap.wrap(found, command, folders=folders, cache=cache)
    environment = dict(_ENVIRONMENT)
    if cache:
        environment[_CACHE] = cache
    return subprocess.Popen(  # noqa: S603 - our own command line, never through a shell
        command,
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=words,
        pass_fds=(channel.fileno(),),
        start_new_session=True,
    )


def _greet(plan: Plan, channel: socket.socket) -> Ready:
    start = Start(tasks=plan.tasks, warm=plan.warm, user=_user_to_become())
    channel.settimeout(_START_SECONDS)
    channel.send(wire.pack(start))
    data, _ = wire.receive(channel)
    channel.settimeout(None)
    if not data:
        raise ConnectionResetError("it ended before it was ready")
    return wire.unpack_ready(data)


def _user_to_become() -> int | None:
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(_NOBODY).pw_uid
    except KeyError:
        return _NOBODY_ID


def _search_path() -> list[str]:
    """The folders of our own search path, without the root, the user's own and where we stand."""
    too_much = {Path("/"), Path.home()}
    with contextlib.suppress(FileNotFoundError):
        if not Path("src/tipbridge").is_dir():
            too_much.add(Path.cwd())
    found = [Path(entry) for entry in sys.path if entry.startswith("/")]
    return [str(path) for path in found if path not in too_much and os.access(path, os.R_OK)]


def _program_folders() -> list[str]:
    """What the interpreter and its libraries are read from."""
    prefixes = [sys.base_prefix, sys.base_exec_prefix, sys.prefix, sys.exec_prefix]
    resolved = [str(Path(sys.executable).resolve().parent)]
    return list(dict.fromkeys([*prefixes, *resolved, *_search_path()]))
