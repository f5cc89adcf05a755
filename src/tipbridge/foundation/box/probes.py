"""Ways out of the box, each tried from inside it: the self-test runs them all at every start.

Every probe is one small deed that would be harmless if it worked. It is denied when the kernel
refuses it as not permitted; any other end counts as an escape or as unclear, and neither passes.
"""

import ctypes
import errno
import fcntl
import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tipbridge.foundation.box import linux
from tipbridge.foundation.box.walls import RESULT

TRY_ALL = "tipbridge.foundation.box.probes:try_all"
DENIED = "denied"
NUMBERED_OTHERWISE = "call under the x32 numbers"
"""The one probe that is not refused but ends the process."""

_REFUSALS = frozenset({errno.EPERM, errno.EACCES, errno.ENOSYS})
_HERE = -100  # AT_FDCWD
_DESCRIPTORS_TRIED = 1024
_ROOM = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Bait:
    """What is there to be reached: a file that exists, and the process to harm."""

    path: str
    parent: int
    names: frozenset[str]
    """The names that the environment may hold."""


Deed = Callable[[Bait], object]


def _call(number: int, *arguments: int | bytes | None) -> Deed:
    return lambda _: linux.call(number, *arguments)


def _on_path(number: int, *before: int, after: tuple[int | bytes | None, ...] = ()) -> Deed:
    return lambda bait: linux.call(number, *before, bait.path.encode(), *after)


def _on_parent(number: int, *after: int | bytes | None) -> Deed:
    return lambda bait: linux.call(number, bait.parent, *after)


def _open(path: str, flags: int) -> Deed:
    return lambda _: os.open(path, flags)


def _socket(family: int, kind: int, protocol: int = 0) -> Deed:
    return lambda _: linux.call(41, family, kind, protocol)


def _thread(_: Bait) -> None:
    try:
        threading.Thread(target=int).start()
    except RuntimeError as error:
        raise PermissionError(errno.EPERM, "no thread") from error


def _descriptors(_: Bait) -> None:
    for descriptor in range(RESULT + 1, _DESCRIPTORS_TRIED):
        try:
            fcntl.fcntl(descriptor, fcntl.F_GETFD)
        except OSError as error:
            if error.errno != errno.EBADF:
                raise
        else:
            return
    raise PermissionError(errno.EPERM, "none is open")


def _environment(bait: Bait) -> None:
    if set(os.environ) <= bait.names:
        raise PermissionError(errno.EPERM, "nothing stands there")


def _root(_: Bait) -> None:
    linux.call(117, 0, 0, 0)


_BUFFER = bytes(_ROOM)
_SIGNAL_INFORMATION = bytes(128)

FILES: dict[str, Deed] = {
    "open a file to read": lambda bait: os.open(bait.path, os.O_RDONLY),
    "open a file to write": lambda bait: os.open(bait.path, os.O_WRONLY | os.O_APPEND),
    "make a file": _open("/tmp/escaped", os.O_CREAT | os.O_WRONLY),  # noqa: S108 - a probe
    "make a file without a name": _open("/tmp", os.O_TMPFILE | os.O_RDWR),  # noqa: S108
    "open a folder": _open("/", os.O_RDONLY | os.O_DIRECTORY),
    "open a path only": _open("/", os.O_PATH),
    "open in the newer way": _on_path(437, _HERE, after=(bytes(24), 24)),
    "look at a file": lambda bait: Path(bait.path).stat(),
    "look at a file in the newer way": _on_path(332, _HERE, after=(0, 0xFFF, _BUFFER)),
    "ask whether a file is there": lambda bait: linux.call(21, bait.path.encode(), 0),
    "read a link": _call(89, b"/proc/self/exe", _BUFFER, _ROOM),
    "remove a file": _call(87, b"/tmp/nothing"),
    "rename a file": _call(82, b"/tmp/nothing", b"/tmp/nowhere"),
    "link a file": _on_path(86, after=(b"/tmp/escaped-link",)),
    "make a link": _call(88, b"/etc/passwd", b"/tmp/escaped-link"),
    "make a folder": _call(83, b"/tmp/escaped-folder", 0o700),
    "change rights": _on_path(90, after=(0o644,)),
    "change an owner": _on_path(92, after=(-1, -1)),
    "cut a file off": _call(76, b"/tmp/nothing", 0),
    "make a device": _call(133, b"/tmp/escaped-device", 0o20666, 0x103),
    "handle of a file": _on_path(303, _HERE, after=(_BUFFER, _BUFFER, 0)),
    "go to a folder": _call(80, b"/"),
    "change the root": _call(161, b"/"),
    "mount": _call(165, b"none", b"/tmp", b"tmpfs", 0, None),
    "mount in the newer way": _call(430, b"tmpfs", 0),
    "copy a tree": _call(428, _HERE, b"/", 1),
    "unmount": _call(166, b"/tmp/nothing", 0),
    "swap the root": _call(155, b"/tmp", b"/tmp"),
    "send a file on": _call(40, RESULT, 0, None, 0),
    "write past the pipe": _call(275, 0, None, RESULT, None, 0, 0),
}

PROCESSES: dict[str, Deed] = {
    "own environment by proc": _open("/proc/self/environ", os.O_RDONLY),
    "own memory by proc": _open("/proc/self/mem", os.O_RDWR),
    "descriptors by proc": _open("/proc/self/fd/0", os.O_RDWR),
    "parent's memory by proc": lambda bait: os.open(f"/proc/{bait.parent}/mem", os.O_RDONLY),
    "first process' root by proc": _open("/proc/1/root", os.O_PATH),
    "fork": _call(57),
    "fork and share": _call(56, signal.SIGCHLD, None, None, None, 0),
    "fork in the newer way": _call(435, bytes(88), 88),
    "start a thread": _thread,
    "start a program": _call(59, b"/bin/true", None, None),
    "start a program by descriptor": _call(322, 0, b"", None, None, 0x1000),
    "trace": _call(101, 0, 0, None, None),
    "trace the parent": lambda bait: linux.call(101, 16, bait.parent, None, None),
    "read the parent": _on_parent(310, _BUFFER, 0, _BUFFER, 0, 0),
    "write to the parent": _on_parent(311, _BUFFER, 0, _BUFFER, 0, 0),
    "signal the parent": _on_parent(62, 0),
    "signal everybody": _call(62, -1, 0),
    "signal a thread": lambda bait: linux.call(200, bait.parent, 0),
    "signal a thread of a group": lambda bait: linux.call(234, bait.parent, bait.parent, 0),
    "signal with a word": _on_parent(129, 0, _SIGNAL_INFORMATION),
    "hold the parent": _on_parent(434, 0),
    "signal by descriptor": _call(424, 0, 0, None, 0),
    "take the parent's descriptor": _call(438, 0, 0, 0),
    "compare with the parent": lambda bait: linux.call(312, os.getpid(), bait.parent, 0, 0, 0),
    "raise own limits": _call(302, 0, 0, bytes(16), None),
    "raise own limits in the older way": _call(160, 0, bytes(16)),
    "change own priority": _call(141, 0, 0, 0),
    "change own processors": _call(203, 0, 8, bytes([255] * 8)),
    "wake up later": _call(37, 0),
    "ask to be signalled": lambda _: fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid()),
}

NETWORK: dict[str, Deed] = {
    "TCP": _socket(socket.AF_INET, socket.SOCK_STREAM),
    "UDP": _socket(socket.AF_INET, socket.SOCK_DGRAM),
    "raw packets": _socket(socket.AF_INET, socket.SOCK_RAW, 1),
    "TCP over IPv6": _socket(socket.AF_INET6, socket.SOCK_STREAM),
    "UDP over IPv6": _socket(socket.AF_INET6, socket.SOCK_DGRAM),
    "local socket": _socket(socket.AF_UNIX, socket.SOCK_STREAM),
    "pair of sockets": _call(53, socket.AF_UNIX, socket.SOCK_STREAM, 0, bytes(8)),
    "netlink": _socket(socket.AF_NETLINK, socket.SOCK_RAW),
    "frames": _socket(socket.AF_PACKET, socket.SOCK_RAW),
    "the kernel's ciphers": _socket(38, socket.SOCK_SEQPACKET),
    "the host of a virtual machine": _socket(40, socket.SOCK_STREAM),
    "Bluetooth": _socket(31, socket.SOCK_RAW),
    "rings": _call(425, 1, bytes(120)),
    "rename the machine": _call(170, b"escaped", 0),
}

RIGHTS: dict[str, Deed] = {
    "become root": _root,
    "change the group": _call(106, 0),
    "change the groups": _call(116, 0, None),
    "take capabilities": _call(126, bytes(8), bytes(24)),
    "new namespaces": _call(272, 0x10000000),
    "enter a namespace": _call(308, 0, 0),
    "change what programs may do": _call(157, linux.PR_SET_DUMPABLE, 1, 0, 0, 0),
    "another personality": _call(135, 0xFFFFFFFF),
    "another filter": _call(317, 0, 0, None),
    "keys of the kernel": _call(250, 0, -3, 0),
    "add a key": _call(248, b"user", b"probe", b"x", 1, -3),
    "load a module": _call(175, b"", 0, b""),
    "load a module by descriptor": _call(313, 0, b"", 0),
    "programs in the kernel": _call(321, 0, bytes(64), 64),
    "watch the processor": _call(298, bytes(128), 0, -1, -1, 0),
    "handle faults of memory": _call(323, 1),
    "read the kernel's log": _call(103, 10, None, 0),
    "set the clock": _call(227, 0, None),
    "restart the machine": _call(169, 0, 0, 0, None),
    "another kernel": _call(246, None, 0, None, 0),
    "swap to a file": _call(167, b"/tmp/nothing", 0),
    "ports of the machine": _call(172, 3),
    "control a device": _call(16, 0, 0x5412, b"x"),
    "open a device": _open("/dev/null", os.O_RDWR),
    "open the machine's memory": _open("/dev/mem", os.O_RDONLY),
}

MEMORY: dict[str, Deed] = {
    "file in memory": _call(319, b"probe", 0),
    "secret memory": _call(447, 0),
    "memory to run": _call(9, None, _ROOM, 7, 0x22, -1, 0),
    "memory to run, later": _call(10, None, _ROOM, 5),
    "memory to share": _call(9, None, _ROOM, 3, 0x21, -1, 0),
    "shared segment": _call(29, 0, _ROOM, 0o600),
    "queue of messages": _call(68, 0, 0o600),
    "set of semaphores": _call(64, 0, 1, 0o600),
    "another pipe": _call(293, bytes(8), 0),
    "another name for a descriptor": _call(32, 0),
    "events": _call(290, 0, 0),
    "watch files": _call(294, 0),
    "a clock's descriptor": _call(283, 1, 0),
}

STATE: dict[str, Deed] = {
    "descriptors left open": _descriptors,
    "the node's environment": _environment,
}

PROBES: dict[str, Deed] = FILES | PROCESSES | NETWORK | RIGHTS | MEMORY | STATE


def attempt(name: str, bait: Bait) -> str:
    """Try one probe here: `denied`, or what happened instead."""
    try:
        PROBES[name](bait)
    except OSError as error:
        if error.errno in _REFUSALS:
            return DENIED
        return f"unclear: {errno.errorcode.get(error.errno or 0, str(error.errno))}"
    return "escaped"


def try_all(
    source: BinaryIO, *, path: str, parent: int, names: list[str], only: list[str] | None = None
) -> dict[str, str]:
    """Try every probe, or those named, and tell what became of each."""
    del source
    bait = Bait(path=path, parent=parent, names=frozenset(names))
    return {name: attempt(name, bait) for name in only or PROBES}


def call_under_other_numbers(source: BinaryIO) -> int:
    """Ask for the process' number under the x32 numbers: the filter ends the process."""
    del source
    return ctypes.CDLL(None).syscall(ctypes.c_long(0x40000000 + 39))
