"""The pages of consents, and the form on a referral's page that asks for one."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements.model import DataClass, Purpose
from tipbridge.sharing.referral.consent import actions
from tipbridge.sharing.referral.consent.model import ConsentState, Place, Refusing, Use
from tipbridge.sharing.referral.consent.present import consent_json
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()
NAV = (
    NavEntry(
        label="Consents", path="/consents", roles=actions.PEOPLE, waiting=actions.count_waiting
    ),
)
PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000)]


class AskForm(BaseModel):
    """What the form that asks for leave sends: `court`, or `onward:` and the peer.

    Shape: an empty purpose is the one that it came for.
    """

    model_config = ConfigDict(extra="forbid")

    aim: str = Field(max_length=200)
    purpose: Purpose | Literal[""] = ""


class ConsentForm(BaseModel):
    """What the form that answers sends: `granted`, or `refused:` and the reason."""

    model_config = ConfigDict(extra="forbid")

    said: str = Field(max_length=80)
    days: int = Field(default=actions.CONSENT_DAYS, ge=1, le=actions.DAYS_MAX)
    classes: list[DataClass] = []


@router.get("/consents")
def show_consents(request: Request, number: PageNumber = 1) -> Response:
    """Consents asked, asked of this node, or passing along it."""
    with staff_work(request) as work:
        found = actions.list_consents(work, page=number)
    return page(
        request,
        "consent/consents.html",
        consents=[consent_json(each) for each in found],
        number=number,
        more=len(found) == actions.PAGE_LINES,
    )


@router.get("/consents/{consent_id}")
def show_consent(request: Request, consent_id: str) -> Response:
    """One consent, and where this node is asked the form that answers it."""
    with staff_work(request) as work:
        found = actions.read_consent(work, consent_id)
    return page(
        request,
        "consent/consent.html",
        asked=consent_json(found),
        classes=tuple(DataClass),
        refusing=tuple(Refusing),
        days=actions.CONSENT_DAYS,
        may_answer=found.place is Place.OURS and found.state is ConsentState.OPEN,
    )


@router.post("/consents/{consent_id}/answer")
def post_consent(
    request: Request, consent_id: str, form: Annotated[ConsentForm, Form()]
) -> Response:
    """Consent or refuse."""
    word, _, reason = form.said.partition(":")
    if word not in ("granted", "refused") or (reason and reason not in set(Refusing)):
        raise Invalid("Choose one of the answers on the page.")
    with staff_work(request) as work:
        actions.answer_consent(
            work,
            consent_id,
            granted=word == "granted",
            why=Refusing(reason) if reason else None,
            classes=frozenset(form.classes),
            days=form.days,
        )
    return see_other(f"/consents/{consent_id}")


@router.post("/referrals/{referral_id}/consent")
def post_asking(request: Request, referral_id: str, form: Annotated[AskForm, Form()]) -> Response:
    """Ask the originator for leave to pass a received referral on, or to use it in court."""
    word, _, peer = form.aim.partition(":")
    if word not in set(Use):
        raise Invalid("Choose one of the uses on the page.")
    with staff_work(request) as work:
        actions.ask_consent(
            work, referral_id, Use(word), recipient=peer or None, purpose=form.purpose or None
        )
    return see_other(f"/referrals/{referral_id}")
