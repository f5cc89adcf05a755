"""The process of one file: it walls itself in, runs one task over the source, and ends."""

import errno
import json
import os
import signal
from collections.abc import Callable
from typing import BinaryIO

from tipbridge.foundation.box import linux
from tipbridge.foundation.box.errors import Refused
from tipbridge.foundation.box.model import DETAIL, Reason
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


def _answer(task: Task, order: Order, source: BinaryIO) -> bytes:
    try:
        value = task(source, **order.arguments)
    except Refused as refused:
        return _failed(refused.reason, refused.detail)
    except MemoryError:
        return _failed(Reason.OUT_OF_MEMORY)
    except Exception as fault:  # noqa: BLE001 - the task's edge: the file has no value
        if isinstance(fault, OSError) and fault.errno == errno.ENOMEM:
            return _failed(Reason.OUT_OF_MEMORY)
        return _failed(Reason.UNDECODABLE, type(fault).__name__)
    try:
        return json.dumps({"value": value}, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as fault:
        return _failed(Reason.RESULT_MALFORMED, type(fault).__name__)


def _failed(reason: Reason, detail: str = "") -> bytes:
    told = detail if DETAIL.fullmatch(detail) else ""
    return json.dumps({"reason": reason, "detail": told}).encode()


def _write(answer: bytes) -> None:
    left = memoryview(answer)
    while left:
        left = left[os.write(RESULT, left) :]
