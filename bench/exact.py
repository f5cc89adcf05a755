"""Exact look-up of SHA-1 digests in batches of 10,000, half of them listed, against LMDB.

`EXACT_MOST=1000000 make bench BENCH=exact` is the short form.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import lmdb
import numpy as np
from numpy.typing import NDArray

from bench.claims import Measured
from bench.paired import cpu_seconds, paired
from tipbridge.knowledge.hashes.engine import exact
from tipbridge.knowledge.hashes.engine.exact import ExactIndex

MOST = int(os.environ.get("EXACT_MOST", "10000000"))
WIDTH, BATCH = 20, 10_000
Digests = NDArray[np.uint8]


def drawn(count: int, seed: int) -> Digests:
    """Digests from a seed."""
    return np.random.default_rng(seed).integers(0, 256, (count, WIDTH), dtype=np.uint8)


def lmdb_of(folder: Path, digests: Digests) -> lmdb.Environment:
    """LMDB filled in key order, as its makers advise, opened for reading without locks."""
    path = folder / "lmdb"
    keys = digests[exact.sorted_order(digests)]
    filling = lmdb.open(str(path), map_size=len(digests) * 120 + (1 << 26), sync=False)
    with filling.begin(write=True) as writing, writing.cursor() as cursor:
        pairs = ((key.tobytes(), b"1234") for key in keys)
        cursor.putmulti(pairs, dupdata=False, append=True)
    filling.close()
    return lmdb.open(str(path), readonly=True, lock=False, readahead=False)


def built(folder: Path, digests: Digests) -> tuple[ExactIndex, str]:
    """Our index over these, and what it cost."""
    path = folder / "exact"
    numbers = np.arange(len(digests), dtype=np.uint32)
    seconds = cpu_seconds(lambda: exact.build(path, digests, numbers))
    begun = time.perf_counter()
    index = ExactIndex.open(path)
    opened = time.perf_counter() - begun
    size = path.stat().st_size / len(digests)
    return index, (
        f"{len(digests):,} SHA-1: {size:.1f} bytes each with a 4-byte entry number, built in"
        f" {seconds:.1f} s of processor, opened in {opened * 1000:.1f} ms"
    )


def measure(folder: Path) -> Iterator[Measured]:
    """One claim, and what the index costs from 100,000 on."""
    notes = [built(folder, drawn(count, 1))[1] for count in (100_000, 1_000_000) if count < MOST]
    digests = drawn(MOST, 1)
    index, note = built(folder, digests)
    rng = np.random.default_rng(2)
    batches = [
        np.concatenate((digests[rng.integers(0, MOST, BATCH // 2)], drawn(BATCH // 2, 10 + number)))
        for number in range(8)
    ]
    keys = [[each.tobytes() for each in batch] for batch in batches]
    assert sum(len(index.find_many(batch).entries) for batch in batches) == 8 * BATCH // 2
    environment = lmdb_of(folder, digests)
    with environment.begin(buffers=True) as reading:
        measured = paired(
            lambda: [index.find_many(batch) for batch in batches],
            lambda: [[reading.get(key) for key in batch] for batch in keys],
            ours_units=8 * BATCH,
            peer_units=8 * BATCH,
        )
        single = paired(
            lambda: [index.find(key) for key in keys[0]],
            lambda: [reading.get(key) for key in keys[0]],
        )
    environment.close()
    yield Measured(
        words=f"exact batch of {MOST:,} SHA-1: LMDB / ours",
        ratio=measured.ratio,
        least=4,
        notes=(
            measured.note(),
            f"{1 / measured.ours_seconds / 1e6:.1f} million look-ups a second and core",
            f"one by one in plain Python: LMDB / ours {single.ratio:.2f}, no claim",
            *notes,
            note,
        ),
    )
