"""Every SQL statement about tasks, notes and documents of cases."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from tipbridge.police.cases.model import Task, TaskKind
from tipbridge.police.cases.tables import case_tasks

_TASKS_OF = (
    select(
        case_tasks.c.id,
        case_tasks.c.case_id,
        case_tasks.c.person_id,
        case_tasks.c.kind,
        case_tasks.c.opened_at,
        case_tasks.c.done_at,
    )
    .where(case_tasks.c.case_id == bindparam("id"))
    .order_by(case_tasks.c.opened_at, case_tasks.c.id)
)


def insert_task(db: Connection, task: Task) -> None:
    """Open a task."""
    db.execute(
        case_tasks.insert().values(
            id=task.id,
            case_id=task.case_id,
            person_id=task.person_id,
            kind=task.kind.value,
            opened_at=task.opened_at,
        )
    )


def finish_task(db: Connection, task_id: str, *, by: str, at: datetime) -> bool:
    """Close an open task; says whether there was one."""
    query = case_tasks.update().where(case_tasks.c.id == task_id, case_tasks.c.done_at.is_(None))
    return db.execute(query.values(done_at=at, done_by=by)).rowcount == 1


def tasks_of(db: Connection, case_id: str) -> list[Task]:
    """The tasks of a case, open and done."""
    return [
        Task(
            id=row["id"],
            case_id=row["case_id"],
            person_id=row["person_id"],
            kind=TaskKind(row["kind"]),
            opened_at=row["opened_at"],
            done_at=row["done_at"],
        )
        for row in db.execute(_TASKS_OF, {"id": case_id}).mappings()
    ]
