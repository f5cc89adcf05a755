"""What the forms of a welfare record send."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.foundation.base.errors import Invalid
from tipbridge.police.welfare import actions
from tipbridge.police.welfare.model import WelfareFacts
from tipbridge.web.render import see_other
from tipbridge.web.session import staff_work

router = APIRouter()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class WelfareForm(_Strict):
    """What the form of a welfare record sends; an empty field leaves what is known."""

    agency: str = ""
    contact_made: str = ""
    child_talk_on: str = ""
    guardian_talk_on: str = ""
    school_talk_on: str = ""


@router.post("/cases/{case_id}/welfare/{welfare_id}")
def post_welfare(
    request: Request, case_id: str, welfare_id: str, form: Annotated[WelfareForm, Form()]
) -> Response:
    """Write down contact and talks for a child."""
    with staff_work(request) as work:
        actions.record_welfare(work, welfare_id, welfare_facts(form))
    return see_other(f"/cases/{case_id}/outcomes")


@router.post("/cases/{case_id}/welfare/{welfare_id}/close")
def post_close_welfare(request: Request, case_id: str, welfare_id: str) -> Response:
    """Close a child's welfare record."""
    with staff_work(request) as work:
        actions.close_welfare(work, welfare_id)
    return see_other(f"/cases/{case_id}/outcomes")


def welfare_facts(form: WelfareForm) -> WelfareFacts:
    """The facts that a form sends.

    Errors: Invalid for a day that is none.
    """
    try:
        return WelfareFacts(
            agency=form.agency.strip() or None,
            contact_made={"yes": True, "no": False}.get(form.contact_made),
            child_talk_on=_day(form.child_talk_on),
            guardian_talk_on=_day(form.guardian_talk_on),
            school_talk_on=_day(form.school_talk_on),
        )
    except ValueError as error:
        raise Invalid("A day is written as 2014-03-10.") from error


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
