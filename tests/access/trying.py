"""Trying one operation as one actor, and putting a word to what came of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from tipbridge.foundation.base.errors import Forbidden, TipbridgeError


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a call: how it ended, and in which words (ids taken out)."""

    how: str
    words: str

    @property
    def forbidden(self) -> bool:
        """Whether the actor was told that their role does not allow this."""
        return self.how == Forbidden.__name__


def came_of(call: Callable[[], object], ids: list[str]) -> Came:
    """Call and describe; the ids of rows are taken out, so that answers can be compared."""
    try:
        result = call()
    except TipbridgeError as refusal:
        return Came(type(refusal).__name__, without(refusal.public, ids))
    except Exception as fault:  # noqa: BLE001 - a fault is told apart from a refusal
        return Came("fault", without(f"{type(fault).__name__}: {fault}", ids))
    return Came("done", repr(result))


def without(words: str, ids: list[str]) -> str:
    """`words` with every id of the world taken out."""
    for id_ in sorted(ids, key=len, reverse=True):
        words = words.replace(id_, "ID")
    return re.sub(r"\b[0-9a-f]{32}\b", "ID", words)
