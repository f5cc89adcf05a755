"""The last hashes of a row of questions, in a ring: how many hits and misses among them are near one."""

import numpy as np
from numpy.typing import NDArray

from tipbridge.knowledge.hashes.engine import compiled
from tipbridge.knowledge.hashes.engine.compiled import kernel, popcount

Words = NDArray[np.uint64]
Asked = tuple[Words, NDArray[np.uint64], NDArray[np.float64]]
"""The four words of each hash, one row for each word; whether each was a hit, and when it was asked."""
_NEVER = -np.inf


@kernel
def count_near(query: Words, asked: Asked, count: int, bits: int, since: float) -> tuple[int, int]:
    """The hits and the misses, of the first `count`, within so many bits and asked since then."""
    words, hits, at = asked
    first, second, third, fourth = words[0], words[1], words[2], words[3]
    most = np.uint64(bits)
    near = near_hits = np.uint64(0)
    for place in range(count):  # without a branch: in vectors
        apart = (
            popcount(first[place] ^ query[0])
            + popcount(second[place] ^ query[1])
            + popcount(third[place] ^ query[2])
            + popcount(fourth[place] ^ query[3])
        )
        is_near = np.uint64(apart <= most) & np.uint64(at[place] >= since)
        near += is_near
        near_hits += is_near & hits[place]
    return int(near_hits), int(near - near_hits)


def count_near_plain(
    query: Words, asked: Asked, count: int, bits: int, since: float
) -> tuple[int, int]:
    """The same without compiled code."""
    words, hits, at = asked
    apart = np.bitwise_count(words[:, :count] ^ query[:, None]).sum(axis=0, dtype=np.int64)
    near = (apart <= bits) & (at[:count] >= since)
    near_hits = int(hits[:count][near].sum())
    return near_hits, int(near.sum()) - near_hits


class Recent:
    """At most so many hashes, each once; the one that was kept first gives way."""

    def __init__(self, most: int) -> None:
        self._most, self._next = most, 0
        self._words, self._at = np.zeros((4, most), np.uint64), np.full(most, _NEVER)
        self._hits = np.zeros(most, np.uint64)
        self._asked: Asked = self._words, self._hits, self._at
        self._places: dict[bytes, int] = {}
        self._held: list[bytes] = []
        self._count = count_near if compiled.wanted() else count_near_plain

    def keep(self, hash_: bytes, *, hit: bool, at: float) -> None:
        """Keep a hash of 32 bytes; of one that is kept already, its newest answer and time."""
        place = self._places.get(hash_)
        if place is None:
            place, self._next = self._next, (self._next + 1) % self._most
            if place == len(self._held):
                self._held.append(hash_)
            else:
                if self._places.get(self._held[place]) == place:  # else it was forgotten
                    del self._places[self._held[place]]
                self._held[place] = hash_
            self._places[hash_] = place
            self._words[:, place] = np.frombuffer(hash_, np.uint64)
        self._hits[place], self._at[place] = hit, at

    def forget(self, hash_: bytes) -> None:
        """Count this one no more."""
        place = self._places.pop(hash_, None)
        if place is not None:
            self._at[place] = _NEVER

    def near(self, hash_: bytes, bits: int, *, since: float) -> tuple[int, int]:
        """How many hits and how many misses were within so many bits of it since then."""
        query = np.frombuffer(hash_, np.uint64)
        return self._count(query, self._asked, len(self._held), bits, since)
