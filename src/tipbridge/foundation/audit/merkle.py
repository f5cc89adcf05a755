"""The Merkle tree of RFC 9162 section 2.1, grown leaf by leaf."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

HASH_BYTES = 32


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry. Source: RFC 9162 section 2.1.1."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees. Source: RFC 9162 section 2.1.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree's size and the roots of its perfect subtrees, largest first.

    Shape: one 32-byte hash for each 1 bit of `size`, so that appending and the root take
    a logarithmic number of hashes and nothing else need be read.
    """

    size: int = 0
    frontier: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> "Tree":
        """The tree with one more leaf hash."""
        frontier, size = list(self.frontier), self.size
        while size & 1:
            leaf = node_hash(frontier.pop(), leaf)
            size >>= 1
        return Tree(self.size + 1, (*frontier, leaf))

    def extend(self, leaves: Iterable[bytes]) -> "Tree":
        """The tree with more leaf hashes, in order."""
        tree = self
        for leaf in leaves:
            tree = tree.append(leaf)
        return tree

    def root(self) -> bytes:
        """The tree's root hash; for no leaves the hash of nothing."""
        if not self.frontier:
            return hashlib.sha256(b"").digest()
        *higher, root = self.frontier
        for subtree in reversed(higher):
            root = node_hash(subtree, root)
        return root

    def frontier_bytes(self) -> bytes:
        """The frontier as stored."""
        return b"".join(self.frontier)


def tree_from(size: int, frontier: bytes) -> Tree:
    """The tree that was stored.

    Errors: ValueError when the stored frontier can't belong to that size.
    """
    if len(frontier) != HASH_BYTES * size.bit_count():
        raise ValueError(f"a tree of {size} leaves has {size.bit_count()} frontier hashes")
    parts = tuple(frontier[at : at + HASH_BYTES] for at in range(0, len(frontier), HASH_BYTES))
    return Tree(size, parts)
