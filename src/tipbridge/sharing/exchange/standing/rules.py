"""Pure decisions on peers: who waits for whom, and whether two clocks agree."""

from datetime import datetime, timedelta

from tipbridge.sharing.exchange.standing.model import Standing

SLOW_SECONDS = 5.0
"""A peer that takes longer for a package, its size apart, is a slow one."""
LARGE_BYTES = 64 * 1024**2
"""A package with more in it takes a lane, whoever its peer is: a thin line needs hours for it."""
CLOCK_ALARM_SECONDS = 60
"""Clocks that differ by more raise an alarm."""
_MOST_SECONDS = 2**31 - 1
"""68 years, the most that is kept of a difference; a clock may be further off."""


def closed(standing: Standing | None, attempts: int, now: datetime) -> datetime | None:
    """Until when a package waits for a peer that failed; None when it may be tried.

    Shape: `attempts` are the package's own; the one with the most is the one that knocks.
    """
    if standing is None or standing.closed_until is None or now >= standing.closed_until:
        return None
    return None if attempts >= standing.failures else standing.closed_until


def is_slow(took_seconds: float, size_bytes: int, bytes_per_second: int) -> bool:
    """Whether a peer took longer for a package of this size than a healthy one does."""
    return took_seconds > SLOW_SECONDS + size_bytes / bytes_per_second


def is_large(size_bytes: int) -> bool:
    """Whether a package may hold a thread for long, although its peer answers well."""
    return size_bytes > LARGE_BYTES


def slow_lanes(concurrency: int) -> int:
    """How many packages that take long are on their way at once, all together.

    One thread of a worker that has several is always left for the others.
    """
    return max(1, concurrency - 1)


def clock_difference(at: datetime, earliest: datetime, latest: datetime) -> int:
    """Whole seconds by which a peer's time lies outside the span in which it was taken.

    Shape: positive when its clock is ahead, negative when it is behind, 0 when it may be right.
    """
    if at > latest:
        return _whole(at - latest)
    return -_whole(earliest - at) if at < earliest else 0


def is_alarming(clock_seconds: int) -> bool:
    """Whether clocks differ by more than messages and their order can bear."""
    return abs(clock_seconds) > CLOCK_ALARM_SECONDS


def _whole(span: timedelta) -> int:
    return min(int(span.total_seconds()), _MOST_SECONDS)
