"""Which rows of which lists files touch: a few one by one, many through the engine's batches.

A batch asks each index once for all digests of a kind, in compiled code without the interpreter's
lock; both ways give the same rows in the same order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tipbridge.knowledge.hashes.indexes import ListIndex
from tipbridge.knowledge.hashes.lookups import Query
from tipbridge.knowledge.hashes.model import DigestKind
from tipbridge.knowledge.hashes.rules import EXACT_KINDS, LEAST_QUALITY

LEAST_BATCH = 32
"""From here on a batch costs less than its files one by one."""
_KINDS = (*EXACT_KINDS, DigestKind.PDQ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """A row of an index that a query touches; without a number, word that more are near than follow."""

    index: ListIndex
    kind: DigestKind
    number: int | None
    distance_bits: int = 0

    @property
    def entry_id(self) -> int:
        """The database's own id of the row."""
        assert self.number is not None
        return self.index.entry_id(self.kind, self.number)

    @property
    def mark(self) -> str | None:
        """What the list says of the row."""
        assert self.number is not None
        return self.index.mark(self.kind, self.number)


def is_blank(quality: int | None) -> bool:
    """Whether a picture of this quality says too little to be compared with others."""
    return quality is not None and quality < LEAST_QUALITY


def touches(
    indexes: Sequence[ListIndex], queries: Sequence[Query], radius: int, most: int
) -> list[list[Touch]]:
    """What each query touches: index by index, then kind by kind, the nearest rows first."""
    if len(queries) < LEAST_BATCH:
        return [_of_one(indexes, query, radius, most) for query in queries]
    return _of_many(indexes, queries, radius, most)


def _of_one(indexes: Sequence[ListIndex], query: Query, radius: int, most: int) -> list[Touch]:
    touched: list[Touch] = []
    for index in indexes:
        for kind in _KINDS:
            digest = query.digests.get(kind)
            if digest is None:
                continue
            if kind in EXACT_KINDS:
                found = index.find(kind, digest)
            elif is_blank(query.quality):
                continue
            else:
                found = index.search(digest, radius, most)
            if found.too_many:
                touched.append(Touch(index=index, kind=kind, number=None))
            for number, bits in found.rows:
                touched.append(Touch(index=index, kind=kind, number=number, distance_bits=bits))
    return touched


def _of_many(
    indexes: Sequence[ListIndex], queries: Sequence[Query], radius: int, most: int
) -> list[list[Touch]]:
    touched: list[list[Touch]] = [[] for _ in queries]
    asked = [(kind, _asked(queries, kind)) for kind in _KINDS]
    for index in indexes:
        for kind, (places, digests) in asked:
            if not digests:
                continue
            if kind in EXACT_KINDS:
                found = index.find_many(kind, digests)
            else:
                found = index.search_many(digests, radius, most)
            for at, number, bits in found:
                touch = Touch(index=index, kind=kind, number=number, distance_bits=bits)
                touched[places[at]].append(touch)
    return touched


def _asked(queries: Sequence[Query], kind: DigestKind) -> tuple[list[int], list[bytes]]:
    """Which queries ask by this kind of digest, and the digests."""
    is_near = kind not in EXACT_KINDS
    asked = [
        (place, query.digests[kind])
        for place, query in enumerate(queries)
        if kind in query.digests and not (is_near and is_blank(query.quality))
    ]
    return [place for place, _ in asked], [digest for _, digest in asked]
