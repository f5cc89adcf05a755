"""Pages of disclosures: propose, look at what would leave, approve, take the bundle away."""

import io
import tarfile
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tipbridge.foundation.base.actors import Role
from tipbridge.police.cases.names import names_of_staff
from tipbridge.police.disclosure import actions
from tipbridge.police.disclosure.bag import sha256
from tipbridge.police.disclosure.model import PEOPLE_NEEDED, Purpose
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

_ROLES = (Role.INVESTIGATOR, Role.EXAMINER)

router = APIRouter()

NAV = (NavEntry(label="Disclosures", path="/disclosures", roles=_ROLES),)


class ProposalForm(BaseModel):
    """What the form for a new disclosure sends; marks apart by commas, none for all."""

    model_config = ConfigDict(extra="forbid")

    case: str = Field(max_length=100)
    recipient: str
    purpose: str
    marks: str = ""


@router.get("/disclosures")
def list_disclosures(request: Request, case: str | None = None) -> Response:
    """The disclosures that the reader sees."""
    with staff_work(request) as work:
        lines = actions.list_disclosures(work, case=case or None)
    return page(
        request,
        "disclosure/disclosures.html",
        lines=lines,
        case=case or "",
        purposes=Purpose,
        needed=PEOPLE_NEEDED,
    )


@router.post("/disclosures")
def post_disclosure(request: Request, form: Annotated[ProposalForm, Form()]) -> Response:
    """Propose a disclosure."""
    marks = [mark.strip() for mark in form.marks.split(",") if mark.strip()]
    with staff_work(request) as work:
        made = actions.propose_disclosure(
            work, form.case, recipient=form.recipient, purpose=form.purpose, marks=marks
        )
    return see_other(f"/disclosures/{made.id}")


@router.get("/disclosures/{disclosure_id}")
def show_disclosure(request: Request, disclosure_id: str) -> Response:
    """One disclosure: who approved, when it left, and every file that would leave now."""
    with staff_work(request) as work:
        line, payload = actions.read_disclosure(work, disclosure_id)
        names, reader = names_of_staff(work), work.actor.id
    files = [(path, len(data), sha256(data)) for path, data in sorted((payload or {}).items())]
    return page(
        request,
        "disclosure/disclosure.html",
        line=line,
        files=files,
        is_current=payload is not None,
        names=names,
        needed=PEOPLE_NEEDED,
        is_own=line.disclosure.proposed_by == reader,
    )


@router.post("/disclosures/{disclosure_id}/approve")
def post_approval(request: Request, disclosure_id: str) -> Response:
    """Approve exactly what would leave."""
    with staff_work(request) as work:
        actions.approve_disclosure(work, disclosure_id)
    return see_other(f"/disclosures/{disclosure_id}")


@router.post("/disclosures/{disclosure_id}/preview")
def post_preview(request: Request, disclosure_id: str) -> Response:
    """What would leave, unsigned, for whoever is to approve it."""
    with staff_work(request) as work:
        files = actions.preview_disclosure(work, disclosure_id)
    return _taken_away(f"preview-{disclosure_id}", files)


@router.post("/disclosures/{disclosure_id}/write")
def post_write(request: Request, disclosure_id: str) -> Response:
    """The approved bundle, signed by this node."""
    with staff_work(request) as work:
        files = actions.write_disclosure(work, disclosure_id)
    return _taken_away(f"disclosure-{disclosure_id}", files)


def _taken_away(name: str, files: Mapping[str, bytes]) -> Response:
    """The files below one folder, as an archive that no cache keeps."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for path, data in sorted(files.items()):
            about = tarfile.TarInfo(f"{name}/{path}")
            about.size = len(data)
            archive.addfile(about, io.BytesIO(data))
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.tar"',
        "Cache-Control": "no-store",
    }
    return Response(out.getvalue(), media_type="application/x-tar", headers=headers)
