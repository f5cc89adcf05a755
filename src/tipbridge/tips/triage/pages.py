"""The pages of tips and leads."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.places.model import PlaceKind
from tipbridge.tips.enrichment.sentences import read_back
from tipbridge.tips.triage import actions
from tipbridge.tips.triage.identifiers import OwnGrounds
from tipbridge.tips.triage.model import LeadSource, Queue, Suspicion, read_grade
from tipbridge.tips.triage.present import lead_json, tip_json
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()

NAV = (
    NavEntry(label="Tips", path="/tips", roles=actions.ANALYSTS, waiting=actions.count_waiting),
    NavEntry(label="Leads", path="/leads", roles=actions.LEAD_ROLES),
)

PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000)]


class AssignForm(BaseModel):
    """What the form that gives a tip to a unit sends."""

    model_config = ConfigDict(extra="forbid")

    unit: str
    restricted: bool = False
    members: str = ""


class LeadForm(BaseModel):
    """What the form for a lead of own grounds sends; an empty field says nothing."""

    model_config = ConfigDict(extra="forbid")

    grounds: str
    grade: str
    suspicion: str = ""
    service: str = ""
    account: str = ""
    email: str = ""
    phone: str = ""
    country: str = ""
    place: str = ""


@router.get("/tips")
def show_tips(
    request: Request,
    queue: str = "",
    waiting: bool = False,
    number: PageNumber = 1,
) -> Response:
    """The queue: finished tips in the order in which they are to be looked at."""
    with staff_work(request) as work:
        lines = actions.list_tips(work, queue=queue or None, waiting=waiting, page=number)
        pending = actions.list_pending(work)
    more = len(lines) == actions.PAGE_LINES
    return page(
        request,
        "triage/tips.html",
        lines=lines,
        pending=pending,
        queue=queue,
        queues=tuple(Queue),
        waiting=waiting,
        number=number,
        more=more,
    )


@router.get("/tips/{report_id}")
def show_tip(request: Request, report_id: str) -> Response:
    """One tip: facts, reasons, files, feedback and every value that arrived."""
    with staff_work(request) as work:
        view = actions.read_tip(work, report_id)
        units = actions.units_to_give(work)
    return page(request, "triage/tip.html", tip=tip_json(view), units=units, read_back=read_back)


@router.post("/tips/{report_id}/unit")
def post_unit(request: Request, report_id: str, form: Annotated[AssignForm, Form()]) -> Response:
    """Give a tip to a unit."""
    members = tuple(each.strip() for each in form.members.split(",") if each.strip())
    with staff_work(request) as work:
        actions.assign_tip(
            work, report_id, unit=form.unit, restricted=form.restricted, members=members
        )
    return see_other(f"/tips/{report_id}")


@router.get("/leads")
def show_leads(request: Request, source: str = "", number: PageNumber = 1) -> Response:
    """Leads, newest first, and for a liaison a form for one of own grounds."""
    with staff_work(request) as work:
        found = actions.list_leads(work, source=source or None, page=number)
        may_add = bool(work.actor.roles & set(actions.OWN_GROUNDS_ROLES))
    return page(
        request,
        "triage/leads.html",
        leads=[lead_json(each) for each in found],
        source=source,
        sources=tuple(LeadSource),
        suspicions=tuple(Suspicion),
        places=tuple(PlaceKind),
        may_add=may_add,
        number=number,
        more=len(found) == actions.PAGE_LINES,
    )


@router.post("/leads")
def post_lead(request: Request, form: Annotated[LeadForm, Form()]) -> Response:
    """Open a lead of own grounds."""
    own = _own_grounds(form)
    with staff_work(request) as work:
        lead = actions.add_lead(work, own)
    return see_other(f"/leads/{lead.id}")


@router.get("/leads/{lead_id}")
def show_lead(request: Request, lead_id: str) -> Response:
    """One lead with the parts that it would be referred by."""
    with staff_work(request) as work:
        view = actions.read_lead(work, lead_id)
    return page(
        request,
        "triage/lead.html",
        lead=lead_json(view.lead, view.unit),
        grounds=view.lead.grounds,
        parts=view.parts,
        read_back=read_back,
    )


@router.post("/leads/{lead_id}/closing")
def post_closing(request: Request, lead_id: str) -> Response:
    """Say that nothing more is to be done about a lead."""
    with staff_work(request) as work:
        actions.close_lead(work, lead_id)
    return see_other(f"/leads/{lead_id}")


def _own_grounds(form: LeadForm) -> OwnGrounds:
    if form.suspicion and form.suspicion not in set(Suspicion):
        raise Invalid(f"The suspicion is one of: {', '.join(Suspicion)}.")
    if form.place and form.place not in set(PlaceKind):
        raise Invalid(f"The place is one of: {', '.join(PlaceKind)}.")
    accounts = ((form.service.strip(), form.account.strip()),) if form.account.strip() else ()
    return OwnGrounds(
        grounds=form.grounds,
        grade=read_grade(form.grade),
        suspicion=Suspicion(form.suspicion) if form.suspicion else None,
        accounts=accounts,
        emails=tuple(filter(None, (form.email.strip(),))),
        phones=tuple(filter(None, (form.phone.strip(),))),
        country=form.country.strip() or None,
        place=PlaceKind(form.place) if form.place else None,
        service=form.service.strip() or None,
    )
