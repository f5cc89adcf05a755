"""The pages of outcomes of a case."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.knowledge.law.model import Outcome
from tipbridge.knowledge.law.terms import said
from tipbridge.knowledge.law.words import input_words
from tipbridge.police.outcomes import actions
from tipbridge.web.language import language_of
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DecideForm(_Strict):
    """What the form of a decision sends."""

    outcome: Outcome
    grounds: str = ""
    conditions: list[str] = []


@router.get("/cases/{case_id}/outcomes")
def show_outcomes(request: Request, case_id: str) -> Response:
    """Everybody in a case: advice with its reasons, decision, duties, welfare."""
    with staff_work(request) as work:
        lines = actions.read_outcomes(work, case_id)  # first: it asks for the role
        number = actions.case_number(work, case_id)
        words = actions.law_words(work, case_id)
    language = language_of(request)
    return page(
        request,
        "outcomes/outcomes.html",
        case_id=case_id,
        number=number,
        lines=lines,
        say=partial(said, words, language=language),
        say_input=partial(input_words, words=words, language=language),
    )


@router.post("/cases/{case_id}/people/{person_id}/outcome")
def post_outcome(
    request: Request, case_id: str, person_id: str, form: Annotated[DecideForm, Form()]
) -> Response:
    """Decide about somebody."""
    with staff_work(request) as work:
        actions.decide_outcome(
            work,
            person_id,
            outcome=form.outcome,
            grounds=form.grounds.strip() or None,
            conditions=form.conditions,
        )
    return see_other(f"/cases/{case_id}/outcomes")


@router.post("/cases/{case_id}/duties/{duty_id}")
def post_duty(request: Request, case_id: str, duty_id: str) -> Response:
    """Say that a duty is done."""
    with staff_work(request) as work:
        actions.finish_duty(work, duty_id)
    return see_other(f"/cases/{case_id}/outcomes")
