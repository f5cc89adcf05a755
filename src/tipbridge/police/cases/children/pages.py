"""The page of a child's own file."""

from dataclasses import fields
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.police.cases.children import actions
from tipbridge.police.cases.children.model import ChildFacts
from tipbridge.police.cases.names import names_of_staff, usernames
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()


class ChildForm(BaseModel):
    """What the form of a child's own file sends; an empty field leaves what is there."""

    model_config = ConfigDict(extra="forbid")

    name: str = ""
    guardian: str = ""
    guardian_contact: str = ""
    school: str = ""
    address: str = ""
    statement: str = ""
    needs: str = ""


def _back(case_id: str, file_id: str) -> Response:
    return see_other(f"/cases/{case_id}/children/{file_id}")


@router.post("/cases/{case_id}/children")
def post_child(request: Request, case_id: str, person: Annotated[str, Form()]) -> Response:
    """Open the own file of a child."""
    with staff_work(request) as work:
        file = actions.open_child_file(work, case_id, person)
    return _back(case_id, file.id)


@router.get("/cases/{case_id}/children/{file_id}")
def show_child(request: Request, case_id: str, file_id: str) -> Response:
    """A child's own file."""
    with staff_work(request) as work:
        file = actions.read_child_file(work, case_id, file_id)
        members, names = usernames(work, file.members), names_of_staff(work)
    return page(request, "cases/child.html", file=file, members=members, names=names)


@router.post("/cases/{case_id}/children/{file_id}")
def post_facts(
    request: Request, case_id: str, file_id: str, form: Annotated[ChildForm, Form()]
) -> Response:
    """Write down what is known of a child."""
    facts = ChildFacts(
        **{each.name: getattr(form, each.name) or None for each in fields(ChildFacts)}
    )
    with staff_work(request) as work:
        actions.record_child(work, case_id, file_id, facts)
    return _back(case_id, file_id)


@router.post("/cases/{case_id}/children/{file_id}/list")
def post_admission(
    request: Request, case_id: str, file_id: str, username: Annotated[str, Form()]
) -> Response:
    """Put somebody on the list of the file."""
    with staff_work(request) as work:
        actions.admit_to_child(work, case_id, file_id, username=username)
    return _back(case_id, file_id)


@router.post("/cases/{case_id}/children/{file_id}/list/dismissal")
def post_dismissal(
    request: Request, case_id: str, file_id: str, username: Annotated[str, Form()]
) -> Response:
    """Take somebody off the list of the file."""
    with staff_work(request) as work:
        actions.dismiss_from_child(work, case_id, file_id, username=username)
    return _back(case_id, file_id)
