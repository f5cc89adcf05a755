"""Reads a package's bytes as they come, at flat memory, and compares all that is not content."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Protocol

from tipbridge.sharing.exchange.bag import FRONT_BYTES, Piece, bag_pieces, header_size
from tipbridge.sharing.exchange.errors import damaged
from tipbridge.sharing.exchange.model import FileSlot, VerifiedHeader


class FileSink(Protocol):
    """Where the bytes of one file go."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""
        ...


class PackageReader:
    """Takes a package's bytes as they come; nothing counts until `finish` returns.

    Shape: `verify` gets the header's bytes and answers what they say; `sink_for` gives each
    file a sink (called when the file begins) or None to check it only.
    Errors: IntegrityFailure, the same for every damage, from `write` and `finish`.
    """

    def __init__(
        self,
        verify: Callable[[bytes], VerifiedHeader],
        sink_for: Callable[[FileSlot], FileSink | None] | None = None,
    ) -> None:
        self._verify, self._sink_for = verify, sink_for
        self._front = bytearray()
        self._pieces: Iterator[Piece] | None = None
        self._due: memoryview | None = None
        self._slot: FileSlot | None = None
        self._sink: FileSink | None = None
        self._left_bytes = 0
        self._file_digest = hashlib.sha256()
        self._digest = hashlib.sha256()

    def write(self, data: bytes, /) -> None:
        """Take the next bytes."""
        self._digest.update(data)
        if self._pieces is None:
            data = self._take_front(data)
        rest = memoryview(data)
        while rest:
            rest = self._take_content(rest) if self._slot is not None else self._compare(rest)

    def finish(self) -> str:
        """The SHA-256 of the whole package, hexadecimal, once it is complete."""
        if self._pieces is None or self._slot is not None or self._due is not None:
            raise damaged()
        return self._digest.hexdigest()

    def _take_front(self, data: bytes) -> bytes:
        """Keep what comes until the header is whole; then all of it, to be compared."""
        self._front += data
        if len(self._front) < FRONT_BYTES:
            return b""
        try:
            end = FRONT_BYTES + header_size(bytes(self._front[:FRONT_BYTES]))
        except ValueError as error:
            raise damaged() from error
        if len(self._front) < end:
            return b""
        header = bytes(self._front[FRONT_BYTES:end])
        found = self._verify(header)
        self._pieces = bag_pieces(header, found.statements, found.parts, found.files)
        kept, self._front = bytes(self._front), bytearray()
        self._next_piece()
        return kept

    def _next_piece(self) -> None:
        """Begin with what comes next; a piece without bytes ends at once."""
        self._due, self._slot, self._sink = None, None, None
        for piece in self._pieces or ():
            if isinstance(piece, bytes):
                if piece:
                    self._due = memoryview(piece)
                    return
            elif self._begin(piece):
                return

    def _begin(self, slot: FileSlot) -> bool:
        """Begin a file; whether bytes of it are to come."""
        self._sink = self._sink_for(slot) if self._sink_for else None
        self._file_digest = hashlib.sha256()
        self._left_bytes = slot.size_bytes
        if self._left_bytes:
            self._slot = slot
        else:
            self._check(slot)
        return self._left_bytes > 0

    def _compare(self, data: memoryview) -> memoryview:
        if self._due is None:
            raise damaged()
        length = min(len(data), len(self._due))
        if data[:length] != self._due[:length]:
            raise damaged()
        self._due = self._due[length:]
        if not self._due:
            self._next_piece()
        return data[length:]

    def _take_content(self, data: memoryview) -> memoryview:
        taken = data[: self._left_bytes]
        self._file_digest.update(taken)
        if self._sink is not None:
            self._sink.write(bytes(taken))
        self._left_bytes -= len(taken)
        if not self._left_bytes and self._slot is not None:
            self._check(self._slot)
            self._next_piece()
        return data[len(taken) :]

    def _check(self, slot: FileSlot) -> None:
        if self._file_digest.hexdigest() != slot.sha256:
            raise damaged()
