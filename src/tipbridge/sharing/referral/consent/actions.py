"""Verbs on consents: ask the originator, answer who asks, look."""

from datetime import timedelta

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements.model import DataClass, Purpose
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.referral import store as referral_store
from tipbridge.sharing.referral.consent import leaves, rules, store, travelling
from tipbridge.sharing.referral.consent.model import (
    Aim,
    Answer,
    Ask,
    Consent,
    ConsentState,
    Place,
    Refusing,
    Use,
)
from tipbridge.sharing.referral.model import Direction, Referral, State

PEOPLE = (Role.ANALYST, Role.LIAISON, Role.INVESTIGATOR)
CONSENT_DAYS = 90
"""How long a consent holds when the answer does not say."""
DAYS_MAX = 3660
PAGE_LINES = 100


@action("consent.consent.asked", roles=PEOPLE)
def ask_consent(
    work: Work,
    referral_id: str,
    use: Use,
    *,
    recipient: str | None = None,
    purpose: Purpose | None = None,
) -> list[Consent]:
    """Ask everyone whose leave this use of a received referral needs, and who was not asked yet.

    Shape: `recipient` is the peer it would go on to, None for a court; `purpose` is what it would
    go on for, None for what it came for.
    Errors: NotFound; Invalid when nothing binds this use, or no leave makes it right; Conflict
    when all were asked already.
    """
    referral = _received(work, referral_id)
    if (recipient is None) != (use is Use.COURT):
        raise Invalid("Leave to pass on names the peer; leave for a court names none.")
    if recipient is not None:
        exchange.known_peer(work, recipient)
    if purpose is not None and use is Use.COURT:
        raise Invalid("Leave for a court names no purpose: it is for what the referral came for.")
    aim = Aim(use=use, recipient=recipient, purpose=purpose or referral.purpose)
    missing = _missing(work, referral, aim)
    asked = [
        travelling.ask(
            work,
            referral,
            Ask(id=work.ids.new(), aim=aim, originator=node_id, asker=work.node.id),
        )
        for node_id in missing
    ]
    work.record(
        referral_id,
        use=use,
        recipient=recipient or "none",
        purpose=aim.purpose,
        asked=",".join(missing),
    )
    return asked


def _received(work: Work, referral_id: str) -> Referral:
    referral = referral_store.referral_by_id(work.db, referral_id, hold=True)
    if referral is None:
        raise NotFound("referral", referral_id)
    if referral.direction is not Direction.IN:
        raise NotFound("received referral", referral_id)
    if referral.state is State.RECALLED:
        raise Conflict("Its sender recalled this referral; nothing of it is used.", id=referral_id)
    return referral


def _missing(work: Work, referral: Referral, aim: Aim) -> tuple[str, ...]:
    bound = leaves.bond(work, referral, aim)
    if bound.never:
        raise Invalid("The agreement it came under never allows this; no leave can be asked.")
    if not bound.nodes:
        raise Invalid("Nothing binds this use; no leave is needed.")
    kept = [each for each in store.consents_of(work.db, referral.id) if each.ask.aim == aim]
    counting = leaves.proven(work, kept) if aim.use is Use.ONWARD else kept
    there = rules.granted(counting, bound, aim, work.now)
    waiting = {each.ask.originator for each in kept if each.state is ConsentState.OPEN}
    missing = tuple(node for node in bound.nodes if node not in there and node not in waiting)
    if not missing:
        raise Conflict("Everyone whose leave this needs was asked already.", id=referral.id)
    return missing


@action("consent.consent.answered", roles=PEOPLE)
def answer_consent(
    work: Work,
    consent_id: str,
    *,
    granted: bool,
    why: Refusing | None = None,
    classes: frozenset[DataClass] | None = None,
    days: int = CONSENT_DAYS,
) -> Consent:
    """Consent or refuse, as the originator; the answer goes to who asked, signed by this node.

    Shape: `classes` are the classes of data it holds for, by default all; it ends after `days`.
    Errors: NotFound; Conflict when it was answered; Invalid for a refusal without its reason.
    """
    consent = store.consent_by_id(work.db, consent_id, hold=True)
    if consent is None or consent.place is not Place.OURS:
        raise NotFound("consent asked of this node", consent_id)
    if consent.state is not ConsentState.OPEN:
        raise Conflict(f"This was {consent.state} already.", id=consent_id)
    if not 1 <= days <= DAYS_MAX:
        raise Invalid(f"A consent holds for 1 to {DAYS_MAX} days.")
    said = Answer(
        id=consent_id,
        granted=granted,
        why=why,
        classes=(frozenset(DataClass) if classes is None else classes) if granted else frozenset(),
        starts_at=work.now if granted else None,
        ends_at=work.now + timedelta(days=days) if granted else None,
    )
    rules.check_answer(said)
    package_id = travelling.answer(work, consent, said)
    work.record(consent_id, granted=granted, why=why or "none", package=package_id)
    return _known(work, consent_id)


@action("consent.list.read", roles=PEOPLE)
def list_consents(work: Work, *, page: int = 1) -> list[Consent]:
    """Consents that were asked, are asked of this node, or pass along it; newest first."""
    offset = (max(page, 1) - 1) * PAGE_LINES
    found = store.consents_newest(work.db, limit=PAGE_LINES, offset=offset)
    work.record("all", count=len(found), page=page)
    return found


@action("consent.consent.read", roles=PEOPLE)
def read_consent(work: Work, consent_id: str) -> Consent:
    """One consent.

    Errors: NotFound; another unit's looks the same.
    """
    found = _known(work, consent_id)
    work.record(consent_id, place=found.place)
    return found


@action("consent.ask.received", system=True)
def receive_ask(work: Work, *, package_id: str) -> None:
    """Put what a peer asks before staff, or pass it along; again changes nothing."""
    asked, referral, fresh = travelling.take_ask(work, package_id)
    work.record(asked.id, referral=referral.id, use=asked.aim.use, by=asked.asker, fresh=fresh)


@action("consent.answer.received", system=True)
def receive_answer(work: Work, *, package_id: str) -> None:
    """Keep an originator's answer and pass it along to who asked; again changes nothing."""
    consent, fresh = travelling.take_answer(work, package_id)
    work.record(consent.ask.id, referral=consent.referral_id, fresh=fresh)


def consents_about(work: Work, referral_id: str) -> list[Consent]:
    """The consents about a referral, for an action that read it."""
    return store.consents_of(work.db, referral_id)


def count_waiting(work: Work) -> int:
    """How many consents wait for this node's answer, for the start page."""
    return store.count_waiting(work.db)


def _known(work: Work, consent_id: str) -> Consent:
    found = store.consent_by_id(work.db, consent_id)
    if found is None:
        raise NotFound("consent", consent_id)
    return found
