"""The process of one file: it walls itself in, runs one task over the source, and ends."""

import errno
import json
import os
import signal
from collections.abc import Callable
from typing import BinaryIO

from tipbridge.foundation.box import linux
from tipbridge.foundation.box.errors import Refused
from tipbridge.foundation.box.model import DETAIL, Done, Failed, Reason
from tipbridge.foundation.box.walls import RESULT, SOURCE, close_walls, held_bytes, keep_only
from tipbridge.foundation.box.wire import Order

Task = Callable[..., object]

NO_WALLS = os.EX_NOPERM
"""The exit code of a process that could not wall itself in and so did nothing."""


def decode(task: Task, order: Order, source: int, result: int, *, parent: int, abi: int) -> None:
    """Run one task in this process, which is a fresh fork, and never return."""
    code = NO_WALLS
    try:
        linux.control_process(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == parent:
            held = held_bytes()
            keep_only(source, result)
            with open(SOURCE, "rb", closefd=False) as opened:
                close_walls(order.limits, held=held, landlock_abi=abi)
                code = os.EX_SOFTWARE
                _write(_answer(task, order, opened))
            code = 0
    finally:
        os._exit(code)


def attempted(task: Callable[[], object]) -> Done | Failed:
    """What a task gives, or why it gives nothing; whatever it raises."""
    try:
        return Done(value=task())
    except Refused as refused:
        reason, detail = refused.reason, refused.detail
    except MemoryError:
        reason, detail = Reason.OUT_OF_MEMORY, ""
    except Exception as fault:  # noqa: BLE001 - the task's edge: the file has no value
        if isinstance(fault, OSError) and fault.errno == errno.ENOMEM:
            reason, detail = Reason.OUT_OF_MEMORY, ""
        else:
            reason, detail = Reason.UNDECODABLE, type(fault).__name__
    return Failed(reason=reason, detail=detail if DETAIL.fullmatch(detail) else "")


def _answer(task: Task, order: Order, source: BinaryIO) -> bytes:
    found = attempted(lambda: task(source, **order.arguments))
    if isinstance(found, Failed):
        return _failed(found)
    try:
        return json.dumps({"value": found.value}, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as fault:
        return _failed(Failed(reason=Reason.RESULT_MALFORMED, detail=type(fault).__name__))


def _failed(failed: Failed) -> bytes:
    return json.dumps({"reason": failed.reason, "detail": failed.detail}).encode()


def _write(answer: bytes) -> None:
    left = memoryview(answer)
    while left:
        left = left[os.write(RESULT, left) :]
