"""A reader who knows which ages the law leaves for a reason works out no small cell either."""

import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bulletin.readers import Reader
from tests.bulletin.rows import PERIOD, a_bulletin, a_person, cells_of
from tests.demo.expected import age_at_act, rows_of
from tipbridge.bulletin.definitions import load_definitions
from tipbridge.bulletin.model import Bulletin, Cell, Dimension, Table
from tipbridge.bulletin.rules import TABLES, may_have_age
from tipbridge.bulletin.suppression import hide_small, known_by_law, public_view
from tipbridge.demo.population import draw_population
from tipbridge.demo.record import write_people
from tipbridge.demo.scenario import Scale, Wish, load_scenario
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.versions import law_on

D = Dimension
FLOOR = 5
ADULT = ("19-29", "30-39", "40-49", "50-59", "60-up")
LAW = {
    "below-age": ("under-10", "10-13"),
    "minor-violation": ("14-18",),
    "suspicion": ("14-18", *ADULT),
}
OLDEST = 100
LINKED = ("outcomes", "dispositions", "places")


def operation(seed: int | None = None, people: int | None = None) -> Bulletin:
    """The full view of a demo population as its police decide it."""
    wish = Wish(scale=Scale.SMALL, seed=seed, people=people)
    record = json.loads(write_people(draw_population(load_scenario(), wish)))
    counted = {d.value for _, dimensions in TABLES for d in dimensions} - {"age-band"}
    rows = [
        a_person(
            number,
            age=age_at_act(person),
            **{name.replace("-", "_"): row[name] for name in counted},
        )
        for number, (person, row) in enumerate(
            zip(record["people"], rows_of(record), strict=True), start=1
        )
    ]
    return a_bulletin(rows)


def told(full: list[Table], printed: list[Table], people: int) -> list[tuple[str, ...]]:
    """The small cells that a reader of these tables can work out."""
    reader = Reader(printed, people, LAW)
    return [
        (table.name, *cell.values)
        for table in full
        for cell in table.cells
        if 0 < (cell.count or 0) < FLOOR
        and (table.name, cell.values) in reader.hidden
        and reader.may_tell((table.name, cell.values))
    ]


def linked(bulletin: Bulletin) -> list[Table]:
    return [table for table in bulletin.tables if table.name in LINKED]


def test_the_operations_headline_is_shown_and_its_small_cells_are_not():
    full = operation()
    public = public_view(full)
    assert public.people == 117
    outcomes = next(table for table in public.tables if table.name == "outcomes")
    assert [(cell.count, str(cell.share)) for cell in outcomes.cells] == [
        (33, "28.2"),
        (10, "8.5"),
        (74, "63.2"),
    ]
    assert not any(table.withheld for table in public.tables)
    shown = cells_of(public, "places")
    assert shown["video-site", "under-10"] is None
    assert shown["social-network", "10-13"] == 22
    assert shown["video-site", "10-13"] is None


@pytest.mark.parametrize(("seed", "people"), [(None, None), (7, 131), (3, 60), (11, 25)])
def test_no_small_cell_of_an_operation_can_be_worked_out(seed: int | None, people: int | None):
    full = operation(seed, people)
    public = public_view(full)
    small = [c for t in full.tables for c in t.cells if (c.count or 0) < FLOOR]
    assert small
    printed = {(t.name, c.values): c.count for t in public.tables for c in t.cells}
    for table in full.tables:
        for cell in table.cells:
            expected = (None,) if (cell.count or 0) < FLOOR else (None, cell.count)
            assert printed.get((table.name, cell.values)) in expected
    assert told(linked(full), linked(public), full.people or 0) == []


def test_nothing_of_the_operation_is_hidden_that_could_be_shown():
    full = operation()
    whole = {(table.name, c.values): c.count for table in full.tables for c in table.cells}
    public = linked(public_view(full))
    hidden = [
        (place, cell.values)
        for place, table in enumerate(public)
        for cell in table.cells
        if cell.count is None and (whole[table.name, cell.values] or 0) >= FLOOR
    ]
    assert hidden
    for place, values in hidden:
        name = public[place].name
        cells = tuple(
            Cell(values=c.values, count=whole[name, c.values]) if c.values == values else c
            for c in public[place].cells
        )
        table = Table(name=name, dimensions=public[place].dimensions, cells=cells)
        assert told(linked(full), [*public[:place], table, *public[place + 1 :]], 117)


def test_the_reader_of_this_test_finds_what_the_law_betrays():
    full = operation()
    hiding = {("places", "video-site", "under-10"), ("places", "video-site", "30-39")}
    hiding |= {("places", "cloud-drive", "60-up"), ("places", "paid-site", "40-49")}
    printed = [
        Table(
            name=table.name,
            dimensions=table.dimensions,
            cells=tuple(
                Cell(values=c.values, count=None) if (table.name, *c.values) in hiding else c
                for c in table.cells
            ),
        )
        for table in linked(full)
        if table.name != "dispositions"
    ]
    assert told(linked(full), printed, 117) == [("places", "video-site", "under-10")]


def test_where_no_table_of_both_is_printed_the_law_alone_betrays_nobody():
    full = operation()
    rest = [table for table in linked(full) if table.name != "dispositions"]
    printed = list(hide_small(rest, FLOOR, known_by_law(full.tables, full.definitions)))
    assert told(rest, printed, 117) == []
    assert [cell.count for cell in printed[0].cells] == [33, 10, 74]
    unaware = list(hide_small(rest, FLOOR))
    assert told(rest, unaware, 117) == [("places", "video-site", "under-10")]


SHAPES = (
    [(D.REASON,), (D.REASON, D.AGE_BAND), (D.AGE_BAND, D.PLACE)],
    [(D.REASON, D.AGE_BAND), (D.AGE_BAND, D.PLACE)],
    [(D.REASON, D.AGE_BAND), (D.AGE_BAND,)],
)
people_strategy = st.lists(
    st.tuples(
        st.sampled_from([(reason, age) for reason, ages in LAW.items() for age in ages[:3]]),
        st.sampled_from("pq"),
        st.integers(1, 9),
    ),
    min_size=2,
    max_size=8,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=150)
@given(people_strategy, st.sampled_from(SHAPES), st.booleans())
def test_by_whatever_figures_no_small_cell_can_be_worked_out(
    groups: list[tuple[tuple[str, str], str, int]], shapes: list[tuple[D, ...]], without: bool
):
    """Whether or not the one table that counts by both is printed."""
    people = [(*pair, place) for pair, place, number in groups for _ in range(number)]
    everything = (D.REASON, D.AGE_BAND, D.PLACE)
    tables: list[Table] = []
    for number, shape in enumerate(shapes):
        places = [everything.index(dimension) for dimension in shape]
        counts = Counter(tuple(person[place] for place in places) for person in people)
        cells = tuple(Cell(values=values, count=n) for values, n in sorted(counts.items()))
        tables.append(Table(name=str(number), dimensions=shape, cells=cells))
    known = known_by_law(tables, load_definitions())
    if without:
        tables = [table for table in tables if {D.REASON, D.AGE_BAND} - {*table.dimensions}]
    printed = hide_small(tables, FLOOR, known)
    for before, after in zip(tables, printed, strict=True):
        assert after.withheld or all(
            seen.count in (true.count, None) and ((true.count or 0) >= FLOOR or seen.count is None)
            for true, seen in zip(before.cells, after.cells, strict=True)
        )
    assert told(tables, list(printed), len(people)) == []


def test_the_definitions_leave_the_ages_that_the_law_leaves():
    law, definitions = law_on(shipped_laws(), "KR", PERIOD.to_on), load_definitions()
    left: dict[str, set[int]] = {}
    for rule in law.outcomes:
        ways = [band for band in law.bands if rule.outcome in band.permitted]
        ways += [each for each in law.diversions if each.outcome is rule.outcome]
        for way in ways:
            ages = range(way.from_age, OLDEST if way.below_age is None else way.below_age)
            left.setdefault(rule.reason.value, set()).update(ages)
    for each in definitions.reason_ages:
        ages = range(each.from_years, OLDEST if each.below_years is None else each.below_years)
        assert left[each.reason] == set(ages)
        assert each.citation


def test_a_band_is_left_to_a_reason_when_some_of_its_ages_are():
    definitions = load_definitions()
    bands = [band.code for band in definitions.age_bands]
    for reason, ages in LAW.items():
        assert [code for code in bands if may_have_age(definitions, reason, code)] == list(ages)
    listed = ("below-age", "minor-violation", "suspicion", "no-suspicion")
    unsettled = [each for each in listed if may_have_age(definitions, each, "unknown")]
    assert unsettled == ["suspicion", "no-suspicion"]


def test_somebody_decided_against_the_law_betrays_nobody():
    people = [a_person(n, age=30) for n in range(20)]
    people += [a_person(n, age=9, reason="below-age", stage="not-booked") for n in range(30, 33)]
    people += [a_person(n, age=12, reason="below-age", stage="not-booked") for n in range(40, 50)]
    full = a_bulletin([*people, a_person(60, age=40, reason="below-age", stage="not-booked")])
    public = public_view(full)
    for name in LINKED:
        table = next(table for table in public.tables if table.name == name)
        small = [v for v, n in cells_of(full, name).items() if (n or 0) < FLOOR]
        assert table.withheld or {cells_of(public, name)[values] for values in small} <= {None}
    reader = Reader(linked(public), 34, None)
    assert not [each for each in reader.hidden if reader.may_tell(each)]
