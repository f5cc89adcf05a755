"""Consents on their way: back along a referral to its originator, and the answer to who asked."""

from dataclasses import replace

from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.work import Work
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import (
    Basis,
    BasisKind,
    Draft,
    PackageKind,
    SaltedPart,
    VerifiedHeader,
)
from tipbridge.sharing.referral import store as referral_store
from tipbridge.sharing.referral.consent import leaves, messages, signed, store
from tipbridge.sharing.referral.consent.model import Answer, Ask, Consent, ConsentState, Place
from tipbridge.sharing.referral.messages import message_value
from tipbridge.sharing.referral.model import Direction, Referral
from tipbridge.sharing.referral.releasing import salted
from tipbridge.sharing.referral.taking import before_of

Parts = tuple[SaltedPart, ...]


def ask(work: Work, referral: Referral, asked: Ask) -> Consent:
    """Queue what is asked to whoever sent the referral here, and keep it."""
    parts = tuple(salted(work, [messages.ask_part(asked)]))
    package_id = _back(work, referral, parts, passes_on=None)
    consent = _consent(work, asked, referral, Place.ASKED, package_id, along=None)
    store.insert_consent(work.db, consent)
    return consent


def take_ask(work: Work, package_id: str) -> tuple[Ask, Referral, bool]:
    """Put what a peer asks before staff, or pass it along to the originator; whether it is new.

    Errors: NotFound when it is about nothing that went to that peer, or its originator is not
    on the road before; Invalid.
    """
    package = exchange.received_package(work, package_id)
    header = exchange.received_header(work, package_id)
    value = message_value(header.parts, messages.ASKED)
    asked = messages.read_ask(value, header.statements[0].sender)
    referral = referral_store.referral_by_package(work.db, package.about or "", hold=True)
    if referral is None or referral.direction is not Direction.OUT:
        raise NotFound("referral of package", package.about or "none")
    if store.consent_by_id(work.db, asked.id) is not None:
        return asked, referral, False
    along = None
    if asked.originator != work.node.id:
        before = before_of(work, referral)
        if before is None:
            raise NotFound("originator", asked.originator)
        along = _back(work, before, header.parts, passes_on=package_id)
    place = Place.OURS if along is None else Place.ALONG
    store.insert_consent(work.db, _consent(work, asked, referral, place, package_id, along=along))
    return asked, referral, True


def answer(work: Work, consent: Consent, said: Answer) -> str:
    """Keep this node's answer and queue it, a consent with what it signed of it; the package's id."""
    said = replace(said, envelope=_signed(work, consent, said) if said.granted else None)
    store.keep_answer(work.db, said, at=work.now, by=work.actor.id)
    parts = tuple(salted(work, [messages.answer_part(said)]))
    return _forth(work, consent, parts, passes_on=None)


def _signed(work: Work, consent: Consent, said: Answer) -> str:
    sent = referral_store.referral_by_id(work.db, consent.referral_id)
    if sent is None or sent.package_id is None:
        raise NotFound("referral", consent.referral_id)
    payload = signed.leave_payload(consent.ask, said, sent.package_id)
    return work.node.keys.sign(signed.CONSENT_TYPE, payload).decode("ascii")


def take_answer(work: Work, package_id: str) -> tuple[Consent, bool]:
    """Keep an originator's answer, and pass it along to who asked; whether it is new.

    Errors: NotFound when it answers nothing that was asked of its signer here; Invalid, also for a
    consent that its originator did not sign for what it says.
    """
    package = exchange.received_package(work, package_id)
    header = exchange.received_header(work, package_id)
    said = messages.read_answer(message_value(header.parts, messages.ANSWERED))
    kept = store.consent_by_id(work.db, said.id, hold=True)
    if kept is None or not _answers(kept, header, package.about or ""):
        raise NotFound("consent", said.id)
    _check_signed(work, kept.ask, said)
    if kept.state is not ConsentState.OPEN:
        return kept, False
    store.keep_answer(work.db, said, at=work.now, by=kept.ask.originator)
    if kept.place is Place.ALONG:
        _forth(work, kept, header.parts, passes_on=package_id)
    return kept, True


def _check_signed(work: Work, asked: Ask, said: Answer) -> None:
    """Whether a consent brings the originator's signature under just what it says.

    Errors: Invalid, which names what is missing.
    """
    if said.granted and not leaves.proves(work, asked, said):
        raise Invalid(
            f"The consent {said.id} of {asked.originator} is not signed by it for what it says:"
            " nobody after this node could verify it. Ask it again.",
            id=said.id,
        )


def _answers(kept: Consent, header: VerifiedHeader, about: str) -> bool:
    """Whether this comes from the originator, about the package in which it was asked."""
    sent_in = kept.along_id if kept.place is Place.ALONG else kept.package_id
    by_originator = header.statements[0].sender == kept.ask.originator
    return kept.place is not Place.OURS and by_originator and about == sent_in


def _back(work: Work, received: Referral, parts: Parts, *, passes_on: str | None) -> str:
    about = received.package_id or ""
    kind = PackageKind.CONSENT_REQUEST
    return _queue(work, kind, received, about, parts, passes_on=passes_on)


def _forth(work: Work, consent: Consent, parts: Parts, *, passes_on: str | None) -> str:
    sent = referral_store.referral_by_id(work.db, consent.referral_id)
    if sent is None:
        raise NotFound("referral", consent.referral_id)
    kind = PackageKind.CONSENT_ANSWER
    return _queue(work, kind, sent, consent.package_id, parts, passes_on=passes_on)


def _queue(
    work: Work,
    kind: PackageKind,
    referral: Referral,
    about: str,
    parts: Parts,
    *,
    passes_on: str | None,
) -> str:
    return exchange.queue_package(
        work,
        Draft(
            kind=kind,
            recipient=referral.peer_id,
            basis=Basis(kind=BasisKind.REPLY, id=about),
            purpose=referral.purpose,
            parts=parts,
            about=about,
            passes_on=passes_on,
        ),
    )


def _consent(
    work: Work, asked: Ask, referral: Referral, place: Place, package_id: str, *, along: str | None
) -> Consent:
    return Consent(
        ask=asked,
        place=place,
        unit_id=referral.unit_id,
        restricted=referral.restricted,
        members=referral.members,
        peer_id=referral.peer_id,
        referral_id=referral.id,
        package_id=package_id,
        along_id=along,
        state=ConsentState.OPEN,
        answer=None,
        asked_at=work.now,
        asked_by=work.actor.id if place is Place.ASKED else asked.asker,
    )
