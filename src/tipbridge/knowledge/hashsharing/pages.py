"""The page of hash sharing: members, and what is disputed among them."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tipbridge.foundation.base.actors import Role
from tipbridge.knowledge.hashsharing import actions
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()

NAV = (
    NavEntry(
        label="Hash sharing",
        path="/hashes",
        roles=(Role.PROVIDER_MANAGER, Role.ADMINISTRATOR, Role.ANALYST, Role.AUDITOR),
    ),
)


class EnrolForm(BaseModel):
    """What the form for a new member sends."""

    model_config = ConfigDict(extra="forbid")

    provider: str = Field(max_length=200)


class EndForm(BaseModel):
    """What the button that ends a membership sends."""

    model_config = ConfigDict(extra="forbid")

    member: int = Field(ge=1, le=2**31 - 1)


@router.get("/hashes")
def show_members(request: Request) -> Response:
    """Every member with its counts, what is disputed, and a form for a new member."""
    with staff_work(request) as work:
        lines = actions.list_members(work)
        disputed = actions.list_disputed(work)
    return page(request, "hashsharing/members.html", lines=lines, disputed=disputed)


@router.post("/hashes")
def post_member(request: Request, form: Annotated[EnrolForm, Form()]) -> Response:
    """Make a provider a member."""
    with staff_work(request) as work:
        actions.enrol_member(work, provider=form.provider)
    return see_other("/hashes")


@router.post("/hashes/end")
def post_end(request: Request, form: Annotated[EndForm, Form()]) -> Response:
    """End a membership."""
    with staff_work(request) as work:
        actions.end_member(work, member=form.member)
    return see_other("/hashes")
