"""The pages of due process, and the form that opens a case with its grounds."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.police.cases.fairness import actions, telling, undoing
from tipbridge.police.cases.fairness.model import CaseOrigin
from tipbridge.police.cases.names import names_of_staff
from tipbridge.tips.enrichment.sentences import read_back
from tipbridge.web.fields import day_in
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OpenForm(_Strict):
    """What the form that opens a case sends."""

    origin: CaseOrigin
    grounds: str
    grade: str
    from_case: str = ""


class DefenceForm(_Strict):
    """What the form for the defence's request sends."""

    asked: str
    asked_on: str = ""


class ToldForm(_Strict):
    """What the form for an answer to a correction sends."""

    words: str
    said: Literal["acknowledged", "failed"]


def _back(case_id: str) -> Response:
    return see_other(f"/cases/{case_id}/due-process")


@router.post("/cases")
def post_case(request: Request, form: Annotated[OpenForm, Form()]) -> Response:
    """Open a case that no referral began."""
    with staff_work(request) as work:
        case = actions.open_case(
            work,
            origin=form.origin,
            grounds=form.grounds,
            grade=form.grade,
            from_case=form.from_case.strip() or None,
        )
    return see_other(f"/cases/{case.id}")


@router.get("/cases/{case_id}/due-process")
def show_due_process(request: Request, case_id: str) -> Response:
    """Where a case came from, and both sides of everybody in it."""
    with staff_work(request) as work:
        view = actions.read_due_process(work, case_id)
        names = names_of_staff(work)
    return page(request, "cases/fairness.html", view=view, names=names, read_back=read_back)


@router.post("/cases/{case_id}/people/{person_id}/favours")
def post_favour(
    request: Request, case_id: str, person_id: str, text: Annotated[str, Form()]
) -> Response:
    """Record what favours somebody."""
    with staff_work(request) as work:
        actions.record_favour(work, case_id, person_id, text=text)
    return _back(case_id)


@router.post("/cases/{case_id}/people/{person_id}/defence")
def post_defence(
    request: Request, case_id: str, person_id: str, form: Annotated[DefenceForm, Form()]
) -> Response:
    """Put what the defence asks for into the file."""
    asked_on = day_in("asked_on", form.asked_on)
    with staff_work(request) as work:
        actions.note_defence(work, case_id, person_id, asked=form.asked, asked_on=asked_on)
    return _back(case_id)


@router.post("/cases/{case_id}/defence/{request_id}/answer")
def post_answer(
    request: Request, case_id: str, request_id: str, answer: Annotated[str, Form()]
) -> Response:
    """Put what the defence was told into the file."""
    with staff_work(request) as work:
        actions.answer_defence(work, case_id, request_id, answer=answer)
    return _back(case_id)


@router.post("/cases/{case_id}/people/{person_id}/correction")
def post_correction(
    request: Request, case_id: str, person_id: str, grounds: Annotated[str, Form()]
) -> Response:
    """Say that somebody was the wrong person."""
    with staff_work(request) as work:
        actions.correct_person(work, case_id, person_id, grounds=grounds)
    return _back(case_id)


@router.post("/cases/{case_id}/people/{person_id}/correction/taking-back")
def post_right_person(
    request: Request, case_id: str, person_id: str, grounds: Annotated[str, Form()]
) -> Response:
    """Say that somebody was not the wrong person after all."""
    with staff_work(request) as work:
        undoing.take_back_correction(work, case_id, person_id, grounds=grounds)
    return _back(case_id)


@router.post("/cases/{case_id}/people/{person_id}/receivers")
def post_receiver(
    request: Request, case_id: str, person_id: str, receiver: Annotated[str, Form()]
) -> Response:
    """Name somebody who was told of a wrong person by hand."""
    with staff_work(request) as work:
        telling.name_receiver(work, case_id, person_id, receiver=receiver)
    return _back(case_id)


@router.post("/cases/{case_id}/tellings/{telling_id}")
def post_told(
    request: Request, case_id: str, telling_id: str, form: Annotated[ToldForm, Form()]
) -> Response:
    """Record what somebody answered who was told of a correction."""
    with staff_work(request) as work:
        telling.note_answer(
            work, case_id, telling_id, words=form.words, reached=form.said == "acknowledged"
        )
    return _back(case_id)
