"""Hiding small cells so that no cell of 1 to 4 people can be worked out; pure.

A reader of the public view knows the number of people, every printed cell, that a
combination not listed has nobody, that a hidden cell has somebody, and that tables sharing
dimensions must agree. Each hidden small cell gets a *witness*: another set of whole numbers
that fits all of that and differs in that cell. Where there is none, a further cell is hidden;
where that is not enough, the whole table is withheld. Tables agreeing on what they share can
always come from one set of people as long as no ring of tables shares dimensions (`rules`
keeps it so), so a witness is a proof, not a guess.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from tipbridge.bulletin.model import Bulletin, Cell, Items, Span, Table, View

CellId = tuple[int, tuple[str, ...]]
Vector = dict[CellId, int]


@dataclass(slots=True, kw_only=True)
class _Puzzle:
    """What a reader has before them, while it is being decided what to hide."""

    counts: Mapping[CellId, int]
    groups: tuple[Mapping[CellId, int], ...]
    hidden: set[CellId]
    withheld: set[int]


def public_view(bulletin: Bulletin) -> Bulletin:
    """The bulletin with small cells, and what would betray them, hidden."""
    floor = bulletin.definitions.small_cell
    people = bulletin.people or 0
    few = 0 < people < floor
    tables = (
        tuple(replace(table, cells=(), withheld=True) for table in bulletin.tables)
        if few
        else hide_small(bulletin.tables, floor)
    )
    return replace(
        bulletin,
        view=View.PUBLIC,
        people=None if few else people,
        tables=tables,
        spans=tuple(_public_span(span, tables, floor) for span in bulletin.spans),
        items=_public_items(bulletin.items, floor),
    )


def hide_small(tables: Sequence[Table], floor: int) -> tuple[Table, ...]:
    """The tables with every cell from 1 up to below `floor` beyond a reader's reach."""
    counts = {
        (number, cell.values): cell.count or 0
        for number, table in enumerate(tables)
        for cell in table.cells
    }
    small = {cell for cell, count in counts.items() if 0 < count < floor}
    puzzle = _Puzzle(counts=counts, groups=_groups(tables), hidden=set(small), withheld=set())
    while exposed := _first_exposed(puzzle, small):
        _hide_one_more(puzzle, exposed)
    return tuple(_printed(table, number, puzzle) for number, table in enumerate(tables))


def _groups(tables: Sequence[Table]) -> tuple[Mapping[CellId, int], ...]:
    """Sums a reader knows: a table adds up to the people; two agree on what they share."""
    found: list[Mapping[CellId, int]] = []
    for number, table in enumerate(tables):
        found.append({(number, cell.values): 1 for cell in table.cells})
        for earlier in range(number):
            found.extend(_shared(tables, earlier, number))
    return tuple(found)


def _shared(tables: Sequence[Table], first: int, second: int) -> Iterator[Mapping[CellId, int]]:
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


def _first_exposed(puzzle: _Puzzle, small: set[CellId]) -> CellId | None:
    unknowns = sorted(cell for cell in puzzle.hidden if cell[0] not in puzzle.withheld)
    moves = _moves(puzzle, unknowns)
    for cell in unknowns:
        if cell in small and not any(_is_witness(puzzle, move, cell) for move in moves):
            return cell
    return None


def _is_witness(puzzle: _Puzzle, move: Vector, cell: CellId) -> bool:
    if not move.get(cell):
        return False
    up = all(puzzle.counts[each] + step >= 1 for each, step in move.items())
    down = all(puzzle.counts[each] - step >= 1 for each, step in move.items())
    return up or down


def _hide_one_more(puzzle: _Puzzle, exposed: CellId) -> None:
    """Hide the smallest printed cell of the tightest sum around `exposed`, or its table."""
    candidates: list[tuple[int, int, CellId]] = []
    for group in puzzle.groups:
        if exposed in group:
            live = [cell for cell in group if cell[0] not in puzzle.withheld]
            unknown = sum(cell in puzzle.hidden for cell in live)
            candidates += [
                (unknown, puzzle.counts[cell], cell) for cell in live if cell not in puzzle.hidden
            ]
    if candidates:
        puzzle.hidden.add(min(candidates)[2])
    else:
        puzzle.withheld.add(exposed[0])


def _moves(puzzle: _Puzzle, unknowns: Sequence[CellId]) -> list[Vector]:
    """Changes of the hidden cells that no printed figure notices, and sums of two of them.

    A withheld table says nothing, so no sum over its cells binds the reader's guesses.
    """
    equations = [
        [group.get(cell, 0) for cell in unknowns]
        for group in puzzle.groups
        if not any(cell[0] in puzzle.withheld for cell in group)
    ]
    basis = [
        {unknowns[place]: step for place, step in enumerate(vector) if step}
        for vector in _kernel(equations, len(unknowns))
    ]
    return basis + [
        _sum(first, second, sign)
        for number, first in enumerate(basis)
        for second in basis[:number]
        for sign in (1, -1)
        if first.keys() & second.keys()
    ]


def _sum(first: Vector, second: Vector, sign: int) -> Vector:
    cells = first.keys() | second.keys()
    mixed = {cell: first.get(cell, 0) + sign * second.get(cell, 0) for cell in cells}
    return {cell: step for cell, step in mixed.items() if step}


def _kernel(equations: list[list[int]], width: int) -> list[list[int]]:
    """Whole-number vectors that every equation maps to zero (Gauss-Jordan over fractions)."""
    rows = [[Fraction(value) for value in row] for row in equations if any(row)]
    pivots: list[int] = []
    for column in range(width):
        height = len(pivots)
        pick = next((r for r in range(height, len(rows)) if rows[r][column]), None)
        if pick is None:
            continue
        rows[height], rows[pick] = rows[pick], rows[height]
        lead = rows[height][column]
        rows[height] = [value / lead for value in rows[height]]
        for r, row in enumerate(rows):
            if r != height and row[column]:
                factor = row[column]
                rows[r] = [a - factor * b for a, b in zip(row, rows[height], strict=True)]
        pivots.append(column)
    free = [column for column in range(width) if column not in pivots]
    return [_whole(_solution(rows, pivots, column, width)) for column in free]


def _solution(
    rows: list[list[Fraction]], pivots: list[int], column: int, width: int
) -> list[Fraction]:
    vector = [Fraction(0)] * width
    vector[column] = Fraction(1)
    for height, pivot in enumerate(pivots):
        vector[pivot] = -rows[height][column]
    return vector


def _whole(vector: list[Fraction]) -> list[int]:
    scale = lcm(*(value.denominator for value in vector))
    return [int(value * scale) for value in vector]


def _printed(table: Table, number: int, puzzle: _Puzzle) -> Table:
    if number in puzzle.withheld:
        return replace(table, cells=(), withheld=True)
    return replace(
        table,
        cells=tuple(
            Cell(values=cell.values, count=None) if (number, cell.values) in puzzle.hidden else cell
            for cell in table.cells
        ),
    )


def _public_span(span: Span, tables: Sequence[Table], floor: int) -> Span:
    """Days are shown only for groups whose own number of people is shown."""
    shown = {
        cell.values
        for table in tables
        if table.name == "origins"
        for cell in table.cells
        if cell.count is not None
    }
    if (span.origin, span.channel) in shown and (span.people or 0) >= floor:
        return replace(span, people=None)
    return replace(span, people=None, median_days=None)


def _public_items(items: Items, floor: int) -> Items:
    if items.cases is not None and 0 < items.cases < floor:
        return Items(cases=None, total=None, median_per_case=None, largest_case=None)
    return items
