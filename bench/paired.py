"""Two ways in turn, by processor time: their ratio round by round, so that a noisy minute hits both."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """How many times as long the peer takes, in each round; both sides warmed up before."""

    ratios: tuple[float, ...]
    ours_seconds: float
    peer_seconds: float

    @property
    def ratio(self) -> float:
        """The middle one of the rounds."""
        return statistics.median(self.ratios)

    def note(self) -> str:
        """The spread."""
        return f"rounds {min(self.ratios):.1f} to {max(self.ratios):.1f}"


def cpu_seconds(run: Callable[[], object]) -> float:
    """Processor time of this process; a peer that is a program of its own is timed by its caller."""
    begun = time.process_time()
    run()
    return time.process_time() - begun


def paired(
    ours: Callable[[], object],
    peer: Callable[[], object],
    *,
    ours_units: int = 1,
    peer_units: int = 1,
    peer_cost: Callable[[Callable[[], object]], float] = cpu_seconds,
) -> Paired:
    """Seven interleaved rounds. Shape: units are what one call does, so that each side may do as
    much as takes it a measurable time."""
    ours()
    peer()
    pairs = [(cpu_seconds(ours) / ours_units, peer_cost(peer) / peer_units) for _ in range(ROUNDS)]
    return Paired(
        ratios=tuple(theirs / our for our, theirs in pairs),
        ours_seconds=statistics.median(our for our, _ in pairs),
        peer_seconds=statistics.median(theirs for _, theirs in pairs),
    )
