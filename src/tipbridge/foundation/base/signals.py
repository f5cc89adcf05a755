"""Signals to end a process, put off while something is half done."""

import contextlib
import signal
import threading
from collections.abc import Generator

ENDS = (signal.SIGTERM, signal.SIGINT)


@contextlib.contextmanager
def signals_put_off() -> Generator[list[int]]:
    """Signals to end that come meanwhile, seen in the block; the first is raised after it.

    Shape: in a thread beside the main one nothing changes: signals are never handled there.
    One that is ignored, as a program in the background ignores Ctrl-C, stays ignored.
    """
    held: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield held
        return
    heard = [end for end in ENDS if signal.getsignal(end) is not signal.SIG_IGN]
    before = {end: signal.signal(end, lambda number, _: held.append(number)) for end in heard}
    try:
        yield held
    finally:
        for end, handler in before.items():
            signal.signal(end, handler)
        if held:
            signal.raise_signal(held[0])
