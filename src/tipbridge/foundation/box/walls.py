"""The walls that a process puts around itself before it reads the first hostile byte."""

import fcntl
import os
import resource
import signal

from tipbridge.foundation.box import landlock, linux, seccomp
from tipbridge.foundation.box.model import Limits

SOURCE, RESULT = 0, 3
_DESCRIPTORS = RESULT + 1
_NOTHING = (
    resource.RLIMIT_CORE,
    resource.RLIMIT_FSIZE,
    resource.RLIMIT_MEMLOCK,
    resource.RLIMIT_MSGQUEUE,
    resource.RLIMIT_SIGPENDING,
    resource.RLIMIT_NPROC,
)


def held_bytes() -> int:
    """The memory of its own that this process holds: what the limit on data counts."""
    with open("/proc/self/status", "rb") as status:  # noqa: PTH123 - once for each file
        for line in status:
            if line.startswith(b"VmData:"):
                return int(line.split()[1]) * 1024
    raise OSError("/proc/self/status names no VmData")


def keep_only(source: int, result: int) -> None:
    """Close every descriptor but the source, the result and three that lead nowhere."""
    aside = fcntl.fcntl(result, fcntl.F_DUPFD, source + 1)  # so that neither lands on the other
    os.dup2(source, SOURCE)
    os.dup2(aside, RESULT)
    os.closerange(_DESCRIPTORS, os.sysconf("SC_OPEN_MAX"))


def close_walls(limits: Limits, *, held: int, landlock_abi: int) -> None:
    """Limits, Landlock, filter: nothing can be undone behind this line.

    Errors: OSError when one of them can't be put up; the process must end then.
    """
    _limit(limits, held)
    linux.control_process(linux.PR_SET_DUMPABLE, 0)
    landlock.close_files(landlock_abi)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_DESCRIPTORS, _DESCRIPTORS))
    seccomp.close_calls()


def _limit(limits: Limits, held: int) -> None:
    for name in _NOTHING:
        resource.setrlimit(name, (0, 0))
    most = held + limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    # The first signal can be ignored, the one a second later can't.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
