"""Index files: a header that names and checks the rest, written whole or not at all, then mapped.

Shape of a file: 64 bytes of header (magic, width of a key in bytes, a number of the index's own,
count of rows, length of the body, SHA-256 of the body), then sections, each on a 64-byte line.
Little-endian. The database is the truth: a file that does not check is built again, never mended.
"""

import hashlib
import mmap
import os
import struct
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from tipbridge.foundation.base.errors import IntegrityFailure

_HEADER = struct.Struct("<8sIIQQ32s")
HEADER_BYTES = 64
LINE_BYTES = 64
PIECE_BYTES = 1 << 20
assert _HEADER.size == HEADER_BYTES


class IndexDamaged(IntegrityFailure):
    """An index file is not what its header says; build it again from the database."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"The index file {path.name} {why}; it has to be built again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What an index file says of itself.

    Shape: `own_number` is the fan-out bits of an exact index, the bands of a near one.
    """

    magic: bytes
    width: int
    own_number: int
    count: int
    body_bytes: int
    body_sha256: bytes

    def packed(self) -> bytes:
        """The header as it stands in the file."""
        return _HEADER.pack(
            self.magic,
            self.width,
            self.own_number,
            self.count,
            self.body_bytes,
            self.body_sha256,
        )


class BodyWriter:
    """Takes the sections of a body in order and digests them on the way."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sha256 = hashlib.sha256()
        self.size_bytes = 0

    def section(self, array: NDArray[Any]) -> None:
        """Write one array and fill up to the next line."""
        self.piece(array)
        self.align()

    def piece(self, array: NDArray[Any]) -> None:
        """Write one array; the next follows without a gap."""
        whole = np.ascontiguousarray(array).data.cast("B") if array.size else memoryview(b"")
        self._file.write(whole)
        self._sha256.update(whole)
        self.size_bytes += len(whole)

    def align(self) -> None:
        """Fill with zeros up to the next line."""
        gap = bytes(-self.size_bytes % LINE_BYTES)
        self._file.write(gap)
        self._sha256.update(gap)
        self.size_bytes += len(gap)

    def sha256(self) -> bytes:
        """The digest of all that was written."""
        return self._sha256.digest()


@contextmanager
def written_whole(
    path: Path, *, magic: bytes, width: int, own_number: int, count: int
) -> Generator[BodyWriter]:
    """Write an index beside its place and rename it there; a reader sees all of it or none."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            file.write(bytes(HEADER_BYTES))
            body = BodyWriter(file)
            yield body
            file.seek(0)
            header = Header(
                magic=magic,
                width=width,
                own_number=own_number,
                count=count,
                body_bytes=body.size_bytes,
                body_sha256=body.sha256(),
            )
            file.write(header.packed())
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class IndexFile:
    """An index file that is only read: mapped, or a copy in memory that nobody writes."""

    def __init__(self, path: Path, whole: mmap.mmap | memoryview, magic: bytes) -> None:
        self.path, self.map = path, whole
        if len(whole) < HEADER_BYTES:
            raise IndexDamaged(path, "is shorter than its header")
        said = _HEADER.unpack(whole[:HEADER_BYTES])
        self.header = Header(**dict(zip(Header.__slots__, said, strict=True)))
        if self.header.magic != magic:
            raise IndexDamaged(path, "is of another kind")
        if len(whole) != HEADER_BYTES + self.header.body_bytes:
            raise IndexDamaged(path, f"has {len(whole)} bytes, not what its header says")
        self._next = HEADER_BYTES

    @classmethod
    def mapped(cls, path: Path, magic: bytes) -> Self:
        """The file at a path; all processes of this machine share one copy in the page cache."""
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size < HEADER_BYTES:  # of nothing there is no map
                raise IndexDamaged(path, "is shorter than its header")
            return cls(path, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ), magic)

    @property
    def whole(self) -> NDArray[np.uint8]:
        """Every byte of it, without a copy."""
        return np.frombuffer(self.map, np.uint8)

    def section(self, dtype: DTypeLike, *shape: int) -> NDArray[Any]:
        """The next section as a read-only array; sections come in the order they were written."""
        count = int(np.prod(shape, dtype=np.int64))
        wanted = count * np.dtype(dtype).itemsize
        if self._next + wanted > len(self.map):
            raise IndexDamaged(self.path, "is shorter than its rows need")
        array = np.frombuffer(self.map, dtype=dtype, count=count, offset=self._next)
        self._next += wanted + -wanted % LINE_BYTES
        return array.reshape(shape)

    def verify(self) -> None:
        """Digest the body again; IndexDamaged when a single bit differs from what was built."""
        sha256 = hashlib.sha256()
        with memoryview(self.map) as whole:
            for start in range(HEADER_BYTES, len(whole), PIECE_BYTES):
                sha256.update(whole[start : start + PIECE_BYTES])
        if sha256.digest() != self.header.body_sha256:
            raise IndexDamaged(self.path, "does not have the digest that its header names")
