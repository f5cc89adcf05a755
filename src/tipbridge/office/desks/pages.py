"""The page of desks and the duty rota."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.foundation.access.desks.model import DeskTask
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.moments import read_moment
from tipbridge.office.actions import list_staff, list_units
from tipbridge.office.desks import actions
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DeskForm(_Strict):
    """What the form for a new desk sends."""

    unit: str
    code: str
    name: str
    task: DeskTask
    contact: str


class TurnForm(_Strict):
    """What the form for a turn of duty sends; times are UTC."""

    desk: str
    username: str
    from_at: str
    until_at: str


@router.get("/desks")
def show_desks(request: Request) -> Response:
    """Desks and who is on duty, and for administrators the forms for more."""
    with staff_work(request) as work:
        lines, units = actions.list_desks(work), list_units(work)
        may_change = Role.ADMINISTRATOR in work.actor.roles
        staff = list_staff(work) if may_change else []
    return page(
        request,
        "office/desks.html",
        lines=lines,
        units=units,
        staff=staff,
        tasks=tuple(DeskTask),
        may_change=may_change,
    )


@router.post("/desks")
def post_desk(request: Request, form: Annotated[DeskForm, Form()]) -> Response:
    """Add a desk."""
    with staff_work(request) as work:
        actions.add_desk(
            work,
            unit=form.unit,
            code=form.code,
            name=form.name,
            task=form.task,
            contact=form.contact,
        )
    return see_other("/desks")


@router.post("/desks/turns")
def post_turn(request: Request, form: Annotated[TurnForm, Form()]) -> Response:
    """Put somebody on duty."""
    from_at, until_at = read_moment("from", form.from_at), read_moment("until", form.until_at)
    with staff_work(request) as work:
        actions.add_turn(
            work, desk=form.desk, username=form.username, from_at=from_at, until_at=until_at
        )
    return see_other("/desks")


@router.post("/desks/turns/{turn_id}/withdrawal")
def post_withdrawal(request: Request, turn_id: str, because: Annotated[str, Form()]) -> Response:
    """Take a wrong turn back."""
    with staff_work(request) as work:
        actions.withdraw_turn(work, turn_id, because=because)
    return see_other("/desks")
