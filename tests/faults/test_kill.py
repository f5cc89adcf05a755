"""kill -9 of any node at random moments: nothing acknowledged is lost, nothing is doubled.

The short form; `make faults` is the long one.
"""

from dataclasses import replace

import pytest

from tests.faults.comparing import compared
from tests.faults.killing import What, draw_moments
from tests.faults.planted import faults
from tipbridge.demo.people import Population
from tipbridge.demo.population import draw_population
from tipbridge.demo.scenario import Scale, Wish, load_scenario
from tipbridge.foundation.base.errors import NotFound

SEED, MOMENTS, PEOPLE = 20140, 5, 5


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Back-off short enough that a test does not wait for it."""
    monkeypatch.setenv("TIPBRIDGE_RETRY_BASE_SECONDS", "0.2")
    monkeypatch.setenv("TIPBRIDGE_TICK_SECONDS", "0.5")


def few_people() -> Population:
    """Every so many people and the one with a lead: everything happens, not often."""
    whole = draw_population(load_scenario(), Wish(scale=Scale.SMALL, seed=None, people=None))
    some = whole.people[:: len(whole.people) // PEOPLE]
    known = [person for person in whole.people if person.lead_on is not None]
    people = (*(person for person in some if person not in known), *known)
    return replace(whole, people=people, step_days=28)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("quick_retries")
def test_kills_at_random_moments_change_nothing_and_a_planted_fault_is_seen() -> None:
    with compared(few_people(), SEED, MOMENTS, print) as played:
        for fault, plant, check in faults():
            with plant(played), pytest.raises((AssertionError, NotFound)):
                check(played)
                print("not seen:", fault)
            check(played)


def test_the_same_seed_kills_at_the_same_moments() -> None:
    drawn = [draw_moments(7, 50, steps=92, node_ids=["a", "b", "c"]) for _ in range(2)]
    assert drawn[0] == drawn[1]
    moments = [moment for each in drawn[0].values() for moment in each]
    assert len(moments) == 50
    assert {moment.what for moment in moments} == set(What)
    assert {moment.node_id for moment in moments} == {"a", "b", "c"}
    few = draw_moments(SEED, MOMENTS, steps=14, node_ids=["a"]).values()
    assert {moment.what for each in few for moment in each} == set(What)
