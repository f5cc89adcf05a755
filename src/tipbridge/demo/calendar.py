"""The operation's days: staff come to their desks every few days, at one hour."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

DESK_HOUR = time(1, tzinfo=UTC)
"""Ten in the morning in Seoul and evening of the day before in Washington; one date in Korea."""


class Calendar:
    """Days on which something can happen, from the first to the last of the operation."""

    def __init__(self, starts_on: date, ends_on: date, step_days: int) -> None:
        self.starts_on, self.ends_on, self.step_days = starts_on, ends_on, step_days

    def steps(self) -> Iterator[datetime]:
        """The moments at which staff are at their desks, in order."""
        day = self.starts_on
        while day <= self.ends_on:
            yield datetime.combine(day, DESK_HOUR)
            day += timedelta(days=self.step_days)

    def end(self) -> datetime:
        """When the figures are taken: the last day, after everybody went home."""
        return datetime.combine(self.ends_on, time(14, tzinfo=UTC))


def waited(since: datetime, now: datetime, days: int) -> bool:
    """Whether something has lain on a desk for so many days."""
    return now - since >= timedelta(days=days)
