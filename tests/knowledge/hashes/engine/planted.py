"""Made-up hashes with neighbours planted at known distances, and the brute force to hold against."""

import numpy as np
from numpy.typing import NDArray

from tipbridge.knowledge.hashes.engine.near import Found, NearIndex, Neighbour, TooMany, build

Hashes = NDArray[np.uint8]


def drawn(count: int, seed: int, width: int = 32) -> Hashes:
    return np.random.default_rng(seed).integers(0, 256, (count, width), dtype=np.uint8)


def numbered(hashes: Hashes) -> NDArray[np.uint32]:
    """Entry numbers that are not the row numbers, so that a mix-up shows."""
    return (np.arange(len(hashes), dtype=np.uint32) * 7 + 3).astype(np.uint32)


def moved(hash_: Hashes, bits: int, rng: np.random.Generator) -> Hashes:
    """The hash with exactly so many of its bits changed."""
    unpacked = np.unpackbits(hash_)
    unpacked[rng.permutation(256)[:bits]] ^= 1
    return np.packbits(unpacked)


def families(count: int, size: int, seed: int) -> Hashes:
    """Hashes in families of near ones: members are 0 to 40 bits from their family's first."""
    rng = np.random.default_rng(seed)
    firsts = drawn(-(-count // size), seed + 1)
    members = np.repeat(firsts, size, axis=0)[:count]
    flips = rng.random((count, 256)) < rng.integers(0, 21, count)[:, None] / 256
    return members ^ np.packbits(flips, axis=1)


def by_brute_force(hashes: Hashes, query: Hashes, radius: int, most: int) -> Found | TooMany:
    """The oracle: every hash compared with numpy alone, by nothing of the engine."""
    distances = np.bitwise_count(hashes.view(np.uint64) ^ query.view(np.uint64)).sum(axis=1)
    near = np.flatnonzero(distances <= radius)
    if len(near) > most:
        return TooMany(most)
    pairs = sorted((int(distances[row]), int(row) * 7 + 3) for row in near)
    return Found(tuple(Neighbour(entry, bits) for bits, entry in pairs))


def index_of(path, hashes: Hashes) -> NearIndex:
    build(path, hashes, numbered(hashes))
    return NearIndex.open(path)


def claim_planted_are_found(index: NearIndex, hashes: Hashes, seed: int, each: int = 4) -> int:
    """Planted at 0 to 31 bits: found, with that distance; at 32: not. Returns how many were asked."""
    rng = np.random.default_rng(seed)
    asked = 0
    for bits in range(33):
        rows = rng.integers(0, len(hashes), each) if len(hashes) else []
        queries = np.array([moved(hashes[row], bits, rng) for row in rows], np.uint8).reshape(
            -1, 32
        )
        singles = [index.search(query.tobytes()) for query in queries]
        assert singles == index.search_many(queries)
        for row, answer in zip(rows, singles, strict=True):
            assert isinstance(answer, Found)
            wanted = Neighbour(int(row) * 7 + 3, bits)
            assert (wanted in answer.neighbours) == (bits <= 31), (int(row), bits)
            assert all(near.distance_bits <= 31 for near in answer.neighbours)
            asked += 1
    return asked
