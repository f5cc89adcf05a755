"""A claim: a ratio against a named peer, and the bound it must keep."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One claim as it was measured: `ratio` may be at most `most`, and must be at least `least`."""

    words: str
    ratio: float
    most: float | None = None
    least: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the bounds are kept."""
        within = self.most is None or self.ratio <= self.most
        return within and (self.least is None or self.ratio >= self.least)

    def lines(self) -> Iterator[str]:
        """The claim as it is printed."""
        bound = f"at most {self.most}" if self.most is not None else f"at least {self.least}"
        verdict = "holds" if self.holds else "BROKEN"
        yield f"{self.ratio:6.2f}  ({bound})  {verdict}  {self.words}"
        for note in self.notes:
            yield f"        {note}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmeasured:
    """A claim that could not be measured here, and why: it is not shown to hold."""

    words: str
    why: str

    def lines(self) -> Iterator[str]:
        """The claim as it is printed."""
        yield f"  none  NOT MEASURED  {self.words}"
        yield f"        {self.why}"


class Bench(Protocol):
    """One file of claims."""

    def measure(self, folder: Path) -> Iterator[Measured | Unmeasured]:
        """Measure every claim of this file, on fresh data in `folder`."""
        ...


def best_seconds(run: Callable[[], object]) -> float:
    """The quickest of a few rounds: what the machine can do when it is not disturbed."""
    times: list[float] = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        run()
        times.append(time.perf_counter() - begun)
    return min(times)
