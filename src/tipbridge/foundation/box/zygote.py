"""The warm process: it has read every decoder's code and forks once for each file.

It starts as a fresh program, so it holds nothing of the node: no key, no setting, no open file.
It never reads a file's bytes itself.
"""

import contextlib
import gc
import importlib
import os
import resource
import select
import signal
import socket
import sys
import threading
from dataclasses import dataclass
from typing import cast

from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.box import landlock, linux, wire
from tipbridge.foundation.box.decoder import Task, decode
from tipbridge.foundation.box.wire import End, Order, Ready, Start

_DESCRIPTORS = 512
_NOWHERE, _WORDS = 1, 2


@dataclass(slots=True, kw_only=True)
class _Running:
    pid: int
    report: int
    deadline: float
    late: bool = False


def _load(name: str) -> Task:
    module, _, function = name.partition(":")
    return cast("Task", getattr(importlib.import_module(module), function))


def _drop_user(user: int | None) -> bool:
    """Become `user` for ever; a container's root that may not do so stays what it is."""
    if user is None:
        return False
    try:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except PermissionError:
        return False
    return True


def _warm_up(start: Start) -> dict[str, Task]:
    resource.setrlimit(resource.RLIMIT_NOFILE, (_DESCRIPTORS, _DESCRIPTORS))
    tasks = {name: _load(name) for name in start.tasks}
    for name in start.warm:
        _load(name)()
    if threading.active_count() > 1:
        raise RuntimeError("a thread runs in the warm process; a fork would lose it")
    sys.stdout = sys.stderr  # a stray word must not stand in a result
    gc.collect()
    gc.freeze()  # a collection in a fork would copy every page of the warm process
    return tasks


class _Zygote:
    def __init__(self, channel: socket.socket, tasks: dict[str, Task], abi: int) -> None:
        self._channel, self._tasks, self._abi = channel, tasks, abi
        self._pid = os.getpid()
        self._running = dict[int, _Running]()  # by the descriptor of its process
        self._by_report = dict[int, int]()
        self._poll = select.poll()
        self._poll.register(channel, select.POLLIN)

    def serve(self) -> None:
        """Serve until the node closes the channel or ends; no fork outlives this."""
        while True:
            for descriptor, event in self._poll.poll(self._patience()):
                if descriptor == self._channel.fileno():
                    if not self._take():
                        return
                elif descriptor in self._running:
                    self._finish(descriptor)
                elif event & select.POLLERR and descriptor in self._by_report:
                    self._kill(self._by_report[descriptor])  # nobody waits for it any more
            self._end_late_ones()

    def _patience(self) -> float | None:
        nearest = min(
            (one.deadline for one in self._running.values() if not one.late), default=None
        )
        return None if nearest is None else max(0.0, nearest - monotonic_seconds()) * 1000 + 1

    def _take(self) -> bool:
        data, descriptors = wire.receive(self._channel)
        if not data:
            return False
        order = wire.unpack_order(data)
        source, result, report = descriptors
        pid = os.fork()
        if not pid:
            task = self._tasks[order.task]
            decode(task, order, source, result, parent=self._pid, abi=self._abi)
        os.close(source)
        os.close(result)
        self._watch(pid, report, order)
        return True

    def _watch(self, pid: int, report: int, order: Order) -> None:
        process = os.pidfd_open(pid)
        deadline = monotonic_seconds() + order.limits.wall_seconds
        self._running[process] = _Running(pid=pid, report=report, deadline=deadline)
        self._by_report[report] = process
        self._poll.register(process, select.POLLIN)
        self._poll.register(report, 0)

    def _kill(self, process: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(process, signal.SIGKILL)

    def _end_late_ones(self) -> None:
        now = monotonic_seconds()
        for process, one in self._running.items():
            if not one.late and one.deadline <= now:
                one.late = True
                self._kill(process)

    def _finish(self, process: int) -> None:
        one = self._running.pop(process)
        del self._by_report[one.report]
        self._poll.unregister(process)
        self._poll.unregister(one.report)
        _, status, used = os.wait4(one.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        end = End(
            code=max(code, 0),
            signal=max(-code, 0),
            late=one.late,
            cpu_seconds=used.ru_utime + used.ru_stime,
        )
        with contextlib.suppress(BrokenPipeError):
            os.write(one.report, wire.pack(end))
        os.close(one.report)
        os.close(process)


def main() -> None:
    """Warm up, say so, serve."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    start = wire.unpack_start(wire.receive(channel)[0])
    try:
        tasks = _warm_up(start)
        dropped = _drop_user(start.user)
        linux.control_process(linux.PR_SET_DUMPABLE, 0)
    except Exception as fault:  # the warm process' edge: the node is told and goes on
        channel.send(wire.pack(Ready(fault=f"{type(fault).__name__}: {fault}"[:2000])))
        raise SystemExit(1) from fault
    os.dup2(_NOWHERE, _WORDS)  # no file's decoder may leave a word where another's could read it
    abi = landlock.version()
    channel.send(wire.pack(Ready(landlock_abi=abi, user_dropped=dropped)))
    _Zygote(channel, tasks, abi).serve()
