"""Who asks how often, and who asks in order to learn where a match ends. No clock, no database.

A provider learns only "hit" or "no hit". With enough variants of one picture that is a way to
find the change that just escapes a match, so near variants with both answers raise an alarm,
whatever else was asked between them; so does running into the rate again and again. An alarm
stops nobody: people look at it.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tipbridge.knowledge.hashes.engine.recent import Recent

KEPT = 4_096
"""So many hits and misses near them are kept of a provider, and so many other misses."""
KEPT_FOR = timedelta(hours=1)
VARIANTS = 12
VARIANT_BITS = 62
"""Twice the radius of a match: two that match the same entry are never further apart."""
REFUSALS = 3
REFUSALS_WITHIN = timedelta(minutes=10)
QUIET = timedelta(hours=1)
"""The same alarm about the same provider is raised again after this time only."""


class ProbingRule(StrEnum):
    """What raised an alarm. Closed."""

    VARIANTS = "variants"
    """Many slightly different pictures in a row, some a hit and some not."""
    RATE = "rate"
    """The rate of look-ups was reached several times within minutes."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many look-ups a provider has left, as of a moment on the monotonic clock.

    Unit: look-ups; seconds.
    """

    left: float
    at: float


def spend(allowance: Allowance, lookups: int, now: float, *, per_minute: int) -> Allowance | None:
    """What is left after `lookups` more, or None when that is too many for now.

    Shape: a minute's worth may be asked at once; it comes back evenly.
    """
    earned = (now - allowance.at) * per_minute / 60
    left = min(float(per_minute), allowance.left + earned) - lookups
    return None if left < 0 else Allowance(left, now)


def seconds_until(allowance: Allowance, lookups: int, now: float, *, per_minute: int) -> int:
    """After how many whole seconds so many look-ups will be allowed; at least one."""
    earned = (now - allowance.at) * per_minute / 60
    missing = min(lookups, per_minute) - min(float(per_minute), allowance.left + earned)
    return max(1, int(missing * 60 / per_minute) + 1)


def is_pressing(refused_at: Sequence[datetime], now: datetime) -> bool:
    """Whether the rate was reached so often lately that somebody should look."""
    return sum(1 for at in refused_at if now - at <= REFUSALS_WITHIN) >= REFUSALS


def is_news(last_at: datetime | None, now: datetime) -> bool:
    """Whether an alarm says something that was not said within the last hour."""
    return last_at is None or now - last_at >= QUIET


class Trail:
    """What one provider asked within the last hour about pictures that are listed.

    Shape: a miss is known to be near a listed picture by a hit that it is near to. Those without
    one are kept apart, so that a busy platform's other uploads push nothing out that matters.
    """

    def __init__(self) -> None:
        self._listed, self._others = Recent(KEPT), Recent(KEPT)
        self._lock = threading.Lock()

    def note(self, hash_: bytes, *, hit: bool, at: float) -> bool:
        """Keep a picture hash that was asked about; whether it is one of many variants of one.

        Unit: `at` in seconds.
        """
        since = at - KEPT_FOR.total_seconds()
        with self._lock:
            if not hit and not self._listed.near(hash_, VARIANT_BITS, since=since)[0]:
                self._others.keep(hash_, hit=False, at=at)
                return False
            self._others.forget(hash_)
            self._listed.keep(hash_, hit=hit, at=at)
            hits, near_misses = self._listed.near(hash_, VARIANT_BITS, since=since)
            _, misses_before = self._others.near(hash_, VARIANT_BITS, since=since)
        misses = near_misses + misses_before
        return bool(hits and misses) and hits + misses >= VARIANTS
