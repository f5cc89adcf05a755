"""A day on which something went out that was corrected since: kept with the row it belongs to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.base.moments import when_done


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerDay:
    """When something was said to have gone out, until who corrected that and why."""

    sent_at: datetime
    corrected_at: datetime
    corrected_by: str
    because: str = field(repr=False)


def to_days(kept: Sequence[Mapping[str, str]]) -> tuple[FormerDay, ...]:
    """Former days as their table keeps them."""
    return tuple(
        FormerDay(
            sent_at=datetime.fromisoformat(each["sent_at"]),
            corrected_at=datetime.fromisoformat(each["corrected_at"]),
            corrected_by=each["corrected_by"],
            because=each["because"],
        )
        for each in kept
    )


def days_kept(days: Iterable[FormerDay]) -> list[dict[str, str]]:
    """Former days for their table, oldest first."""
    return [
        {
            "sent_at": each.sent_at.astimezone(UTC).isoformat(),
            "corrected_at": each.corrected_at.astimezone(UTC).isoformat(),
            "corrected_by": each.corrected_by,
            "because": each.because,
        }
        for each in days
    ]


def corrected_day(
    given: datetime | None, *, now: datetime, since: datetime, what: str, until: datetime | None
) -> datetime:
    """When something went out, as is said now.

    Shape: `until` is when the first of what rests on it was done.
    Errors: Invalid without a moment, for one that is to come, or that lies before `since` or
    after `until`.
    """
    if given is None:
        raise Invalid("done_at names when it went out, such as 2014-03-01T09:00 (UTC).")
    at = when_done(given, now=now, since=since, what=what)
    if until is not None and at > until:
        raise Invalid(
            f"done_at lies after {until.astimezone(UTC):%Y-%m-%d %H:%M} UTC, when something was done that rests on"
            " it: an answer, or the next step."
        )
    return at
