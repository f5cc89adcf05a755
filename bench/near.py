"""Near look-up of PDQ hashes at radius 31, against the field's indexes, recall counted.

`NEAR_MOST=1000000 make bench BENCH=near` leaves out the ten million, which take minutes.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray
from threatexchange.signal_type.pdq.pdq_index import PDQIndex

from bench.claims import Measured
from bench.paired import cpu_seconds, paired
from tipbridge.knowledge.hashes.engine import near
from tipbridge.knowledge.hashes.engine.near import Found, NearIndex
from tipbridge.knowledge.hashes.engine.warming import warm_up

MOST = int(os.environ.get("NEAR_MOST", "10000000"))
MILLION, TEN_MILLION = 1_000_000, 10_000_000
RADIUS = 31
QUERIES = 2_000
Hashes = NDArray[np.uint8]


def drawn(count: int, seed: int) -> Hashes:
    """Hashes from a seed."""
    return np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)


def planted(hashes: Hashes, count: int) -> tuple[Hashes, NDArray[np.int64]]:
    """Queries, every other one with a neighbour at 0 to 31 bits, a half of these at 31."""
    rng = np.random.default_rng(9)
    queries, rows = drawn(count, 8), np.full(count, -1, np.int64)
    for number in range(0, count, 2):
        row = int(rng.integers(len(hashes)))
        bits = RADIUS if number % 4 else int(rng.integers(RADIUS + 1))
        unpacked = np.unpackbits(hashes[row])
        unpacked[rng.permutation(256)[:bits]] ^= 1
        queries[number], rows[number] = np.packbits(unpacked), row
    return queries, rows


def built(folder: Path, hashes: Hashes) -> tuple[NearIndex, tuple[str, ...]]:
    """Our index over these, and what it cost."""
    path = folder / "near"
    numbers = np.arange(len(hashes), dtype=np.uint32)
    seconds = cpu_seconds(lambda: near.build(path, hashes, numbers))
    begun = time.perf_counter()
    index = NearIndex.open(path)
    opened = time.perf_counter() - begun
    size = path.stat().st_size / len(hashes)
    cost = f"built in {seconds:.1f} s of processor, opened in {opened * 1000:.1f} ms"
    return index, (f"{len(hashes):,} hashes: {size:.0f} bytes each, {cost}",)


def recall(index: NearIndex, queries: Hashes, rows: NDArray[np.int64]) -> str:
    """The share of planted neighbours that are found; anything less than all is a fault."""
    found = 0
    for query, row in zip(queries, rows.tolist(), strict=True):
        answer = index.search(query.tobytes())
        assert isinstance(answer, Found)
        found += row >= 0 and any(each.entry == row for each in answer.neighbours)
    wanted = int((rows >= 0).sum())
    assert found == wanted, f"{found} of {wanted} planted neighbours found"
    return f"recall {found} of {wanted} planted"


def speed(index: NearIndex, queries: Hashes) -> str:
    """Queries a second and core, alone and in batches."""
    singles = [query.tobytes() for query in queries]
    alone = cpu_seconds(lambda: [index.search(each) for each in singles]) / len(singles)
    many = np.tile(queries, (5, 1))
    index.pairs(many)
    batch = cpu_seconds(lambda: index.pairs(many)) / len(many)
    return f"{1 / alone:,.0f} queries a second and core alone, {1 / batch:,.0f} in batches"


def against_threatexchange(folder: Path) -> Measured:
    """A million hashes: the index of the threatexchange package."""
    hashes = drawn(MILLION, 1)
    queries, rows = planted(hashes, QUERIES)
    index, notes = built(folder, hashes)
    peer = PDQIndex.build([(each.tobytes().hex(), number) for number, each in enumerate(hashes)])
    singles = [each.tobytes() for each in queries]
    texts = [each.hex() for each in singles[:60]]
    measured = paired(
        lambda: [index.search(each) for each in singles],
        lambda: [peer.query(each) for each in texts],
        ours_units=len(singles),
        peer_units=len(texts),
    )
    return Measured(
        words="PDQ within 31 bits of 1,000,000: threatexchange's PDQIndex / ours, one by one (goal 100)",
        ratio=measured.ratio,
        least=50,
        notes=(measured.note(), recall(index, queries, rows), *notes, speed(index, queries)),
    )


def against_faiss(folder: Path) -> Measured:
    """Ten million hashes: faiss's multi-hash index, the engine of the package above."""
    hashes = drawn(TEN_MILLION, 2)
    queries, rows = planted(hashes, QUERIES)
    index, notes = built(folder, hashes)
    peer = faiss.IndexBinaryMultiHash(256, 16, 16)
    peer.nflip = 1
    peer.add(hashes)
    singles = [each.tobytes() for each in queries]
    measured = paired(
        lambda: [index.search(each) for each in singles],
        lambda: [
            peer.range_search(queries[number : number + 1], RADIUS + 1) for number in range(6)
        ],
        ours_units=len(singles),
        peer_units=6,
    )
    return Measured(
        words="PDQ within 31 bits of 10,000,000: faiss multi-hash / ours, one by one (goal 300)",
        ratio=measured.ratio,
        least=200,
        notes=(measured.note(), recall(index, queries, rows), *notes, speed(index, queries)),
    )


def growth(folder: Path) -> tuple[str, ...]:
    """From a hundred thousand on: what a hash costs, and how fast look-up is."""
    lines: list[str] = []
    for count in (100_000, MILLION, TEN_MILLION):
        if count <= MOST:
            hashes = drawn(count, 3)
            index, notes = built(folder, hashes)
            lines.extend((*notes, speed(index, planted(hashes, QUERIES)[0])))
    return tuple(lines)


def measure(folder: Path) -> Iterator[Measured]:
    """Two claims and the growth."""
    warm_up()
    faiss.omp_set_num_threads(1)  # threads that wait in a loop would count against the peers
    first = against_threatexchange(folder)
    yield first
    if MOST >= TEN_MILLION:
        yield against_faiss(folder)
    yield Measured(
        words="bytes a hash of a near index, from 100,000 to the most",
        ratio=(folder / "near").stat().st_size / min(MOST, TEN_MILLION),
        most=170,
        notes=growth(folder),
    )
