"""What is done on a case's diary to what does not belong in it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from tipbridge.police.cases.misplaced import actions
from tipbridge.web.render import see_other
from tipbridge.web.session import staff_work

router = APIRouter()
Because = Annotated[str, Form()]


def _back(case_id: str) -> Response:
    return see_other(f"/cases/{case_id}/diary")


@router.post("/cases/{case_id}/entries/{entry_id}/strike")
def post_strike(request: Request, case_id: str, entry_id: str, because: Because) -> Response:
    """Strike a note or document out."""
    with staff_work(request) as work:
        actions.strike_entry(work, case_id, entry_id, because=because)
    return _back(case_id)


@router.post("/cases/{case_id}/entries/{entry_id}/restoring")
def post_restoring(request: Request, case_id: str, entry_id: str, because: Because) -> Response:
    """Take a strike back."""
    with staff_work(request) as work:
        actions.restore_entry(work, case_id, entry_id, because=because)
    return _back(case_id)


@router.post("/cases/{case_id}/entries/{entry_id}/move")
def post_move(
    request: Request,
    case_id: str,
    entry_id: str,
    other: Annotated[str, Form()],
    because: Because,
    person: Annotated[str, Form()] = "",
) -> Response:
    """Bring a note or document to another case; `person` is whom a note is about there."""
    about = person.strip() or None
    with staff_work(request) as work:
        actions.move_entry(work, case_id, entry_id, to=other.strip(), because=because, person=about)
    return _back(case_id)


@router.post("/cases/{case_id}/moves/{move_id}")
def post_return(
    request: Request,
    case_id: str,
    move_id: str,
    because: Because,
    person: Annotated[str, Form()] = "",
    *,
    of_case: Annotated[bool, Form()] = False,
) -> Response:
    """Bring a note or document back; `person` is whom a note is about here, if another."""
    about = person.strip() or None
    with staff_work(request) as work:
        actions.return_entry(work, case_id, move_id, because=because, person=about, of_case=of_case)
    return _back(case_id)
