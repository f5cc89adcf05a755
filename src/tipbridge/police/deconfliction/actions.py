"""Verbs of staff: ask a peer whether it knows a case's suspects; see what peers asked."""

from collections.abc import Sequence

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements import actions as agreements
from tipbridge.knowledge.agreements.model import Agreement, Purpose
from tipbridge.police.cases import checks
from tipbridge.police.cases.model import Case, Identifier
from tipbridge.police.cases.seeing import WORKING, case_kept, case_seen, known_people
from tipbridge.police.deconfliction import rules, store
from tipbridge.police.deconfliction.blinding import Secret
from tipbridge.police.deconfliction.messages import question_part
from tipbridge.police.deconfliction.model import (
    Answered,
    Asked,
    Question,
    QuestionMessage,
    QuestionState,
    QuestionView,
)
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import Basis, BasisKind, Draft, PackageKind
from tipbridge.sharing.referral.releasing import salted

PAGE_LINES = 100


@action("deconfliction.question.asked", roles=WORKING)
def ask_peer(work: Work, case_id: str, *, peer_id: str, reason: str) -> Question:
    """Ask a peer whether it knows the suspects' identifiers of a case; it can't see which.

    Shape: of more than a question holds, those it was not asked about yet, then the longest ago.
    Errors: NotFound; Invalid without a reason; Conflict when no agreement of hits is in force
    with that peer, when it lets none of the identifiers be compared, or while a question waits.
    """
    case, why = case_kept(work, case_id), checks.words("reason", reason)
    exchange.known_peer(work, peer_id)
    agreement = _agreement(work, peer_id)
    earlier = store.questions_of(work.db, case.id)
    if any(each.peer_id == peer_id and each.state is QuestionState.OPEN for each in earlier):
        raise Conflict(f"A question about this case waits for {peer_id}'s answer already.")
    asked, left = _asked(work, case, agreement, earlier)
    secret = Secret.drawn(work.ids.random_bytes)
    message = QuestionMessage(
        question=work.ids.new(),
        agreement=agreement.sha256,
        points=_points(agreement, secret, [each.identifier for each in asked]),
    )
    question = Question(
        id=message.question,
        case_id=case.id,
        peer_id=peer_id,
        agreement=agreement.sha256,
        reason=why,
        package_id=_send(work, peer_id, message),
        state=QuestionState.OPEN,
        asked_at=work.now,
        asked_by=work.actor.id,
        secret=secret.to_bytes(),
        left_out=left,
    )
    store.insert_question(work.db, question, asked)
    facts = {"question": question.id, "identifiers": len(asked), "left": left}
    work.record(case.id, peer=peer_id, **facts)
    return question


@action("deconfliction.questions.read", roles=WORKING)
def list_questions(work: Work, case_id: str) -> list[QuestionView]:
    """What peers were asked about a case, newest first, with hit or no hit.

    Errors: NotFound.
    """
    case = case_seen(work, case_id)
    views = [
        QuestionView(
            question=question,
            asked=store.asked_in(work.db, question.id),
            contacts=rules.contacts_of(agreements.agreement_held(work, question.agreement)),
        )
        for question in store.questions_of(work.db, case.id)
    ]
    work.record(case.id, questions=len(views))
    return views


@action("deconfliction.answers.read", roles=(Role.INVESTIGATOR, Role.AUDITOR))
def list_answered(work: Work, *, page: int = 1) -> Sequence[Answered]:
    """Peers' questions to this node, newest first, PAGE_LINES at a time: never what was asked.

    Errors: Invalid for a page before the first.
    """
    if page < 1:
        raise Invalid("page is a number from 1 on.")
    offset = (page - 1) * PAGE_LINES
    found = store.answers_newest(work.db, limit=PAGE_LINES, offset=offset)
    work.record("all", count=len(found), page=page)
    return found


def peers_to_ask(work: Work) -> list[str]:
    """The peers that an agreement in force lets this node ask."""
    return [each for each in exchange.peer_ids(work) if _found(work, each) is not None]


def _found(work: Work, peer_id: str) -> Agreement | None:
    held = agreements.agreements_between(
        work,
        sender=peer_id,
        receiver=work.node.id,
        purpose=Purpose.INVESTIGATION,
        at=work.now,
    )
    return next((each for each in held if rules.allows_questions(each)), None)


def _agreement(work: Work, peer_id: str) -> Agreement:
    found = _found(work, peer_id)
    if found is None:
        raise Conflict(
            f"No agreement in force lets {peer_id} say hit or no hit to {work.node.id}:"
            " it needs the extent hit-no-hit, delivery pull and the occasion on-request."
        )
    return found


def _asked(
    work: Work, case: Case, agreement: Agreement, earlier: Sequence[Question]
) -> tuple[list[Asked], int]:
    """What one question asks, and how many identifiers were never answered and are left."""
    found = rules.to_ask(known_people(work, case.id), agreement.terms, work.now.date())
    if not found:
        raise Conflict("This case has no suspect with an identifier that the agreement compares.")
    answered = {
        each.identifier: question.asked_at
        for question in sorted(earlier, key=lambda each: each.asked_at)
        if (question.agreement, question.state) == (agreement.sha256, QuestionState.ANSWERED)
        for each in store.asked_in(work.db, question.id)
    }
    chosen, left = rules.next_asked(found, answered)
    asked = [
        Asked(position=position, person_id=person_id, identifier=identifier)
        for position, (person_id, identifier) in enumerate(chosen)
    ]
    return asked, left


def _points(
    agreement: Agreement, secret: Secret, identifiers: Sequence[Identifier]
) -> tuple[bytes, ...]:
    return tuple(secret.times(rules.asked_point(agreement.sha256, each)) for each in identifiers)


def _send(work: Work, peer_id: str, message: QuestionMessage) -> str:
    draft = Draft(
        kind=PackageKind.DECONFLICTION_QUESTION,
        recipient=peer_id,
        basis=Basis(kind=BasisKind.OPEN, id=""),
        purpose=Purpose.INVESTIGATION,
        parts=tuple(salted(work, [question_part(message)])),
    )
    return exchange.queue_package(work, draft)
