"""The pages of providers: who may file here, and what they left open or filed twice."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tipbridge.foundation.base.actors import Role
from tipbridge.tips.intake import providers, receipts
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()

NAV = (
    NavEntry(
        label="Providers", path="/providers", roles=(Role.PROVIDER_MANAGER, Role.ADMINISTRATOR)
    ),
)


class ProviderForm(BaseModel):
    """What the form for a new provider sends."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200)
    username: str = Field(max_length=200)
    password: str = Field(max_length=500, repr=False)


class RevokeForm(BaseModel):
    """What the button that ends a user name sends."""

    model_config = ConfigDict(extra="forbid")

    username: str = Field(max_length=200)
    in_hours: int = 0


@router.get("/providers")
def show_providers(request: Request) -> Response:
    """Every provider with its user names, and a form for a new one."""
    with staff_work(request) as work:
        lines = providers.list_providers(work)
    return page(request, "intake/providers.html", lines=lines)


@router.get("/providers/loose-ends")
def show_loose_ends(request: Request) -> Response:
    """Reports that nobody finished yet, and those that were probably filed twice."""
    with staff_work(request) as work:
        found = receipts.list_loose_ends(work)
    return page(request, "intake/loose_ends.html", found=found)


@router.post("/providers")
def post_provider(request: Request, form: Annotated[ProviderForm, Form()]) -> Response:
    """Let a provider file."""
    with staff_work(request) as work:
        providers.add_provider(work, name=form.name, username=form.username, password=form.password)
    return see_other("/providers")


@router.post("/providers/revoke")
def post_revoke(request: Request, form: Annotated[RevokeForm, Form()]) -> Response:
    """End a user name."""
    with staff_work(request) as work:
        providers.revoke_provider(work, username=form.username, in_hours=form.in_hours)
    return see_other("/providers")
