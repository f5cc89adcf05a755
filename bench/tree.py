"""Growing the audit log's tree, against bare hashes."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from bench.claims import Measured, best_seconds
from tipbridge.foundation.audit.merkle import Tree, leaf_hash

LEAVES = 50_000


def hash_each(leaves: list[bytes]) -> None:
    """The peer: as many bare hashes as there are entries."""
    for leaf in leaves:
        hashlib.sha256(leaf + leaf).digest()


def measure(folder: Path) -> Iterator[Measured]:
    """One claim."""
    del folder
    leaves = [leaf_hash(number.to_bytes(8, "big")) for number in range(LEAVES)]
    ours = best_seconds(lambda: Tree().extend(leaves).root())
    yield Measured(
        words="growing the audit tree / one hashlib SHA-256 for each entry",
        ratio=ours / best_seconds(lambda: hash_each(leaves)),
        most=8.0,
    )
