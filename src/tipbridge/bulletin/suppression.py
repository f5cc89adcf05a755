"""Hiding small cells so that no cell of 1 to 4 people can be worked out; pure.

A reader of the public view knows the number of people, every printed cell, that a
combination not listed has nobody, that a hidden cell has somebody, that tables sharing
dimensions must agree, and which ages the law leaves for a reason. Everything starts hidden;
a table in which even that betrays a small cell is withheld whole; then cell after cell is
shown, the headline first, wherever each small cell keeps a *witness* (`puzzle`): another set
of whole numbers that fits all of the above and differs in that cell. So nothing stays hidden
that could be shown beside the rest.

Tables agreeing on what they share can always come from one set of people as long as no ring
of tables shares dimensions (`rules` keeps it so, and reason with age closes none), so a
witness is a proof, not a guess.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from tipbridge.bulletin.model import (
    Bulletin,
    Cell,
    Definitions,
    Dimension,
    Items,
    LawCount,
    Span,
    Table,
    View,
)
from tipbridge.bulletin.puzzle import CellId, Puzzle, Vector, find_witness, lay_out
from tipbridge.bulletin.rules import may_have_age

HEADLINE = "outcomes"
"""The table whose figures are shown before all others."""

_REASON_AGE = (Dimension.REASON, Dimension.AGE_BAND)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownByLaw:
    """People by reason and age as the law pairs them, with true counts; printed by nobody.

    Shape: reasons and ages that occur, 0 where nobody has both; the pairs in `against` have
    somebody against the law, and no reader reckons with a change of them.
    """

    table: Table
    against: frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """What there is to print, and what a reader knows without its being printed.

    Shape: tables by number; those not in `printed` are known by law, and of their cells the
    `fixed` ones are as no reader expects them.
    """

    tables: Mapping[int, Table]
    printed: range
    fixed: set[CellId]
    floor: int

    def puzzle(self, tables: Mapping[int, Table]) -> Puzzle:
        """These tables with everything hidden."""
        cells = {(number, cell.values) for number in tables for cell in tables[number].cells}
        by_law = {cell for cell in cells if cell[0] not in self.printed}
        return lay_out(tables, hidden=cells - self.fixed, least=dict.fromkeys(by_law, 0))

    def is_small(self, cell: CellId) -> bool:
        """Whether a cell tells of somebody, and of too few."""
        return 0 < self._count(cell) < self.floor

    def rank(self, cell: CellId) -> tuple[bool, int, int, CellId]:
        """Place in showing: the headline, then tables of few dimensions, large cells first."""
        table = self.tables[cell[0]]
        return table.name != HEADLINE, len(table.dimensions), -self._count(cell), cell

    def to_withhold(self, left: Mapping[int, Table], cell: CellId) -> int | None:
        """The table to withhold so that a cell cannot be worked out: its own, if printed.

        Else the finest of those left that count by what it counts by, the headline last.
        """
        if cell[0] in self.printed:
            return cell[0]
        by = {*self.tables[cell[0]].dimensions}
        near = [n for n in left if n in self.printed and by & {*left[n].dimensions}]
        order = [(left[n].name != HEADLINE, len(left[n].dimensions), n) for n in near]
        return max(order)[2] if order else None

    def _count(self, cell: CellId) -> int:
        return next(c.count or 0 for c in self.tables[cell[0]].cells if c.values == cell[1])


def public_view(bulletin: Bulletin) -> Bulletin:
    """The bulletin with small cells, and what would betray them, hidden."""
    floor = bulletin.definitions.small_cell
    people = bulletin.people or 0
    few = 0 < people < floor
    tables = (
        tuple(replace(table, cells=(), withheld=True) for table in bulletin.tables)
        if few
        else hide_small(bulletin.tables, floor, known_by_law(bulletin.tables, bulletin.definitions))
    )
    return replace(
        bulletin,
        view=View.PUBLIC,
        people=None if few else people,
        tables=tables,
        spans=tuple(_public_span(span, tables, floor) for span in bulletin.spans),
        items=_public_items(bulletin.items, floor),
        laws=_public_laws(bulletin.laws, floor),
    )


def hide_small(
    tables: Sequence[Table], floor: int, known: KnownByLaw | None = None
) -> tuple[Table, ...]:
    """The tables with every cell from 1 up to below `floor` beyond a reader's reach.

    With `known`, the reader knows which ages the law leaves for each reason.
    """
    unprinted = () if known is None else (known.table,)
    against = frozenset[tuple[str, ...]]() if known is None else known.against
    setting = _Setting(
        tables=dict(enumerate((*tables, *unprinted))),
        printed=range(len(tables)),
        fixed={(len(tables), values) for values in against},
        floor=floor,
    )
    puzzle, witnesses = _all_hidden(setting)
    rest = [c for c in puzzle.hidden if c[0] in setting.printed and not setting.is_small(c)]
    for cell in sorted(rest, key=setting.rank):
        _show(puzzle, witnesses, cell)
    return tuple(_printed(table, number, puzzle) for number, table in enumerate(tables))


def known_by_law(tables: Sequence[Table], law: Definitions) -> KnownByLaw | None:
    """What a reader of the law knows of reasons and ages; None if no table counts by both."""
    whole = next((table for table in tables if {*_REASON_AGE} <= {*table.dimensions}), None)
    if whole is None:
        return None
    reason, age = (whole.dimensions.index(dimension) for dimension in _REASON_AGE)
    counts = Counter[tuple[str, str]]()
    for cell in whole.cells:
        counts[cell.values[reason], cell.values[age]] += cell.count or 0
    against = frozenset[tuple[str, ...]](each for each in counts if not may_have_age(law, *each))
    for pair in product({each[0] for each in counts}, {each[1] for each in counts}):
        if may_have_age(law, *pair):
            counts[pair] += 0
    cells = tuple(Cell(values=pair, count=counts[pair]) for pair in sorted(counts))
    table = Table(name="by-law", dimensions=_REASON_AGE, cells=cells)
    return KnownByLaw(table=table, against=against)


def _all_hidden(setting: _Setting) -> tuple[Puzzle, dict[CellId, Vector]]:
    """Everything hidden, and a witness of each small cell; with tables withheld where needed."""
    tables, beyond_help = dict(setting.tables), set[CellId]()
    while True:
        puzzle = setting.puzzle(tables)
        witnesses: dict[CellId, Vector] = {}
        for cell in sorted(filter(setting.is_small, puzzle.hidden - beyond_help)):
            found = find_witness(puzzle, cell)
            if found is None:
                break
            witnesses[cell] = found
        else:
            return puzzle, witnesses
        if (withheld := setting.to_withhold(tables, cell)) is None:
            beyond_help.add(cell)
        else:
            del tables[withheld]


def _show(puzzle: Puzzle, witnesses: dict[CellId, Vector], cell: CellId) -> None:
    """Show a cell if every small cell then still has a witness."""
    puzzle.hidden.remove(cell)
    others: dict[CellId, Vector] = {}
    for small, witness in witnesses.items():
        if cell in witness:
            found = find_witness(puzzle, small)
            if found is None:
                puzzle.hidden.add(cell)
                return
            others[small] = found
    witnesses.update(others)


def _printed(table: Table, number: int, puzzle: Puzzle) -> Table:
    if any((number, cell.values) not in puzzle.counts for cell in table.cells):
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


def _public_laws(laws: Sequence[LawCount], floor: int) -> tuple[LawCount, ...]:
    """The laws under which enough people were decided, by name alone."""
    return tuple(replace(each, people=None) for each in laws if (each.people or 0) >= floor)


def _public_items(items: Items, floor: int) -> Items:
    if items.cases is not None and 0 < items.cases < floor:
        return Items(cases=None, total=None, median_per_case=None, largest_case=None)
    return items
