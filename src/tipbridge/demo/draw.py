"""Drawing by name: the same seed and name give the same value, whatever else is drawn."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """Values that depend on the seed and a name only, never on the order of asking."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def between(self, name: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both possible."""
        return low + self._number(name) % (high - low + 1)

    def one_of(self, name: str, choices: Sequence[T]) -> T:
        """One of `choices`, each as likely."""
        return choices[self._number(name) % len(choices)]

    def weighted(self, name: str, weights: Sequence[int]) -> int:
        """A place in `weights`, as likely as its weight is heavy."""
        point = self._number(name) % sum(weights)
        for place, weight in enumerate(weights):
            if point < weight:
                return place
            point -= weight
        raise AssertionError("weights do not add up")

    def noise(self, name: str, size_bytes: int) -> bytes:
        """Bytes that look like nothing and are the same each time."""
        return hashlib.shake_128(f"{self.seed}/{name}".encode()).digest(size_bytes)

    def _number(self, name: str) -> int:
        digest = hashlib.sha256(f"{self.seed}/{name}".encode()).digest()
        return int.from_bytes(digest[:8], "big")
