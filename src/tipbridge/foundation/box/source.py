"""A file on its way into the box: bytes, a descriptor or chunks, as one descriptor."""

import fcntl
import os
import stat
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager

from tipbridge.foundation.base.errors import Invalid

Source = bytes | bytearray | int | Iterable[bytes]

_SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


class Feed:
    """Chunks that go into a pipe as the other side takes them."""

    def __init__(self, descriptor: int, chunks: Iterator[bytes]) -> None:
        self.descriptor = descriptor
        self._chunks, self._left = chunks, memoryview(b"")

    def push(self) -> bool:
        """Write what fits now; whether there is more to write."""
        try:
            while self._more():
                self._left = self._left[os.write(self.descriptor, self._left) :]
        except BlockingIOError:
            return True
        except BrokenPipeError:  # the decoder has seen enough, or has ended
            pass
        self.close()
        return False

    def _more(self) -> bool:
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return False
            self._left = memoryview(chunk)
        return True

    def close(self) -> None:
        """Tell the other side that this was all."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


@contextmanager
def opened(source: Source) -> Generator[tuple[int, Feed | None]]:
    """A descriptor for the box to read from, and what has to be fed to it meanwhile.

    Errors: Invalid for a descriptor that could be written to, or is no file and no pipe.
    """
    if isinstance(source, int):
        _refuse_writable(source)
        yield source, None
    elif isinstance(source, bytes | bytearray):
        with _in_memory(source) as descriptor:
            yield descriptor, None
    else:
        reading, writing = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(writing, False)
        feed = Feed(writing, iter(source))
        try:
            yield reading, feed
        finally:
            feed.close()
            os.close(reading)


def _refuse_writable(descriptor: int) -> None:
    if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY:
        raise Invalid("The box takes a descriptor opened for reading only.")
    mode = os.fstat(descriptor).st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
        raise Invalid("The box takes the descriptor of a file or a pipe.")


@contextmanager
def _in_memory(data: bytes | bytearray) -> Generator[int]:
    """A sealed file that is only memory: nothing can write to it, and no disk sees it."""
    descriptor = os.memfd_create("source", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        os.lseek(descriptor, 0, os.SEEK_SET)
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _SEALS)
        yield descriptor
    finally:
        os.close(descriptor)
