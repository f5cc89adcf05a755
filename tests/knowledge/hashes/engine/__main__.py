"""The long proofs of the match engine: `make match-engine`; MATCH_ENGINE="--hashes 100000"."""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

from tests.knowledge.hashes.engine.planted import (
    by_brute_force,
    claim_planted_are_found,
    drawn,
    families,
    index_of,
    moved,
)
from tests.knowledge.hashes.running import swapped_at_a_node
from tipbridge.knowledge.hashes.engine.near import Found


def against_brute_force(folder: Path, queries: int) -> str:
    """A hundred thousand hashes, half of them in families; queries from near and from far."""
    hashes = np.concatenate((drawn(50_000, seed=1), families(50_000, 25, seed=2)))
    index = index_of(folder / "brute", hashes)
    rng = np.random.default_rng(3)
    rows = rng.integers(0, len(hashes), queries)
    asked = np.array([moved(hashes[row], int(rng.integers(40)), rng) for row in rows])
    asked[::10] = drawn(len(asked[::10]), seed=4)
    answers = index.search_many(asked)
    neighbours = 0
    for number, query in enumerate(asked):
        wanted = by_brute_force(hashes, query, 31, 1000)
        assert answers[number] == wanted, number
        assert index.search(query.tobytes()) == wanted, number
        neighbours += len(wanted.neighbours) if isinstance(wanted, Found) else 0
    return f"{queries} queries on 100,000 hashes equal brute force ({neighbours} neighbours)"


def planted_in_a_million(folder: Path, count: int) -> str:
    """Neighbours at 0 to 31 bits found and at 32 not."""
    hashes = drawn(count, seed=5)
    index = index_of(folder / "planted", hashes)
    asked = claim_planted_are_found(index, hashes, seed=6, each=100)
    return f"{asked} planted queries on {count} hashes: found at 0-31 bits, not at 32"


def main() -> int:
    """Run each proof and say what it did; a failed one ends the run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--planted", type=int, default=1_000_000)
    parser.add_argument("--hashes", type=int, default=10_000_000)
    parser.add_argument("--swaps", type=int, default=20)
    parser.add_argument("--reports", type=int, default=100)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(against_brute_force(folder, chosen.queries), flush=True)
        print(planted_in_a_million(folder, chosen.planted), flush=True)
        print(swapped_at_a_node(folder, chosen.hashes, chosen.swaps, chosen.reports), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
