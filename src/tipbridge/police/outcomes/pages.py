"""The pages of outcomes of a case."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.foundation.base.actors import Role
from tipbridge.knowledge.law.model import Custody, Outcome, Reason, Stage
from tipbridge.knowledge.law.shape import By
from tipbridge.knowledge.law.terms import said, said_place, shipped_terms
from tipbridge.knowledge.law.words import input_words, limitation_words
from tipbridge.police.cases.acts import act_in_words
from tipbridge.police.cases.names import names_of_staff
from tipbridge.police.outcomes import actions, comparing, holding, mistaken, steps
from tipbridge.police.outcomes.model import (
    AppealBy,
    AppealState,
    BodyFacts,
    Change,
    CustodyFacts,
    StepFacts,
)
from tipbridge.police.welfare import steps as coercive
from tipbridge.tips.enrichment.sentences import read_back
from tipbridge.web.fields import day_in
from tipbridge.web.language import language_of
from tipbridge.web.nav import NavEntry
from tipbridge.web.nested import under_its_parent
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()
NAV = (NavEntry(label="Changes of law", path="/outcomes/differences", roles=(Role.INVESTIGATOR,)),)
THIS_YEARS_LAW = 2025
"""The year of the first comparison shown: the law is the same since 2021."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DecideForm(_Strict):
    """What the form of a decision sends."""

    outcome: Outcome
    grounds: str = ""
    conditions: list[str] = []
    change: Change | Literal[""] = ""
    acts: list[str] = []
    body: str = ""
    body_on: str = ""
    body_minutes: str = ""


class StepForm(_Strict):
    """What the form of a step sends; without a day it was today."""

    stage: Stage
    custody: Custody | Literal[""] = ""
    happened_on: str = ""
    reason: Reason | Literal[""] = ""
    note: str = ""


class TakeBackForm(_Strict):
    """What the form that takes the last step back sends: where that step led, and why it was wrong."""

    stage: Stage
    because: str


class CustodyForm(_Strict):
    """What the form of custody sends; without a day it was today."""

    custody: Custody
    held_by: By
    held_on: str = ""
    held_note: str = ""


class AppealForm(_Strict):
    """What the form of an appeal sends."""

    filed_by: AppealBy
    appeal_grounds: str
    appeal_on: str = ""


class AnswerForm(_Strict):
    """What the answer to an appeal sends."""

    state: AppealState
    answer: str


@router.get("/cases/{case_id}/outcomes")
def show_outcomes(request: Request, case_id: str) -> Response:
    """Everybody in a case: advice with its reasons, decision, duties, welfare."""
    with staff_work(request) as work:
        lines = actions.read_outcomes(work, case_id)  # first: it asks for the role
        number = actions.case_number(work, case_id)
        words = actions.law_words(work, case_id)
        names = names_of_staff(work)
    language = language_of(request)
    return page(
        request,
        "outcomes/outcomes.html",
        case_id=case_id,
        number=number,
        lines=lines,
        read_back=read_back,
        custodies=tuple(Custody),
        names=names,
        holding_by=holding.HOLDING_BY,
        say=partial(said, words, language=language),
        say_place=partial(said_place, words, language=language),
        act_of=act_in_words,
        say_input=partial(input_words, words=words, language=language),
        say_limitation=partial(limitation_words, words=words, language=language),
    )


@router.post("/cases/{case_id}/people/{person_id}/outcome")
def post_outcome(
    request: Request, case_id: str, person_id: str, form: Annotated[DecideForm, Form()]
) -> Response:
    """Decide about somebody."""
    with (
        staff_work(request) as work,
        under_its_parent(lambda: coercive.check_case(work, case_id, person_id)),
    ):
        actions.decide_outcome(
            work,
            person_id,
            outcome=form.outcome,
            grounds=form.grounds.strip() or None,
            conditions=form.conditions,
            change=form.change or None,
            acts=form.acts,
            body=_body(form),
        )
    return see_other(f"/cases/{case_id}/outcomes")


@router.post("/cases/{case_id}/duties/{duty_id}")
def post_duty(request: Request, case_id: str, duty_id: str) -> Response:
    """Say that a duty is done."""
    with (
        staff_work(request) as work,
        under_its_parent(lambda: actions.check_duty(work, case_id, duty_id)),
    ):
        actions.finish_duty(work, duty_id)
    return see_other(f"/cases/{case_id}/outcomes")


@router.post("/cases/{case_id}/people/{person_id}/stages")
def post_step(
    request: Request, case_id: str, person_id: str, form: Annotated[StepForm, Form()]
) -> Response:
    """Write down that a matter went on to another stage."""
    on = day_in("happened_on", form.happened_on)
    facts = StepFacts(
        stage=form.stage,
        custody=form.custody or None,
        on=on,
        reason=form.reason or None,
        note=form.note,
    )
    with (
        staff_work(request) as work,
        under_its_parent(lambda: coercive.check_case(work, case_id, person_id)),
    ):
        steps.record_step(work, person_id, facts)
    return see_other(f"/cases/{case_id}/outcomes")


@router.post("/cases/{case_id}/people/{person_id}/custody")
def post_custody(
    request: Request, case_id: str, person_id: str, form: Annotated[CustodyForm, Form()]
) -> Response:
    """Write down that somebody is held or let go, at the same stage."""
    on = day_in("held_on", form.held_on)
    facts = CustodyFacts(custody=form.custody, by=form.held_by, on=on, note=form.held_note)
    with (
        staff_work(request) as work,
        under_its_parent(lambda: coercive.check_case(work, case_id, person_id)),
    ):
        holding.change_custody(work, person_id, facts)
    return see_other(f"/cases/{case_id}/outcomes")


@router.post("/cases/{case_id}/people/{person_id}/stages/taken-back")
def post_taken_back(
    request: Request, case_id: str, person_id: str, form: Annotated[TakeBackForm, Form()]
) -> Response:
    """Take back the last step, which was written down by mistake."""
    with (
        staff_work(request) as work,
        under_its_parent(lambda: coercive.check_case(work, case_id, person_id)),
    ):
        mistaken.take_back_step(work, person_id, stage=form.stage, because=form.because)
    return see_other(f"/cases/{case_id}/outcomes")


@router.post("/cases/{case_id}/people/{person_id}/appeals")
def post_appeal(
    request: Request, case_id: str, person_id: str, form: Annotated[AppealForm, Form()]
) -> Response:
    """Write down that somebody objects to a decision."""
    on = day_in("appeal_on", form.appeal_on)
    with (
        staff_work(request) as work,
        under_its_parent(lambda: coercive.check_case(work, case_id, person_id)),
    ):
        steps.file_appeal(work, person_id, by=form.filed_by, grounds=form.appeal_grounds, on=on)
    return see_other(f"/cases/{case_id}/outcomes")


@router.post("/cases/{case_id}/appeals/{appeal_id}")
def post_answer(
    request: Request, case_id: str, appeal_id: str, form: Annotated[AnswerForm, Form()]
) -> Response:
    """Answer an appeal."""
    with (
        staff_work(request) as work,
        under_its_parent(lambda: steps.check_appeal(work, case_id, appeal_id)),
    ):
        steps.answer_appeal(work, appeal_id, state=form.state, answer=form.answer)
    return see_other(f"/cases/{case_id}/outcomes")


@router.get("/outcomes/differences")
def show_differences(request: Request, on: str = "") -> Response:
    """Standing decisions that the law would now advise otherwise."""
    language = language_of(request)
    with staff_work(request) as work:
        found = comparing.list_differences(work, decided_on=day_in("on", on), language=language)
    say = partial(said, shipped_terms(), language=language)
    return page(request, "outcomes/differences.html", lines=found, on=on, say=say)


@router.get("/outcomes/compared")
def show_comparison(request: Request, year: int = THIS_YEARS_LAW) -> Response:
    """The advice as dated and the advice to the same facts in another year: counts only."""
    with staff_work(request) as work:
        found = comparing.compare_with(work, year=year)
    say = partial(said, shipped_terms(), language=language_of(request))
    return page(request, "outcomes/compared.html", found=found, say=say)


def _body(form: DecideForm) -> BodyFacts | None:
    if not form.body:
        return None
    return BodyFacts(body=form.body, on=day_in("body_on", form.body_on), minutes=form.body_minutes)
