"""The pages of providers: who may file here, and what they left open or filed twice."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tipbridge.foundation.access.model import ContactPurpose, Limits
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.tips.intake import guessing, providers, receipts
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()

NAV = (
    NavEntry(
        label="Providers",
        path="/providers",
        roles=(Role.PROVIDER_MANAGER, Role.ADMINISTRATOR),
        waiting=guessing.count_unseen,
    ),
)


class ProviderForm(BaseModel):
    """What the form for a new provider sends."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200)
    username: str = Field(max_length=200)
    password: str = Field(max_length=500, repr=False)
    sandbox: bool = False


class RevokeForm(BaseModel):
    """What the button that ends a user name sends."""

    model_config = ConfigDict(extra="forbid")

    username: str = Field(max_length=200)
    in_hours: int = 0


class ContactForm(BaseModel):
    """What the form for whom to reach at a provider sends."""

    model_config = ConfigDict(extra="forbid")

    provider: str = Field(max_length=200)
    purpose: str
    name: str = Field(max_length=200, repr=False)
    email: str = Field(default="", max_length=200, repr=False)
    phone: str = Field(default="", max_length=200, repr=False)


class RemovalForm(BaseModel):
    """What the button that forgets a contact sends."""

    model_config = ConfigDict(extra="forbid")

    provider: str = Field(max_length=200)
    contact: str = Field(max_length=64)


class LimitsForm(BaseModel):
    """What the form for a provider's limits sends; an empty field is as usual."""

    model_config = ConfigDict(extra="forbid")

    provider: str = Field(max_length=200)
    upload_bytes_per_second: str = ""
    uploads_at_once: str = ""


class RuleForm(BaseModel):
    """What the choice of a rule's mode sends; an empty mode is as usual."""

    model_config = ConfigDict(extra="forbid")

    provider: str = Field(max_length=200)
    rule: str = Field(max_length=100)
    mode: str = ""


class GuessingForm(BaseModel):
    """What the button that notes an alarm sends."""

    model_config = ConfigDict(extra="forbid")

    alarm: str = Field(max_length=64)


@router.get("/providers")
def show_providers(request: Request) -> Response:
    """Every provider with its user names, and a form for a new one."""
    with staff_work(request) as work:
        lines = providers.list_providers(work)
        alarms = guessing.list_guessing(work)
    return page(request, "intake/providers.html", lines=lines, alarms=alarms)


@router.post("/providers/guessing")
def post_guessing(request: Request, form: Annotated[GuessingForm, Form()]) -> Response:
    """Note that somebody looked at an alarm about guessed report numbers."""
    with staff_work(request) as work:
        guessing.see_guessing(work, alarm=form.alarm)
    return see_other("/providers")


@router.get("/providers/loose-ends")
def show_loose_ends(
    request: Request, number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1
) -> Response:
    """Reports that nobody finished yet, and those that were probably filed twice."""
    with staff_work(request) as work:
        found = receipts.list_loose_ends(work, page=number)
    return page(request, "intake/loose_ends.html", found=found, number=number)


@router.post("/providers")
def post_provider(request: Request, form: Annotated[ProviderForm, Form()]) -> Response:
    """Let a provider file."""
    with staff_work(request) as work:
        providers.add_provider(
            work,
            name=form.name,
            username=form.username,
            password=form.password,
            sandbox=form.sandbox,
        )
    return see_other("/providers")


@router.post("/providers/revoke")
def post_revoke(request: Request, form: Annotated[RevokeForm, Form()]) -> Response:
    """End a user name."""
    with staff_work(request) as work:
        providers.revoke_provider(work, username=form.username, in_hours=form.in_hours)
    return see_other("/providers")


@router.get("/providers/provider")
def show_provider(request: Request, name: Annotated[str, Query(max_length=200)]) -> Response:
    """One provider: user names, contacts, limits, and how it is held to each rule."""
    with staff_work(request) as work:
        view = providers.read_provider(work, name)
    return page(request, "intake/provider.html", view=view, purposes=tuple(ContactPurpose))


@router.post("/providers/contacts")
def post_contact(request: Request, form: Annotated[ContactForm, Form()]) -> Response:
    """Note whom to reach at a provider."""
    with staff_work(request) as work:
        providers.add_contact(
            work,
            form.provider,
            purpose=form.purpose,
            name=form.name,
            email=form.email,
            phone=form.phone,
        )
    return _back_to(form.provider)


@router.post("/providers/contacts/removal")
def post_removal(request: Request, form: Annotated[RemovalForm, Form()]) -> Response:
    """Forget a contact."""
    with staff_work(request) as work:
        providers.remove_contact(work, form.contact, provider=form.provider)
    return _back_to(form.provider)


@router.post("/providers/limits")
def post_limits(request: Request, form: Annotated[LimitsForm, Form()]) -> Response:
    """Limit a provider's uploads."""
    limits = Limits(
        upload_bytes_per_second=_number_in(form.upload_bytes_per_second),
        uploads_at_once=_number_in(form.uploads_at_once),
    )
    with staff_work(request) as work:
        providers.set_limits(work, form.provider, limits)
    return _back_to(form.provider)


@router.post("/providers/rules")
def post_rule(request: Request, form: Annotated[RuleForm, Form()]) -> Response:
    """Hold a provider to a rule strictly or leniently."""
    with staff_work(request) as work:
        providers.set_rule(work, form.provider, rule=form.rule, mode=form.mode or None)
    return _back_to(form.provider)


def _back_to(name: str) -> Response:
    return see_other(f"/providers/provider?{urlencode({'name': name})}")


def _number_in(text: str) -> int | None:
    told = text.strip()
    if not told:
        return None
    if not told.isdecimal() or len(told) > 15:
        raise Invalid("A limit is a whole number, or empty.")
    return int(told)
