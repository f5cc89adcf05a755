"""Sealing a large file as it comes, against the cipher alone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pyrage

from bench.claims import Measured, best_seconds
from tipbridge.foundation.storage.vault import Vault

PIECE_BYTES = 1024 * 1024
FILE_PIECES = 64


def measure(folder: Path) -> Iterator[Measured]:
    """One claim."""
    piece = os.urandom(PIECE_BYTES)
    whole = piece * FILE_PIECES
    vault = Vault(folder / "vault", pyrage.x25519.Identity.generate())
    vault.create_key("bench")
    recipient = pyrage.x25519.Identity.generate().to_public()
    names = iter(range(1000))

    def seal() -> None:
        sealer = vault.sealer("bench", f"file{next(names)}")
        for _ in range(FILE_PIECES):
            sealer.write(piece)
        sealer.finish()

    def encrypt_and_sync() -> None:
        with (folder / "peer").open("wb") as file:
            file.write(pyrage.encrypt(whole, [recipient]))
            file.flush()
            os.fsync(file.fileno())

    yield Measured(
        words="sealing 64 MiB as a stream / pyrage in memory, written and fsynced",
        ratio=best_seconds(seal) / best_seconds(encrypt_and_sync),
        most=2.5,
    )
