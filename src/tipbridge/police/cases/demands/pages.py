"""The pages of a case's demands."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.base.moments import moment_told
from tipbridge.police.cases.actions import read_case
from tipbridge.police.cases.demands import actions, redating, undoing
from tipbridge.police.cases.demands.model import (
    DemandFacts,
    DemandKind,
    FactKind,
    LetterLanguage,
    Said,
)
from tipbridge.web.fields import day_in
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DemandForm(_Strict):
    """What the form for a demand sends; times are UTC unless they say otherwise."""

    kind: DemandKind
    addressee: str
    language: LetterLanguage
    authority: str
    person: str = ""
    ip: str = ""
    port: str = ""
    seen_at: str = ""
    account: str = ""


class AnswerForm(_Strict):
    """What the form for an answer sends: kinds and values in the same order."""

    kind: list[FactKind] = []
    value: list[str] = []
    done_at: str = ""


def demand_facts(form: DemandForm) -> DemandFacts:
    """What a form asks for.

    Errors: Invalid for a port that is none, or a time that is none or a day alone.
    """
    try:
        return DemandFacts(
            kind=form.kind,
            addressee=form.addressee,
            language=form.language,
            authority=form.authority,
            person_id=form.person or None,
            ip=form.ip.strip() or None,
            port=int(form.port) if form.port else None,
            seen_at=_moment_seen(form.seen_at),
            account=form.account.strip() or None,
        )
    except ValueError as error:
        raise Invalid("port is a number.") from error


def _moment_seen(text: str) -> datetime | None:
    if text.strip() and ":" not in text:
        raise Invalid("seen_at is a day with its time, such as 2014-02-20T01:00:07 (UTC).")
    return moment_told("seen_at", text)


def _back(case_id: str, demand_id: str) -> Response:
    return see_other(f"/cases/{case_id}/demands/{demand_id}")


@router.get("/cases/{case_id}/demands")
def show_demands(
    request: Request,
    case_id: str,
    person: str = "",
    ip: str = "",
    account: str = "",
    seen_at: str = "",
    port: str = "",
) -> Response:
    """What was asked in a case, and the form to ask."""
    with staff_work(request) as work:
        _, views = actions.read_demands(work, case_id)
        file = read_case(work, case_id)
    return page(
        request,
        "cases/demands.html",
        file=file,
        views=views,
        kinds=tuple(DemandKind),
        letters=tuple(LetterLanguage),
        given={"person": person, "ip": ip, "account": account, "seen_at": seen_at, "port": port},
    )


@router.post("/cases/{case_id}/demands")
def post_demand(request: Request, case_id: str, form: Annotated[DemandForm, Form()]) -> Response:
    """Write a demand down."""
    with staff_work(request) as work:
        demand = actions.draft_demand(work, case_id, demand_facts(form))
    return _back(case_id, demand.id)


@router.get("/cases/{case_id}/demands/{demand_id}")
def show_demand(request: Request, case_id: str, demand_id: str) -> Response:
    """A demand's letter, where it stands, and its answer."""
    with staff_work(request) as work:
        case, views = actions.read_demands(work, case_id)
    view = next((view for view in views if view.demand.id == demand_id), None)
    if view is None:
        raise NotFound("demand", demand_id)
    return page(request, "cases/demand.html", case=case, view=view, kinds=tuple(FactKind))


@router.post("/cases/{case_id}/demands/{demand_id}/sending")
def post_sending(
    request: Request,
    case_id: str,
    demand_id: str,
    due_on: Annotated[str, Form()] = "",
    done_at: Annotated[str, Form()] = "",
) -> Response:
    """Say that a demand went out."""
    day = day_in("due_on", due_on)
    with staff_work(request) as work:
        done = moment_told("done_at", done_at)
        actions.send_demand(work, case_id, demand_id, due_on=day, done_at=done)
    return _back(case_id, demand_id)


@router.post("/cases/{case_id}/demands/{demand_id}/day")
def post_day(
    request: Request,
    case_id: str,
    demand_id: str,
    because: Annotated[str, Form()],
    done_at: Annotated[str, Form()] = "",
) -> Response:
    """Say that a demand went out at another time than was written down."""
    with staff_work(request) as work:
        done = moment_told("done_at", done_at)
        redating.correct_demand_day(work, case_id, demand_id, done_at=done, because=because)
    return _back(case_id, demand_id)


@router.post("/cases/{case_id}/demands/{demand_id}/answer")
def post_answer(
    request: Request, case_id: str, demand_id: str, form: Annotated[AnswerForm, Form()]
) -> Response:
    """Write an answer down."""
    pairs = zip(form.kind, form.value, strict=False)
    said = [Said(kind=kind, value=value) for kind, value in pairs if value.strip()]
    with staff_work(request) as work:
        done = moment_told("done_at", form.done_at)
        actions.answer_demand(work, case_id, demand_id, said=said, done_at=done)
    return _back(case_id, demand_id)


@router.post("/cases/{case_id}/demands/{demand_id}/refusal")
def post_refusal(
    request: Request,
    case_id: str,
    demand_id: str,
    words: Annotated[str, Form()],
    done_at: Annotated[str, Form()] = "",
) -> Response:
    """Write a refusal down."""
    with staff_work(request) as work:
        done = moment_told("done_at", done_at)
        actions.refuse_demand(work, case_id, demand_id, words=words, done_at=done)
    return _back(case_id, demand_id)


@router.post("/cases/{case_id}/demands/{demand_id}/drop")
def post_drop(
    request: Request, case_id: str, demand_id: str, because: Annotated[str, Form()]
) -> Response:
    """Say that a draft is not sent."""
    with staff_work(request) as work:
        actions.drop_demand(work, case_id, demand_id, because=because)
    return _back(case_id, demand_id)


@router.post("/cases/{case_id}/facts/{fact_id}")
def post_withdrawal(
    request: Request, case_id: str, fact_id: str, because: Annotated[str, Form()]
) -> Response:
    """Say that something an answer is said to say does not hold."""
    with staff_work(request) as work:
        demand = undoing.withdraw_fact(work, case_id, fact_id, because=because)
    return _back(case_id, demand.id)


@router.post("/cases/{case_id}/demands/{demand_id}/again")
def post_again(
    request: Request, case_id: str, demand_id: str, because: Annotated[str, Form()]
) -> Response:
    """Take up again what was refused or dropped."""
    with staff_work(request) as work:
        undoing.reopen_demand(work, case_id, demand_id, because=because)
    return _back(case_id, demand_id)
