"""Verbs on what is done and noted in a case."""

from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases.diary import store
from tipbridge.police.cases.model import Person, Task, TaskKind
from tipbridge.police.cases.seeing import WORKING, case_seen


@action("cases.task.finished", roles=WORKING)
def finish_task(work: Work, case_id: str, task_id: str) -> None:
    """Close a task.

    Errors: NotFound when there is no such open task.
    """
    case = case_seen(work, case_id)
    mine = {task.id for task in store.tasks_of(work.db, case.id)}
    if task_id not in mine or not store.finish_task(
        work.db, task_id, by=work.actor.id, at=work.now
    ):
        raise NotFound("open task", task_id)
    work.record(case.id, task=task_id)


def tasks_of(work: Work, case_id: str) -> list[Task]:
    """The tasks of a case, open and done."""
    return store.tasks_of(work.db, case_id)


def open_task(work: Work, case_id: str, kind: TaskKind, person_id: str | None = None) -> Task:
    """Open a task."""
    task = Task(
        id=work.ids.new(),
        case_id=case_id,
        person_id=person_id,
        kind=kind,
        opened_at=work.now,
        done_at=None,
    )
    store.insert_task(work.db, task)
    return task


def ensure_task(work: Work, person: Person, kind: TaskKind, *, wanted: bool) -> None:
    """Open a task about a person when it is wanted, close it when it no longer is."""
    mine = [
        task
        for task in store.tasks_of(work.db, person.case_id)
        if task.person_id == person.id and task.kind is kind and task.done_at is None
    ]
    if wanted and not mine:
        open_task(work, person.case_id, kind, person.id)
    for task in mine if not wanted else ():
        store.finish_task(work.db, task.id, by=work.actor.id, at=work.now)
