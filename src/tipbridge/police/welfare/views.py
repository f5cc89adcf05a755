"""Welfare records as they are shown: in a list, and whole."""

from dataclasses import dataclass
from datetime import date

from tipbridge.police.welfare.model import Clock, FollowUp, StepTaken, Talk, Welfare, WelfareChange


@dataclass(frozen=True, slots=True, kw_only=True)
class WelfareLine:
    """A record in a list."""

    welfare: Welfare
    next_clock: Clock | None
    next_follow_up: FollowUp | None
    is_late: bool
    removal_held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WelfareView:
    """Everything about one record."""

    welfare: Welfare
    today: date
    clocks: tuple[Clock, ...]
    replaced: tuple[Clock, ...]
    talks: tuple[Talk, ...]
    follow_ups: tuple[FollowUp, ...]
    steps: tuple[StepTaken, ...]
    usernames: tuple[str, ...]
    removal_waits: bool
    removal_held: bool
    changes: tuple[WelfareChange, ...]
    contacts: tuple[str, ...] = ()
