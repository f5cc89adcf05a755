"""Every SQL statement about tasks over all cases, and about the days that they had before."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true, tuple_

from tipbridge.police.cases.model import Task, TaskKind
from tipbridge.police.cases.tables import case_tasks, cases
from tipbridge.police.cases.tasks.model import Given, TaskDay, Wanted, Whose
from tipbridge.police.cases.tasks.tables import case_task_days

_NAMES = (
    "id", "case_id", "person_id", "opened_at", "done_at", "title", "due_on", "assigned_to", "left_at",
)  # fmt: skip
_OPEN = case_tasks.c.done_at.is_(None)


def open_tasks(db: Connection, wanted: Wanted, *, limit: int) -> list[tuple[Task, str, str]]:
    """Open tasks of all cases that the actor sees, with case number and jurisdiction, by day."""
    query = (
        select(case_tasks, cases.c.number, cases.c.jurisdiction)
        .join(cases, cases.c.id == case_tasks.c.case_id)
        .where(_open(wanted))
        .order_by(case_tasks.c.due_on.asc().nulls_last(), case_tasks.c.opened_at, case_tasks.c.id)
        .limit(limit)
    )
    return [
        (
            Task(**{name: row[name] for name in _NAMES}, kind=TaskKind(row["kind"])),
            row["number"],
            row["jurisdiction"],
        )
        for row in db.execute(query).mappings()
    ]


def jurisdictions(db: Connection, wanted: Wanted) -> list[str]:
    """Whose law the cases are under in which such tasks are open."""
    query = select(cases.c.jurisdiction).join(case_tasks, case_tasks.c.case_id == cases.c.id)
    return list(db.execute(query.where(_open(wanted)).distinct()).scalars())


def count_open(db: Connection, wanted: Wanted, today: Mapping[str, date]) -> tuple[int, int]:
    """How many such tasks are open, and of how many the day is over; `today` by jurisdiction."""
    late = or_(
        *(
            and_(cases.c.jurisdiction == where, case_tasks.c.due_on < day)
            for where, day in today.items()
        ),
        case_tasks.c.id.is_(None),
    )
    query = select(func.count(), func.count().filter(late)).select_from(
        case_tasks.join(cases, cases.c.id == case_tasks.c.case_id)
    )
    row = db.execute(query.where(_open(wanted))).one()
    return row[0], row[1]


def set_day(db: Connection, day: TaskDay) -> None:
    """Give an open task another day, and keep the one it had."""
    db.execute(case_tasks.update().where(case_tasks.c.id == day.task_id).values(due_on=day.due_on))
    values = {each.name: getattr(day, each.name) for each in fields(TaskDay)}
    db.execute(case_task_days.insert().values(values))


def assign(db: Connection, task_id: str, username: str | None) -> None:
    """Keep who does a task."""
    query = case_tasks.update().where(case_tasks.c.id == task_id)
    db.execute(query.values(assigned_to=username, left_at=None))


def days_of(db: Connection, case_id: str) -> list[TaskDay]:
    """The days that the tasks of a case had before, the last change first."""
    query = select(case_task_days).where(case_task_days.c.case_id == case_id)
    order = (case_task_days.c.set_at.desc(), case_task_days.c.id.desc())
    return [TaskDay(**row) for row in db.execute(query.order_by(*order)).mappings()]


def given(db: Connection, case_id: str | None = None) -> list[Given]:
    """To whom the open tasks of the cases that the actor sees are given, or those of one case."""
    table = cases.c
    query = (
        select(table.id, case_tasks.c.assigned_to, table.unit_id, table.restricted, table.members)
        .join(case_tasks, case_tasks.c.case_id == table.id)
        .where(_OPEN, case_tasks.c.assigned_to.is_not(None))
        .distinct()
    )
    if case_id is not None:
        query = query.where(table.id == case_id)
    return [
        Given(
            case_id=row.id,
            username=row.assigned_to,
            unit_id=row.unit_id,
            restricted=row.restricted,
            members=tuple(row.members),
        )
        for row in db.execute(query)
    ]


def note_left(db: Connection, lost: Collection[Given], at: datetime) -> list[tuple[str, str]]:
    """Note the open tasks of those who work on a case no more: the new ones, with their case."""
    table = case_tasks.c
    query = case_tasks.update().where(_OPEN, table.left_at.is_(None), _theirs(lost))
    made = db.execute(query.values(left_at=at).returning(table.case_id, table.id))
    return sorted((row.case_id, row.id) for row in made)


def note_back(db: Connection, lost: Collection[Given], case_id: str | None) -> int:
    """Note it no longer of those who work on the case again; of how many tasks."""
    query = case_tasks.update().where(_OPEN, case_tasks.c.left_at.is_not(None), ~_theirs(lost))
    if case_id is not None:
        query = query.where(case_tasks.c.case_id == case_id)
    return db.execute(query.values(left_at=None)).rowcount


def left_by(db: Connection, case_id: str, task_id: str) -> str | None:
    """Who left an open task of a case; None for one that was not left."""
    table = case_tasks.c
    query = select(table.assigned_to).where(table.id == task_id, table.case_id == case_id)
    return db.execute(query.where(_OPEN, table.left_at.is_not(None))).scalar_one_or_none()


def count_left(db: Connection) -> int:
    """How many open tasks that the actor sees were left by whoever did them."""
    query = select(func.count()).select_from(case_tasks)
    return db.execute(query.where(_OPEN, case_tasks.c.left_at.is_not(None))).scalar_one()


def _theirs(lost: Collection[Given]) -> ColumnElement[bool]:
    gone = [(each.case_id, each.username) for each in lost]
    return tuple_(case_tasks.c.case_id, case_tasks.c.assigned_to).in_(gone)


def _open(wanted: Wanted) -> ColumnElement[bool]:
    to = case_tasks.c.assigned_to
    match wanted.whose:
        case Whose.ALL:
            of_whom: ColumnElement[bool] = true()
        case Whose.NOBODYS:
            of_whom = or_(to.is_(None), _theirs(wanted.lost))
        case Whose.MINE:  # nobody's name is nobody's, not everybody's
            of_whom = to == (wanted.username or "")
    return and_(case_tasks.c.done_at.is_(None), of_whom)
