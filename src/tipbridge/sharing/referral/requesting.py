"""Verbs on case-by-case requests: ask for leave to refer, grant or refuse it."""

from datetime import timedelta

from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements.model import DataClass, MinimumAge
from tipbridge.sharing.referral import asking, messages, store
from tipbridge.sharing.referral.actions import ANSWERERS, PAGE_LINES, READERS, SENDERS, to_send
from tipbridge.sharing.referral.covering import check_not_suspended
from tipbridge.sharing.referral.model import (
    Direction,
    ReleaseRequest,
    RequestAnswer,
    RequestState,
)
from tipbridge.sharing.referral.terms import due_on

GRANT_DAYS = 90
"""How long a granted request can be used when the answer does not say."""


@action("referral.request.opened", roles=SENDERS)
def open_request(work: Work, referral_id: str) -> ReleaseRequest:
    """Ask the peer for leave to refer, when no agreement covers it; sends no personal data.

    Errors: NotFound; Conflict while one is open or after the release; Invalid without offence.
    """
    request = asking.ask(work, to_send(work, referral_id))
    work.record(request.id, referral=referral_id, peer=request.peer_id)
    return request


@action("referral.request.answered", roles=ANSWERERS)
def answer_request(
    work: Work,
    request_id: str,
    *,
    granted: bool,
    legal_basis: str,
    minimum_age: MinimumAge | None = None,
    allowed: frozenset[DataClass] | None = None,
    days: int = GRANT_DAYS,
) -> ReleaseRequest:
    """Grant or refuse a peer's request, with the legal basis; a grant lets its packages in.

    Shape: `allowed` are the classes this node may receive by its law, by default all but content;
    `minimum_age` is below which its law does not punish: the sender holds names back by it.
    Errors: NotFound; Conflict when it was answered, or for a grant while an agreement of its
    parties is suspended; Invalid without basis or minimum age, or for a grant of no class.
    """
    request = store.request_by_id(work.db, request_id, hold=True)
    if request is None or request.direction is not Direction.IN:
        raise NotFound("request", request_id)
    if request.state is not RequestState.OPEN:
        raise Conflict(f"This request is {request.state}, not open.", id=request_id)
    if not legal_basis.strip() or (granted and minimum_age is None) or days < 1:
        raise Invalid("An answer names its legal basis; a grant the minimum age and its days.")
    if granted and allowed is not None and not allowed:
        raise Invalid("A grant allows at least one class of data; refuse it otherwise.")
    if granted:
        check_not_suspended(work, (request.peer_id, work.node.id), request.purpose)
    today = work.now.date()
    answer = RequestAnswer(
        granted=granted,
        legal_basis=legal_basis.strip(),
        allowed=(frozenset(DataClass) - {DataClass.CONTENT} if allowed is None else allowed)
        if granted
        else frozenset(),
        valid_from=today if granted else None,
        valid_to=today + timedelta(days=days) if granted else None,
        minimum_age=minimum_age if granted else None,
    )
    asking.reply(work, request, messages.read_answer(messages.answer_document(answer)))
    work.record(request_id, granted=granted, peer=request.peer_id)
    return _request(work, request_id)


@action("referral.grant.narrowed", roles=SENDERS)
def narrow_grant(work: Work, request_id: str, chosen: frozenset[DataClass]) -> ReleaseRequest:
    """Release these classes alone by a request of this node, of those that are granted.

    Shape: before the answer or after it, until something was released; the last choice counts.
    Errors: NotFound; Conflict once it was used, or is closed; Invalid for no class, or one that
    was not granted.
    """
    request = store.request_by_id(work.db, request_id, hold=True)
    if request is None or request.direction is not Direction.OUT:
        raise NotFound("request", request_id)
    if not may_narrow(request):
        raise Conflict("Nothing more is chosen: it was used, or is closed.", id=request_id)
    _check_choice(request, chosen)
    store.keep_choice(work.db, request_id, chosen)
    named = ",".join(sorted(each.value for each in chosen))
    work.record(request_id, peer=request.peer_id, classes=named)
    return _request(work, request_id)


def may_narrow(request: ReleaseRequest) -> bool:
    """Whether its asker may still choose what it releases by a request."""
    waits = request.state in {RequestState.OPEN, RequestState.GRANTED}
    return waits and request.direction is Direction.OUT and request.released_at is None


def _check_choice(request: ReleaseRequest, chosen: frozenset[DataClass]) -> None:
    if not chosen:
        raise Invalid("Choose at least one class of data.")
    beyond = set[DataClass]() if request.answer is None else chosen - request.answer.allowed
    if beyond:
        named = ", ".join(sorted(each.value for each in beyond))
        raise Invalid(f"Not granted: {named}. A choice is narrower than the grant.")


@action("referral.grant.withdrawn", roles=ANSWERERS)
def withdraw_grant(work: Work, request_id: str, *, reason: str) -> ReleaseRequest:
    """Take back what this node granted: nothing comes in under it any more, and its peer is told.

    Shape: what came stays; its sender alone recalls that.
    Errors: NotFound; Conflict unless it is granted; Invalid without a reason.
    """
    request = store.request_by_id(work.db, request_id, hold=True)
    if request is None or request.direction is not Direction.IN:
        raise NotFound("request", request_id)
    if request.state is not RequestState.GRANTED:
        raise Conflict(f"This request is {request.state}, not granted.", id=request_id)
    said = messages.reason_given(reason)
    asking.take_back(work, request, said)
    work.record(request_id, peer=request.peer_id)
    return _request(work, request_id)


@action("referral.requests.listed", roles=READERS)
def list_requests(work: Work, *, page: int = 1) -> list[ReleaseRequest]:
    """Case-by-case requests both ways, newest first, a hundred at a time."""
    offset = (max(page, 1) - 1) * PAGE_LINES
    found = store.requests_newest(work.db, limit=PAGE_LINES, offset=offset)
    work.record("all", count=len(found), page=page)
    return found


@action("referral.request.read", roles=READERS)
def read_request(work: Work, request_id: str) -> ReleaseRequest:
    """One case-by-case request.

    Errors: NotFound.
    """
    request = _request(work, request_id)
    work.record(request_id)
    return request


def count_waiting(work: Work) -> int:
    """How many requests of peers wait for an answer, and of ours for too long, for the start page."""
    ours = store.open_since(work.db, Direction.OUT)
    late = sum(work.now.date() > due_on(opened_at) for opened_at in ours)
    return len(store.open_since(work.db, Direction.IN)) + late


def _request(work: Work, request_id: str) -> ReleaseRequest:
    request = store.request_by_id(work.db, request_id)
    if request is None:
        raise NotFound("request", request_id)
    return request
