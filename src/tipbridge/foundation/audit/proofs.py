"""That an entry stands in the log: a handful of hashes from it up to a signed root."""

from collections.abc import Iterable, Sequence

from tipbridge.foundation.audit.merkle import node_hash


class Levels:
    """A tree's hashes level by level; the last of an odd level goes up as it is.

    That is the tree of RFC 9162 section 2.1.1, whose left part is always a full one.
    """

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self._levels = [list(leaves)]
        while len(below := self._levels[-1]) > 1:
            pairs = zip(below[::2], below[1::2], strict=False)
            above = [node_hash(left, right) for left, right in pairs]
            self._levels.append(above + below[len(below) & ~1 :])

    def proof(self, position: int) -> list[bytes]:
        """The hashes that lead from a leaf to the root. Source: RFC 9162 section 2.1.3.1."""
        found: list[bytes] = []
        for level in self._levels[:-1]:
            if position ^ 1 < len(level):
                found.append(level[position ^ 1])
            position >>= 1
        return found


def is_included(
    leaf: bytes, *, position: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the proof leads from the leaf to the root. Source: RFC 9162 section 2.1.3.2."""
    if not 0 <= position < size:
        return False
    at, last, found = position, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root
