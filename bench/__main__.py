"""Prints each claim with its ratio, and fails where one no longer holds: `make bench`."""

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyrage

from tipbridge.foundation.audit.merkle import Tree, leaf_hash
from tipbridge.foundation.storage.vault import Vault
from tipbridge.knowledge.hashes.digests import Digester

ROUNDS = 3
PIECE_BYTES = 1024 * 1024
FILE_PIECES = 64
LEAVES = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What we say: ours takes at most `bound` times as long as the peer."""

    words: str
    ours: Callable[[], object]
    peer: Callable[[], object]
    bound: float


def best_seconds(run: Callable[[], object]) -> float:
    """The quickest of a few rounds: what the machine can do when it is not disturbed."""
    times: list[float] = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        run()
        times.append(time.perf_counter() - begun)
    return min(times)


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


def hash_each(leaves: list[bytes]) -> None:
    """The peer: as many bare hashes as there are entries."""
    for leaf in leaves:
        hashlib.sha256(leaf + leaf).digest()


def claims(folder: Path) -> list[Claim]:
    """Every claim, on fresh data in `folder`."""
    piece = os.urandom(PIECE_BYTES)
    whole = piece * FILE_PIECES
    leaves = [leaf_hash(number.to_bytes(8, "big")) for number in range(LEAVES)]
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

    return [
        Claim(
            words="three digests in one pass / hashlib, one pass for each",
            ours=lambda: one_pass(piece),
            peer=lambda: three_passes(piece),
            bound=2.0,
        ),
        Claim(
            words="growing the audit tree / one hashlib SHA-256 for each entry",
            ours=lambda: Tree().extend(leaves).root(),
            peer=lambda: hash_each(leaves),
            bound=8.0,
        ),
        Claim(
            words="sealing 64 MiB as a stream / pyrage in memory, written and fsynced",
            ours=seal,
            peer=encrypt_and_sync,
            bound=2.5,
        ),
    ]


def main() -> int:
    """Measure everything; 1 when a claim does not hold."""
    broken = 0
    with tempfile.TemporaryDirectory() as folder:
        for claim in claims(Path(folder)):
            ratio = best_seconds(claim.ours) / best_seconds(claim.peer)
            holds = ratio <= claim.bound
            broken += not holds
            verdict = "holds" if holds else "BROKEN"
            print(f"{ratio:6.2f}  (at most {claim.bound})  {verdict}  {claim.words}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
