"""The people drawn and their made-up files."""

import hashlib
import json
import struct
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipbridge.demo.draw import Draw
from tipbridge.demo.files import picture
from tipbridge.demo.people import DrawnPerson, Population
from tipbridge.demo.population import born_on, draw_population
from tipbridge.demo.record import write_people
from tipbridge.demo.scenario import Scale, Wish, load_scenario


def drawn(
    scale: Scale = Scale.SMALL, seed: int | None = None, people: int | None = None
) -> Population:
    return draw_population(load_scenario(), Wish(scale=scale, seed=seed, people=people))


def age_at_act(person: DrawnPerson) -> int:
    had_birthday = (person.act_on.month, person.act_on.day) >= (
        person.born_on.month,
        person.born_on.day,
    )
    return person.act_on.year - person.born_on.year - (not had_birthday)


def filed(population: Population) -> int:
    return sum(
        len({name for report in person.reports for name in report.files})
        for person in population.people
    )


def found(population: Population) -> int:
    return sum(len(names) for person in population.people for names in person.devices.values())


@pytest.mark.parametrize(
    ("scale", "on_devices", "in_reports"),
    [(Scale.SMALL, 400, 200), (Scale.DEFAULT, 38000, 4000), (Scale.FULL, 38000, 62000)],
)
def test_each_scale_has_its_files_and_all_people(scale: Scale, on_devices: int, in_reports: int):
    population = drawn(scale)
    assert len(population.people) == 117
    assert (found(population), filed(population)) == (on_devices, in_reports)


def test_about_three_hundred_reports_are_filed_by_default():
    assert 290 <= sum(len(person.reports) for person in drawn(Scale.DEFAULT).people) <= 310


def test_the_same_seed_draws_the_same_people_and_another_seed_others():
    assert write_people(drawn()) == write_people(drawn())
    assert write_people(drawn()) != write_people(drawn(seed=7))


def test_another_number_of_people_has_other_shares():
    usual, other = drawn(), drawn(seed=7, people=131)
    assert len(other.people) == 131
    shares = [Counter((p.act, p.school) for p in each.people) for each in (usual, other)]
    assert shares[0] != shares[1]
    assert sum(person.lead_on is not None for person in other.people) == 1


def test_everybody_has_the_age_of_their_cohort_at_the_act():
    for seed in (2014, 1, 2, 3):
        people = drawn(seed=seed).people
        young = [person for person in people if person.self_produced]
        assert {8, 9} <= {age_at_act(person) for person in young} <= set(range(8, 14))
        assert [age_at_act(person) for person in people if person.lead_on] == [46]


@given(st.dates(date(2012, 1, 1), date(2014, 12, 31)), st.integers(1, 90), st.integers(0, 364))
def test_a_birth_date_gives_exactly_the_age_drawn(act_on: date, age: int, past: int):
    born = born_on(act_on, age, past)
    had_birthday = (act_on.month, act_on.day) >= (born.month, born.day)
    assert act_on.year - born.year - (not had_birthday) == age


def test_every_matter_can_be_decided_before_the_operation_ends():
    for person in drawn(seed=5, people=300).people:
        started = person.lead_on or person.reports[0].filed_on
        waiting = person.waiting
        days = waiting.analyst_days + waiting.liaison_days + waiting.answer_days
        days += waiting.investigator_days + 4 * load_scenario().step_days
        assert date(2013, 11, 1) < started
        assert started + timedelta(days=days) <= date(2014, 10, 31)
        assert person.act_on < started


def test_moving_one_birthday_changes_nothing_else():
    draw = Draw(3)
    before = draw.between("person-002/act", 1, 40)
    draw.between("person-001/born", 0, 364)
    assert draw.between("person-002/act", 1, 40) == before


def test_a_file_is_a_small_picture_and_unique():
    draw = Draw(1)
    data = picture(draw, "person-001/file/00000")
    assert data[:2] == b"BM"
    assert struct.unpack_from("<I", data, 2)[0] == len(data) == 246
    names = {
        name for person in drawn().people for report in person.reports for name in report.files
    }
    assert len({hashlib.sha256(picture(draw, name)).digest() for name in names}) == len(names)


def test_some_files_are_reported_twice_and_some_are_in_several_hands():
    people = drawn(Scale.DEFAULT).people
    assert any(
        sum(len(report.files) for report in person.reports)
        > len({name for report in person.reports for name in report.files})
        for person in people
    )
    hands = Counter(
        name
        for person in people
        for name in {name for report in person.reports for name in report.files}
    )
    assert max(hands.values()) > 1


def test_the_written_record_holds_facts_and_no_outcome():
    record = json.loads(write_people(drawn()))
    assert set(record["people"][0]) == {
        "id", "born_on", "school", "service", "place", "account", "email", "act", "act_on",
        "subject", "self_produced", "motive", "lead_on", "reports", "devices", "waiting",
    }  # fmt: skip
    assert record["people"][0]["id"] == "person-001"
