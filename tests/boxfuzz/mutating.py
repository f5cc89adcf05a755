"""Mutations of a file, drawn from a seed: the same number gives the same bytes."""

import random
from collections.abc import Callable

EXTREMES = (b"\0", b"\xff", b"\x7f", b"\x80", b"\xff\xff", b"\0\0", b"\x7f\xff\xff\xff", b"\xff" * 4, b"\x80\0\0\0", b"\0" * 4, b"\xff" * 8)  # fmt: skip
_MOST_BYTES = 1_000_000


def _flip(data: bytearray, draw: random.Random, _: bytes) -> None:
    for _number in range(draw.choice((1, 1, 2, 8, 64))):
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)


def _set(data: bytearray, draw: random.Random, _: bytes) -> None:
    value = draw.choice(EXTREMES)
    at = draw.randrange(len(data))
    data[at : at + len(value)] = value


def _set_in_front(data: bytearray, draw: random.Random, _: bytes) -> None:
    value = draw.choice(EXTREMES)
    at = draw.randrange(min(len(data), 200))
    data[at : at + len(value)] = value


def _cut(data: bytearray, draw: random.Random, _: bytes) -> None:
    del data[draw.randrange(len(data)) :]


def _leave_out(data: bytearray, draw: random.Random, _: bytes) -> None:
    at = draw.randrange(len(data))
    del data[at : at + draw.randrange(1, 64)]


def _repeat(data: bytearray, draw: random.Random, _: bytes) -> None:
    at = draw.randrange(len(data))
    piece = bytes(data[at : at + draw.randrange(1, 512)])
    data[at:at] = piece * draw.choice((1, 2, 50))


def _noise(data: bytearray, draw: random.Random, _: bytes) -> None:
    at = draw.randrange(len(data))
    data[at:at] = draw.randbytes(draw.randrange(1, 64))


def _splice(data: bytearray, draw: random.Random, other: bytes) -> None:
    if other:
        at, start = draw.randrange(len(data)), draw.randrange(len(other))
        data[at:] = other[start:]


WAYS: tuple[Callable[[bytearray, random.Random, bytes], None], ...] = (
    _flip, _set, _set_in_front, _set_in_front, _cut, _leave_out, _repeat, _noise, _splice,
)  # fmt: skip


def mutate(data: bytes, draw: random.Random, other: bytes) -> bytes:
    """One to four mutations; `other` is a file to splice in."""
    changed = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 4))):
        if not changed:
            break
        draw.choice(WAYS)(changed, draw, other)
        del changed[_MOST_BYTES:]
    return bytes(changed)
