"""The page of how a case stands to others."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.joining import actions
from tipbridge.police.cases.joining.model import Relation
from tipbridge.police.cases.names import names_of_staff
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()

OFFERED = (Relation.TOGETHER, Relation.PARENT, Relation.MERGED)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RelationForm(_Strict):
    """What the form that joins two cases sends."""

    other: str
    relation: Relation
    grounds: str


class SplitForm(_Strict):
    """What the form that splits a case sends."""

    people: list[str] = []
    grounds: str


class FeedForm(_Strict):
    """What the form that lets a referral feed this case too sends."""

    referral: str


def _back(case_id: str) -> Response:
    return see_other(f"/cases/{case_id}/relations")


@router.get("/cases/{case_id}/relations")
def show_relations(request: Request, case_id: str) -> Response:
    """How a case stands to others: proposed links, parents, merges and splits."""
    with staff_work(request) as work:
        file = cases.read_case(work, case_id)
        names = names_of_staff(work)
    return page(request, "cases/relations.html", file=file, offered=OFFERED, names=names)


@router.post("/cases/{case_id}/relations")
def post_relation(
    request: Request, case_id: str, form: Annotated[RelationForm, Form()]
) -> Response:
    """Say how two cases stand to each other."""
    with staff_work(request) as work:
        actions.join_cases(
            work, case_id, other=form.other, relation=form.relation, grounds=form.grounds
        )
    return _back(case_id)


@router.post("/cases/{case_id}/relations/{relation_id}/undo")
def post_undo(request: Request, case_id: str, relation_id: str) -> Response:
    """Take a relation back."""
    with staff_work(request) as work:
        actions.undo_relation(work, case_id, relation_id)
    return _back(case_id)


@router.post("/cases/{case_id}/split")
def post_split(request: Request, case_id: str, form: Annotated[SplitForm, Form()]) -> Response:
    """Open a case of its own for some of the people."""
    with staff_work(request) as work:
        actions.split_case(work, case_id, people=form.people, grounds=form.grounds)
    return _back(case_id)


@router.post("/cases/{case_id}/referrals")
def post_referral(request: Request, case_id: str, form: Annotated[FeedForm, Form()]) -> Response:
    """Let a referral feed this case too."""
    with staff_work(request) as work:
        cases.feed_referral(work, case_id, referral=form.referral)
    return see_other(f"/cases/{case_id}")


@router.post("/cases/{case_id}/links/{link_id}")
def post_link(
    request: Request, case_id: str, link_id: str, *, confirmed: Annotated[bool, Form()]
) -> Response:
    """Say whether two cases belong together."""
    with staff_work(request) as work:
        actions.decide_link(work, case_id, link_id, confirmed=confirmed)
    return _back(case_id)


@router.post("/cases/{case_id}/links/{link_id}/undo")
def post_link_undo(request: Request, case_id: str, link_id: str) -> Response:
    """Take back what was said of two cases."""
    with staff_work(request) as work:
        actions.reopen_link(work, case_id, link_id)
    return _back(case_id)
