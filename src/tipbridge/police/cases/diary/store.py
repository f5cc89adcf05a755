"""Every SQL statement about tasks, notes and documents of cases."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, text

from tipbridge.foundation.storage.vault import Sealed
from tipbridge.police.cases.diary.model import Document, DocumentKind, Note
from tipbridge.police.cases.diary.tables import case_documents, case_notes
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
        case_tasks.c.title,
        case_tasks.c.due_on,
        case_tasks.c.assigned_to,
        case_tasks.c.left_at,
    )
    .where(case_tasks.c.case_id == bindparam("id"))
    .order_by(case_tasks.c.opened_at, case_tasks.c.id)
)

_SUBJECTS = text("SELECT tb_case_subjects(:id)")
_OPENING = text("SELECT pg_advisory_xact_lock(hashtext('cases.tasks'), hashtext(:person_id))")


def insert_task(db: Connection, task: Task) -> None:
    """Open a task."""
    db.execute(
        case_tasks.insert().values(
            id=task.id,
            case_id=task.case_id,
            person_id=task.person_id,
            kind=task.kind.value,
            opened_at=task.opened_at,
            title=task.title,
            due_on=task.due_on,
            assigned_to=task.assigned_to,
        )
    )


def finish_task(db: Connection, task_id: str, *, by: str, at: datetime) -> bool:
    """Close an open task; says whether there was one."""
    query = case_tasks.update().where(case_tasks.c.id == task_id, case_tasks.c.done_at.is_(None))
    return db.execute(query.values(done_at=at, done_by=by)).rowcount == 1


def lock_tasks(db: Connection, person_id: str) -> None:
    """Let one unit of work at a time open tasks about somebody by themselves."""
    db.execute(_OPENING, {"person_id": person_id})


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
            title=row["title"],
            due_on=row["due_on"],
            assigned_to=row["assigned_to"],
            left_at=row["left_at"],
        )
        for row in db.execute(_TASKS_OF, {"id": case_id}).mappings()
    ]


def insert_note(db: Connection, note: Note) -> None:
    """Keep a note."""
    names = ("id", "case_id", "person_id", "note", "written_by", "written_at")
    db.execute(case_notes.insert().values({name: getattr(note, name) for name in names}))


def notes_of(db: Connection, case_id: str) -> list[Note]:
    """The notes of a case, newest first."""
    query = select(case_notes).where(case_notes.c.case_id == case_id)
    order = (case_notes.c.written_at.desc(), case_notes.c.id.desc())
    return [Note(**row) for row in db.execute(query.order_by(*order)).mappings()]


def insert_document(db: Connection, document: Document) -> None:
    """Keep where a document lies sealed."""
    names = ("id", "case_id", "title", "media_type", "sha256", "size_bytes", "added_by", "added_at")
    values = {name: getattr(document, name) for name in names}
    sealed = document.sealed
    db.execute(
        case_documents.insert().values(
            **values,
            kind=document.kind.value,
            key_id=sealed.key_id,
            file_id=sealed.file_id,
            wrapped_key=sealed.wrapped_key,
            sealed_bytes=sealed.size_bytes,
        )
    )


def documents_of(db: Connection, case_id: str) -> list[Document]:
    """The documents of a case, newest first."""
    query = select(case_documents).where(case_documents.c.case_id == case_id)
    order = (case_documents.c.added_at.desc(), case_documents.c.id.desc())
    return [
        Document(
            id=row["id"],
            case_id=row["case_id"],
            kind=DocumentKind(row["kind"]),
            title=row["title"],
            media_type=row["media_type"],
            sha256=row["sha256"],
            size_bytes=row["size_bytes"],
            sealed=Sealed(
                key_id=row["key_id"],
                file_id=row["file_id"],
                wrapped_key=row["wrapped_key"],
                size_bytes=row["sealed_bytes"],
            ),
            added_by=row["added_by"],
            added_at=row["added_at"],
            moved_by=row["moved_by"],
            moved_at=row["moved_at"],
        )
        for row in db.execute(query.order_by(*order)).mappings()
    ]


def subjects_of(db: Connection, case_id: str) -> list[str]:
    """The case and what of it stands in the audit log under an id of its own, as the actor sees."""
    return [case_id, *db.execute(_SUBJECTS, {"id": case_id}).scalars()]


def known_keys(db: Connection, key_ids: Sequence[str]) -> set[str]:
    """Which of these groups of the vault hold documents of cases."""
    query = select(case_documents.c.key_id).where(case_documents.c.key_id.in_(key_ids)).distinct()
    return set(db.execute(query).scalars())
