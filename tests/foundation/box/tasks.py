"""Tasks of the tests, loaded by the box's warm process: what a decoder might do, and worse."""

import ctypes
import itertools
import os
import signal
import sys
import time
import zlib
from io import BytesIO
from typing import BinaryIO

import numpy as np
from PIL import Image

from tipbridge.foundation.box.errors import Refused
from tipbridge.foundation.box.model import Reason

HERE = "tests.foundation.box.tasks"
MEBIBYTE = 1024 * 1024
_seen = itertools.count()
warmed = []


def warm() -> None:
    warmed.append(os.getpid())
    Image.init()  # Pillow reads its formats' code when it first needs it: inside it could not


def length(source: BinaryIO) -> int:
    return sum(len(chunk) for chunk in iter(lambda: source.read(65536), b""))


def checksum(source: BinaryIO, *, start: int = 0) -> int:
    return zlib.crc32(source.read(), start)


def size_of_picture(source: BinaryIO) -> list[int]:
    with Image.open(BytesIO(source.read())) as picture:
        picture.load()
        return list(picture.size)


def how_often_called(source: BinaryIO) -> int:
    return next(_seen)


def was_warmed(source: BinaryIO) -> list[int]:
    return [len(warmed), os.getpid()]


def who(source: BinaryIO) -> list[int]:
    return [os.getuid(), os.geteuid(), os.getgid()]


def environment(source: BinaryIO) -> dict[str, str]:
    return dict(os.environ)


def take_memory(source: BinaryIO, *, mebibytes: int) -> int:
    taken = np.ones(mebibytes * MEBIBYTE, dtype=np.uint8)
    return int(taken[:: MEBIBYTE // 2].sum()) // 2


def take_memory_in_bits(source: BinaryIO) -> int:
    kept = []
    while True:
        kept.append(bytearray(MEBIBYTE))


def spin(source: BinaryIO, *, stubborn: bool = False) -> None:
    if stubborn:
        signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while True:
        pass


def wait(source: BinaryIO, *, seconds: float) -> str:
    time.sleep(seconds)
    return "awake"


def read_one_byte_and_wait(source: BinaryIO) -> None:
    os.read(0, 1)
    time.sleep(600)


def refuse(source: BinaryIO, *, reason: str, detail: str) -> None:
    raise Refused(Reason(reason), detail)


def stumble(source: BinaryIO) -> None:
    raise ValueError("the words of the file")


def sink(source: BinaryIO) -> None:
    sink(source)


def end_with(source: BinaryIO, *, code: int) -> None:
    os._exit(code)


def fall(source: BinaryIO) -> None:
    ctypes.string_at(0)


def abort(source: BinaryIO) -> None:
    os.abort()


def answer(source: BinaryIO, *, count: int) -> str:
    return "x" * count


def answer_with_a_set(source: BinaryIO) -> set[int]:
    return {1}


def answer_with_no_number(source: BinaryIO) -> float:
    return float("nan")


def print_and_answer(source: BinaryIO) -> str:
    print("a word", flush=True)
    os.write(1, b"another")
    sys.stderr.write("and one more")
    return "clean"


def write_raw(source: BinaryIO) -> None:
    """Writes the source as the result, as a decoder would that a file has taken over."""
    os.write(3, source.read())
    os._exit(0)


def flood(source: BinaryIO) -> None:
    while True:
        os.write(3, b"[" * 65536)
