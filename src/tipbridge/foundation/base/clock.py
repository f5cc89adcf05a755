"""Machine time. The only module that may read the system clock (own lint)."""

import time
from datetime import UTC, datetime


def machine_now() -> datetime:
    """The machine's wall clock in UTC: for job scheduling, sessions and locks only."""
    return datetime.now(UTC)


def monotonic_seconds() -> float:
    """Seconds on a clock that never steps back; for durations and deadlines."""
    return time.monotonic()


def processor_seconds() -> float:
    """Seconds of the processor that this process has used; for budgets of work."""
    return time.process_time()
