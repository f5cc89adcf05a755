"""Which period may be published; pure."""

from collections.abc import Iterable
from datetime import date

from tipbridge.bulletin.model import Period
from tipbridge.foundation.base.errors import Conflict, Invalid


def check_publishable(period: Period, today: date, published: Iterable[Period]) -> None:
    """Refuse a period that is not over, or that shares a day with one already published.

    Two publications of overlapping periods could be set against each other, and the difference
    would tell of few people. Errors: Invalid, Conflict.
    """
    if period.to_on >= today:
        raise Invalid(
            f"The period ends on {period.to_on}; it can be published from the day after on."
        )
    for each in sorted(published, key=lambda other: other.from_on):
        if each.from_on <= period.to_on and period.from_on <= each.to_on:
            raise Conflict(
                f"The period {each.from_on} to {each.to_on} is published, and no day is published"
                " twice: the difference could tell of few people."
            )
