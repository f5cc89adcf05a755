"""Case-by-case requests: ask a peer for leave, answer a peer that asks."""

from datetime import UTC, datetime, time, timedelta

from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.model import CoveredOffence, Part, Purpose
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange import told
from tipbridge.sharing.exchange.model import Basis, BasisKind, Draft, Grant, PackageKind
from tipbridge.sharing.referral import facts, messages, store
from tipbridge.sharing.referral.covering import check_not_suspended, covering
from tipbridge.sharing.referral.model import (
    Direction,
    Referral,
    ReleaseRequest,
    RequestAnswer,
    RequestState,
)
from tipbridge.sharing.referral.releasing import judge, salted
from tipbridge.sharing.referral.sources import content_of
from tipbridge.sharing.referral.taking import ROOT_UNIT, request_steps


def ask(work: Work, referral: Referral) -> ReleaseRequest:
    """Queue a request about a referral; it holds its id, the offence and the day, no more.

    Errors: Conflict while another one is open, or an agreement covers it; Invalid when no offence is known.
    """
    assert referral.source is not None
    if any(
        request.state is RequestState.OPEN for request in store.requests_of(work.db, referral.id)
    ):
        raise Conflict("A request about this referral is open already.", id=referral.id)
    parts = content_of(work, referral.source).all_parts
    offences, on = facts.offences_of(parts), told.incident_on(parts)
    if not offences:
        raise Invalid("A request names an offence; this referral's is not known.")
    _check_uncovered(work, referral, offences)
    request_id = work.ids.new()
    part = messages.request_part(request_id, offences, on)
    package_id = _queue_question(work, referral.peer_id, referral.purpose, part)
    request = ReleaseRequest(
        id=request_id,
        direction=Direction.OUT,
        unit_id=referral.unit_id,
        restricted=referral.restricted,
        members=referral.members,
        peer_id=referral.peer_id,
        referral_id=referral.id,
        purpose=referral.purpose,
        offences=tuple(sorted(offences)),
        incident_on=on,
        state=RequestState.OPEN,
        package_id=package_id,
        answer=None,
        opened_at=work.now,
        opened_by=work.actor.id,
        answered_at=None,
        answered_by=None,
        released_at=None,
    )
    store.insert_request(work.db, request)
    store.note_steps(work.db, referral.id, request_steps(request, work.node.id)[:1])
    return request


def _check_uncovered(work: Work, referral: Referral, offences: frozenset[CoveredOffence]) -> None:
    """Whether no agreement covers this, or only a name may follow that it sent without.

    Errors: Conflict, which names the agreement.
    """
    parties = (work.node.id, referral.peer_id)
    check_not_suspended(work, parties, referral.purpose)
    found = covering(work, parties, referral.purpose, offences)
    if not found:
        return
    judged = judge(work, referral)
    if judged.inputs.facts.first_release or not judged.decision.name_withheld:
        raise Conflict(
            f"Agreement {found[0].channel} covers this: it goes by that one or not at all.",
            id=found[0].sha256,
        )


def take_back_question(work: Work, request: ReleaseRequest, reason: str) -> None:
    """Wait no more for the answer to a request of this node, nor use it; its peer is told, not why.

    Shape: the word is the request once more, which says so; an earlier release there keeps the first.
    """
    store.withdraw_grant(work.db, request.id, reason, at=work.now, by=work.actor.id)
    part = messages.taken_back_part(request.id, request.offences, request.incident_on)
    _queue_question(work, request.peer_id, request.purpose, part)


def _queue_question(work: Work, peer_id: str, purpose: Purpose, part: Part) -> str:
    return exchange.queue_package(
        work,
        Draft(
            kind=PackageKind.REQUEST,
            recipient=peer_id,
            basis=Basis(kind=BasisKind.OPEN, id=""),
            purpose=purpose,
            parts=tuple(salted(work, [part])),
        ),
    )


def keep_request(work: Work, package_id: str) -> tuple[str, bool]:
    """Put a peer's request before staff of the root unit; its id, and whether it is new.

    Shape: one that its peer takes back waits for nobody, also when that word is the first that comes.
    Errors: Invalid for one that another peer asked.
    """
    package = exchange.received_package(work, package_id)
    header = exchange.received_header(work, package_id)
    value = messages.message_value(header.parts, messages.REQUEST)
    request_id, offences, on = messages.read_request(value)
    asked = ReleaseRequest(
        id=request_id,
        direction=Direction.IN,
        unit_id=ROOT_UNIT,
        restricted=False,
        members=(),
        peer_id=package.sender,
        referral_id=None,
        purpose=package.purpose,
        offences=offences,
        incident_on=on,
        state=RequestState.OPEN,
        package_id=package_id,
        answer=None,
        opened_at=package.received_at,
        opened_by=package.sender,
        answered_at=None,
        answered_by=None,
        released_at=None,
    )
    fresh = store.insert_request(work.db, asked)
    if messages.is_taken_back(value):
        note_taken_back(work, asked)
    return request_id, fresh


def note_taken_back(work: Work, asked: ReleaseRequest) -> None:
    """Let a peer's request wait for nobody, and nothing in under it: its peer took it back.

    Errors: Invalid when another peer asked it.
    """
    kept = store.request_by_id(work.db, asked.id, hold=True)
    if kept is None or (kept.direction, kept.peer_id) != (Direction.IN, asked.peer_id):
        raise Invalid("This takes back a request that another node asked.")
    if kept.state is RequestState.GRANTED:
        exchange.end_grant(work, kept.id)
    if kept.state in {RequestState.OPEN, RequestState.GRANTED}:
        store.withdraw_grant(work.db, kept.id, None, at=work.now, by=kept.peer_id)


def reply(work: Work, request: ReleaseRequest, answer: RequestAnswer) -> None:
    """Keep an answer to a peer's request, queue it, and let the packages under it in."""
    store.keep_answer(work.db, request.id, answer, at=work.now, by=work.actor.id)
    _send_answer(work, request, answer)
    if answer.granted:
        assert answer.valid_to is not None
        ends_at = datetime.combine(answer.valid_to + timedelta(days=1), time.min, UTC)
        exchange.grant_request(
            work,
            Grant(
                request_id=request.id,
                peer_id=request.peer_id,
                purpose=request.purpose,
                granted_at=work.now,
                ends_at=ends_at,
                allowed=answer.allowed,
                offences=frozenset(request.offences),
            ),
        )


def take_back(work: Work, request: ReleaseRequest, reason: str) -> None:
    """End a grant of this node: nothing comes in under it from now on, and its peer is told.

    Shape: the word is another answer, which refuses. Whichever of the two comes first, nothing is granted.
    """
    store.withdraw_grant(work.db, request.id, reason, at=work.now, by=work.actor.id)
    exchange.end_grant(work, request.id)
    _send_answer(work, request, RequestAnswer(granted=False, legal_basis=reason))


def _send_answer(work: Work, request: ReleaseRequest, answer: RequestAnswer) -> None:
    exchange.queue_package(
        work,
        Draft(
            kind=PackageKind.ANSWER,
            recipient=request.peer_id,
            basis=Basis(kind=BasisKind.REPLY, id=request.package_id),
            purpose=request.purpose,
            parts=tuple(salted(work, [messages.answer_part(request.id, answer)])),
            about=request.package_id,
        ),
    )


def keep_answer(work: Work, package_id: str) -> ReleaseRequest | None:
    """Keep a peer's answer with the request it is for; None when it is for none or came before."""
    package = exchange.received_package(work, package_id)
    header = exchange.received_header(work, package_id)
    answer = messages.read_answer(messages.message_value(header.parts, messages.ANSWER))
    request = store.request_by_package(work.db, package.about or "")
    if request is None:
        return None
    if request.state is RequestState.GRANTED and not answer.granted:
        return _keep_withdrawal(work, request, package.sender, answer.legal_basis)
    if request.state is not RequestState.OPEN:
        return None
    store.keep_answer(work.db, request.id, answer, at=work.now, by=package.sender)
    kept = store.request_by_id(work.db, request.id)
    if kept is not None and kept.referral_id is not None:
        store.note_steps(work.db, kept.referral_id, request_steps(kept, work.node.id))
    return kept


def _keep_withdrawal(
    work: Work, request: ReleaseRequest, peer_id: str, reason: str
) -> ReleaseRequest | None:
    """Release nothing more by a grant that its giver took back; what waits under it lapses."""
    store.withdraw_grant(work.db, request.id, reason, at=work.now, by=peer_id)
    exchange.lapse_under(work, Basis(kind=BasisKind.REQUEST, id=request.id))
    return store.request_by_id(work.db, request.id)
