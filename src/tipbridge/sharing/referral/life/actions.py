"""Verbs on a referral after its release: accept, refuse, return, work, close, recall, correct."""

from dataclasses import replace

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements.actions import agreement_held
from tipbridge.knowledge.agreements.clauses import Recall
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import BasisKind
from tipbridge.sharing.referral import store as referral_store
from tipbridge.sharing.referral.keeping import noting, proving
from tipbridge.sharing.referral.life import (
    messages,
    rules,
    spreading,
    store,
    taking_back,
    travelling,
)
from tipbridge.sharing.referral.life.model import (
    ENDINGS,
    STAGES,
    WITHDRAWALS,
    Kept,
    Life,
    Returned,
    Saying,
    Why,
    Withdrawal,
    Word,
)
from tipbridge.sharing.referral.model import Direction, Referral, State
from tipbridge.sharing.referral.releasing import salted
from tipbridge.sharing.referral.taking import before_of

SENDERS = (Role.ANALYST, Role.LIAISON)
RECEIVERS = (Role.LIAISON, Role.INVESTIGATOR)
READERS = (Role.ANALYST, Role.LIAISON, Role.INVESTIGATOR)
_LISTED = 500


@action("referral.stage.said", roles=RECEIVERS)
def say_stage(work: Work, referral_id: str, word: Word, *, why: Why | None = None) -> Saying:
    """Say where a received referral stands; its sender, and theirs, are told.

    Errors: NotFound; Invalid without its reason; Conflict when it may not follow what was said.
    """
    referral = _seen(work, referral_id, Direction.IN)
    if word not in STAGES:
        raise Invalid(f"A stage is one of: {', '.join(sorted(STAGES))}.")
    rules.check_reason(word, why)
    said = _said(work, referral_id)
    allowed = rules.next_stages(
        rules.stage_of(said, work.node.id), recalled=referral.state is State.RECALLED
    )
    if word not in allowed:
        may = ", ".join(allowed) or "nothing more"
        raise Conflict(f"Of this referral may be said now: {may}.", id=referral_id)
    saying = travelling.new(work, word, why)
    package_id = travelling.say_back(work, referral, referral.package_id or "", saying)
    travelling.keep(work, referral_id, Direction.OUT, saying, package_id)
    work.record(referral_id, word=word, why=why or "none", package=package_id)
    return saying


@action("referral.referral.withdrawn", roles=SENDERS)
def withdraw_referral(
    work: Work,
    referral_id: str,
    word: Word,
    *,
    why: Why,
    labels: tuple[str, ...] = (),
    instead: str | None = None,
) -> Saying:
    """Recall a released referral, or take back parts of it; every receiver is told and answers.

    Shape: what waits in the outbox is stopped by a recall; what went on is recalled there too.
    `instead` is a referral released to the same peer, which gives the right parts.
    Errors: NotFound; Conflict before the release or after a recall; Invalid for a part that
    did not leave, or for another referral that does not give the right ones.
    """
    referral = _seen(work, referral_id, Direction.OUT)
    if word not in WITHDRAWALS:
        raise Invalid(f"What was sent is taken back by: {', '.join(sorted(WITHDRAWALS))}.")
    rules.check_reason(word, why, labels)
    if referral.state not in travelling.GONE or referral.package_id is None:
        raise Conflict(f"This referral is {referral.state}; nothing has left.", id=referral_id)
    if rules.is_recalled(_said(work, referral_id)):
        raise Conflict("This referral was recalled already.", id=referral_id)
    unknown = sorted(set(labels) - set(spreading.released_labels(referral)))
    if unknown:
        raise Invalid(
            f"No part {unknown[0]} left with this referral; 'referrals show' lists what did."
        )
    saying = replace(
        travelling.new(work, word, why),
        labels=tuple(sorted(set(labels))),
        instead=None if instead is None else _right_one(work, referral, word, instead),
    )
    parts = tuple(salted(work, [messages.saying_part(saying)]))
    package_id = travelling.withdraw_from(work, referral, saying, parts)
    work.record(referral_id, word=word, why=why, parts=len(saying.labels), package=package_id)
    return saying


@action("referral.withdrawals.listed", roles=READERS)
def list_withdrawals(work: Work) -> list[Withdrawal]:
    """Recalls and corrections that went out, newest first, with who has not acknowledged."""
    found: list[Withdrawal] = []
    for referral_id in store.withdrawn(work.db, limit=_LISTED):
        referral = referral_store.referral_by_id(work.db, referral_id)
        if referral is not None:
            found.extend(life_of(work, referral).withdrawals)
    work.record("all", count=len(found), waiting=sum(bool(each.waiting) for each in found))
    return found


def overdue(work: Work) -> list[Withdrawal]:
    """Withdrawals that somebody has not acknowledged in the agreement's days, the latest due last.

    Shape: for the start page and the list of who sent them.
    """
    referrals = [referral_store.referral_by_id(work.db, each) for each in store.owing(work.db)]
    found = [
        withdrawal
        for referral in referrals
        if referral is not None
        for withdrawal in life_of(work, referral).withdrawals
        if withdrawal.overdue
    ]
    return sorted(found, key=lambda each: (each.due_at, each.referral_id))


@action("referral.saying.received", system=True)
def receive_saying(work: Work, *, package_id: str) -> None:
    """Keep what a receiver says of a sent referral, or that it took a withdrawal; pass it back.

    Errors: NotFound when it answers nothing of this node; Invalid.
    """
    package = exchange.received_package(work, package_id)
    saying, header = travelling.said_in(work, package_id)
    if saying.about is not None:
        answered = package.about or ""
        place = travelling.take_acknowledgement(work, answered, package_id, saying, header)
        if place is None:
            raise NotFound("withdrawal", saying.about)
        work.record(place, word=saying.word, by=saying.node_id)
        return
    referral = referral_store.referral_by_package(work.db, package.about or "", hold=True)
    told = saying.word in STAGES | ENDINGS
    if referral is None or referral.direction is not Direction.OUT or not told:
        raise NotFound("referral of package", package.about or "none")
    fresh = travelling.keep(work, referral.id, Direction.IN, saying, package_id)
    if fresh:
        noting.note_word(work, referral, saying)
        travelling.pass_stage_back(work, referral, package_id, saying, header)
        if saying.word in ENDINGS and (before := before_of(work, referral)) is not None:
            proving.tell_end(work, before.id)
    work.record(referral.id, word=saying.word, by=saying.node_id, fresh=fresh)


@action("referral.withdrawal.received", system=True)
def receive_withdrawal(work: Work, *, package_id: str) -> None:
    """Take a recall or correction: it holds here, goes on to everyone further, and is answered.

    Errors: Invalid when it says nothing usable.
    """
    saying, referral, told = taking_back.take(work, package_id)
    if referral is None:
        work.record(package_id, word=saying.word, held=False)
        return
    work.record(referral.id, word=saying.word, held=True, onward=len(told))


def life_of(work: Work, referral: Referral) -> Life:
    """A referral's life after its release, for an action that read the referral."""
    kept = store.sayings_of(work.db, referral.id)
    said = [each.saying for each in kept]
    out = referral.direction is Direction.OUT
    recalled = rules.is_recalled(said)
    stages = rules.stages_of(said)
    speaking = [each for each in stages if out or each.node_id == work.node.id]
    stage = speaking[0].word if speaking else None
    return Life(
        stage=stage,
        stages=stages,
        recalled=recalled,
        said=tuple(said),
        withdrawals=_withdrawals(work, referral, kept),
        next_stages=() if out else rules.next_stages(stage, recalled=recalled),
        may_withdraw=out and referral.state in travelling.GONE and not recalled,
        right_in=_right_in(work, said),
        corrects=_corrects(work, referral),
        returned=None if out else _returned(work, referral, kept),
    )


def _returned(work: Work, referral: Referral, kept: list[Kept]) -> Returned | None:
    """The last return of a received referral by this node, with what answers it."""
    own = [
        each
        for each in kept
        if each.direction is Direction.OUT and each.saying.word is Word.RETURNED
    ]
    if not own or referral.package_id is None:
        return None
    sent = exchange.sent_package(work, own[-1].package_id)
    return Returned(
        saying=own[-1].saying,
        package_state="none" if sent is None else sent.state.value,
        answered_in=tuple(store.answers_to(work.db, referral.peer_id, referral.package_id)),
    )


def _right_in(work: Work, said: list[Saying]) -> tuple[str, ...]:
    """The referrals here that give the right parts of a corrected one, whichever hop they came by."""
    named = [each.instead for each in said if each.instead is not None]
    return tuple(referral_store.referrals_by_packages(work.db, named)) if named else ()


def _corrects(work: Work, referral: Referral) -> tuple[str, ...]:
    packages = [*referral.earlier, *([referral.package_id] if referral.package_id else [])]
    found = store.corrected_by(work.db, packages) if packages else []
    return tuple(each for each in found if each != referral.id)


def _withdrawals(work: Work, referral: Referral, kept: list[Kept]) -> tuple[Withdrawal, ...]:
    if referral.package_id is None:
        return ()
    out = referral.direction is Direction.OUT
    further = exchange.relayed_receipts(work, referral.package_id) if out else []
    states: dict[str, str] = {}
    for each in kept:
        if each.saying.word in WITHDRAWALS and each.direction is Direction.OUT:
            sent = exchange.sent_package(work, each.package_id)
            states[each.saying.id] = "none" if sent is None else sent.state.value
    return rules.withdrawals(
        [each.saying for each in kept],
        holders=(referral.peer_id, *(receipt.signer for receipt in further)),
        days=_days(work, referral),
        now=work.now,
        where=(referral.id, referral.peer_id),
        states=states,
    )


def _days(work: Work, referral: Referral) -> int:
    """How long a receiver may take to acknowledge, by the agreement it came under."""
    basis = referral.basis
    named = basis is not None and basis.kind is BasisKind.AGREEMENT
    agreement = agreement_held(work, basis.id) if basis is not None and named else None
    clause = Recall() if agreement is None else agreement.terms.clauses.recall
    return clause.acknowledge_days


def _seen(work: Work, referral_id: str, direction: Direction) -> Referral:
    referral = referral_store.referral_by_id(work.db, referral_id, hold=True)
    if referral is None:
        raise NotFound("referral", referral_id)
    if referral.direction is not direction:
        kind = "received referral" if direction is Direction.IN else "sent referral"
        raise NotFound(kind, referral_id)
    return referral


def _right_one(work: Work, referral: Referral, word: Word, instead: str) -> str:
    """The package of the referral that gives the right parts."""
    other = _seen(work, instead, Direction.OUT)
    left = other.state in travelling.GONE and other.package_id is not None
    fits = left and other.peer_id == referral.peer_id and other.id != referral.id
    if word is not Word.CORRECTION or not fits:
        raise Invalid("A correction names another referral that was released to the same peer.")
    return other.package_id or ""


def _said(work: Work, referral_id: str) -> list[Saying]:
    return [each.saying for each in store.sayings_of(work.db, referral_id)]
