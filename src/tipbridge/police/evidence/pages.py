"""Pages of exhibits: the list, one exhibit, and its way from hand to hand."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.moments import moment_told
from tipbridge.police.cases.names import names_of_staff
from tipbridge.police.evidence import actions, category_pages, keeping, labelling, passes, reporting
from tipbridge.police.evidence.model import ExhibitKind, Taking
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other, translate
from tipbridge.web.session import staff_work

_ROLES = (Role.INVESTIGATOR, Role.EXAMINER)

_AGAIN_SECONDS = 10

router = APIRouter()
router.include_router(category_pages.router)

NAV = (NavEntry(label="Exhibits", path="/exhibits", roles=_ROLES),)


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ExhibitForm(_Form):
    """What the form for a new exhibit sends."""

    case: str = Field(max_length=100)
    mark: str
    kind: str
    description: str
    identifiers: str = ""
    place: str
    authority: str
    seized_at: str = Field(default="", max_length=40)
    seized_by: str = ""
    person: str = ""
    grounds: str = ""


class HandForm(_Form):
    """What the forms of the chain of custody send."""

    to: str = ""
    outside: bool = False
    reason: str = ""
    done_at: str = Field(default="", max_length=40)


class GiveUpForm(_Form):
    """What the form beside an unfinished examination sends."""

    examination: str = Field(max_length=100)
    reason: str = ""


class SealForm(_Form):
    """What the form for a seal sends."""

    seal: str = ""
    reason: str = ""
    done_at: str = Field(default="", max_length=40)


class DestroyForm(_Form):
    """What the form for a destruction sends."""

    witness: str = ""
    how: str = ""
    reason: str = ""
    done_at: str = Field(default="", max_length=40)


class PhotographsForm(_Form):
    """What the form for photographs' digests sends."""

    digests: str = Field(default="", max_length=100_000)
    shows: str = ""


@router.get("/exhibits")
def list_exhibits(request: Request, case: str | None = None) -> Response:
    """The exhibits that the reader sees."""
    with staff_work(request) as work:
        exhibits = actions.list_exhibits(work, case=case or None)
    return page(
        request, "evidence/exhibits.html", exhibits=exhibits, case=case or "", kinds=ExhibitKind
    )


@router.post("/exhibits")
def post_exhibit(request: Request, form: Annotated[ExhibitForm, Form()]) -> Response:
    """Add a seized thing to a case."""
    with staff_work(request) as work:
        added = actions.add_exhibit(
            work,
            form.case,
            mark=form.mark,
            kind=form.kind,
            description=form.description,
            identifiers=form.identifiers,
            place=form.place,
            authority=form.authority,
            taking=Taking(
                person=form.person.strip() or None,
                grounds=form.grounds.strip() or None,
                at=moment_told("seized_at", form.seized_at),
                by=form.seized_by.strip() or None,
            ),
        )
    return see_other(f"/exhibits/{added.id}")


@router.get("/exhibits/{exhibit_id}")
def show_exhibit(
    request: Request,
    exhibit_id: str,
    *,
    findings: bool = False,
    behind: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> Response:
    """One exhibit: custody, examinations, what was not processed, files by digest."""
    with staff_work(request) as work:
        view = actions.read_exhibit(work, exhibit_id, findings_only=findings, skipped_before=behind)
    return page(request, "evidence/exhibit.html", view=view, findings=findings)


@router.get("/exhibits/{exhibit_id}/progress")
def show_progress(request: Request, exhibit_id: str) -> Response:
    """How far examinations are; the browser asks again while one runs."""
    with staff_work(request) as work:
        found = actions.read_progress(work, exhibit_id)
    answer = page(request, "evidence/progress.html", found=found)
    if found.running or found.opened:
        answer.headers["Refresh"] = f"{_AGAIN_SECONDS}"
    return answer


@router.get("/exhibits/{exhibit_id}/custody")
def show_custody(request: Request, exhibit_id: str) -> Response:
    """The chain of custody as a sheet to print."""
    with staff_work(request) as work:
        view = actions.read_exhibit(work, exhibit_id)
        names, now = names_of_staff(work), work.now
    return page(request, "evidence/custody.html", view=view, names=names, printed_at=now)


@router.get("/exhibits/{exhibit_id}/label")
def get_label(request: Request, exhibit_id: str) -> Response:
    """An exhibit's label with its QR code, as PDF."""
    with staff_work(request) as work:
        document = labelling.label_exhibits(
            work, exhibit_id, say=lambda text: translate(request, text)
        )
    headers = {
        "Content-Disposition": f'attachment; filename="label-{exhibit_id}.pdf"',
        "Cache-Control": "no-store",
    }
    return Response(document, media_type="application/pdf", headers=headers)


@router.get("/exhibits/{exhibit_id}/report")
def get_report(request: Request, exhibit_id: str, examination: str | None = None) -> Response:
    """The report of an examination, or of the last one: a line of JSON for each entry."""
    with staff_work(request) as work:
        found = reporting.read_report(work, exhibit_id, examination=examination)
    headers = {
        "Content-Disposition": f'attachment; filename="report-{exhibit_id}.jsonl"',
        "Cache-Control": "no-store",
    }
    lines = "".join(f"{line}\n" for line in found.lines)
    return Response(lines, media_type="application/x-ndjson", headers=headers)


@router.post("/exhibits/{exhibit_id}/hand-over")
def post_hand_over(
    request: Request, exhibit_id: str, form: Annotated[HandForm, Form()]
) -> Response:
    """The giving side of a hand-over."""
    with staff_work(request) as work:
        actions.hand_over(
            work,
            exhibit_id,
            to=form.to,
            outside=form.outside,
            at=moment_told("done_at", form.done_at),
            reason=form.reason or None,
        )
    return see_other(f"/exhibits/{exhibit_id}")


@router.post("/exhibits/{exhibit_id}/receive")
def post_receive(request: Request, exhibit_id: str, form: Annotated[HandForm, Form()]) -> Response:
    """The taking side of a hand-over."""
    with staff_work(request) as work:
        actions.receive(
            work, exhibit_id, at=moment_told("done_at", form.done_at), reason=form.reason or None
        )
    return see_other(f"/exhibits/{exhibit_id}")


@router.post("/exhibits/{exhibit_id}/return")
def post_return(request: Request, exhibit_id: str, form: Annotated[HandForm, Form()]) -> Response:
    """Give an exhibit back."""
    with staff_work(request) as work:
        actions.return_exhibit(
            work,
            exhibit_id,
            to=form.to,
            at=moment_told("done_at", form.done_at),
            reason=form.reason or None,
        )
    return see_other(f"/exhibits/{exhibit_id}")


@router.post("/exhibits/{exhibit_id}/seal")
def post_seal(request: Request, exhibit_id: str, form: Annotated[SealForm, Form()]) -> Response:
    """Say that the exhibit is sealed."""
    with staff_work(request) as work:
        keeping.seal_exhibit(
            work,
            exhibit_id,
            seal=form.seal,
            at=moment_told("done_at", form.done_at),
            reason=form.reason or None,
        )
    return see_other(f"/exhibits/{exhibit_id}")


@router.post("/exhibits/{exhibit_id}/give-up")
def post_give_up(
    request: Request, exhibit_id: str, form: Annotated[GiveUpForm, Form()]
) -> Response:
    """Say that an examination that was begun is not gone on with."""
    with staff_work(request) as work:
        passes.give_up_pass(work, exhibit_id, form.examination, reason=form.reason)
    return see_other(f"/exhibits/{exhibit_id}")


@router.post("/exhibits/{exhibit_id}/destroy")
def post_destroy(
    request: Request, exhibit_id: str, form: Annotated[DestroyForm, Form()]
) -> Response:
    """Say that the exhibit is destroyed."""
    with staff_work(request) as work:
        keeping.destroy_exhibit(
            work,
            exhibit_id,
            witness=form.witness,
            how=form.how,
            at=moment_told("done_at", form.done_at),
            reason=form.reason or None,
        )
    return see_other(f"/exhibits/{exhibit_id}")


@router.post("/exhibits/{exhibit_id}/photographs")
def post_photographs(
    request: Request, exhibit_id: str, form: Annotated[PhotographsForm, Form()]
) -> Response:
    """Keep the digests of photographs of the exhibit."""
    with staff_work(request) as work:
        keeping.add_photographs(work, exhibit_id, digests=form.digests, shows=form.shows)
    return see_other(f"/exhibits/{exhibit_id}")
