"""Lists that a pass looked into, and from which entry on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedList:
    """A version of a list; its digest is over its content."""

    name: str
    version: int
    purpose: str
    entries: int
    sha256: str | None

    def document(self) -> dict[str, object]:
        """As reports and bundles say it."""
        return {
            "list": self.name,
            "version": self.version,
            "purpose": self.purpose,
            "entries": self.entries,
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Searching:
    """The lists in effect since so many entries were kept, until others were."""

    at: datetime
    since_entries: int
    lists: tuple[SearchedList, ...]

    def document(self) -> dict[str, object]:
        """As reports and bundles say it."""
        return {
            "since_entries": self.since_entries,
            "lists": [each.document() for each in self.lists],
        }


def searched_with(told: Sequence[Searching]) -> tuple[Searching, ...]:
    """Without those with which nothing was looked up, as others followed before any entry was kept."""
    later = [*(each.since_entries for each in told[1:]), None]
    return tuple(
        each for each, after in zip(told, later, strict=True) if each.since_entries != after
    )
