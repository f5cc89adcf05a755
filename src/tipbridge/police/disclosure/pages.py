"""Pages of disclosures: propose, look at what would leave, approve, take the bundle away."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse

from tipbridge.foundation.base.actors import Role
from tipbridge.police.cases.names import names_of_staff
from tipbridge.police.disclosure import actions
from tipbridge.police.disclosure.aside import new_aside
from tipbridge.police.disclosure.bag import sha256
from tipbridge.police.disclosure.favouring import TO_WHOM_THE_DEFENCE_SPEAKS, favours_of
from tipbridge.police.disclosure.model import PEOPLE_NEEDED, Purpose
from tipbridge.police.disclosure.sealing import ToSeal
from tipbridge.police.disclosure.writing import Made, as_tar, make_bundle
from tipbridge.tips.enrichment.sentences import read_back
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work
from tipbridge.web.shell import shell_of

_ROLES = (Role.INVESTIGATOR, Role.EXAMINER)

router = APIRouter()

NAV = (NavEntry(label="Disclosures", path="/disclosures", roles=_ROLES),)


class ProposalForm(BaseModel):
    """What the form for a new disclosure sends; marks apart by commas, none for all.

    Shape: files to be sealed by their SHA-256s, apart by spaces, lines or commas.
    """

    model_config = ConfigDict(extra="forbid")

    case: str = Field(max_length=100)
    recipient: str
    purpose: str
    marks: str = ""
    seal_files: str = ""
    seal_for: str = ""
    seal_key: str = ""


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
    wanted = form.seal_files.replace(",", " ").split()
    seal = ToSeal(name=form.seal_for, recipient=form.seal_key, files=wanted)
    with staff_work(request) as work:
        made = actions.propose_disclosure(
            work, form.case, recipient=form.recipient, purpose=form.purpose, marks=marks, seal=seal
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
        favours=None if payload is None else favours_of(payload),
        speaks=line.disclosure.purpose in TO_WHOM_THE_DEFENCE_SPEAKS,
        read_back=read_back,
        moment=datetime.fromisoformat,
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
    return _taken_away(f"preview-{disclosure_id}", Made(files=files, laid={}))


@router.post("/disclosures/{disclosure_id}/write")
def post_write(request: Request, disclosure_id: str) -> Response:
    """The approved bundle, signed by this node; what leaves sealed lies aside until it is sent."""
    aside = new_aside(shell_of(request).node.data)
    try:
        made = make_bundle(lambda: staff_work(request), disclosure_id, Path(aside.name))
    except BaseException:
        aside.cleanup()
        raise
    return _taken_away(f"disclosure-{disclosure_id}", made, aside)


def _taken_away(name: str, made: Made, aside: "TemporaryDirectory[str] | None" = None) -> Response:
    """The files below one folder, as an archive that no cache keeps."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.tar"',
        "Cache-Control": "no-store",
    }
    pieces = _sent(name, made, aside)
    return StreamingResponse(pieces, media_type="application/x-tar", headers=headers)


def _sent(name: str, made: Made, aside: "TemporaryDirectory[str] | None") -> Iterator[bytes]:
    try:
        yield from as_tar(name, made, Path(aside.name if aside else ""))
    finally:
        if aside is not None:
            aside.cleanup()
