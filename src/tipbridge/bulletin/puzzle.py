"""What a reader of hidden figures can work out: sums they know, and ways to fit them; pure.

A *witness* for a hidden cell is a change of hidden cells that keeps every known sum and every
least number, and changes that cell: another truth that the reader cannot tell from this one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from tipbridge.bulletin.model import Table

CellId = tuple[int, tuple[str, ...]]
Vector = dict[CellId, int]

_TRIES = 300
"""Changes looked at before a cell counts as worked out; too few hide more, never less."""

_PRIME = 2**61 - 1
"""Sums are solved modulo this; what it may get wrong hides more, never less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Puzzle:
    """Cells with their true counts, the sums a reader knows, and which cells are hidden.

    Shape: `least` is the least number a reader must reckon with; `groups` give each sum as
    signs of cells, `sums_of` the places of a cell's sums. `hidden` shrinks as cells are shown.
    """

    counts: Mapping[CellId, int]
    least: Mapping[CellId, int]
    groups: tuple[Mapping[CellId, int], ...]
    sums_of: Mapping[CellId, tuple[int, ...]]
    hidden: set[CellId]


def lay_out(
    tables: Mapping[int, Table], *, hidden: set[CellId], least: Mapping[CellId, int]
) -> Puzzle:
    """The puzzle of these tables, by their numbers; cells not in `least` have somebody."""
    counts = {
        (number, cell.values): cell.count or 0
        for number, table in tables.items()
        for cell in table.cells
    }
    groups = tuple(_groups(tables))
    sums_of: dict[CellId, list[int]] = {cell: [] for cell in counts}
    for place, group in enumerate(groups):
        for cell in group:
            sums_of[cell].append(place)
    return Puzzle(
        counts=counts,
        least={cell: least.get(cell, 1) for cell in counts},
        groups=groups,
        sums_of={cell: tuple(places) for cell, places in sums_of.items()},
        hidden=hidden & counts.keys(),
    )


def find_witness(puzzle: Puzzle, cell: CellId) -> Vector | None:
    """A witness for a hidden cell, or None where none is found.

    Shape: sums alone are asked first, since they settle most cells that can be worked out.
    """
    if _follows_from_sums(puzzle, cell):
        return None
    for step in (1, -1):
        if _may(puzzle, cell, step) and (found := _fit(puzzle, {cell: step})):
            return found
    return None


def _groups(tables: Mapping[int, Table]) -> Iterator[Mapping[CellId, int]]:
    """Sums a reader knows: a table adds up to the people; two agree on what they share."""
    for number, table in tables.items():
        yield {(number, cell.values): 1 for cell in table.cells}
        for earlier in tables:
            if earlier < number:
                yield from _shared(tables, earlier, number)


def _shared(tables: Mapping[int, Table], first: int, second: int) -> Iterator[Mapping[CellId, int]]:
    both = [d for d in tables[first].dimensions if d in tables[second].dimensions]
    if not both:
        return
    groups: dict[tuple[str, ...], dict[CellId, int]] = {}
    for number, sign in ((first, 1), (second, -1)):
        places = [tables[number].dimensions.index(dimension) for dimension in both]
        for cell in tables[number].cells:
            key = tuple(cell.values[place] for place in places)
            groups.setdefault(key, {})[number, cell.values] = sign
    yield from (groups[key] for key in sorted(groups))


def _may(puzzle: Puzzle, cell: CellId, step: int) -> bool:
    return puzzle.counts[cell] + step >= puzzle.least[cell]


def _fit(puzzle: Puzzle, start: Vector) -> Vector | None:
    """The change that `start` grows into until every sum holds again, the nearest first."""
    waiting, seen = [(0, 0, start)], {frozenset(start.items())}
    for _ in range(_TRIES):
        if not waiting:
            return None
        move = heappop(waiting)[2]
        off = _off(puzzle, move)
        if not off:
            return move
        for further in _mended(puzzle, move, off):
            key = frozenset(further.items())
            if key not in seen:
                seen.add(key)
                far = sum(map(abs, _off(puzzle, further).values()))
                heappush(waiting, (far + len(further), len(seen), further))
    return None


def _off(puzzle: Puzzle, move: Vector) -> dict[int, int]:
    """By how much which sums no longer hold."""
    found: dict[int, int] = {}
    for cell, step in move.items():
        for place in puzzle.sums_of[cell]:
            found[place] = found.get(place, 0) + step * puzzle.groups[place][cell]
    return {place: by for place, by in found.items() if by}


def _mended(puzzle: Puzzle, move: Vector, off: Mapping[int, int]) -> Iterator[Vector]:
    """Every way to bring the shortest sum that is off one nearer, by one cell."""
    place = min(off, key=lambda each: (len(puzzle.groups[each]), each))
    for cell, sign in puzzle.groups[place].items():
        step = -1 if off[place] * sign > 0 else 1
        before = move.get(cell, 0)
        if cell in puzzle.hidden and before * step >= 0 and _may(puzzle, cell, before + step):
            yield {**move, cell: before + step}


def _follows_from_sums(puzzle: Puzzle, cell: CellId) -> bool:
    leading: dict[CellId, Vector] = {}
    for place in _linked(puzzle, cell):
        rest = _reduced(_unknown(puzzle, place), leading)
        if rest:
            first = min(rest)
            scale = pow(rest[first], -1, _PRIME)
            leading[first] = {each: value * scale % _PRIME for each, value in rest.items()}
    return not _reduced({cell: 1}, leading)


def _linked(puzzle: Puzzle, cell: CellId) -> Sequence[int]:
    """The sums that bind a cell, directly or through other hidden cells."""
    found: dict[int, None] = {}
    waiting: list[CellId] = [cell]
    while waiting:
        for place in puzzle.sums_of[waiting.pop()]:
            if place not in found:
                found[place] = None
                waiting.extend(_unknown(puzzle, place))
    return list(found)


def _unknown(puzzle: Puzzle, place: int) -> Vector:
    return {each: sign for each, sign in puzzle.groups[place].items() if each in puzzle.hidden}


def _reduced(row: Vector, leading: Mapping[CellId, Vector]) -> Vector:
    """What is left of a row when those with a leading cell are taken off it."""
    rest = dict(row)
    while rest and (first := min(rest)) in leading:
        times = rest[first]
        for each, value in leading[first].items():
            left = (rest.get(each, 0) - times * value) % _PRIME
            if left:
                rest[each] = left
            else:
                rest.pop(each, None)
    return rest
