"""Three digests in one pass, against hashlib."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from bench.claims import Measured, best_seconds
from tipbridge.knowledge.hashes.digests import Digester

PIECE_BYTES = 1024 * 1024
FILE_PIECES = 64


def one_pass(piece: bytes) -> None:
    """Ours: every digest sees each piece as it comes by."""
    digester = Digester()
    for _ in range(FILE_PIECES):
        digester.update(piece)
    digester.result()


def three_passes(piece: bytes) -> None:
    """The peer: hashlib, the whole content once for each digest."""
    for name in ("md5", "sha1", "sha256"):
        digest = hashlib.new(name, usedforsecurity=False)
        for _ in range(FILE_PIECES):
            digest.update(piece)


def measure(folder: Path) -> Iterator[Measured]:
    """One claim."""
    del folder
    piece = os.urandom(PIECE_BYTES)
    yield Measured(
        words="three digests in one pass / hashlib, one pass for each",
        ratio=best_seconds(lambda: one_pass(piece)) / best_seconds(lambda: three_passes(piece)),
        most=2.0,
    )
