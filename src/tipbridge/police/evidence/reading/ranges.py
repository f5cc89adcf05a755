"""Sums over ranges of bytes."""

from collections.abc import Iterable, Iterator, Sequence

Run = tuple[int, int]


def limited(runs: Sequence[Run], size: int) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """The runs up to `size` bytes of content, and those behind: what is slack."""
    inside: list[Run] = []
    behind: list[Run] = []
    left = size
    for offset, length in runs:
        take = min(left, length)
        if take:
            inside.append((offset, take))
        if take < length and offset >= 0:
            behind.append((offset + take, length - take))
        left -= take
    return tuple(inside), tuple(behind)


def stored(runs: Iterable[Run]) -> int:
    """How many bytes of these runs lie on the medium."""
    return sum(length for offset, length in runs if offset >= 0)


def covered(runs: Iterable[Run]) -> int:
    """How many bytes these runs are, those with zeros that are not stored as well."""
    return sum(length for _, length in runs)


def behind(runs: Iterable[Run], end: int) -> int:
    """How many bytes of these runs lie behind the end of a medium."""
    return sum(max(0, min(length, offset + length - end)) for offset, length in runs if offset >= 0)


def up_to(runs: Iterable[Run], end: int) -> tuple[Run, ...]:
    """What of these runs lies before the end of a medium."""
    cut = ((at, min(length, end - at) if at >= 0 else length) for at, length in runs)
    return tuple((at, length) for at, length in cut if length > 0)


def union(runs: Iterable[Run]) -> Iterator[Run]:
    """The same bytes as ranges in order that neither touch nor overlap."""
    start = end = -1
    for offset, length in sorted(runs):
        if offset < 0 or length <= 0:
            continue
        if offset > end:
            if end > start:
                yield start, end - start
            start, end = offset, offset + length
        else:
            end = max(end, offset + length)
    if end > start:
        yield start, end - start


def complement(offset: int, length: int, runs: Iterable[Run]) -> Iterator[Run]:
    """What of a range none of these runs covers."""
    end = offset + length
    at = offset
    for begin, size in union(runs):
        if begin >= end:
            break
        if begin > at:
            yield at, begin - at
        at = max(at, begin + size)
    if at < end:
        yield at, end - at


def overlaps(runs: Iterable[Run], offset: int, length: int) -> bool:
    """Whether a range has a byte in common with these runs."""
    return any(at < offset + length and offset < at + size for at, size in runs if at >= 0)
