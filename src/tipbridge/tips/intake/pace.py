"""How fast uploads are read, so that no provider takes what belongs to all.

Nothing here reads a clock or waits: who reads the body asks how long to wait, and waits.
"""

from collections.abc import Mapping


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


class Pace:
    """The uploads in progress, and when each provider may go on reading.

    Shape: a provider's uploads share its rate in the order in which they ask.
    """

    def __init__(self, total: float | None) -> None:
        self._total = float("inf") if total is None else total
        self._uploads: dict[str, int] = {}
        self._limits: dict[str, float] = {}
        self._free_at: dict[str, float] = {}

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

    def seconds_to_wait(self, provider: str, size_bytes: int, now: float) -> float:
        """How long to wait after so many bytes were read, before more are.

        Shape: time that was not used is not saved up for later.
        """
        rate = self.rate_of(provider)
        free_at = max(now, self._free_at.get(provider, now)) + size_bytes / rate
        self._free_at[provider] = free_at
        return free_at - now

    def rate_of(self, provider: str) -> float:
        """Bytes per second that a provider's uploads have together now; infinite is no limit."""
        own = self._limits[provider]
        if self._total == float("inf"):
            return own
        return fair_rates(self._limits, self._total)[provider]
