"""By when a case-by-case request is to be answered: dated rules, as shipped."""

import functools
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import cast

from tipbridge.knowledge.law.model import Mark
from tipbridge.sharing.referral.model import ReleaseRequest, RequestState


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerClock:
    """From when on a request is to be answered within so many days, and by what."""

    from_on: date
    days: int
    citation: str
    mark: Mark


@functools.cache
def known_clocks() -> tuple[AnswerClock, ...]:
    """Every rule of every date, in the order of the file."""
    text = files("tipbridge.sharing.referral").joinpath("data/requests.toml").read_text("utf-8")
    entries = cast("list[dict[str, object]]", tomllib.loads(text)["clock"])
    return tuple(
        AnswerClock(
            from_on=cast("date", entry["from"]),
            days=cast("int", entry["days"]),
            citation=str(entry["citation"]),
            mark=Mark(str(entry["mark"])),
        )
        for entry in entries
    )


def clock_on(day: date) -> AnswerClock:
    """The newest rule in force on a day; before the first one, the first."""
    known = sorted(known_clocks(), key=lambda each: each.from_on)
    return next((each for each in reversed(known) if each.from_on <= day), known[0])


def due_on(opened_at: datetime) -> date:
    """The last day on which a request that was opened then is answered in time."""
    day = opened_at.astimezone(UTC).date()
    return day + timedelta(days=clock_on(day).days)


def is_overdue(request: ReleaseRequest, now: datetime) -> bool:
    """Whether nobody answered a request in time."""
    return request.state is RequestState.OPEN and now.date() > due_on(request.opened_at)


def shares_nothing(request: ReleaseRequest) -> bool:
    """Whether what its asker chose is none of what was granted, so that nothing leaves by it."""
    answer = request.answer
    if answer is None or not answer.granted or request.chosen is None:
        return False
    return not answer.allowed & request.chosen
