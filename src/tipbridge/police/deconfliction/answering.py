"""Verbs of the worker: answer a peer's question by rule, and take a peer's answer."""

from dataclasses import replace
from datetime import timedelta

from tipbridge.foundation.base.errors import IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements import actions as agreements
from tipbridge.knowledge.agreements.model import Agreement, Purpose
from tipbridge.police.deconfliction import messages, rules, store
from tipbridge.police.deconfliction.blinding import Secret
from tipbridge.police.deconfliction.model import (
    Answered,
    AnswerMessage,
    Question,
    QuestionMessage,
    QuestionState,
    Refusal,
)
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import Basis, BasisKind, Draft, PackageKind
from tipbridge.sharing.exchange.parking import actions as parking
from tipbridge.sharing.referral.consent import leaves
from tipbridge.sharing.referral.messages import message_value
from tipbridge.sharing.referral.releasing import salted

_LIMIT_OVER = timedelta(days=1)


@action("deconfliction.question.answered", system=True, idle=True)
def answer_question(work: Work, *, package_id: str, kind: str) -> int:
    """Answer a peer's question, once; 0 for a package of another kind.

    Shape: one that asks nothing usable stays in the inbox and waits for staff, parked.
    """
    if kind != PackageKind.DECONFLICTION_QUESTION:
        return 0
    package = exchange.received_package(work, package_id)
    try:
        parts = exchange.received_header(work, package_id).parts
        message = messages.read_question(message_value(parts, messages.QUESTION))
    except (Invalid, IntegrityFailure) as error:
        parking.park(work, package_id, error)
        work.record(package_id, sender=package.sender, outcome="parked")
        return 1
    parking.followed(work, package_id)
    store.keep_out(work.db, package.sender)
    if store.answer_of(work.db, package_id) is not None:
        work.record(package_id, sender=package.sender, outcome="known")
        return 1
    answered = _answer(work, package.sender, package_id, message)
    store.insert_answer(work.db, answered)
    outcome = answered.refusal or "answered"
    work.record(package_id, sender=package.sender, points=answered.points, outcome=outcome)
    return 1


@action("deconfliction.answer.received", system=True, idle=True)
def take_answer(work: Work, *, package_id: str, kind: str) -> int:
    """Write down what a peer answered, once; 0 for a package of another kind.

    Shape: an answer that says nothing usable stays in the inbox and waits for staff, parked.
    """
    if kind != PackageKind.DECONFLICTION_ANSWER:
        return 0
    package = exchange.received_package(work, package_id)
    try:
        parts = exchange.received_header(work, package_id).parts
        message = messages.read_answer(message_value(parts, messages.ANSWER))
        question = store.question_by_package(work.db, package.basis.id)
        if question is None or question.id != message.question:
            raise NotFound("question", message.question)
        hits = _settle(work, question, message)
    except (Invalid, IntegrityFailure, NotFound) as error:
        parking.park(work, package_id, error)
        work.record(package_id, sender=package.sender, outcome="parked")
        return 1
    parking.followed(work, package_id)
    work.record(question.case_id, question=question.id, sender=package.sender, hits=hits)
    return 1


def _answer(work: Work, peer_id: str, package_id: str, message: QuestionMessage) -> Answered:
    """Send what is to be answered; what is kept of it says nothing of what was asked."""
    agreement = _agreement(work, peer_id, message.agreement)
    points = len(message.points)
    refusal = rules.refusal_of(
        agreement,
        asked_lately=store.points_since(work.db, peer_id, work.now - _LIMIT_OVER),
        points=points,
        limit=work.node.settings.deconfliction_per_day,
    )
    if agreement is None or refusal is not None:
        said = AnswerMessage(question=message.question, refusal=refusal or Refusal.NO_AGREEMENT)
    else:
        said = _compared(work, agreement, message, peer_id)
    _send(work, peer_id, package_id, said)
    return Answered(
        package_id=package_id,
        peer_id=peer_id,
        agreement=message.agreement,
        points=points,
        refusal=refusal,
        at=work.now,
    )


def _compared(
    work: Work, agreement: Agreement, message: QuestionMessage, peer_id: str
) -> AnswerMessage:
    """An answer under a secret of its own: two answers can't be compared with each other.

    Shape: a hit tells the asker something of what came here, so what binds that binds the hit.
    """
    secret = Secret.drawn(work.ids.random_bytes)
    held = store.held_identifiers(work.db)
    referrals = {each.referral_id for each in held if each.referral_id is not None}
    tellable = leaves.tellable(work, referrals, peer_id, agreement.terms.purpose)
    known = rules.to_compare(held, agreement.terms, work.now.date(), tellable)
    marks = rules.known_marks(agreement.sha256, secret, known)
    return AnswerMessage(
        question=message.question,
        refusal=None,
        points=tuple(secret.times(point) for point in message.points),
        known=rules.padded(marks, work.ids.random_bytes),
    )


def _settle(work: Work, question: Question, message: AnswerMessage) -> int:
    """Write down what a peer said; how many hits. A second answer changes nothing.

    Errors: Invalid when it answers other points than were asked.
    """
    if question.secret is None:
        return 0
    hits: tuple[bool, ...] = ()
    if message.refusal is None:
        asked = len(store.asked_in(work.db, question.id))
        try:
            hits = rules.hits_of(Secret.kept(question.secret), asked, message)
        except ValueError as error:
            raise Invalid("This answers other points than were asked.") from error
        store.write_hits(work.db, question.id, dict(enumerate(hits)))
    settled = replace(
        question,
        state=QuestionState.ANSWERED if message.refusal is None else QuestionState.REFUSED,
        answered_at=work.now,
        refusal=message.refusal,
        compared=len(message.known) if message.refusal is None else None,
    )
    store.settle_question(work.db, settled)
    return sum(hits)


def _agreement(work: Work, peer_id: str, sha256: str) -> Agreement | None:
    """The agreement that the asker names, if it is in force from this node to the asker."""
    held = agreements.agreements_between(
        work,
        sender=work.node.id,
        receiver=peer_id,
        purpose=Purpose.INVESTIGATION,
        at=work.now,
    )
    return next((each for each in held if each.sha256 == sha256), None)


def _send(work: Work, peer_id: str, package_id: str, message: AnswerMessage) -> None:
    draft = Draft(
        kind=PackageKind.DECONFLICTION_ANSWER,
        recipient=peer_id,
        basis=Basis(kind=BasisKind.REPLY, id=package_id),
        purpose=Purpose.INVESTIGATION,
        parts=tuple(salted(work, [messages.answer_part(message)])),
        about=package_id,
    )
    exchange.queue_package(work, draft)
