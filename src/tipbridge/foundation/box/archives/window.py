"""A file that is read at places: one that can be sought in, or bytes in memory."""

from collections.abc import Iterator
from typing import BinaryIO

from tipbridge.foundation.box.archives.model import Left, Skip

BLOCK_BYTES = 64 * 1024


class Window:
    """Reads at places within a file."""

    def __init__(self, source: BinaryIO, size_bytes: int) -> None:
        self._source, self.size_bytes = source, size_bytes

    def read(self, at: int, count: int) -> bytes:
        """Exactly `count` bytes from `at` on.

        Errors: Left when the file does not reach that far.
        """
        if at < 0 or count < 0 or at + count > self.size_bytes:
            raise Left(Skip.OUTSIDE)
        self._source.seek(at)
        data = self._source.read(count)
        if len(data) != count:
            raise Left(Skip.DAMAGED, "short")
        return data

    def blocks(self, at: int, count: int) -> Iterator[bytes]:
        """The same, block by block."""
        while count > 0:
            size = min(count, BLOCK_BYTES)
            yield self.read(at, size)
            at, count = at + size, count - size
