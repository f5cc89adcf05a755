"""What is due to be erased and what it waits for, by rule."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tipbridge.knowledge.law.model import Mark, Outcome, Source
from tipbridge.police.retention import rules
from tipbridge.police.retention.model import CaseFacts, Kept, PersonFacts, Waits

DUE = date(2015, 3, 1)
KEPT = Kept(
    outcome=Outcome.WELFARE_ONLY,
    source=Source(rule="R", citation="c", citation_ko="c", mark=Mark.PRACTICE),
    days=365,
    ended_on=DUE - timedelta(days=365),
    due_on=DUE,
)
DONE = PersonFacts(
    person_id="p1", position=1, decided=True, closed=True, kept=KEPT, welfare_open=False
)
VICTIM = PersonFacts(
    person_id="p2", position=2, decided=None, closed=False, kept=None, welfare_open=False
)
CASE = CaseFacts(
    case_id="c",
    number="1",
    people=(DONE, VICTIM),
    held=False,
    material_up=0,
    exhibits_held=0,
    merged=False,
)


def test_a_case_is_due_on_the_day_its_period_ends_and_not_before() -> None:
    assert rules.case_due(CASE, on=DUE - timedelta(days=1)).waits == (Waits.PERIOD_RUNS,)
    due = rules.case_due(CASE, on=DUE)
    assert (due.waits, due.kept) == ((), KEPT)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"held": True}, Waits.HELD),
        ({"material_up": 1}, Waits.MATERIAL_UP),
        ({"exhibits_held": 1}, Waits.EXHIBITS_HELD),
        ({"merged": True}, Waits.MERGED),
        ({"people": (VICTIM,)}, Waits.NOBODY_DECIDED),
        ({"people": (replace(DONE, decided=False, closed=False, kept=None),)}, Waits.NOT_DECIDED),
        ({"people": (replace(DONE, closed=False, kept=None),)}, Waits.NOT_CLOSED),
        ({"people": (replace(DONE, kept=None),)}, Waits.NO_PERIOD),
        ({"people": (DONE, replace(VICTIM, welfare_open=True))}, Waits.WELFARE_OPEN),
    ],
)
def test_whatever_a_case_waits_for_keeps_it_and_is_named(
    changed: dict[str, object], why: Waits
) -> None:
    case = replace(CASE, **changed)  # type: ignore[arg-type]
    assert why in rules.case_due(case, on=DUE).waits


def test_one_whose_time_has_come_goes_before_the_others_of_the_case() -> None:
    later = replace(KEPT, days=730, due_on=DUE + timedelta(days=365))
    other = replace(DONE, person_id="p3", position=3, kept=later)
    due = rules.case_due(replace(CASE, people=(DONE, VICTIM, other)), on=DUE)
    assert due.waits == (Waits.PERIOD_RUNS,)
    assert due.kept == later
    assert [each.person_id for each in rules.people_due(due)] == ["p1"]


def test_a_hold_keeps_everybody() -> None:
    due = rules.case_due(replace(CASE, held=True), on=DUE)
    assert rules.people_due(due) == ()
