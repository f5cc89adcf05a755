"""The system-call filter: a decoder may use memory, read its file and write its result.

Everything that is not named here is refused with EPERM: every call that opens, connects,
starts, traces or signals anything, and every call that a later kernel adds.
"""

import ctypes
import errno
import os
import platform
import struct

from tipbridge.foundation.box import linux

MACHINE = "x86_64"
_ARCHITECTURE = 0xC000003E  # AUDIT_ARCH_X86_64
_OTHER_NUMBERING = 0x40000000  # the x32 calls: the same kernel under other numbers

_ALLOWED = (
    0,  # read
    1,  # write
    3,  # close
    5,  # fstat
    7,  # poll
    8,  # lseek
    11,  # munmap
    12,  # brk
    13,  # rt_sigaction
    14,  # rt_sigprocmask
    15,  # rt_sigreturn
    17,  # pread64
    19,  # readv
    20,  # writev
    24,  # sched_yield
    25,  # mremap
    28,  # madvise
    35,  # nanosleep
    39,  # getpid
    60,  # exit
    98,  # getrusage
    99,  # sysinfo: the C library's sort asks how much memory there is
    102,  # getuid
    104,  # getgid
    107,  # geteuid
    108,  # getegid
    131,  # sigaltstack
    186,  # gettid
    202,  # futex
    204,  # sched_getaffinity
    219,  # restart_syscall
    228,  # clock_gettime
    229,  # clock_getres
    230,  # clock_nanosleep
    231,  # exit_group
    318,  # getrandom
    334,  # rseq
)
_MMAP, _MPROTECT, _FCNTL, _CLONE3 = 9, 10, 72, 435
_PROT_EXEC = 0x4
_MAP_KIND, _MAP_PRIVATE = 0x0F, 0x02  # shared memory would escape the limit on memory
_F_GETFD, _F_GETFL = 1, 3

_LOAD, _EQUAL, _AT_LEAST, _HAS_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_KILL, _ALLOW, _ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_SET_MODE_FILTER, _SECCOMP = 1, 317

Line = tuple[int, int, int, int]


def _line(code: int, value: int, *, yes: int = 0, no: int = 0) -> Line:
    return (code, yes, no, value)


_PASS, _REFUSE = _line(_RETURN, _ALLOW), _line(_RETURN, _ERRNO | errno.EPERM)


def _argument(index: int) -> Line:
    """Load the low half of an argument: all flags that exist lie there."""
    return _line(_LOAD, _ARGUMENTS_AT + 8 * index)


def _on(number: int, block: list[Line]) -> list[Line]:
    """For this call go through `block`, which ends in a return; else go on behind it."""
    return [_line(_EQUAL, number, no=len(block)), *block]


def _filter() -> list[Line]:
    lines = [
        _line(_LOAD, _ARCHITECTURE_AT),
        _line(_EQUAL, _ARCHITECTURE, yes=1),
        _line(_RETURN, _KILL),
        _line(_LOAD, _NUMBER_AT),
        _line(_AT_LEAST, _OTHER_NUMBERING, no=1),
        _line(_RETURN, _KILL),
    ]
    for number in _ALLOWED:
        lines += _on(number, [_PASS])
    lines += _on(
        _MMAP,
        [
            _argument(2),
            _line(_HAS_BIT, _PROT_EXEC, yes=4),
            _argument(3),
            _line(_AND, _MAP_KIND),
            _line(_EQUAL, _MAP_PRIVATE, no=1),
            _PASS,
            _REFUSE,
        ],
    )
    lines += _on(_MPROTECT, [_argument(2), _line(_HAS_BIT, _PROT_EXEC, yes=1), _PASS, _REFUSE])
    lines += _on(
        _FCNTL,
        [
            _argument(1),
            _line(_EQUAL, _F_GETFD, yes=1),
            _line(_EQUAL, _F_GETFL, no=1),
            _PASS,
            _REFUSE,
        ],
    )
    # The C library tries clone3 first, and the older call when it is told there is none.
    lines += _on(_CLONE3, [_line(_RETURN, _ERRNO | errno.ENOSYS)])
    return [*lines, _REFUSE]


PROGRAM = b"".join(struct.pack("=HBBI", *line) for line in _filter())


def close_calls() -> None:
    """Put the filter around this process, for ever.

    Errors: OSError when the kernel has no such filter, or is of a machine without a table here.
    """
    if platform.machine() != MACHINE:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    program = ctypes.create_string_buffer(PROGRAM, len(PROGRAM))
    header = struct.pack("=HxxxxxxQ", len(PROGRAM) // 8, ctypes.addressof(program))
    linux.control_process(linux.PR_SET_NO_NEW_PRIVS, 1)
    linux.call(_SECCOMP, _SET_MODE_FILTER, 0, header)
