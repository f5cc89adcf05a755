"""Who asks how often, and who asks in order to learn where a match ends. Pure rules.

A provider learns only "hit" or "no hit". With enough variants of one picture that is a way to
find the change that just escapes a match, so a row of near variants with both answers raises an
alarm; so does running into the rate again and again. An alarm stops nobody: people look at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

TRAIL = 64
"""How many of a provider's last picture hashes are looked at."""
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


class Asked(NamedTuple):
    """One picture hash that a provider asked about, as a number, and the answer."""

    hash_number: int
    hit: bool


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


def is_probing(trail: Sequence[Asked], newest: Asked) -> bool:
    """Whether this question and those before it try out variants of one picture."""
    hits: set[int] = set()
    misses: set[int] = set()
    (hits if newest.hit else misses).add(newest.hash_number)
    number = newest.hash_number
    for other, hit in trail:
        if (other ^ number).bit_count() <= VARIANT_BITS:
            (hits if hit else misses).add(other)
    return bool(hits and misses) and len(hits) + len(misses) >= VARIANTS


def is_pressing(refused_at: Sequence[datetime], now: datetime) -> bool:
    """Whether the rate was reached so often lately that somebody should look."""
    return sum(1 for at in refused_at if now - at <= REFUSALS_WITHIN) >= REFUSALS


def is_news(last_at: datetime | None, now: datetime) -> bool:
    """Whether an alarm says something that was not said within the last hour."""
    return last_at is None or now - last_at >= QUIET
