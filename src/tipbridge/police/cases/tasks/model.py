"""Tasks in a list over all cases, and the days that they had before."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tipbridge.police.cases.model import Task


class Whose(StrEnum):
    """Whose open tasks are listed. Closed.

    Shape: nobody's are too those of somebody who does not work on the case any more.
    """

    MINE = "mine"
    NOBODYS = "nobodys"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """To whom open tasks of a case are given, with what decides who sees that case."""

    case_id: str
    username: str
    unit_id: int
    restricted: bool
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which open tasks are asked for: `username` is whose own, `lost` those whose doer is gone."""

    whose: Whose
    username: str | None
    lost: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """An open task with its case's number, and whether its day is over where the case is."""

    task: Task
    number: str
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskList:
    """Open tasks, those first whose day is soonest; `count` is how many there are in all.

    Shape: `left_count` is how many that the reader sees were left by whoever did them.
    """

    whose: Whose
    lines: tuple[TaskLine, ...]
    count: int
    overdue_count: int
    left_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDay:
    """That a task got another day, or none any more, and why."""

    id: str
    case_id: str
    task_id: str
    was_due_on: date | None
    due_on: date | None
    because: str = field(repr=False)
    set_by: str
    set_at: datetime
