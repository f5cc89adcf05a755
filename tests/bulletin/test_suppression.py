"""What a reader of the public view can and can't work out."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bulletin.readers import Reader
from tests.bulletin.rows import a_bulletin, a_person, cells_of
from tipbridge.bulletin.model import Cell, Dimension, Table, View
from tipbridge.bulletin.suppression import hide_small, public_view

FLOOR = 5
D = Dimension


def tables_of(people: Sequence[tuple[str, ...]], shapes: Sequence[tuple[D, ...]]) -> list[Table]:
    """Tables over people who are given by their values of the first dimensions."""
    everything = (D.STAGE, D.AGE_BAND, D.PLACE)
    tables: list[Table] = []
    for number, shape in enumerate(shapes):
        places = [everything.index(dimension) for dimension in shape]
        counts = Counter(tuple(person[place] for place in places) for person in people)
        cells = tuple(Cell(values=values, count=n) for values, n in sorted(counts.items()))
        tables.append(Table(name=str(number), dimensions=shape, cells=cells))
    return tables


people_strategy = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.sampled_from("pq")),
    min_size=1,
    max_size=26,
)
SHAPES = (
    [(D.STAGE,)],
    [(D.STAGE, D.AGE_BAND)],
    [(D.STAGE, D.AGE_BAND), (D.STAGE,)],
    [(D.STAGE, D.AGE_BAND), (D.AGE_BAND, D.PLACE)],
    [(D.STAGE,), (D.STAGE, D.AGE_BAND), (D.AGE_BAND, D.PLACE), (D.PLACE,)],
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=150)
@given(people_strategy, st.sampled_from(SHAPES))
def test_no_small_cell_can_be_worked_out(
    people: list[tuple[str, ...]], shapes: list[tuple[D, ...]]
):
    tables = tables_of(people, shapes)
    printed = hide_small(tables, FLOOR)
    reader = Reader(printed, len(people))
    for before, after in zip(tables, printed, strict=True):
        if after.withheld:
            assert after.cells == ()
            continue
        for true, seen in zip(before.cells, after.cells, strict=True):
            assert seen.count in (true.count, None)
            if (true.count or 0) < FLOOR:
                assert seen.count is None
                others = [n for n in range(1, len(people) + 1) if n != true.count]
                assert any(reader.could_be((after.name, true.values), n) for n in others)


def test_the_reader_of_this_test_does_find_a_cell_left_alone():
    tables = tables_of([("a", "x", "p")] * 3 + [("b", "x", "p")] * 20, [(D.STAGE,)])
    careless = Table(
        name="0",
        dimensions=(D.STAGE,),
        cells=(Cell(values=("a",), count=None), tables[0].cells[1]),
    )
    reader = Reader([careless], 23)
    assert [n for n in range(1, 24) if reader.could_be(("0", ("a",)), n)] == [3]


def test_a_small_cell_takes_the_next_smallest_with_it():
    people = [("a", "x", "p")] * 3 + [("b", "x", "p")] * 20 + [("c", "x", "p")] * 9
    (table,) = hide_small(tables_of(people, [(D.STAGE,)]), FLOOR)
    assert [cell.count for cell in table.cells] == [None, 20, None]


def test_two_cells_of_one_person_are_not_told_by_their_sum():
    people = [("a", "x", "p"), ("b", "x", "p")] + [("c", "x", "p")] * 30 + [("d", "x", "p")] * 40
    (table,) = hide_small(tables_of(people, [(D.STAGE,)]), FLOOR)
    assert [cell.count for cell in table.cells] == [None, None, None, 40]


def test_one_table_is_not_read_off_another_that_shares_a_dimension():
    people = [("a", "x", "p")] * 2 + [("a", "y", "p")] * 20 + [("b", "x", "q")] * 20
    by_stage, by_both = hide_small(tables_of(people, [(D.STAGE,), (D.STAGE, D.AGE_BAND)]), FLOOR)
    assert [cell.count for cell in by_stage.cells] == [22, 20]
    assert [cell.count for cell in by_both.cells] == [None, None, 20]


def test_large_cells_stay_as_they_are():
    bulletin = a_bulletin([a_person(n) for n in range(20)])
    public = public_view(bulletin)
    assert public.view is View.PUBLIC
    assert public.tables == bulletin.tables
    assert public.people == 20


def test_fewer_people_than_the_floor_show_nothing_at_all():
    public = public_view(a_bulletin([a_person(n, channel="case-by-case") for n in range(4)]))
    assert public.people is None
    assert all(table.withheld and table.cells == () for table in public.tables)
    assert all(span.people is None and span.median_days is None for span in public.spans)
    assert public.items.total is None


def test_days_of_a_hidden_group_are_hidden_with_it():
    people = [a_person(n) for n in range(20)] + [
        a_person(n, channel="case-by-case") for n in (30, 31)
    ]
    public = public_view(
        a_bulletin([*people, *(a_person(n, origin="liaison-lead") for n in range(50, 60))])
    )
    assert cells_of(public, "origins") == {
        ("provider-tip", "agreement"): 20,
        ("provider-tip", "case-by-case"): None,
        ("liaison-lead", "agreement"): None,
    }
    shown = {(span.origin, span.channel) for span in public.spans if span.median_days is not None}
    assert shown == {("provider-tip", "agreement")}


def test_shares_of_hidden_cells_are_hidden():
    public = public_view(
        a_bulletin([a_person(n, stage="booked" if n else "inquiry") for n in range(30)])
    )
    assert all(
        cell.share is None for table in public.tables for cell in table.cells if cell.count is None
    )
