"""The page of what is done and noted in a case."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from tipbridge.police.cases.diary import actions, papers
from tipbridge.police.cases.diary.model import Document, DocumentKind
from tipbridge.police.cases.diary.receiving import DocumentForm, SentDocument, take_document
from tipbridge.police.cases.diary.sealing import DOCUMENT_BYTES
from tipbridge.web.fields import day_in
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TaskForm(_Strict):
    """What the form for a task sends."""

    title: str
    due_on: str = ""
    assigned_to: str = ""


class NoteForm(_Strict):
    """What the form for a note sends."""

    note: str
    person: str = ""


@router.get("/cases/{case_id}/diary")
def show_diary(request: Request, case_id: str, before: str | None = None) -> Response:
    """Tasks, notes, documents and a page of the timeline."""
    with staff_work(request) as work:
        diary = actions.read_diary(work, case_id, before=before)
    return page(
        request,
        "cases/diary.html",
        diary=diary,
        before=before,
        may_open=papers.may_open,
        kinds=tuple(DocumentKind),
        endings=papers.ENDINGS,
        document_bytes=DOCUMENT_BYTES,
    )


@router.get("/cases/{case_id}/documents/{document_id}")
def get_document(request: Request, case_id: str, document_id: str) -> Response:
    """A document as a download: no browser shows it in a page, no cache keeps it."""
    with staff_work(request) as work:
        opened = actions.open_document(work, case_id, document_id)
    headers = {
        "Content-Disposition": f'attachment; filename="{opened.file_name}"',
        "Content-Length": str(opened.document.size_bytes),
        "Cache-Control": "no-store",
    }
    return StreamingResponse(
        opened.pieces(), media_type="application/octet-stream", headers=headers
    )


@router.post("/cases/{case_id}/documents")
async def post_document(request: Request, case_id: str) -> Response:
    """Seal a document into the case as it arrives; no form parser writes it anywhere else."""

    def begin() -> DocumentForm:
        with staff_work(request) as work:
            actions.may_add_document(work, case_id)
            return DocumentForm(work.node, case_id, request.headers.get("content-type", ""))

    def keep(sent: SentDocument) -> Document:
        with staff_work(request) as work:
            return actions.add_sealed_document(
                work,
                case_id,
                sent.document,
                kind=sent.kind,
                title=sent.title,
                media_type=sent.media_type,
            )

    form = await run_in_threadpool(begin)
    await take_document(request, form, keep)
    return see_other(f"/cases/{case_id}/diary")


@router.post("/cases/{case_id}/tasks")
def post_new_task(request: Request, case_id: str, form: Annotated[TaskForm, Form()]) -> Response:
    """Open a task."""
    due_on = day_in("due_on", form.due_on)
    with staff_work(request) as work:
        actions.add_task(
            work,
            case_id,
            title=form.title,
            due_on=due_on,
            assigned_to=form.assigned_to.strip() or None,
        )
    return see_other(f"/cases/{case_id}/diary")


@router.post("/cases/{case_id}/notes")
def post_note(request: Request, case_id: str, form: Annotated[NoteForm, Form()]) -> Response:
    """Write a note."""
    with staff_work(request) as work:
        actions.add_note(work, case_id, note=form.note, person=form.person or None)
    return see_other(f"/cases/{case_id}/diary")


@router.post("/cases/{case_id}/tasks/{task_id}")
def post_task(request: Request, case_id: str, task_id: str) -> Response:
    """Close a task."""
    with staff_work(request) as work:
        actions.finish_task(work, case_id, task_id)
    return see_other(f"/cases/{case_id}")
