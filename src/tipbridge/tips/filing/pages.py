"""The pages of filings: what was filed, what waits for a person, and what is uncertain."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tipbridge.foundation.base.errors import Invalid
from tipbridge.tips.filing import actions, drafts, viewing
from tipbridge.tips.filing.actions import Settled
from tipbridge.tips.filing.facts import FACT_NAMES, Facts
from tipbridge.tips.filing.ledger import actions as ledger
from tipbridge.tips.filing.model import FilingState
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()

NAV = (
    NavEntry(
        label="Filings", path="/filings", roles=ledger.READERS, waiting=ledger.count_undecided
    ),
)

PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000)]


class DecisionForm(BaseModel):
    """What the buttons under a draft send."""

    model_config = ConfigDict(extra="forbid")

    decision: str
    to: str = Field(default="", max_length=2000)
    sandbox: bool = False
    grounds: str = Field(default="", max_length=4000, repr=False)


class FactsForm(BaseModel):
    """What the form of a draft sends; an empty fact is not said."""

    model_config = ConfigDict(extra="forbid")

    incident_type: str = Field(default="", max_length=3000, repr=False)
    reporter_email: str = Field(default="", max_length=3000, repr=False)
    incident_time: str = Field(default="", max_length=3000, repr=False)
    platform: str = Field(default="", max_length=3000, repr=False)
    escalate: str = Field(default="", max_length=20000, repr=False)
    service: str = Field(default="", max_length=3000, repr=False)
    account: str = Field(default="", max_length=3000, repr=False)
    screen_name: str = Field(default="", max_length=3000, repr=False)
    email: str = Field(default="", max_length=3000, repr=False)
    phone: str = Field(default="", max_length=3000, repr=False)
    ip: str = Field(default="", max_length=3000, repr=False)
    ip_port: str = Field(default="", max_length=3000, repr=False)
    ip_time: str = Field(default="", max_length=3000, repr=False)
    ip_event: str = Field(default="", max_length=3000, repr=False)
    url: str = Field(default="", max_length=3000, repr=False)
    victim_account: str = Field(default="", max_length=3000, repr=False)
    note: str = Field(default="", max_length=20000, repr=False)


class ViewedForm(BaseModel):
    """What a person states of one file."""

    model_config = ConfigDict(extra="forbid")

    viewed: str
    sha256: str = Field(default="", max_length=100)


class ResolutionForm(BaseModel):
    """What the form of an uncertain filing sends."""

    model_config = ConfigDict(extra="forbid")

    how: str
    grounds: str = Field(default="", max_length=4000, repr=False)


@router.get("/filings")
def show_filings(request: Request, state: str = "", number: PageNumber = 1) -> Response:
    """The newest filings, of one state or of all."""
    states = (_state(state),) if state else ()
    with staff_work(request) as work:
        lines = ledger.list_filings(work, states=states, page=number)
    return page(
        request,
        "filing/filings.html",
        lines=lines,
        state=state,
        states=tuple(FilingState),
        number=number,
        more=len(lines) == ledger.PAGE_LINES,
    )


def _state(text: str) -> FilingState:
    if text not in set(FilingState):
        raise Invalid(f"A filing's state is one of: {', '.join(FilingState)}.")
    return FilingState(text)


@router.get("/filings/{filing_id}")
def show_filing(request: Request, filing_id: str) -> Response:
    """One filing: its values, files, tries and receipt, and what a person can decide."""
    with staff_work(request) as work:
        found = ledger.read_filing(work, filing_id)
        facts = ledger.drafted_facts(work, found)
    return page(
        request,
        "filing/filing.html",
        filing=found,
        facts=facts,
        fact_names=FACT_NAMES,
        may_file=bool(work.actor.roles & set(actions.FILERS)),
    )


@router.post("/filings/{filing_id}/decision")
def post_decision(
    request: Request, filing_id: str, form: Annotated[DecisionForm, Form()]
) -> Response:
    """File a draft, or drop it."""
    if form.decision not in {"file", "drop"}:
        raise Invalid("A draft is decided by 'file' or 'drop'.")
    with staff_work(request) as work:
        drafts.decide_draft(
            work,
            filing_id,
            file=form.decision == "file",
            grounds=form.grounds,
            to=form.to or None,
            sandbox=form.sandbox,
        )
    return see_other(f"/filings/{filing_id}")


@router.post("/filings/{filing_id}/facts")
def post_facts(request: Request, filing_id: str, form: Annotated[FactsForm, Form()]) -> Response:
    """Put other facts in a draft's place."""
    facts = Facts(**{name: text.strip() for name, text in form.model_dump().items()})
    with staff_work(request) as work:
        drafts.change_draft(work, filing_id, facts)
    return see_other(f"/filings/{filing_id}")


@router.post("/filings/{filing_id}/files/{number}/viewed")
def post_viewed(
    request: Request, filing_id: str, number: int, form: Annotated[ViewedForm, Form()]
) -> Response:
    """State whether the whole of a draft's file was viewed, in a viewer of one's own."""
    if form.viewed not in {"yes", "no"}:
        raise Invalid("A file was viewed: 'yes' or 'no'.")
    with staff_work(request) as work:
        viewing.state_viewed(
            work, filing_id, number, viewed=form.viewed == "yes", sha256=form.sha256
        )
    return see_other(f"/filings/{filing_id}")


@router.post("/filings/{filing_id}/retry")
def post_retry(request: Request, filing_id: str) -> Response:
    """Go on with a refused or waiting filing."""
    with staff_work(request) as work:
        actions.retry_filing(work, filing_id)
    return see_other(f"/filings/{filing_id}")


@router.post("/filings/{filing_id}/resolution")
def post_resolution(
    request: Request, filing_id: str, form: Annotated[ResolutionForm, Form()]
) -> Response:
    """Settle an uncertain filing."""
    if form.how not in {"ask", "filed", "not-filed"}:
        raise Invalid("An uncertain filing is settled by 'ask', 'filed' or 'not-filed'.")
    settled = None
    if form.how != "ask":
        settled = Settled(filed=form.how == "filed", grounds=form.grounds)
    with staff_work(request) as work:
        actions.resolve_filing(work, filing_id, settled)
    return see_other(f"/filings/{filing_id}")
