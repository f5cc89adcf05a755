"""Verbs of the exchange: pin peers, queue and send packages, take them in."""

import hashlib
from collections.abc import Collection
from typing import BinaryIO

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import (
    Conflict,
    Invalid,
    NotFound,
)
from tipbridge.foundation.identity.card import parse_card
from tipbridge.foundation.identity.keys import verify_envelope
from tipbridge.foundation.identity.signing import unverified_payload
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements.actions import AGREEMENT_TYPE, agreement_held, keep_signature
from tipbridge.knowledge.agreements.model import DataClass
from tipbridge.sharing.exchange import delivery, incoming, outgoing, rules, store
from tipbridge.sharing.exchange.convoying.model import Settled
from tipbridge.sharing.exchange.errors import AnotherContent, NotCovered, NotYet, damaged
from tipbridge.sharing.exchange.granting import store as granting
from tipbridge.sharing.exchange.model import (
    Basis,
    Draft,
    Gap,
    Grant,
    Incoming,
    OutboxState,
    Outgoing,
    Peer,
    RelayedReceipt,
    Taken,
    VerifiedHeader,
)
from tipbridge.sharing.exchange.package import read_header
from tipbridge.sharing.exchange.standing import keeping
from tipbridge.sharing.exchange.standing import store as standings
from tipbridge.sharing.exchange.standing.model import Standing
from tipbridge.sharing.exchange.trusting import checking

EXCHANGERS = (Role.ANALYST, Role.LIAISON, Role.INVESTIGATOR, Role.AUDITOR)
_LIST_MAX = 500
_NAMED = 5
"""How many parts a refusal names."""


@action("exchange.card.shown", roles=tuple(Role), system=True)
def show_card(work: Work) -> bytes:
    """This node's card, signed by itself, for a peer to pin."""
    card = work.node.card()
    work.record(card.node_id)
    return work.node.keys.sign_card(card)


@action("exchange.peer.added", roles=(Role.ADMINISTRATOR,))
def add_peer(
    work: Work,
    *,
    card: bytes,
    url: str | None = None,
    collected: bool = False,
    fetches: bool = False,
    mutual: bool = False,
) -> Peer:
    """Pin a peer's card, or give a pinned one another address; without URL it only verifies.

    Shape: what is for a `collected` peer waits until it fetches or is carried as files; with
    `fetches` this node fetches from the peer's URL, besides sending there; with `mutual` that
    URL is the peer's gate.
    Errors: Invalid for what is no card, or not of this node's kind; Conflict when another
    card is pinned under the same id, unless all its keys were revoked; for one that was revoked.
    """
    found = parse_card(card)
    if found.node_id == work.node.id or found.fingerprint == work.node.keys.fingerprint:
        raise Invalid("This is the card of this node itself.")
    if found.synthetic != work.node.synthetic:
        raise Invalid("A synthetic node and a real node are never peers.")
    address = None if url is None else rules.check_peer_url(url, mutual=mutual)
    if mutual and address is None:
        raise Invalid("To reach a peer's gate, give its URL.")
    if fetches and address is None:
        raise Invalid("To fetch from a peer, give its URL.")
    pinned = store.peer_by_id(work.db, found.node_id)
    if not checking.may_pin(work, found):
        raise Conflict(f"Another card is pinned for {found.node_id}.", id=found.node_id)
    peer = Peer(
        card=found,
        url=address,
        collected=collected,
        fetches=fetches,
        mutual=mutual,
        added_at=work.now,
        added_by=work.actor.id,
    )
    if pinned is None:
        store.insert_peer(work.db, card.strip(), peer)
    else:
        store.set_way(work.db, peer)
    checking.pin(work, card.strip(), found)
    work.record(
        found.node_id,
        fingerprint=found.fingerprint,
        sends=address is not None,
        collected=collected,
        fetches=fetches,
        mutual=mutual,
    )
    return peer


@action("exchange.peers.listed", roles=tuple(Role))
def list_peers(work: Work) -> list[Peer]:
    """The peers whose cards are pinned here."""
    found = store.all_peers(work.db)
    work.record("all", count=len(found))
    return found


def peer_standings(work: Work) -> dict[str, Standing]:
    """How peers stand with which something was amiss once, by id; for lists of peers."""
    return standings.all_standings(work.db)


def known_peer(work: Work, node_id: str) -> Peer:
    """A pinned peer, for another room's action.

    Errors: NotFound.
    """
    peer = store.peer_by_id(work.db, node_id)
    if peer is None:
        raise NotFound("peer", node_id)
    return peer


def peer_ids(work: Work) -> tuple[str, ...]:
    """The peers to whom packages can be sent, for the choice on a page."""
    found = store.all_peers(work.db)
    return tuple(peer.card.node_id for peer in found if peer.url is not None or peer.collected)


@action("exchange.agreement.countersigned", roles=(Role.ADMINISTRATOR,))
def take_signature(work: Work, *, envelope: bytes) -> tuple[str, str]:
    """Keep a peer's signature on an agreement held here; the agreement's name and the peer's id.

    Errors: NotFound when no such agreement is held; IntegrityFailure when no party whose card
    is pinned here signed exactly its bytes.
    """
    sha256 = hashlib.sha256(unverified_payload(envelope)).hexdigest()
    agreement = agreement_held(work, sha256)
    if agreement is None:
        raise NotFound("agreement", sha256)
    terms = agreement.terms
    other = terms.receiver if terms.sender == work.node.id else terms.sender
    card = checking.card_for(work, other, envelope)
    if card is None:
        raise NotFound("peer", other)
    verify_envelope(card, AGREEMENT_TYPE, envelope)
    keep_signature(work, sha256, other, envelope)
    work.record(sha256, signed_by=other)
    return sha256, other


def grant_request(work: Work, grant: Grant) -> None:
    """Let packages under a granted request in, for the referral room's action."""
    granting.insert_grant(work.db, grant)


def end_grant(work: Work, request_id: str) -> None:
    """Let nothing more in under a granted request, for the referral room's action."""
    granting.end_grant(work.db, request_id, work.now)


def lapse_under(work: Work, basis: Basis) -> None:
    """End what waits under a basis that is no more, for the referral room's action.

    Shape: one that is being sent at this moment is refused by who took the basis back.
    """
    for package_id in store.queued_under(work.db, basis):
        package = store.lock_for_sending(work.db, package_id)
        if package is not None and package.state is OutboxState.QUEUED:
            delivery.lapse(work, package)


def note_asked(work: Work, peer_id: str, package_id: str, data_class: DataClass) -> None:
    """Let a class of data in that an agreement lets out on request, for the referral room's action.

    Shape: only with a package that says that it answers the return of this one.
    """
    granting.note_asked(work.db, peer_id, package_id, data_class, work.now)


def queue_package(work: Work, draft: Draft) -> str:
    """Sign a package and put it in the outbox, in the caller's transaction; its new id.

    Errors: NotFound for an unknown peer; Invalid when parts and files do not fit together.
    """
    known_peer(work, draft.recipient)
    package = outgoing.compose(work, draft)
    store.insert_outgoing(work.db, package)
    work.emit("exchange.package.queued", package_id=package.package_id)
    return package.package_id


@action("exchange.package.sent", system=True, idle=True)
def send_package(
    work: Work, package_id: str, *, tried: Settled | None = None
) -> OutboxState | None:
    """Try to hand a queued package to its peer; again after success does nothing.

    Shape: `tried` is what came of it where it went with others.
    A failed attempt is no error: it is counted, and the package waits for its next time. One
    that fails like the last, or waits on, leaves no event.
    """
    if tried is not None:
        if tried.state is not OutboxState.QUEUED:
            delivery.follow_end(work, tried.package)
        work.record(package_id, outcome=tried.outcome, attempt=tried.package.attempts + 1)
        return tried.state
    package = store.lock_for_sending(work.db, package_id)
    if package is None or package.state is not OutboxState.QUEUED:
        work.record(package_id, outcome="nothing-to-do")
        return None
    state, outcome = delivery.attempt(work, package)
    if state is OutboxState.QUEUED and keeping.is_like_the_last(package, outcome):
        work.nothing_changed()
    else:
        work.record(package_id, outcome=outcome, attempt=package.attempts + 1)
    return state


@action("exchange.outbox.resent", system=True, idle=True)
def resend_due(work: Work) -> int:
    """Enqueue every package whose next attempt is due, by machine time; how many."""
    now = machine_now()
    due = store.lease_due(work.db, now=now, until=now + rules.LEASE, limit=_LIST_MAX)
    for package_id in due:
        work.emit("exchange.package.queued", package_id=package_id)
    if due:
        work.record("all", count=len(due))
    return len(due)


@action("exchange.package.requeued", roles=(Role.ANALYST, Role.LIAISON, Role.INVESTIGATOR))
def resend_package(work: Work, package_id: str) -> None:
    """Try a package again that was refused or lapsed, once its reason is mended.

    Errors: NotFound; Conflict when it did not fail, or could only fail again.
    """
    package = store.lock_for_sending(work.db, package_id)
    if package is None:
        raise NotFound("package", package_id)
    reason = delivery.why_not_again(work, package)
    if reason is not None:
        raise Conflict(reason, id=package_id)
    store.requeue(work.db, package_id, next_attempt_at=machine_now() + rules.LEASE)
    work.emit("exchange.package.queued", package_id=package_id)
    work.record(package_id)


@action("exchange.package.received", system=True)
def receive_package(
    work: Work, sealed: BinaryIO, *, caller: str | None = None, kept: Incoming | None = None
) -> bytes:
    """Take a sealed package in and return the signed receipt; again gives the same receipt.

    Shape: `sealed` can be read twice: a package of many files is, once to check, once to keep. `caller` is whose
    certificate it came with, through the gate. `kept` is one that came with others and is in the inbox.
    Errors: IntegrityFailure before anything is kept; AnotherContent; NotCovered; NotYet.
    """
    taken = take_in(work, sealed, caller=caller) if kept is None else _received(work, kept)
    work.record(taken.package_id, sender=taken.sender, kind=taken.kind.value, outcome=taken.outcome)
    return taken.receipt


@action("exchange.package.refused", system=True)
def note_refused(work: Work, package_id: str, *, sender: str, reason: str) -> None:
    """Leave an event of a pinned peer's package that nothing here covers; its sender is not told why."""
    work.record(package_id, sender=sender, reason=reason)


def take_in(work: Work, sealed: BinaryIO, *, caller: str | None = None) -> Taken:
    """Take a sealed package in, by whatever way it came, for an action that records it.

    Shape: `sealed` can be read twice, as for `receive_package`.
    Errors: IntegrityFailure before anything is kept; AnotherContent; NotCovered; NotYet.
    """
    checked = incoming.check_package(work, sealed)
    try:
        return _decided(work, checked, sealed, caller)
    finally:
        checked.ahead.abort()  # what was kept stays


def _decided(work: Work, checked: incoming.Checked, sealed: BinaryIO, caller: str | None) -> Taken:
    """Keep a checked package unless it is here, or nothing lets it in."""
    statement = checked.verified.statement
    if caller not in {None, statement.sender}:
        raise damaged()
    package_id = statement.package_id
    store.one_receipt_at_a_time(work.db, package_id)
    known = store.incoming_by_id(work.db, package_id)
    if known is not None:
        if (known.sender, known.content_sha256) != (statement.sender, checked.content_sha256):
            raise AnotherContent("This package id was received with other content.", id=package_id)
        return _taken(known, "again")
    check_covered(work, checked, incoming.Agreements(work))
    package = incoming.keep_package(work, checked, sealed)
    store.insert_incoming(work.db, package)
    return _received(work, package)


def _received(work: Work, package: Incoming) -> Taken:
    """What follows from a package that is in the inbox now."""
    keeping.note_ahead(work, package.sender, package.sent_at)
    work.emit("exchange.package.received", package_id=package.package_id, kind=package.kind.value)
    return _taken(package, "received")


def check_covered(work: Work, checked: incoming.Checked, agreements: incoming.Agreements) -> None:
    """Look whether a checked package is let in now.

    Errors: NotCovered; NotYet.
    """
    statement = checked.verified.statement
    known = {"id": statement.package_id, "sender": statement.sender}
    refusal = incoming.basis_refusal(work, checked, agreements)
    if refusal is rules.Refused.NOT_YET:
        raise NotYet("This package comes early; it is taken later.", id=statement.package_id)
    if refusal is not None:
        raise NotCovered(f"Nothing here covers this package: {refusal}.", reason=refusal, **known)
    beyond = incoming.beyond_basis(work, checked, agreements)
    if beyond:
        raise NotCovered(
            f"Its basis never let this out ({len(beyond)} in all): {', '.join(beyond[:_NAMED])}.",
            reason=rules.Refused.MORE_THAN_AGREED,
            first=beyond[0],
            **known,
        )


def _taken(package: Incoming, outcome: str) -> Taken:
    return Taken(
        package_id=package.package_id,
        sender=package.sender,
        kind=package.kind,
        outcome=outcome,
        receipt=package.receipt,
    )


@action("exchange.packages.listed", roles=EXCHANGERS)
def list_packages(work: Work) -> tuple[list[Outgoing], list[Incoming], list[Gap]]:
    """The newest packages both ways, and the sequence numbers that have not arrived."""
    sent = store.outgoing_newest(work.db, limit=_LIST_MAX)
    received = store.incoming_newest(work.db, limit=_LIST_MAX)
    found = find_gaps(work)
    work.record("all", sent=len(sent), received=len(received), gaps=len(found))
    return sent, received, found


def find_gaps(work: Work) -> list[Gap]:
    """What has not arrived, by sender and basis; shown, and blocking nothing."""
    gaps: list[Gap] = []
    for sender, basis, numbers in store.received_sequences(work.db):
        missing = rules.missing_numbers(numbers)
        if missing:
            gaps.append(Gap(sender=sender, basis=basis, missing=missing))
    return gaps


def stop_package(work: Work, package_id: str) -> bool:
    """Let a package that still waits end unsent, for another room's action; false when it does not.

    One that is being sent at this moment is not held back: it arrives, or waits again.
    """
    package = store.lock_for_sending(work.db, package_id)
    if package is None or package.state is not OutboxState.QUEUED:
        return False
    delivery.stop(work, package)
    return True


# Look-ups and steps for the referral room's actions, which leave the audit record.


def sent_package(work: Work, package_id: str) -> Outgoing | None:
    """A package of the outbox."""
    return store.outgoing_by_id(work.db, package_id)


def received_package(work: Work, package_id: str) -> Incoming:
    """A package of the inbox.

    Errors: NotFound.
    """
    package = store.incoming_by_id(work.db, package_id)
    if package is None:
        raise NotFound("package", package_id)
    return package


def received_header(work: Work, package_id: str) -> VerifiedHeader:
    """A received package's front, verified from its exact bytes once in a unit of work.

    Errors: NotFound.
    """
    return outgoing.earlier_header(work, package_id)


def withdrawals_about(work: Work, package_id: str) -> list[str]:
    """The received packages that take back something of this one, here or not; oldest first."""
    return store.withdrawals_about(work.db, package_id)


def received_hops(work: Work, package_id: str) -> tuple[tuple[bytes, bytes], ...]:
    """Each sender's statement and card as it signed them, oldest first; a revoked key's too.

    Errors: NotFound.
    """
    header = read_header(work.node.vault.read(received_package(work, package_id).header))
    return tuple((each, checking.signed_card(work, each)) for each in header.envelopes)


def keep_relayed_receipt(work: Work, envelope: bytes) -> tuple[RelayedReceipt, bool] | None:
    """Keep a final receiver's receipt with the package it is for, and whether it is new.

    Shape: None when it is for none; one whose signer is not pinned here is kept unverified.
    Errors: IntegrityFailure when its signer is pinned here and did not sign it.
    """
    relayed = incoming.match_receipt(work, envelope)
    if relayed is None:
        return None
    fresh = store.insert_relayed(work.db, relayed, hashlib.sha256(envelope).hexdigest())
    return relayed, fresh


def relayed_receipts(work: Work, package_id: str) -> list[RelayedReceipt]:
    """The final receivers' receipts that came back for a sent package.

    Shape: one that came before its signer's card was pinned is verified with that card.
    """
    return [incoming.seen_again(work, each) for each in store.relayed_for(work.db, package_id)]


def count_undelivered(work: Work) -> int:
    """How many packages no peer has taken or refused yet."""
    return store.count_queued(work.db)


def count_queued_by_peer(work: Work) -> dict[str, int]:
    """How many packages wait for each peer."""
    return store.count_queued_by_peer(work.db)


def known_keys(work: Work, key_ids: Collection[str]) -> set[str]:
    """Those of these vault groups that belong to a package, ended ones included."""
    return store.known_keys(work.db, key_ids)


def is_readable(work: Work, package_id: str) -> bool:
    """Whether a package's front and files can still be read here: its key was not destroyed."""
    found = (
        store.outgoing_by_id(work.db, package_id),
        store.incoming_by_id(work.db, package_id),
    )
    return any(each is not None and work.node.vault.has_key(each.key_id) for each in found)


def erase_package(work: Work, package_id: str) -> None:
    """Make a package's front and files unreadable for ever; the row keeps ids and digests."""
    for package in (
        store.outgoing_by_id(work.db, package_id),
        store.incoming_by_id(work.db, package_id),
    ):
        if package is not None:
            work.after_commit(outgoing.forgetting(work.node.vault, package.key_id))
