"""Seal streams to a recipient and open them: age encryption, flat memory, no plaintext on disk."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import pyrage
from pyrage.x25519 import Identity, Recipient

from tipbridge.foundation.base.errors import IntegrityFailure, Invalid


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
        self._rest = b""
        self.failure: Exception | None = None

    def read(self, count: int = -1, /) -> bytes:
        """Up to `count` bytes; everything when negative; empty at the end."""
        if count < 0:
            return self._rest + b"".join(self._chunks)
        while not self._rest:
            chunk = self._next()
            if chunk is None:
                return b""
            self._rest = chunk
        taken, self._rest = self._rest[:count], self._rest[count:]
        return taken

    def _next(self) -> bytes | None:
        try:
            return next(self._chunks, None)
        except Exception as error:
            self.failure = error  # the age library would turn it into words
            raise


class _Sink:
    """What the age library writes to: `write` that reports a count, and `flush`."""

    def __init__(self, sink: ByteSink) -> None:
        self._sink = sink

    def write(self, data: bytes) -> int:
        self._sink.write(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back here."""


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

    Errors: what `chunks` itself raises passes through.
    """
    source = ChunkSource(chunks)
    try:
        pyrage.encrypt_io(source, _Sink(sink), [parse_recipient(recipient)])
    except pyrage.EncryptError:
        if source.failure is not None:
            raise source.failure from None
        raise


def open_stream(identities: Sequence[Identity], source: ByteSource, sink: ByteSink) -> None:
    """Push the plaintext of the age file in `source` into `sink`, chunk by chunk.

    The sink may see the beginning of a file whose end turns out damaged: nothing it was given
    counts until this returns. What the sink itself raises passes through.
    Errors: IntegrityFailure, the same for every damage and for another's recipient.
    """
    try:
        pyrage.decrypt_io(source, _Sink(sink), list(identities))
    except (pyrage.DecryptError, OSError) as error:
        raise IntegrityFailure("The sealed bytes do not open.") from error
