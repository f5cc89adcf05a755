"""Commands on tasks over all cases."""

from datetime import datetime
from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases.tasks import actions
from tipbridge.police.cases.tasks.model import Whose

CaseArgument = Annotated[str, Argument(help="The case's id or own number.")]
TaskArgument = Annotated[str, Argument(help="The task's id, as 'cases tasks' shows it.")]


def add_to(group: Typer) -> None:
    """Hang these commands below `cases`."""
    group.command("tasks")(list_tasks)
    group.command("task-day")(set_task_day)
    group.command("assign-task")(assign_task)


def list_tasks(
    data: DataOption,
    whose: Annotated[Whose, Option(help="Your own, those of nobody, or all.")] = Whose.MINE,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """List open tasks of all cases that you see, the soonest day first, and which are overdue."""
    with command_work(data, as_) as work:
        found = actions.list_tasks(work, whose=whose)
    show(found, as_json=json)


def set_task_day(
    data: DataOption,
    case: CaseArgument,
    task: TaskArgument,
    because: Annotated[str, Option(help="Why, in your own words.")],
    due: Annotated[datetime | None, Option(formats=["%Y-%m-%d"], help="The new day.")] = None,
    *,
    no_day: Annotated[bool, Option("--no-day", help="It has no day any more.")] = False,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Give a task another day; the former one is kept with the reason."""
    if (due is None) != no_day:
        raise Invalid("Name the new day with --due, or say --no-day.")
    with command_work(data, as_) as work:
        day = None if due is None else due.date()
        found = actions.set_task_day(work, case, task, due_on=day, because=because)
    show(found, as_json=json)


def assign_task(
    data: DataOption,
    case: CaseArgument,
    task: TaskArgument,
    to: Annotated[str | None, Option(help="By username; left out: nobody yet.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say who does a task."""
    with command_work(data, as_) as work:
        found = actions.assign_task(work, case, task, to=to)
    show(found, as_json=json)
