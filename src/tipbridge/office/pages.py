"""The desk's pages: sign-in, the start page, staff, units and the audit log."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tipbridge.foundation.access.rules import place_of
from tipbridge.foundation.base.actors import DOORKEEPER, Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import open_work
from tipbridge.office import actions
from tipbridge.office.approvals import pages as approval_pages
from tipbridge.office.desks import pages as desk_pages
from tipbridge.office.errors import SignInRefused
from tipbridge.office.model import SignedIn
from tipbridge.web.nav import NavEntry, entries_for
from tipbridge.web.render import page, see_other
from tipbridge.web.session import (
    SIGN_IN_PATH,
    clear_session,
    own_path,
    session_token,
    set_session,
    signed_in,
    staff_work,
)
from tipbridge.web.shell import shell_of

AUDIT_LINES = 100

router = APIRouter()
router.include_router(desk_pages.router)
router.include_router(approval_pages.router)

NAV = (
    *approval_pages.NAV,
    NavEntry(label="Staff", path="/staff", roles=(Role.ADMINISTRATOR, Role.AUDITOR)),
    NavEntry(label="Units", path="/units", roles=(Role.ADMINISTRATOR, Role.AUDITOR)),
    NavEntry(label="Audit log", path="/audit", roles=(Role.AUDITOR, Role.ADMINISTRATOR)),
)


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SignInForm(_Form):
    """What the sign-in form sends."""

    username: str = Field(max_length=200)
    password: str = Field(max_length=2000, repr=False)
    next: str = Field(default="/", max_length=2000)


class StaffForm(_Form):
    """What the form for a new member of staff sends."""

    username: str
    password: str = Field(repr=False)
    roles: list[str] = []
    unit: str


class StaffChangeForm(_Form):
    """What the form for a change of a member of staff sends."""

    roles: list[str] = []
    unit: str
    active: bool = False
    leave_lists: bool = False


class UnitForm(_Form):
    """What the form for a new unit sends."""

    code: str
    name: str
    parent: str
    agency: str = ""


@router.get(SIGN_IN_PATH)
def show_sign_in(request: Request, next: str = "/") -> Response:  # noqa: A002 - the query's word
    """The sign-in form; who is signed in already goes on."""
    if signed_in(request) is not None:
        return see_other(own_path(next))
    return page(request, "office/sign-in.html", next=own_path(next), refused=False, username="")


@router.post(SIGN_IN_PATH)
def post_sign_in(request: Request, form: Annotated[SignInForm, Form()]) -> Response:
    """Open a session, or show the form again without saying which part was wrong."""
    found = _try_sign_in(request, form)
    if found is None:
        return page(
            request,
            "office/sign-in.html",
            status=401,
            next=own_path(form.next),
            refused=True,
            username=form.username,
        )
    response = see_other(own_path(form.next))
    set_session(request, response, found.token, found.expires_at)
    return response


def _try_sign_in(request: Request, form: SignInForm) -> SignedIn | None:
    node = shell_of(request).node
    place = place_of(request.client.host if request.client else None)
    try:
        with open_work(node, DOORKEEPER) as work:
            return actions.sign_in(
                work, username=form.username, password=form.password, place=place
            )
    except SignInRefused as refusal:
        with open_work(node, DOORKEEPER) as work:
            actions.count_sign_in_failure(work, username=refusal.username, place=place)
        return None


@router.post("/sign-out")
def post_sign_out(request: Request) -> Response:
    """End the session, here and in the browser."""
    token = session_token(request)
    if token is not None and signed_in(request) is not None:
        with staff_work(request) as work:
            actions.sign_out(work, token=token)
    response = see_other(SIGN_IN_PATH)
    clear_session(request, response)
    return response


@router.get("/")
def show_start(request: Request) -> Response:
    """What is waiting for the reader, room by room."""
    with staff_work(request) as work:
        mine = entries_for(shell_of(request).navigation, work.actor)
        lines = [(entry, entry.waiting(work) if entry.waiting else None) for entry in mine]
    return page(request, "office/start.html", lines=lines)


@router.get("/staff")
def show_staff(request: Request) -> Response:
    """Everybody who works or worked here, and for administrators a form for somebody new."""
    with staff_work(request) as work:
        staff, units = actions.list_staff(work), actions.list_units(work)
        may_change = Role.ADMINISTRATOR in work.actor.roles
    return page(
        request,
        "office/staff.html",
        staff=staff,
        units=units,
        roles=tuple(Role),
        may_change=may_change,
    )


@router.post("/staff")
def post_staff(request: Request, form: Annotated[StaffForm, Form()]) -> Response:
    """Add a member of staff."""
    with staff_work(request) as work:
        actions.add_staff(
            work,
            username=form.username,
            password=form.password,
            roles=tuple(form.roles),
            unit=form.unit,
        )
    return see_other("/staff")


@router.get("/staff/{username}")
def show_member(request: Request, username: str) -> Response:
    """One member of staff, with the form for other roles, another unit or an end."""
    with staff_work(request) as work:
        staff, units = actions.list_staff(work), actions.list_units(work)
        may_change = Role.ADMINISTRATOR in work.actor.roles
        member = next((line for line in staff if line.username == username), None)
        if member is None:
            raise NotFound("member of staff", username)
    return page(
        request,
        "office/member.html",
        member=member,
        units=units,
        roles=tuple(Role),
        may_change=may_change,
    )


@router.post("/staff/{username}")
def post_member(
    request: Request, username: str, form: Annotated[StaffChangeForm, Form()]
) -> Response:
    """Give somebody other roles or another unit, or end their access."""
    with staff_work(request) as work:
        actions.change_staff(
            work,
            username=username,
            roles=tuple(form.roles),
            unit=form.unit,
            active=form.active,
            leave_lists=form.leave_lists,
        )
    return see_other("/staff")


@router.get("/units")
def show_units(request: Request) -> Response:
    """The unit tree, and for administrators a form for a new one."""
    with staff_work(request) as work:
        units = actions.list_units(work)
        may_change = Role.ADMINISTRATOR in work.actor.roles
    return page(request, "office/units.html", units=units, may_change=may_change)


@router.post("/units")
def post_unit(request: Request, form: Annotated[UnitForm, Form()]) -> Response:
    """Add a unit below another."""
    with staff_work(request) as work:
        actions.add_unit(
            work, code=form.code, name=form.name, parent=form.parent, agency=form.agency
        )
    return see_other("/units")


@router.get("/audit")
def show_audit(
    request: Request,
    before: str | None = None,
    subject: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """The newest events first, all of them or those about one subject."""
    subject = (subject or "").strip() or None
    with staff_work(request) as work:
        names = {member.id: member.username for member in actions.list_staff(work)}
        entries = actions.read_audit(work, limit=AUDIT_LINES, before=before, subject=subject)
    older = None
    if len(entries) == AUDIT_LINES:
        query = {"before": entries[-1].event.id} | ({"subject": subject} if subject else {})
        older = f"/audit?{urlencode(query)}"
    return page(
        request,
        "office/audit.html",
        entries=entries,
        names=names,
        subject=subject or "",
        older=older,
        newest="/audit" if before else None,
    )


@router.post("/audit/verification")
def post_verification(request: Request) -> Response:
    """Recompute the whole log and say what was found."""
    with staff_work(request) as work:
        found = actions.verify_audit(work)
    return page(request, "office/verification.html", found=found)
