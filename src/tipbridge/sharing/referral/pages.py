"""The pages of referrals and case-by-case requests."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.clauses import Occasion
from tipbridge.knowledge.agreements.model import DataClass, MinimumAge, Purpose
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.referral import actions, appraising, requesting
from tipbridge.sharing.referral.consent.actions import consents_about
from tipbridge.sharing.referral.consent.present import consent_json
from tipbridge.sharing.referral.emergency import actions as emergencies
from tipbridge.sharing.referral.emergency.model import Danger, Finding
from tipbridge.sharing.referral.keeping import actions as keeping
from tipbridge.sharing.referral.keeping.model import Need
from tipbridge.sharing.referral.life import actions as lives
from tipbridge.sharing.referral.life.model import REASONS, WITHDRAWALS, Why, Word
from tipbridge.sharing.referral.model import Direction, RequestState, SourceKind, State, Way
from tipbridge.sharing.referral.present import line_json, referral_json, request_json
from tipbridge.tips.enrichment.sentences import read_back
from tipbridge.tips.intake.model import Appraisal
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()


def _waiting(work: Work) -> int:
    """What waits to be released or to be looked at, and what was not acknowledged in time."""
    late = len(lives.overdue(work)) + emergencies.count_waiting(work) + keeping.count_due(work)
    return actions.count_to_release(work) + late


NAV = (
    NavEntry(label="Referrals", path="/referrals", roles=actions.READERS, waiting=_waiting),
    NavEntry(
        label="Requests",
        path="/requests",
        roles=actions.READERS,
        waiting=requesting.count_waiting,
    ),
)

PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DraftForm(_Form):
    """What the form for a new referral sends."""

    kind: SourceKind
    source: str = Field(max_length=100)
    peer: str = Field(max_length=200)
    purpose: Purpose = Purpose.INVESTIGATION
    occasion: Occasion = Occasion.SPONTANEOUS
    from_desk: str = Field(default="", max_length=200)
    to_desk: str = Field(default="", max_length=200)


class UnitForm(_Form):
    """What the form that gives a referral to a unit sends."""

    unit: str
    restricted: bool = False
    members: str = ""


class AppraisalForm(_Form):
    """What a button that tells of a referral's use sends."""

    appraisal: Appraisal


class StageForm(_Form):
    """What the form that says where a referral stands sends; the word with its reason."""

    said: str = Field(max_length=80)


class WithdrawalForm(_Form):
    """What the form that recalls or corrects a referral sends; parts are those that were wrong."""

    said: str = Field(max_length=80)
    parts: list[str] = []
    instead: str = Field(default="", max_length=80)


class AnswerForm(_Form):
    """What the form that answers a request sends; an empty minimum age says nothing."""

    granted: bool
    legal_basis: str = Field(max_length=2000)
    minimum_age: str = Field(default="", max_length=3)
    jurisdiction: str = Field(default="", max_length=2)
    citation: str = Field(default="", max_length=300)
    allowed: list[DataClass] = []


class ChoiceForm(_Form):
    """What the form that narrows a grant sends."""

    chosen: list[DataClass] = []


class TakeBackForm(_Form):
    """What the form that takes a grant back sends."""

    reason: str = Field(max_length=2000)


@router.get("/referrals")
def show_referrals(
    request: Request, direction: Direction | None = None, number: PageNumber = 1
) -> Response:
    """Referrals both ways, newest first, and a form for a new one."""
    with staff_work(request) as work:
        found = actions.list_referrals(work, direction=direction, page=number)
        overdue = lives.overdue(work)
        reviews, now = emergencies.reviews_waiting(work), work.now
        owed = keeping.owed(work)
        peers = exchange.peer_ids(work)
        may_send = bool(work.actor.roles & set(actions.SENDERS))
    return page(
        request,
        "referral/referrals.html",
        referrals=[line_json(referral) for referral in found],
        overdue=overdue,
        reviews=reviews,
        owed=owed,
        now=now,
        direction=direction,
        directions=tuple(Direction),
        kinds=tuple(SourceKind),
        purposes=tuple(Purpose),
        occasions=tuple(Occasion),
        peers=peers,
        may_send=may_send,
        number=number,
        more=len(found) == actions.PAGE_LINES,
    )


@router.post("/referrals")
def post_referral(request: Request, form: Annotated[DraftForm, Form()]) -> Response:
    """Prepare a referral and decide what may leave."""
    with staff_work(request) as work:
        referral_id = actions.open_referral(
            work,
            kind=form.kind,
            source_id=form.source.strip(),
            peer_id=form.peer,
            purpose=form.purpose,
            way=Way(
                occasion=form.occasion,
                sender_desk=form.from_desk.strip() or None,
                receiver_desk=form.to_desk.strip() or None,
            ),
        )
        actions.decide_referral(work, referral_id)
    return see_other(f"/referrals/{referral_id}")


@router.get("/referrals/{referral_id}")
def show_referral(request: Request, referral_id: str) -> Response:
    """One referral: what was let through, what was held back and why, and its road."""
    with staff_work(request) as work:
        view = actions.read_referral(work, referral_id)
        life = lives.life_of(work, view.referral)
        asked = consents_about(work, referral_id)
        emergency, now = emergencies.emergency_of(work, view.referral), work.now
        kept = keeping.kept_of(work, referral_id)
        peers = exchange.peer_ids(work)
        units = actions.units_to_give(work)
        may_send = bool(work.actor.roles & set(actions.SENDERS))
        may_answer = bool(work.actor.roles & set(actions.ANSWERERS))
    state = view.referral.state
    is_out = view.referral.direction is Direction.OUT
    open_request = any(one.state is RequestState.OPEN for one in view.requests)
    undecided = state in (State.DRAFT, State.ALLOWED, State.DENIED)
    return page(
        request,
        "referral/referral.html",
        referral=referral_json(view, work.now),
        life=life,
        emergency=emergency,
        kept=kept,
        needs=tuple(Need),
        may_answer=may_answer,
        dangers=tuple(Danger),
        findings=tuple(Finding),
        may_send=may_send,
        now=now,
        reasons=REASONS,
        next_stages=life.next_stages if may_answer else (),
        withdrawing=sorted(WITHDRAWALS) if may_send and life.may_withdraw else (),
        read_back=read_back,
        units=units,
        peers=peers,
        purposes=tuple(Purpose),
        occasions=tuple(Occasion),
        may_decide=may_send and is_out and undecided,
        may_release=may_send and state is State.ALLOWED,
        may_ask=may_send and state is State.DENIED and not open_request,
        may_refer_on=may_send and not is_out and not life.recalled,
        appraisals=tuple(Appraisal) if may_answer and not is_out else (),
        consents=[consent_json(each) for each in asked],
        may_ask_leave=not is_out and not life.recalled,
    )


@router.post("/referrals/{referral_id}/decision")
def post_decision(request: Request, referral_id: str) -> Response:
    """Decide again what may leave."""
    with staff_work(request) as work:
        actions.decide_referral(work, referral_id)
    return see_other(f"/referrals/{referral_id}")


@router.post("/referrals/{referral_id}/release")
def post_release(request: Request, referral_id: str) -> Response:
    """Sign and queue what was decided."""
    with staff_work(request) as work:
        actions.release_referral(work, referral_id)
    return see_other(f"/referrals/{referral_id}")


@router.post("/referrals/{referral_id}/request")
def post_request(request: Request, referral_id: str) -> Response:
    """Ask the peer for leave, case by case."""
    with staff_work(request) as work:
        requesting.open_request(work, referral_id)
    return see_other(f"/referrals/{referral_id}")


@router.post("/referrals/{referral_id}/feedback")
def post_feedback(
    request: Request, referral_id: str, form: Annotated[AppraisalForm, Form()]
) -> Response:
    """Tell of what use a referral was."""
    with staff_work(request) as work:
        appraising.appraise_referral(work, referral_id, appraisal=form.appraisal)
    return see_other(f"/referrals/{referral_id}")


@router.post("/referrals/{referral_id}/stage")
def post_stage(request: Request, referral_id: str, form: Annotated[StageForm, Form()]) -> Response:
    """Say where a received referral stands."""
    word, why = _word_and_reason(form.said)
    with staff_work(request) as work:
        lives.say_stage(work, referral_id, word, why=why)
    return see_other(f"/referrals/{referral_id}")


@router.post("/referrals/{referral_id}/withdrawal")
def post_withdrawal(
    request: Request, referral_id: str, form: Annotated[WithdrawalForm, Form()]
) -> Response:
    """Recall a sent referral, or take back parts of it."""
    word, why = _word_and_reason(form.said)
    if why is None:
        raise Invalid("What is taken back has a reason.")
    with staff_work(request) as work:
        instead, labels = form.instead.strip() or None, tuple(form.parts)
        lives.withdraw_referral(work, referral_id, word, why=why, labels=labels, instead=instead)
    return see_other(f"/referrals/{referral_id}")


@router.post("/referrals/{referral_id}/unit")
def post_unit(request: Request, referral_id: str, form: Annotated[UnitForm, Form()]) -> Response:
    """Give a referral to a unit."""
    members = tuple(each.strip() for each in form.members.split(",") if each.strip())
    with staff_work(request) as work:
        actions.place_referral(
            work, referral_id, unit=form.unit, restricted=form.restricted, members=members
        )
    return see_other("/referrals")


@router.get("/requests")
def show_requests(request: Request, number: PageNumber = 1) -> Response:
    """Case-by-case requests both ways, with the clock of each."""
    with staff_work(request) as work:
        found = requesting.list_requests(work, page=number)
    return page(
        request,
        "referral/requests.html",
        requests=[request_json(one, work.now) for one in found],
        number=number,
        more=len(found) == actions.PAGE_LINES,
    )


@router.get("/requests/{request_id}")
def show_request(request: Request, request_id: str) -> Response:
    """One request, and for staff who may the form that answers it."""
    with staff_work(request) as work:
        found = requesting.read_request(work, request_id)
        may_answer = bool(work.actor.roles & set(actions.ANSWERERS))
        may_send = bool(work.actor.roles & set(actions.SENDERS))
    ours = found.direction is Direction.IN and may_answer
    return page(
        request,
        "referral/request.html",
        asked=request_json(found, work.now),
        classes=tuple(DataClass),
        may_answer=ours and found.state is RequestState.OPEN,
        may_choose=may_send and requesting.may_narrow(found),
        may_take_back=ours and found.state is RequestState.GRANTED,
    )


@router.post("/requests/{request_id}/answer")
def post_answer(request: Request, request_id: str, form: Annotated[AnswerForm, Form()]) -> Response:
    """Grant or refuse a request."""
    age = _minimum_age(form)
    with staff_work(request) as work:
        requesting.answer_request(
            work,
            request_id,
            granted=form.granted,
            legal_basis=form.legal_basis,
            minimum_age=age,
            allowed=frozenset(form.allowed) if form.granted else None,
        )
    return see_other(f"/requests/{request_id}")


@router.post("/requests/{request_id}/classes")
def post_choice(request: Request, request_id: str, form: Annotated[ChoiceForm, Form()]) -> Response:
    """Release the chosen classes alone by a request of this node."""
    with staff_work(request) as work:
        requesting.narrow_grant(work, request_id, frozenset(form.chosen))
    return see_other(f"/requests/{request_id}")


@router.post("/requests/{request_id}/withdrawal")
def post_withdrawal_of_grant(
    request: Request, request_id: str, form: Annotated[TakeBackForm, Form()]
) -> Response:
    """Take a grant of this node back."""
    with staff_work(request) as work:
        requesting.withdraw_grant(work, request_id, reason=form.reason)
    return see_other(f"/requests/{request_id}")


def _word_and_reason(said: str) -> tuple[Word, Why | None]:
    """A choice on the page: `word` or `word:reason`."""
    word, _, why = said.partition(":")
    try:
        return Word(word), Why(why) if why else None
    except ValueError as error:
        raise Invalid("Choose one of the words on the page.") from error


def _minimum_age(form: AnswerForm) -> MinimumAge | None:
    if not form.minimum_age:
        return None
    if not form.minimum_age.isascii() or not form.minimum_age.isdigit():
        raise Invalid("A minimum age is a number of years.")
    if not form.jurisdiction or not form.citation:
        raise Invalid("A minimum age comes with its jurisdiction and article.")
    return MinimumAge(
        years=int(form.minimum_age), jurisdiction=form.jurisdiction, citation=form.citation
    )
