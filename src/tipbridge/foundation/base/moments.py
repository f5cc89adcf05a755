"""Moments that somebody tells: read in one way, and when something was done by hand."""

from datetime import UTC, date, datetime
from typing import TypeVar

from tipbridge.foundation.base.errors import Invalid

_FIRST_YEAR, _LAST_YEAR = 1900, 8999
_Day = TypeVar("_Day", bound=date)


def read_moment(name: str, text: str) -> datetime:
    """A moment that somebody wrote; UTC unless it says otherwise.

    Errors: Invalid naming the field.
    """
    try:
        found = datetime.fromisoformat(text.strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(f"{name} is a time such as 2014-03-01T09:00 (UTC), not {text!r}.") from error


def moment_told(name: str, text: str | None) -> datetime | None:
    """The moment that a field or an option holds; None where it is empty. Errors: Invalid."""
    return read_moment(name, text) if text and text.strip() else None


def moment_said(value: object) -> datetime:
    """A moment that another node says, with its offset; within what a database holds and days are added to.

    Errors: ValueError.
    """
    if not isinstance(value, str):
        raise ValueError("no moment")
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError("a moment without offset")
    return within_reach(found)


def within_reach(found: _Day) -> _Day:
    """A day or moment as it is. Errors: ValueError outside of 1900 to 8999."""
    # An offset moves a moment by less than a day, so that its own year tells enough.
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError(f"outside of {_FIRST_YEAR} to {_LAST_YEAR}")
    return found


def when_done(given: datetime | None, *, now: datetime, since: datetime, what: str) -> datetime:
    """When something was done by hand: as somebody says, or else now.

    Shape: `since` is when what it belongs to was done, `what` names that; who writes minutes means
    that minute, so the minute of `since` is no earlier than it.
    Errors: Invalid for a moment that is to come, or lies before `since`.
    """
    if given is None:
        return now
    if given > now:
        raise Invalid(f"done_at, {_said(given)}, lies in the future: it is {_said(now)}.")
    if given < since.replace(second=0, microsecond=0):
        raise Invalid(f"done_at, {_said(given)}, lies before {what} ({_said(since)}).")
    return max(given, since)


def recorded_later(done_at: datetime, now: datetime) -> datetime | None:
    """When something was written down, if that was not when it was done."""
    return None if done_at == now else now


def done_fact(done_at: datetime, now: datetime) -> str | None:
    """When something was done, for its audit event; None where that has the same moment."""
    return None if done_at == now else done_at.isoformat()


def _said(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
