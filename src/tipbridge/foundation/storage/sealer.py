"""Seal bytes as they arrive: one age file, flat memory, no plaintext on disk."""

import contextlib
import queue
import threading
from collections.abc import Generator
from typing import BinaryIO

import pyrage
from pyrage.x25519 import Identity, Recipient

from tipbridge.foundation.base.errors import IntegrityFailure, Unavailable
from tipbridge.foundation.identity.sealing import Ends
from tipbridge.foundation.storage.files import NewFile

SMALL_BYTES = 256 * 1024
_PIECE_BYTES = 1024 * 1024
_PIECES_AHEAD = 4


class _Stopped(Exception):
    """Raised inside the cipher's thread to make it give up."""


class _Pipe:
    """A bounded pipe: the cipher pulls from it what the upload pushes in."""

    def __init__(self) -> None:
        self._pieces: queue.Queue[bytes | None] = queue.Queue(_PIECES_AHEAD)
        self._rest = memoryview(b"")
        self.stopped = False

    def push(self, data: bytes | None) -> None:
        self._pieces.put(data)

    def wake(self) -> None:
        with contextlib.suppress(queue.Full):
            self._pieces.put_nowait(None)

    def drain(self) -> None:
        while self._pieces.get() is not None:
            pass

    def read(self, count: int = -1, /) -> bytes:
        if not self._rest:
            piece = self._pieces.get()
            if self.stopped:
                raise _Stopped
            if piece is None:
                self._pieces.put(None)  # a second read past the end must end too
                return b""
            self._rest = memoryview(piece)
        taken = self._rest if count < 0 else self._rest[:count]
        self._rest = self._rest[len(taken) :]
        return bytes(taken)


class _Target:
    """What the cipher writes to; it remembers what the disk said, of which age keeps the words alone."""

    def __init__(self, file: NewFile) -> None:
        self._file = file
        self.failure: OSError | None = None

    def write(self, data: bytes, /) -> int:
        try:
            return self._file.write(data)
        except OSError as error:
            self.failure = error
            raise

    def flush(self) -> None:
        self._file.flush()


class CipherThread:
    """Runs the age cipher beside the upload, reading the pipe and writing the file."""

    def __init__(self, recipient: Recipient, target: NewFile) -> None:
        self._pipe = _Pipe()
        self._failure: BaseException | None = None
        self._recipient, self._target = recipient, _Target(target)
        self._thread = threading.Thread(target=self._run, name="cipher", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            pyrage.encrypt_io(self._pipe, self._target, [self._recipient])
        except BaseException as error:  # noqa: BLE001 - carried to the thread that asked
            self._failure = self._target.failure or error
            if not self._pipe.stopped:
                self._pipe.drain()  # the pushing side must never wait on a dead reader

    def push(self, data: bytes) -> None:
        """Feed the cipher, waiting while it is behind."""
        self._check()
        for start in range(0, len(data), _PIECE_BYTES):
            self._pipe.push(data[start : start + _PIECE_BYTES])

    def finish(self) -> None:
        """Wait until the last byte is written."""
        self._pipe.push(None)
        self._thread.join()
        self._check()

    def stop(self) -> None:
        """Make the cipher give up, and wait for it."""
        self._pipe.stopped = True
        while self._thread.is_alive():
            self._pipe.wake()
            self._thread.join(0.01)

    def _check(self) -> None:
        if self._failure is not None:
            raise Unavailable("The sealed file can't be written.") from self._failure


class _Outlet:
    """What the cipher writes plaintext into when a sealed file is opened."""

    def __init__(self) -> None:
        self.pieces: queue.Queue[bytes | None] = queue.Queue(_PIECES_AHEAD)
        self.closed = False

    def write(self, data: bytes, /) -> int:
        while not self.closed:
            with contextlib.suppress(queue.Full):
                self.pieces.put(bytes(data), timeout=0.2)
                return len(data)
        raise _Stopped


def open_pieces(identity: Identity, source: BinaryIO) -> Generator[bytes]:
    """The plaintext of an age file, piece by piece, at flat memory.

    Errors: IntegrityFailure when a byte differs; at a truncated end, after earlier pieces;
    Unavailable when the system fails to read.
    """
    outlet, failures = _Outlet(), list[BaseException]()
    ends = Ends(source, outlet)

    def run() -> None:
        try:
            ends.open([identity])
        except BaseException as error:  # noqa: BLE001 - carried to the thread that asked
            failures.append(error)
        with contextlib.suppress(_Stopped):
            _say_end(outlet)

    thread = threading.Thread(target=run, name="opener", daemon=True)
    thread.start()
    try:
        while (piece := outlet.pieces.get()) is not None:
            yield piece
    finally:
        outlet.closed = True
        thread.join()
    if failures:
        ends.raise_failure()
        raise IntegrityFailure("A sealed file does not open.") from failures[0]


def _say_end(outlet: _Outlet) -> None:
    while not outlet.closed:
        with contextlib.suppress(queue.Full):
            outlet.pieces.put(None, timeout=0.2)
            return
