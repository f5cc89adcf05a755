"""A reader of the public view with pencil and patience; shares no code with the product."""

from collections.abc import Collection, Mapping, Sequence

from tipbridge.bulletin.model import Dimension, Table

D = Dimension
Law = Mapping[str, Collection[str]]
"""Ages that the law leaves, by reason."""


class Reader:
    """Somebody with the public view who knows which ages the law leaves for a reason."""

    def __init__(self, printed: Sequence[Table], people: int, law: Law | None = None):
        self.people = people
        shown = [table for table in printed if not table.withheld]
        self.known = {
            (table.name, cell.values): cell.count
            for table in shown
            for cell in table.cells
            if cell.count is not None
        }
        self.hidden = [
            (table.name, cell.values)
            for table in shown
            for cell in table.cells
            if cell.count is None
        ]
        self.by_law = [
            ("law", (reason, age)) for reason in law or {} for age in (law or {})[reason]
        ]
        self.hidden += self.by_law
        self.sums: list[tuple[list[int], int]] = []
        if law:
            self._apply(law, shown)
        for table in shown:
            self._learn([(table, cell.values, 1) for cell in table.cells], people)
        for one in shown:
            for other in shown:
                both = set(one.dimensions) & set(other.dimensions)
                if one.name < other.name and both:
                    self._compare(one, other, sorted(both))

    def _compare(self, one: Table, other: Table, both: list[D]):
        def part(table: Table, values: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(values[table.dimensions.index(dimension)] for dimension in both)

        keys = {part(t, cell.values) for t in (one, other) for cell in t.cells}
        for key in keys:
            terms = [
                (table, cell.values, sign)
                for table, sign in ((one, 1), (other, -1))
                for cell in table.cells
                if part(table, cell.values) == key
            ]
            self._learn(terms, 0)

    def _apply(self, law: Law, shown: Sequence[Table]):
        """Everybody has one of the pairs, and what is printed of reasons and ages agrees."""
        self._learn([(None, pair, 1) for _, pair in self.by_law], self.people)
        for table in shown:
            both = [n for n, d in enumerate((D.REASON, D.AGE_BAND)) if d in table.dimensions]
            places = [table.dimensions.index((D.REASON, D.AGE_BAND)[n]) for n in both]
            keys = {tuple(pair[n] for n in both) for _, pair in self.by_law} if both else set()
            for key in keys:
                mine = [
                    (table, cell.values, 1)
                    for cell in table.cells
                    if tuple(cell.values[place] for place in places) == key
                ]
                pairs = [pair for _, pair in self.by_law if tuple(pair[n] for n in both) == key]
                self._learn([*mine, *((None, pair, -1) for pair in pairs)], 0)

    def _learn(self, terms: Sequence[tuple[Table | None, tuple[str, ...], int]], total: int):
        weights = [0] * len(self.hidden)
        for table, values, sign in terms:
            cell = (table.name if table else "law", values)
            if cell in self.known:
                total -= sign * (self.known[cell] or 0)
            else:
                weights[self.hidden.index(cell)] += sign
        self.sums.append((weights, total))

    def could_be(self, cell: tuple[str, tuple[str, ...]], count: int) -> bool:
        """Whether some whole numbers fit everything printed, with `count` in this cell."""
        ends = [(0 if each in self.by_law else 1, self.people) for each in self.hidden]
        ends[self.hidden.index(cell)] = (count, count)
        return self._search(ends)

    def may_tell(self, cell: tuple[str, tuple[str, ...]]) -> bool:
        """Whether only one number fits in a hidden cell."""
        fits = (n for n in range(1, self.people + 1) if self.could_be(cell, n))
        return next(fits, None) is None or next(fits, None) is None

    def _search(self, ends: list[tuple[int, int]]) -> bool:
        while (nearer := self._narrowed(ends)) != ends:
            ends = nearer
        if any(low > high for low, high in ends):
            return False
        open_ = [(high - low, n) for n, (low, high) in enumerate(ends) if low < high]
        if not open_:
            return True
        _, place = min(open_)
        low, high = ends[place]
        return any(
            self._search([*ends[:place], (n, n), *ends[place + 1 :]]) for n in range(low, high + 1)
        )

    def _narrowed(self, ends: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The least and most of each hidden cell that one sum after the other still allows."""
        found = list(ends)
        for weights, total in self.sums:
            parts = [(n, w) for n, w in enumerate(weights) if w]
            least = sum(min(w * found[n][0], w * found[n][1]) for n, w in parts)
            most = sum(max(w * found[n][0], w * found[n][1]) for n, w in parts)
            if not parts and total:
                return [(1, 0)] * len(ends)
            for n, w in parts:  # weights are 1 and -1
                low, high = found[n]
                if w > 0:
                    found[n] = max(low, total - most + high), min(high, total - least + low)
                else:
                    found[n] = max(low, least - total + high), min(high, most - total + low)
                if found[n][0] > found[n][1]:
                    return [(1, 0)] * len(ends)
                changed = [w * each for each in found[n]]
                least += min(changed) - min(w * low, w * high)
                most += max(changed) - max(w * low, w * high)
        return found
