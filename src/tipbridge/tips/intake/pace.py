"""How fast uploads are read, so that no provider takes what belongs to all.

Nothing here reads a clock or waits: who reads the body asks how long to wait, and waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass


def fair_rates(limits: Mapping[str, float], total: float) -> dict[str, float]:
    """Bytes per second for each provider, so that they add up to `total` at most.

    Shape: none gets more than its own limit; what one leaves over the others share equally.
    """
    rates: dict[str, float] = {}
    left = total
    for number, (name, limit) in enumerate(sorted(limits.items(), key=lambda each: each[1])):
        rates[name] = min(limit, left / (len(limits) - number))
        left -= rates[name]
    return rates


WINDOW_SECONDS = 1.0
LEAST_CLAIM = 65_536.0
"""Bytes per second that even a provider whose uploads trickle has a claim to."""


@dataclass(slots=True)
class _Use:
    """What a provider took of its share lately."""

    since: float
    held_up_at: float
    size_bytes: int = 0
    rate: float = float("inf")


class Pace:
    """The uploads in progress, and when each provider may go on reading.

    Shape: a provider's uploads share its rate in the order in which they ask. One that was not
    made to wait for a window claims twice what it took in the last one: what it leaves over
    is the others', and its claim grows again as soon as its uploads do.
    """

    def __init__(self, total: float | None) -> None:
        self._total = float("inf") if total is None else total
        self._uploads: dict[str, int] = {}
        self._limits: dict[str, float] = {}
        self._free_at: dict[str, float] = {}
        self._use: dict[str, _Use] = {}

    def enter(self, provider: str, limit: float | None) -> None:
        """One more upload of a provider is in progress; its limit holds from now on."""
        self._uploads[provider] = self._uploads.get(provider, 0) + 1
        self._limits[provider] = float("inf") if limit is None else limit

    def leave(self, provider: str) -> None:
        """One upload of a provider is over."""
        self._uploads[provider] -= 1
        if not self._uploads[provider]:
            del self._uploads[provider], self._limits[provider]
            self._free_at.pop(provider, None)
            self._use.pop(provider, None)

    def seconds_to_wait(self, provider: str, size_bytes: int, now: float) -> float:
        """How long to wait after so many bytes were read, before more are.

        Shape: time that was not used is not saved up for later.
        """
        self._note_use(provider, size_bytes, now)
        rate = self.rate_of(provider)
        free_at = max(now, self._free_at.get(provider, now)) + size_bytes / rate
        self._free_at[provider] = free_at
        return free_at - now

    def rate_of(self, provider: str) -> float:
        """Bytes per second that a provider's uploads have together now; infinite is no limit."""
        own = self._limits[provider]
        if self._total == float("inf"):
            return own
        claims = {name: min(limit, self._claim(name)) for name, limit in self._limits.items()}
        claims[provider] = own  # who asks is never held to what it took before
        return fair_rates(claims, self._total)[provider]

    def _claim(self, provider: str) -> float:
        use = self._use.get(provider)
        return float("inf") if use is None else max(LEAST_CLAIM, 2 * use.rate)

    def _note_use(self, provider: str, size_bytes: int, now: float) -> None:
        use = self._use.setdefault(provider, _Use(since=now, held_up_at=now))
        if self._free_at.get(provider, 0.0) > now:
            use.held_up_at = now
        took = now - use.since
        if took >= WINDOW_SECONDS:
            trickles = now - use.held_up_at >= WINDOW_SECONDS
            use.rate = use.size_bytes / took if trickles else float("inf")
            use.since, use.size_bytes = now, 0
        use.size_bytes += size_bytes
