"""The changes of the day beside an index: added and removed entries, until it is built anew.

A look-up is a value: `changed` makes the next one and leaves readers of this one alone. Up to one
change for each hundred rows stands beside; `knowledge/hashes/parts.py` keeps both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tipbridge.knowledge.hashes.engine import near, ring
from tipbridge.knowledge.hashes.engine.exact import ExactIndex, Matches
from tipbridge.knowledge.hashes.engine.near import Found, NearIndex, TooMany

MERGE_SHARE = 100
"""One change to this many rows is the most that is kept beside."""


def no_hashes() -> NearIndex:
    """An index of nothing."""
    return NearIndex.of(np.empty((0, ring.HASH_BYTES), np.uint8), np.empty(0, np.uint32))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactLookup:
    """An exact index and what changed since it was built; entry numbers are never used twice."""

    base: ExactIndex
    added: Mapping[bytes, tuple[int, ...]] = field(default_factory=dict[bytes, tuple[int, ...]])
    removed: frozenset[int] = frozenset()

    def find(self, digest: bytes) -> tuple[int, ...]:
        """The entry numbers of one digest as of now."""
        found = self.base.find(digest)
        if found and self.removed:
            found = tuple(entry for entry in found if entry not in self.removed)
        return found + self.added.get(digest, ()) if self.added else found

    def find_many(self, digests: NDArray[np.uint8], *, threads: int = 1) -> Matches:
        """The entries of many digests as of now; see ExactIndex.find_many."""
        matches = self.base.find_many(digests, threads=threads)
        queries, entries = matches.queries, matches.entries
        if self.removed:
            stays = ~np.isin(entries, np.fromiter(self.removed, np.uint32))
            queries, entries = queries[stays], entries[stays]
        if self.added:
            more = [
                (number, entry)
                for number, digest in enumerate(digests)
                for entry in self.added.get(digest.tobytes(), ())
            ]
            extra = np.array(more, np.int64).reshape(-1, 2)
            queries = np.concatenate((queries, extra[:, 0]))
            entries = np.concatenate((entries, extra[:, 1].astype(np.uint32)))
            order = np.argsort(queries, kind="stable")
            queries, entries = queries[order], entries[order]
        return Matches(queries=queries, entries=entries)

    def changed(
        self, added: Iterable[tuple[bytes, int]] = (), removed: Iterable[int] = ()
    ) -> "ExactLookup":
        """The look-up after these changes. Errors: ValueError for a digest of another width."""
        gone = frozenset(removed)
        entries = {
            digest: kept
            for digest, numbers in self.added.items()
            if (kept := tuple(number for number in numbers if number not in gone))
        }
        for digest, number in added:
            if len(digest) != self.base.width:
                raise ValueError(f"{len(digest)} bytes, where digests have {self.base.width}")
            entries[digest] = (*entries.get(digest, ()), number)
        return replace(self, added=entries, removed=self.removed | gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class NearLookup:
    """An index of PDQ hashes and what changed since; entry numbers are never used twice."""

    base: NearIndex
    recent: NearIndex = field(default_factory=no_hashes)
    removed: frozenset[int] = frozenset()

    def search(
        self,
        hash_: bytes,
        radius: int = ring.DEFAULT_RADIUS,
        most: int = near.DEFAULT_MOST,
    ) -> Found | TooMany:
        """Every entry within the radius as of now; see NearIndex.search."""
        found = self.base.search(hash_, radius, most)
        if isinstance(found, TooMany) and self.removed:
            found = self.base.search(hash_, radius, most + len(self.removed))
        return self._joined(found, self.recent.search(hash_, radius, most), most)

    def nearest(self, hash_: bytes, radius: int, most: int) -> NDArray[np.int64]:
        """The nearest entries as of now; see NearIndex.nearest."""
        found = self.base.nearest(hash_, radius, most + len(self.removed))
        if self.removed:
            found = found[~np.isin(found[:, 0], np.fromiter(self.removed, np.int64))]
        found = np.concatenate((found, self.recent.nearest(hash_, radius, most)))
        return found[np.lexsort((found[:, 0], found[:, 1]))[:most]]

    def search_many(
        self,
        hashes: NDArray[np.uint8],
        radius: int = ring.DEFAULT_RADIUS,
        most: int = near.DEFAULT_MOST,
    ) -> list[Found | TooMany]:
        """`search` for many hashes, in their order."""
        found = self.base.search_many(hashes, radius, most)
        if not self.recent.count and not self.removed:
            return found
        if self.removed:
            for number, each in enumerate(found):
                if isinstance(each, TooMany):
                    wider = most + len(self.removed)
                    found[number] = self.base.search(hashes[number].tobytes(), radius, wider)
        recent = self.recent.search_many(hashes, radius, most)
        return [self._joined(*each, most) for each in zip(found, recent, strict=True)]

    def changed(
        self, added: Iterable[tuple[bytes, int]] = (), removed: Iterable[int] = ()
    ) -> "NearLookup":
        """The look-up after these changes. Errors: ValueError for a hash of another length."""
        gone, more = frozenset(removed), list(added)
        hashes, numbers = self.recent.hashes()
        stays = ~np.isin(numbers, np.fromiter(gone, np.uint32))
        if any(len(hash_) != ring.HASH_BYTES for hash_, _ in more):
            raise ValueError(f"a PDQ hash is {ring.HASH_BYTES} bytes")
        extra = np.frombuffer(b"".join(hash_ for hash_, _ in more), np.uint8)
        recent = NearIndex.of(
            np.concatenate((hashes[stays], extra.reshape(-1, ring.HASH_BYTES))),
            np.concatenate((numbers[stays], np.array([each for _, each in more], np.uint32))),
        )
        return replace(self, recent=recent, removed=self.removed | gone)

    def _joined(self, base: Found | TooMany, recent: Found | TooMany, most: int) -> Found | TooMany:
        if isinstance(base, TooMany) or isinstance(recent, TooMany):
            return TooMany(most)
        if not self.removed and not recent.neighbours and len(base.neighbours) <= most:
            return base
        stays = [each for each in base.neighbours if each.entry not in self.removed]
        near_ones = sorted((*stays, *recent.neighbours), key=lambda each: (each[1], each[0]))
        return Found(tuple(near_ones)) if len(near_ones) <= most else TooMany(most)
