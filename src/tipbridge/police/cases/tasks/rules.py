"""When a task is overdue, and whether its day may be set: pure decisions."""

from collections.abc import Iterable
from datetime import date

from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.police.cases.model import Task, TaskKind


def is_overdue(task: Task, today: date) -> bool:
    """Whether an open task's day is over; the day itself is still in time."""
    return task.done_at is None and task.due_on is not None and task.due_on < today


def overdue(tasks: Iterable[Task], today: date) -> frozenset[str]:
    """Which tasks are overdue, by id."""
    return frozenset(task.id for task in tasks if is_overdue(task, today))


def check_day(task: Task, due_on: date | None, today: date) -> None:
    """Refuse a day that a task can't have.

    Errors: Conflict for a task whose day others set, or that has this day; Invalid for a day
    before today.
    """
    if task.kind is not TaskKind.OWN:
        raise Conflict(
            f"The day of a task of the kind {task.kind} follows from what opened it; only one"
            " that staff opened gets another."
        )
    if due_on == task.due_on:
        raise Conflict("The task has this day already.")
    if due_on is not None and due_on < today:
        raise Invalid("due_on lies before today.")
