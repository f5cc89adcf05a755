"""Counting people and items."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bulletin.rows import START, a_bulletin, a_person, cells_of
from tipbridge.bulletin.definitions import load_definitions
from tipbridge.bulletin.model import CaseRow, Dimension, Step
from tipbridge.bulletin.rules import TABLES, age_band_of, share_of


def test_the_operation_of_2014_has_its_published_shares():
    people = [
        *(a_person(number) for number in range(74)),
        *(
            a_person(100 + number, age=12, stage="not-booked", reason="below-age")
            for number in range(33)
        ),
        *(
            a_person(200 + number, age=16, stage="not-booked", reason="minor-violation")
            for number in range(10)
        ),
    ]
    bulletin = a_bulletin(people)
    table = bulletin.tables[0]
    assert bulletin.people == 117
    assert [(cell.values[2], cell.count, cell.share) for cell in table.cells] == [
        ("below-age", 33, Decimal("28.2")),
        ("minor-violation", 10, Decimal("8.5")),
        ("suspicion", 74, Decimal("63.2")),
    ]


@pytest.mark.parametrize(
    ("age", "band"),
    [(0, "under-10"), (9, "under-10"), (10, "10-13"), (13, "10-13"), (14, "14-18"), (18, "14-18"),
     (19, "19-29"), (46, "40-49"), (99, "60-up"), (None, "unknown"), (-1, "unknown")],
)  # fmt: skip
def test_an_age_falls_in_exactly_its_band(age: int | None, band: str):
    assert age_band_of(None if age is None else (age, age), load_definitions()) == band


@pytest.mark.parametrize(
    ("ages", "band"), [((41, 49), "40-49"), ((13, 14), "unknown"), ((62, 80), "60-up")]
)
def test_a_range_of_ages_counts_in_a_band_that_holds_it_whole(ages: tuple[int, int], band: str):
    assert age_band_of(ages, load_definitions()) == band


def test_a_person_counts_in_the_period_of_the_police_decision_in_korean_days():
    last_minute = datetime(2014, 10, 31, 14, 59, tzinfo=UTC)  # 23:59 in Seoul
    inside = replace(a_person(1), decided_at=last_minute)
    outside = replace(a_person(2), decided_at=last_minute + timedelta(minutes=1))
    assert a_bulletin([inside, outside]).people == 1


def test_a_person_decided_twice_counts_once_by_the_last_decision():
    first = a_person(1, stage="inquiry", day=5)
    second = a_person(1, stage="booked", day=9)
    bulletin = a_bulletin([second, first])
    assert cells_of(bulletin, "outcomes") == {("booked", "not-detained", "suspicion"): 1}


def test_an_unrecorded_fact_is_counted_apart_as_unknown():
    person = a_person(1)
    facts = {key: value for key, value in person.facts.items() if key is not Dimension.MOTIVE}
    bulletin = a_bulletin([replace(person, facts=facts)])
    assert cells_of(bulletin, "self-produced") == {("no", "unknown"): 1}


def test_days_are_medians_between_recorded_steps_by_channel():
    people = [a_person(number, day=10 * number) for number in (1, 2, 4)]
    lone = a_person(5, channel="case-by-case")
    lone = replace(lone, steps={Step.DECIDED: lone.decided_at})
    spans = a_bulletin([*people, lone]).spans
    assert [(span.from_step, span.to_step, span.people, span.median_days) for span in spans] == [
        (Step.REPORTED, Step.RECEIVED, 3, Decimal("4.0")),
        (Step.RECEIVED, Step.DECIDED, 3, Decimal("16.0")),
        (Step.REPORTED, Step.DECIDED, 3, Decimal("20.0")),
    ]


def test_items_show_median_and_largest_so_that_one_case_cannot_hide_in_the_sum():
    people = [a_person(number) for number in (1, 2, 3, 4)]
    sizes = {"c001": 3, "c002": 10, "c003": 4, "c004": 38000, "c009": 700}
    items = a_bulletin(
        people, [CaseRow(case_id=case, items=count) for case, count in sizes.items()]
    ).items
    assert (items.cases, items.total) == (4, 38017)
    assert (items.median_per_case, items.largest_case) == (Decimal("7.0"), 38000)


def test_an_empty_period_is_a_bulletin_of_nobody():
    bulletin = a_bulletin([replace(a_person(1), decided_at=START - timedelta(days=99))])
    assert (bulletin.people, bulletin.items.cases, bulletin.spans) == (0, 0, ())
    assert all(table.cells == () for table in bulletin.tables)


def test_no_ring_of_tables_shares_dimensions():
    """Repeatedly drop a table whose shared dimensions all lie in one other table."""
    left = [set(dimensions) for _, dimensions in TABLES]
    shrinking = True
    while shrinking:
        shrinking = False
        for table in left:
            others = [other for other in left if other is not table]
            shared = table & set().union(*others) if others else set()
            if any(shared <= other for other in others) or not shared:
                left.remove(table)
                shrinking = True
                break
    assert left == []


@given(
    st.lists(st.tuples(st.integers(0, 90), st.sampled_from(["booked", "not-booked"])), max_size=60)
)
def test_every_table_counts_everybody_once(drawn: list[tuple[int, str]]):
    people = [a_person(n, age=age, stage=stage) for n, (age, stage) in enumerate(drawn)]
    bulletin = a_bulletin(people)
    for table in bulletin.tables:
        assert sum(cell.count or 0 for cell in table.cells) == len(people)


@given(st.permutations(range(12)))
def test_the_order_of_rows_changes_nothing(order: list[int]):
    people = [a_person(number, age=8 + 5 * number, day=number) for number in range(12)]
    assert a_bulletin([people[number] for number in order]) == a_bulletin(people)


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(1, 8, "12.5"), (1, 16, "6.3"), (0, 3, "0.0")]
)
def test_shares_round_half_up(part: int, whole: int, share: str):
    assert share_of(part, whole) == Decimal(share)
    assert share_of(part, 0) is None
