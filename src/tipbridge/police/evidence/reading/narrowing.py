"""The rest of a medium around what of it can't be had, so that one bad sector costs itself alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tipbridge.police.evidence.reading.model import Entry, EntryKind
from tipbridge.police.evidence.reading.ranges import Run, complement, union

_MOST_REACHING = 8
"""Behind so many bad ranges of one stretch a piece is searched for files that reach over them."""


def narrowed(entries: Iterable[Entry], bad: Sequence[Run]) -> Iterator[Entry]:
    """The entries, each stretch of the rest cut where bytes of it can't be had.

    Shape: the pieces of a stretch are all of it; each has the name of its first byte.
    """
    ranges = list(union(bad))
    for entry in entries:
        within = _within(entry, ranges) if ranges and entry.kind is EntryKind.REST else []
        if within and entry.fault is None:
            yield from _pieces(entry, within)
        else:
            yield entry


def _within(entry: Entry, ranges: Sequence[Run]) -> list[Run]:
    first, end = entry.first_byte, entry.first_byte + entry.size
    cut = ((max(at, first), min(at + length, end)) for at, length in ranges)
    return [(begin, until - begin) for begin, until in cut if begin < until]


def _pieces(entry: Entry, bad: Sequence[Run]) -> Iterator[Entry]:
    first = entry.first_byte
    stem = entry.path.removesuffix(f"@{first}")
    for at, size in sorted([*bad, *complement(first, entry.size, bad)]):
        reach = entry.reach - (at - first) if len(bad) <= _MOST_REACHING else size
        yield replace(entry, path=f"{stem}@{at}", size=size, runs=((at, size),), reach=reach)
