"""Verbs on what is done and noted in a case."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import partial

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.audit import store as audit_store
from tipbridge.foundation.base.errors import (
    Conflict,
    Forbidden,
    IntegrityFailure,
    Invalid,
    NotFound,
)
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks
from tipbridge.police.cases.diary import papers, store
from tipbridge.police.cases.diary.model import (
    Diary,
    Document,
    DocumentKind,
    Happened,
    Note,
    Opened,
)
from tipbridge.police.cases.diary.sealing import DocumentSealer, SealedDocument
from tipbridge.police.cases.diary.telling import MARKS, OTHER, facts_told
from tipbridge.police.cases.fairness.store import telling_of_task
from tipbridge.police.cases.misplaced.actions import lines_of, number_seen
from tipbridge.police.cases.misplaced.store import strikes_of
from tipbridge.police.cases.model import KnownPerson, Person, Task, TaskKind
from tipbridge.police.cases.seeing import (
    WORKING,
    case_kept,
    case_seen,
    people_ever,
    person_in,
    today_of,
)
from tipbridge.police.cases.tasks.doers import doer_of
from tipbridge.police.cases.tasks.rules import overdue
from tipbridge.police.cases.tasks.store import days_of

TIMELINE_LINES = 200
"""The fact that names another case."""
_ANSWERED = {TaskKind.TELL_CORRECTION, TaskKind.TELL_AUTHORITY}


@action("cases.task.finished", roles=WORKING)
def finish_task(work: Work, case_id: str, task_id: str) -> None:
    """Close a task.

    Errors: NotFound when there is no such open task; Conflict for the task to tell somebody of a
    correction, which what they answered closes.
    """
    case = case_seen(work, case_id)
    mine = {task.id: task.kind for task in store.tasks_of(work.db, case.id) if task.done_at is None}
    if mine.get(task_id) in _ANSWERED and telling_of_task(work.db, task_id) is not None:
        raise Conflict(
            "Write down how they answered, on the page of due process or with 'cases told': that"
            " closes the task. A mark here would say nothing of who took it."
        )
    if task_id not in mine or not store.finish_task(
        work.db, task_id, by=work.actor.id, at=work.now
    ):
        raise NotFound("open task", task_id)
    if mine[task_id] in {TaskKind.REFERRAL_CORRECTED, TaskKind.LINKED_CORRECTED}:
        work.emit("cases.correction.heard", task_id=task_id)
    work.record(case.id, task=task_id)


@action("cases.task.opened", roles=WORKING)
def add_task(
    work: Work,
    case_id: str,
    *,
    title: str,
    due_on: date | None = None,
    assigned_to: str | None = None,
) -> Task:
    """Open a task in the writer's own words; `assigned_to` is a user name.

    Errors: NotFound for the case or somebody who does not work here; Conflict for somebody who
    does not see the case; Invalid without a title, or for a day before today.
    """
    case = case_kept(work, case_id)
    if due_on is not None and due_on < today_of(work, case.jurisdiction):
        raise Invalid("due_on lies before today.")
    member = None if assigned_to is None else doer_of(work, case, assigned_to)
    task = Task(
        id=work.ids.new(),
        case_id=case.id,
        person_id=None,
        kind=TaskKind.OWN,
        opened_at=work.now,
        done_at=None,
        title=checks.words("title", title),
        due_on=due_on,
        assigned_to=None if member is None else member.username,
    )
    store.insert_task(work.db, task)
    work.record(case.id, task=task.id, member=None if member is None else member.id)
    return task


@action("cases.note.written", roles=WORKING)
def add_note(work: Work, case_id: str, *, note: str, person: str | None = None) -> Note:
    """Write a note into a case; it is never changed, only followed by another.

    Errors: NotFound; Invalid without text.
    """
    case = case_kept(work, case_id)
    about = None if person is None else person_in(work, case.id, person).id
    written = Note(
        id=work.ids.new(),
        case_id=case.id,
        person_id=about,
        note=checks.text("note", note),
        written_by=work.actor.id,
        written_at=work.now,
    )
    store.insert_note(work.db, written)
    work.record(case.id, note=written.id, person=about)
    return written


@action("cases.document.added", roles=WORKING)
def add_document(
    work: Work,
    case_id: str,
    pieces: Iterable[bytes],
    *,
    kind: DocumentKind,
    title: str,
    media_type: str,
) -> Document:
    """Seal a document into the case's own group of the vault, piece by piece.

    Errors: NotFound; Invalid for an empty document, for media or for words that are none;
    DocumentTooLarge.
    """
    case = case_kept(work, case_id)
    sealer = DocumentSealer(work.node, case.id)
    try:
        for piece in pieces:
            sealer.write(piece)
        papers.check_kept(media_type, sealer.start)
        document = sealer.finish()
    except BaseException:
        sealer.abort()
        raise
    work.on_rollback(lambda: work.node.vault.remove_file(document.sealed))
    return _keep(work, case.id, document, kind=kind, title=title, media_type=media_type)


@action("cases.document.received", roles=WORKING)
def add_sealed_document(
    work: Work,
    case_id: str,
    document: SealedDocument,
    *,
    kind: DocumentKind,
    title: str,
    media_type: str,
) -> Document:
    """Add a document that came by the form and lies sealed; its sender takes it back on a refusal.

    Errors: NotFound; Invalid for media or for words that are none.
    """
    case = case_kept(work, case_id)
    papers.check_kept(media_type, document.start)
    return _keep(work, case.id, document, kind=kind, title=title, media_type=media_type)


def may_add_document(work: Work, case_id: str) -> None:
    """Refuse somebody whose document would be refused, before any of it is read.

    Errors: Forbidden, NotFound; AlreadyErased.
    """
    if not work.actor.roles & set(WORKING):
        raise Forbidden("Your roles do not add documents to cases.")
    case_kept(work, case_id)


def _keep(
    work: Work,
    case_id: str,
    document: SealedDocument,
    *,
    kind: DocumentKind,
    title: str,
    media_type: str,
) -> Document:
    kept = Document(
        id=work.ids.new(),
        case_id=case_id,
        kind=kind,
        title=checks.words("title", title),
        media_type=checks.words("media_type", media_type),
        sha256=document.sha256,
        size_bytes=document.size_bytes,
        sealed=document.sealed,
        added_by=work.actor.id,
        added_at=work.now,
    )
    store.insert_document(work.db, kept)
    work.record(case_id, document=kept.id, kind=kind, bytes=kept.size_bytes)
    return kept


@action("cases.document.opened", roles=WORKING)
def open_document(work: Work, case_id: str, document_id: str) -> Opened:
    """Give out a document of a case: writing only, and only what is as it was when it came.

    Shape: the pieces are read once this work is committed, so that what leaves was recorded.
    Errors: NotFound; Conflict for media and for a type that is not given out; IntegrityFailure.
    """
    case = case_seen(work, case_id)
    kept = {each.id: each for each in store.documents_of(work.db, case.id)}
    if (document := kept.get(document_id)) is None:
        raise NotFound("document", document_id)
    digest, start = hashlib.sha256(), b""
    for piece in work.node.vault.open(document.sealed):
        digest.update(piece)
        start += piece[: papers.START_BYTES - len(start)]
    if digest.hexdigest() != document.sha256:
        raise IntegrityFailure("A document is not what it was when it came.", id=document.id)
    ending = papers.ending_of(document.media_type, start)
    kind = "synthetic-document" if work.node.synthetic else "document"
    work.record(case.id, document=document.id, bytes=document.size_bytes)
    return Opened(
        document=document,
        file_name=f"{kind}-{document.id}{ending}",
        pieces=partial(work.node.vault.open, document.sealed),
    )


@action("cases.diary.read", roles=WORKING)
def read_diary(work: Work, case_id: str, *, before: str | None = None) -> Diary:
    """Tasks, notes and documents of a case, and the timeline that the audit log tells.

    Shape: the timeline a page at a time, newest first; `before` is the event to go on from.
    Errors: NotFound.
    """
    case = case_seen(work, case_id)
    notes, tasks = store.notes_of(work.db, case.id), store.tasks_of(work.db, case.id)
    subjects = store.subjects_of(work.db, case.id)
    found, every = audit_store.runs_of(
        work.db, subjects, limit=TIMELINE_LINES + 1, marks=MARKS, before=before
    )
    shown = found[:TIMELINE_LINES]
    others = {str(run.event.facts[OTHER]) for run in shown if OTHER in run.event.facts}
    hidden = {each for each in others if number_seen(work, each) is None}
    work.record(case.id, notes=len(notes))
    return Diary(
        case=case,
        people=tuple(
            KnownPerson(person=person, identifiers=()) for person in people_ever(work, case.id)
        ),
        tasks=tuple(tasks),
        overdue=overdue(tasks, today_of(work, case.jurisdiction)),
        days=tuple(days_of(work.db, case.id)),
        strikes=tuple(strikes_of(work.db, case.id)),
        moves=lines_of(work, case.id),
        notes=tuple(notes),
        documents=tuple(store.documents_of(work.db, case.id)),
        timeline=tuple(_happened(run, hidden) for run in shown),
        events=every,
        earlier=shown[-1].event.id if len(found) > len(shown) else None,
        names={member.id: member.username for member in access_store.all_staff(work.db)},
    )


def known_keys(work: Work, key_ids: Sequence[str]) -> set[str]:
    """Which of these groups of the vault hold documents of cases."""
    return store.known_keys(work.db, key_ids)


def _happened(run: audit_store.EventRun, hidden: Collection[str]) -> Happened:
    """An event as a reader is told it: which other case it speaks of only if they see that."""
    event = run.event
    return Happened(
        id=event.id,
        at=event.at,
        event=event.event,
        by=event.actor_id,
        facts=facts_told(event.facts, hidden),
        times=run.times,
        since=run.since if run.times > 1 else None,
    )


def tasks_of(work: Work, case_id: str) -> list[Task]:
    """The tasks of a case, open and done."""
    return store.tasks_of(work.db, case_id)


def open_task(
    work: Work,
    case_id: str,
    kind: TaskKind,
    person_id: str | None = None,
    *,
    title: str | None = None,
    due_on: date | None = None,
) -> Task:
    """Open a task."""
    task = Task(
        id=work.ids.new(),
        case_id=case_id,
        person_id=person_id,
        kind=kind,
        opened_at=work.now,
        done_at=None,
        title=title,
        due_on=due_on,
    )
    store.insert_task(work.db, task)
    return task


def ensure_task(
    work: Work, person: Person, kind: TaskKind, *, wanted: bool, due_on: date | None = None
) -> None:
    """Open a task about a person when it is wanted, close it when it no longer is.

    Shape: `due_on` is fixed when the task opens and stays as it was.
    """
    mine = _open_about(work, person, kind)
    if wanted and not mine:
        store.lock_tasks(work.db, person.id)  # two follow-ups at once open one
        if not _open_about(work, person, kind):
            open_task(work, person.case_id, kind, person.id, due_on=due_on)
    for task in mine if not wanted else ():
        store.finish_task(work.db, task.id, by=work.actor.id, at=work.now)


def _open_about(work: Work, person: Person, kind: TaskKind) -> list[Task]:
    return [
        task
        for task in store.tasks_of(work.db, person.case_id)
        if task.person_id == person.id and task.kind is kind and task.done_at is None
    ]
