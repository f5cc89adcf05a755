"""Verbs on tasks over all cases: list them, give one another day, or to somebody else."""

from dataclasses import replace
from datetime import date

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.model import Case, Task
from tipbridge.police.cases.seeing import WORKING, case_seen, today_of
from tipbridge.police.cases.tasks import doers, rules, store
from tipbridge.police.cases.tasks.model import TaskDay, TaskLine, TaskList, Wanted, Whose

LINES = 200


@action("cases.tasks.read", roles=WORKING)
def list_tasks(work: Work, *, whose: Whose = Whose.MINE) -> TaskList:
    """Open tasks of all cases that the actor sees: their own, nobody's, or all.

    Shape: nobody's are too those of somebody who does not work on the case any more; how many
    were left so is said with each list. Those first whose day is soonest, LINES of them; a day
    is over by the calendar where the case is.
    """
    gone = doers.lost(work, store.given(work.db)) if whose is Whose.NOBODYS else ()
    wanted = Wanted(whose=whose, username=_own_name(work), lost=tuple(gone))
    where = store.jurisdictions(work.db, wanted)
    today = {each: today_of(work, each) for each in where}
    count, late = store.count_open(work.db, wanted, today)
    lines = tuple(
        TaskLine(task=task, number=number, overdue=rules.is_overdue(task, today[jurisdiction]))
        for task, number, jurisdiction in store.open_tasks(work.db, wanted, limit=LINES)
    )
    work.record("all", whose=whose, count=count, overdue=late)
    left = store.count_left(work.db)
    return TaskList(whose=whose, lines=lines, count=count, overdue_count=late, left_count=left)


@action("cases.task.postponed", roles=WORKING)
def set_task_day(
    work: Work, case_id: str, task_id: str, *, due_on: date | None, because: str
) -> Task:
    """Give an open task of staff's own another day, or none, and say why; the former day is kept.

    Errors: NotFound when there is no such open task; Conflict for a task whose day follows from
    what opened it, or for the day it has; Invalid for a day before today or without a reason.
    """
    case = case_seen(work, case_id)
    task = _open_task(work, case, task_id)
    rules.check_day(task, due_on, today_of(work, case.jurisdiction))
    day = TaskDay(
        id=work.ids.new(),
        case_id=case.id,
        task_id=task.id,
        was_due_on=task.due_on,
        due_on=due_on,
        because=checks.text("because", because),
        set_by=work.actor.id,
        set_at=work.now,
    )
    store.set_day(work.db, day)
    work.record(case.id, task=task.id, due_on=None if due_on is None else due_on.isoformat())
    return replace(task, due_on=due_on)


@action("cases.task.assigned", roles=WORKING)
def assign_task(work: Work, case_id: str, task_id: str, *, to: str | None) -> Task:
    """Say who does an open task, of whatever kind, by user name; None: nobody yet.

    Errors: NotFound when there is no such open task or member of staff; Conflict for somebody
    who does not see the case.
    """
    case = case_seen(work, case_id)
    task = _open_task(work, case, task_id)
    member = None if to is None else doers.doer_of(work, case, to)
    name = None if member is None else member.username
    store.assign(work.db, task.id, name)
    work.record(case.id, task=task.id, member=None if member is None else member.id)
    return replace(task, assigned_to=name, left_at=None)


def count_waiting(work: Work) -> int:
    """How many tasks wait for the actor, or for somebody new, in the cases that they see."""
    own = Wanted(whose=Whose.MINE, username=_own_name(work))
    return store.count_open(work.db, own, {})[0] + store.count_left(work.db)


def days_of(work: Work, case_id: str) -> tuple[TaskDay, ...]:
    """The days that tasks of a case had before, within the caller's own action."""
    return tuple(store.days_of(work.db, case_id))


def _own_name(work: Work) -> str | None:
    member = access_store.staff_by_id(work.db, work.actor.id)
    return None if member is None else member.username


def _open_task(work: Work, case: Case, task_id: str) -> Task:
    for task in diary.tasks_of(work, case.id):
        if task.id == task_id and task.done_at is None:
            return task
    raise NotFound("open task", task_id)
