"""The same operation twice, once with kills in it: everything must come out the same."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from tests.faults.checks import Orphans, check_packages, check_promises, check_rest, effects
from tests.faults.killing import Moment, draw_moments
from tests.faults.playing import Played, played
from tipbridge.demo.calendar import Calendar
from tipbridge.demo.nodes import ROAD
from tipbridge.demo.people import Population
from tipbridge.foundation.base.clock import monotonic_seconds


def moments_of(population: Population, seed: int, count: int) -> Mapping[int, list[Moment]]:
    """Random moments of this operation."""
    calendar = Calendar(population.starts_on, population.ends_on, population.step_days)
    steps = len(list(calendar.steps()))
    return draw_moments(seed, count, steps=steps, node_ids=[plan.node_id for plan in ROAD])


@contextmanager
def compared(
    population: Population, seed: int, count: int, tell: Callable[[str], None]
) -> Generator[Played]:
    """Play it undisturbed, then with `count` kills: all comes out the same.

    Shape: the nodes that were killed again and again run while the block does.
    """
    moments = moments_of(population, seed, count)
    for moment in sorted((m for each in moments.values() for m in each), key=lambda m: m.step):
        tell(
            f"seed {seed}: step {moment.step} + {moment.after_seconds:.2f} s,"
            f" {moment.what} of {moment.node_id}"
        )
    begun = monotonic_seconds()
    with played(population, {}) as undisturbed:
        expected, done = undisturbed.bulletin, effects(undisturbed)
        assert check_promises(undisturbed) == Orphans(reports=0, files=0)
        check_packages(undisturbed)
        check_rest(undisturbed)
    tell(f"undisturbed: {monotonic_seconds() - begun:.0f} s")
    begun = monotonic_seconds()
    with played(population, moments) as disturbed:
        assert disturbed.bulletin == expected, "the bulletin changed"
        assert effects(disturbed) == done
        orphans = check_promises(disturbed)
        check_packages(disturbed)
        check_rest(disturbed)
        told = f"{monotonic_seconds() - begun:.0f} s, lost answers {dict(disturbed.promises.lost)}"
        tell(f"{count} kills: {told}, left {orphans}")
        yield disturbed
