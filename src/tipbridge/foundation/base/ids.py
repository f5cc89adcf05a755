"""Ids and randomness, through one door so that tests can fix them."""

import os
import random
import threading
from typing import Protocol

from tipbridge.foundation.base.clock import machine_now


class Ids(Protocol):
    """Where new ids and random bytes come from."""

    def new(self) -> str:
        """A fresh id: 32 lower-case hexadecimal digits, ordered by time of making."""
        ...

    def random_bytes(self, count: int) -> bytes:
        """`count` unpredictable bytes."""
        ...


def _uuid7(milliseconds: int, tail: bytes) -> str:
    head = milliseconds.to_bytes(6, "big")
    tail = bytes([0x70 | tail[0] & 0x0F, tail[1], 0x80 | tail[2] & 0x3F]) + tail[3:]
    return (head + tail).hex()


class SystemIds:
    """Ids of UUID version 7 form from the machine's clock and the kernel's randomness.

    Each is greater than the one before, within a millisecond too and when the clock steps back:
    the twelve bits behind the time count on. Source: RFC 9562 section 6.2, method 1.
    """

    def __init__(self) -> None:
        self._last = 0  # milliseconds and the twelve bits behind them, as one number
        self._turn = threading.Lock()

    def new(self) -> str:
        """A fresh id of 32 hexadecimal digits."""
        tail = os.urandom(10)
        begin = int.from_bytes(tail[:2], "big") & 0x07FF  # half of the room is left to count in
        now = int(machine_now().timestamp() * 1000) << 12 | begin
        with self._turn:
            self._last = max(now, self._last + 1)
            milliseconds, count = divmod(self._last, 1 << 12)
        return _uuid7(milliseconds, count.to_bytes(2, "big") + tail[2:])

    def random_bytes(self, count: int) -> bytes:
        """`count` bytes from the kernel."""
        return os.urandom(count)


class SeededIds:
    """The same ids for the same seed: for tests only."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - tests only, never keys
        self._count = 0

    def new(self) -> str:
        """The next id of this seed."""
        self._count += 1
        return _uuid7(self._count, self._random.randbytes(10))

    def random_bytes(self, count: int) -> bytes:
        """The next bytes of this seed."""
        return self._random.randbytes(count)
