"""Cryptographic digests of a file, all in one pass over its bytes."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """The three digests and the length of one file; digests are lower-case hexadecimal."""

    md5: str
    sha1: str
    sha256: str
    size_bytes: int


class Digester:
    """Takes the bytes of one file piece by piece; memory does not grow with the file."""

    def __init__(self) -> None:
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._sha1 = hashlib.sha1(usedforsecurity=False)
        self._sha256 = hashlib.sha256()
        self._size_bytes = 0

    def update(self, piece: bytes) -> None:
        """Take the next bytes of the file."""
        self._md5.update(piece)
        self._sha1.update(piece)
        self._sha256.update(piece)
        self._size_bytes += len(piece)

    def result(self) -> Digests:
        """The digests of everything taken so far; may be asked more than once."""
        return Digests(
            md5=self._md5.hexdigest(),
            sha1=self._sha1.hexdigest(),
            sha256=self._sha256.hexdigest(),
            size_bytes=self._size_bytes,
        )


def digest_bytes(data: bytes) -> Digests:
    """The digests of bytes already in memory."""
    digester = Digester()
    digester.update(data)
    return digester.result()
