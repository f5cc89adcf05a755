"""Ids and randomness, through one door so that tests can fix them."""

import os
import random
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
    """Ids of UUID version 7 form from the machine's clock and the kernel's randomness."""

    def new(self) -> str:
        """A fresh id of 32 hexadecimal digits."""
        return _uuid7(int(machine_now().timestamp() * 1000), os.urandom(10))

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
