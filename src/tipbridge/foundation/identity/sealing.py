"""Seal streams to a recipient and open them: age encryption, flat memory, no plaintext on disk."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

import pyrage
from pyrage.x25519 import Identity, Recipient

from tipbridge.foundation.base.errors import IntegrityFailure, Invalid, Unavailable

PIECE_BYTES = 256 * 1024
"""How much goes on at once: the age library gives 8 KiB, and each hand-on has its price."""


class ByteSink(Protocol):
    """Somewhere bytes can be pushed."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""
        ...


class ByteSource(Protocol):
    """Somewhere bytes can be pulled from."""

    def read(self, count: int, /) -> bytes:
        """Up to `count` bytes; empty at the end."""
        ...


class ChunkSource:
    """Lets an iterator of chunks be read as a file."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks: Iterator[bytes] = iter(chunks)
        self._rest = memoryview(b"")
        self.failure: Exception | None = None

    def read(self, count: int = -1, /) -> bytes:
        """Up to `count` bytes; everything when negative; empty at the end."""
        if count < 0:
            return bytes(self._rest) + b"".join(self._chunks)
        while not self._rest:
            chunk = self._next()
            if chunk is None:
                return b""
            self._rest = memoryview(chunk)
        taken, self._rest = bytes(self._rest[:count]), self._rest[count:]
        return taken

    def _next(self) -> bytes | None:
        try:
            return next(self._chunks, None)
        except Exception as error:
            self.failure = error  # the age library would turn it into words
            raise


class _Sink:
    """What the age library writes to; what it gives goes on in larger pieces.

    Shape: `finish`, once the library is done, lets the rest go on; without it that stays here.
    """

    def __init__(self, sink: ByteSink) -> None:
        self._sink = sink
        self._buffer = memoryview(bytearray(PIECE_BYTES))
        self._held = 0
        self.failure: Exception | None = None

    def write(self, data: bytes) -> int:
        if self.failure is not None:
            raise self.failure  # the age library tries a failed write once more as it ends
        size = len(data)
        if self._held + size > PIECE_BYTES:
            self.finish()
        if size > PIECE_BYTES:
            self._hand_on(bytes(data))
        else:
            self._buffer[self._held : self._held + size] = data
            self._held += size
        return size

    def finish(self) -> None:
        """Let go on what is held."""
        held, self._held = self._held, 0
        if held:
            self._hand_on(bytes(self._buffer[:held]))

    def _hand_on(self, data: bytes) -> None:
        try:
            self._sink.write(data)
        except Exception as error:
            self.failure = error
            raise

    def flush(self) -> None:
        """The age library has no say in when a piece is full."""


def parse_recipient(text: str) -> Recipient:
    """The age X25519 recipient written as `text`.

    Errors: Invalid when it is none.
    """
    try:
        recipient = Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise Invalid("Not an age X25519 recipient (age1…).") from error
    if str(recipient) != text:
        raise Invalid("The age recipient is not in its usual form.")
    return recipient


def seal_stream(recipient: str, chunks: Iterable[bytes], sink: ByteSink) -> None:
    """Write the age file of `chunks` for `recipient` into `sink`, chunk by chunk.

    Errors: what `chunks` or `sink` themselves raise passes through.
    """
    source, target = ChunkSource(chunks), _Sink(sink)
    try:
        pyrage.encrypt_io(source, target, [parse_recipient(recipient)])
        target.finish()
    except pyrage.EncryptError:
        failure = source.failure or target.failure
        if failure is not None:
            raise failure from None
        raise


def open_stream(identities: Sequence[Identity], source: ByteSource, sink: ByteSink) -> None:
    """Push the plaintext of the age file in `source` into `sink`, chunk by chunk.

    The sink may see the beginning of a file whose end turns out damaged: nothing it was given
    counts until this returns. What the sink itself raises passes through.
    Errors: IntegrityFailure, the same for every damage and for another's recipient; Unavailable
    when the system fails to read or write: that says nothing of the bytes.
    """
    ends = Ends(source, sink)
    try:
        ends.open(identities)
    except (pyrage.DecryptError, OSError) as error:
        ends.raise_failure()
        raise IntegrityFailure("The sealed bytes do not open.") from error


class Ends:
    """The two ends of an opening, which remember what reading or writing failed with.

    The age library's own word for damage is an OSError too, so the ends say which it was.
    """

    def __init__(self, source: ByteSource, sink: ByteSink) -> None:
        self.source, self.sink = _Watched(source.read), _Sink(sink)

    def open(self, identities: Sequence[Identity]) -> None:
        """Push the plaintext of the source into the sink.

        Errors: the age library's own; `raise_failure` raises that of an end.
        """
        pyrage.decrypt_io(self.source, self.sink, list(identities))
        self.sink.finish()

    def raise_failure(self) -> None:
        """Raise what an end failed with: Unavailable for the system's own; nothing when none did."""
        failure = self.source.failure or self.sink.failure
        if isinstance(failure, OSError):
            raise Unavailable("Sealed bytes can't be read or written now.") from failure
        if failure is not None:
            raise failure


class _Watched:
    """What the age library reads from."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self.failure: Exception | None = None

    def read(self, count: int = -1, /) -> bytes:
        try:
            return self._read(count)
        except Exception as error:
            self.failure = error
            raise
