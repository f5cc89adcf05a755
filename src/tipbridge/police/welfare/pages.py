"""The pages of welfare records, and the form of a coercive step."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.police.cases.model import Motive
from tipbridge.police.cases.names import names_of_staff
from tipbridge.police.welfare import actions, steps, undoing
from tipbridge.police.welfare.model import (
    CHOSEN,
    CoerciveStep,
    Consent,
    ConsentBy,
    Ending,
    FollowUpKind,
    GuardianNotice,
    OwnMaterial,
    TalkWith,
    WelfareFacts,
)
from tipbridge.web.fields import day_in
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()
NAV = (
    NavEntry(
        label="Welfare", path="/welfare", roles=(Role.INVESTIGATOR,), waiting=actions.count_late
    ),
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FactsForm(_Strict):
    """What the form of a record sends; an empty field leaves what is known."""

    agency: str = ""
    contact_made: str = ""
    contact_on: str = ""
    guardian_notice: str = ""
    guardian_notice_on: str = ""
    consent: str = ""
    consent_by: str = ""
    consent_on: str = ""
    own_material: str = ""
    own_material_on: str = ""


class TalkForm(_Strict):
    """What the form of a talk sends."""

    talk_with: TalkWith
    on: str = ""
    why: str = ""


class FollowUpForm(_Strict):
    """What the form of a follow-up sends."""

    kind: FollowUpKind
    due_on: str


class AccessForm(_Strict):
    """What the form of a record's own list sends."""

    members: str = ""
    narrowed: str = ""


class StepForm(_Strict):
    """What the form of a coercive step sends."""

    step: CoerciveStep
    on: str = ""
    grounds: str = ""


@router.get("/welfare")
def list_records(request: Request) -> Response:
    """Every open record, with its next day."""
    with staff_work(request) as work:
        lines = actions.list_records(work)
    return page(request, "welfare/records.html", lines=lines)


@router.get("/welfare/{welfare_id}")
def show_record(request: Request, welfare_id: str) -> Response:
    """One child's record."""
    with staff_work(request) as work:
        view = actions.read_record(work, welfare_id)
        names = names_of_staff(work)
    return page(
        request,
        "welfare/record.html",
        view=view,
        names=names,
        notices=tuple(GuardianNotice),
        consents=tuple(Consent),
        consenters=tuple(ConsentBy),
        talkers=tuple(TalkWith),
        found=tuple(OwnMaterial),
        motives=tuple(Motive),
        kinds=tuple(FollowUpKind),
        endings=CHOSEN,
    )


@router.post("/welfare/{welfare_id}")
def post_facts(request: Request, welfare_id: str, form: Annotated[FactsForm, Form()]) -> Response:
    """Write down contact, guardian and consent."""
    with staff_work(request) as work:
        actions.record_welfare(work, welfare_id, _facts(form))
    return see_other(f"/welfare/{welfare_id}")


@router.post("/welfare/{welfare_id}/talks")
def post_talk(request: Request, welfare_id: str, form: Annotated[TalkForm, Form()]) -> Response:
    """Write down a prevention talk."""
    with staff_work(request) as work:
        actions.record_talk(
            work,
            welfare_id,
            talk_with=form.talk_with,
            on=day_in("on", form.on),
            why=_motive(form.why),
        )
    return see_other(f"/welfare/{welfare_id}")


@router.post("/welfare/{welfare_id}/follow-ups")
def post_follow_up(
    request: Request, welfare_id: str, form: Annotated[FollowUpForm, Form()]
) -> Response:
    """Write down what is done later."""
    due_on = day_in("due_on", form.due_on)
    if due_on is None:
        raise Invalid("A follow-up has a day.")
    with staff_work(request) as work:
        actions.plan_follow_up(work, welfare_id, kind=form.kind, due_on=due_on)
    return see_other(f"/welfare/{welfare_id}")


@router.post("/welfare/{welfare_id}/follow-ups/{follow_id}")
def post_follow_up_done(request: Request, welfare_id: str, follow_id: str) -> Response:
    """Say that something promised is done."""
    with staff_work(request) as work:
        actions.finish_follow_up(work, welfare_id, follow_id)
    return see_other(f"/welfare/{welfare_id}")


@router.post("/welfare/{welfare_id}/follow-ups/{follow_id}/dropping")
def post_dropping(
    request: Request, welfare_id: str, follow_id: str, because: Annotated[str, Form()]
) -> Response:
    """Say that something promised won't be done, and why."""
    with staff_work(request) as work:
        undoing.drop_follow_up(work, welfare_id, follow_id, because=because)
    return see_other(f"/welfare/{welfare_id}")


@router.post("/welfare/{welfare_id}/talks/{talk_id}/taking-back")
def post_taking_back(
    request: Request, welfare_id: str, talk_id: str, because: Annotated[str, Form()]
) -> Response:
    """Say that a talk was written down by mistake, and why."""
    with staff_work(request) as work:
        undoing.take_back_talk(work, welfare_id, talk_id, because=because)
    return see_other(f"/welfare/{welfare_id}")


@router.post("/welfare/{welfare_id}/access")
def post_access(request: Request, welfare_id: str, form: Annotated[AccessForm, Form()]) -> Response:
    """Give a record its own list."""
    with staff_work(request) as work:
        actions.change_access(
            work,
            welfare_id,
            members=form.members.replace(",", " ").split(),
            narrowed=form.narrowed == "yes",
        )
    return see_other(f"/welfare/{welfare_id}")


@router.post("/welfare/{welfare_id}/close")
def post_close(request: Request, welfare_id: str, ending: Annotated[Ending, Form()]) -> Response:
    """Close a record with what came of it."""
    with staff_work(request) as work:
        actions.close_welfare(work, welfare_id, ending=ending)
    return see_other(f"/welfare/{welfare_id}")


@router.post("/cases/{case_id}/people/{person_id}/welfare")
def post_review(request: Request, case_id: str, person_id: str) -> Response:
    """Open the record that somebody's facts want now; without one they want none."""
    with staff_work(request) as work:
        standing = actions.review_person(work, person_id)
        steps.check_case(work, case_id, person_id)
    if standing is None:
        return see_other(f"/cases/{case_id}/outcomes")
    return see_other(f"/welfare/{standing.welfare_id}")


@router.post("/cases/{case_id}/people/{person_id}/steps")
def post_step(
    request: Request, case_id: str, person_id: str, form: Annotated[StepForm, Form()]
) -> Response:
    """Write down a coercive step on somebody."""
    with staff_work(request) as work:
        steps.record_step(
            work,
            person_id,
            form.step,
            on=day_in("on", form.on),
            grounds=form.grounds.strip() or None,
        )
        steps.check_case(work, case_id, person_id)
    return see_other(f"/cases/{case_id}/outcomes")


def _facts(form: FactsForm) -> WelfareFacts:
    try:
        return WelfareFacts(
            agency=form.agency.strip() or None,
            contact_made={"yes": True, "no": False}.get(form.contact_made),
            contact_on=day_in("contact_on", form.contact_on),
            guardian_notice=GuardianNotice(form.guardian_notice) if form.guardian_notice else None,
            guardian_notice_on=day_in("guardian_notice_on", form.guardian_notice_on),
            consent=Consent(form.consent) if form.consent else None,
            consent_by=ConsentBy(form.consent_by) if form.consent_by else None,
            consent_on=day_in("consent_on", form.consent_on),
            own_material=OwnMaterial(form.own_material) if form.own_material else None,
            own_material_on=day_in("own_material_on", form.own_material_on),
        )
    except ValueError as error:
        raise Invalid("The form holds a word that is not in its list.") from error


def _motive(text: str) -> Motive | None:
    try:
        return Motive(text) if text else None
    except ValueError as error:
        raise Invalid(f"why is one of: {', '.join(Motive)}.") from error
