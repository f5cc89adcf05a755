"""Verbs of the side that hands out: to a peer that fetches, or into files."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import IntegrityFailure, NotFound, TipbridgeError
from tipbridge.foundation.identity.keys import verify_envelope
from tipbridge.foundation.identity.signing import unverified_payload
from tipbridge.foundation.work import Work, action
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange import delivery, outgoing
from tipbridge.sharing.exchange import store as packages
from tipbridge.sharing.exchange.carrying import store
from tipbridge.sharing.exchange.carrying.files import PACKAGE_ENDING, write_new
from tipbridge.sharing.exchange.carrying.messages import FETCH_TYPE, Fetch, read_fetch
from tipbridge.sharing.exchange.model import OutboxState, Outgoing, Peer
from tipbridge.sharing.exchange.parking.actions import DRIVERS
from tipbridge.sharing.exchange.standing import keeping
from tipbridge.sharing.exchange.statement import claimed_receipt
from tipbridge.sharing.exchange.trusting import checking

FETCH_TRAVELS = timedelta(seconds=30)
"""How long a fetch may be on its way; one that is older was signed by another clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A sealed package on its way out; whoever takes it calls `close`."""

    package_id: str
    sealed: BinaryIO
    size_bytes: int
    close: Callable[[], object]


@action("exchange.package.handed", system=True)
def hand_over(work: Work, envelope: bytes, *, caller: str | None = None) -> Handed | None:
    """Settle what a fetching peer has taken, and hand out the next package that waits for it.

    Shape: None when nothing waits. A package comes again, after all others, until its receipt
    has come.
    `caller` is whose certificate the fetch came with, through the gate.
    Errors: IntegrityFailure, the same for every reason.
    """
    peer, fetch = _fetch_of(work, envelope)
    if caller not in {None, fetch.sender}:
        raise IntegrityFailure("This is not a fetch.")
    earliest = work.now - FETCH_TRAVELS
    keeping.note_clock(work, fetch.sender, fetch.at, earliest=earliest, latest=work.now)
    settled = sum(settle_by_receipt(work, receipt) for receipt in fetch.receipts)
    refused = sum(_settle_refused(work, peer, package_id) for package_id in fetch.refused)
    handed = _next_for(work, peer)
    work.record(
        peer.card.node_id,
        package="none" if handed is None else handed.package_id,
        settled=settled,
        refused=refused,
    )
    return handed


@action("exchange.packages.exported", roles=DRIVERS)
def export_packages(work: Work, peer_id: str, folder: Path) -> list[Path]:
    """Write every package that waits for a peer into files of `folder`, sealed to that peer.

    Shape: they wait on until their receipts come back; a file that is there stays as it is.
    Errors: NotFound for an unknown peer; Invalid when the folder can't be written.
    """
    peer = exchange.known_peer(work, peer_id)
    written: list[Path] = []
    may_seal = checking.may_seal_to(work, peer.card)
    for package_id in store.waiting_for(work.db, peer_id) if may_seal else ():
        path = folder / f"{package_id}{PACKAGE_ENDING}"
        with ExitStack() as stack:
            handed = _sealed(work, package_id, peer, stack)
            if handed is not None and write_new(path, handed.sealed):
                written.append(path)
    work.record(peer_id, packages=len(written))
    return written


@action("exchange.receipt.imported", roles=DRIVERS)
def import_receipt(work: Work, envelope: bytes) -> str:
    """Take the receipt of a package that was carried to its peer by hand; what came of it.

    Shape: `settled`, `again`, or `of-another-node` for a receipt that this node does not wait
    for: one that it wrote itself, on its way back.
    Errors: NotFound when nothing of that id was sent; IntegrityFailure when it does not fit.
    """
    claimed = claimed_receipt(envelope)
    outcome = "of-another-node"
    if claimed.sender == work.node.id:
        outcome = _settle_carried(work, claimed.package_id, envelope)
    work.record(claimed.package_id, outcome=outcome)
    return outcome


def _settle_carried(work: Work, package_id: str, envelope: bytes) -> str:
    sent = packages.lock_for_sending(work.db, package_id)
    if sent is None:
        raise NotFound("sent package", package_id)
    if sent.state is OutboxState.DELIVERED:
        return "again"
    if not settle_by_receipt(work, envelope):
        raise IntegrityFailure("This receipt does not fit the package.", id=package_id)
    received_at = claimed_receipt(envelope).received_at
    keeping.note_outside(work, sent.recipient, received_at, earliest=sent.queued_at)
    return "settled"


def settle_by_receipt(work: Work, envelope: bytes) -> bool:
    """Settle the package that a receipt is for; False when it fits none or came before.

    Shape: it arrived, so one that was refused or lapsed since is delivered all the same.
    """
    try:
        claimed = claimed_receipt(envelope)
        package = packages.lock_for_sending(work.db, claimed.package_id)
        if package is None or package.state is OutboxState.DELIVERED:
            return False
    except TipbridgeError:
        return False
    content = package.content_sha256 or _content_again(work, package)
    receipt = delivery.fitting(work, package, envelope, (work.node.id, content))
    if receipt is None:
        return False
    delivery.settle(work, package, OutboxState.DELIVERED, "delivered", receipt=envelope)
    return True


def _content_again(work: Work, package: Outgoing) -> str:
    """The digest of a package whose file was written by an export that broke off later."""
    content = outgoing.content_digest(work.node, package) or ""
    if content:
        packages.note_content(work.db, package.package_id, content)
    return content


def _fetch_of(work: Work, envelope: bytes) -> tuple[Peer, Fetch]:
    """Who fetches: verified against its pinned card, and meant for this node."""
    claimed = read_fetch(unverified_payload(envelope))
    peer = packages.peer_by_id(work.db, claimed.sender)
    if peer is None or claimed.recipient != work.node.id:
        raise IntegrityFailure("This is not a fetch.")
    card = checking.card_for(work, claimed.sender, envelope)
    if card is None:
        raise IntegrityFailure("This is not a fetch.")
    return peer, read_fetch(verify_envelope(card, FETCH_TYPE, envelope))


def _settle_refused(work: Work, peer: Peer, package_id: str) -> bool:
    package = packages.lock_for_sending(work.db, package_id)
    if package is None or package.state is not OutboxState.QUEUED:
        return False
    if package.recipient != peer.card.node_id:
        return False
    delivery.settle(work, package, OutboxState.REFUSED, "refused")
    return True


def _next_for(work: Work, peer: Peer) -> Handed | None:
    """The next package that can be handed out; each one before it ended here and now."""
    if not checking.may_seal_to(work, peer.card):
        return None
    while (package_id := store.next_for(work.db, peer.card.node_id)) is not None:
        with ExitStack() as stack:
            handed = _sealed(work, package_id, peer, stack)
            if handed is not None:
                store.note_handed(work.db, package_id, machine_now())
                opened = stack.pop_all()  # it stays open until it has been sent
                work.on_rollback(opened.close)
                return replace(handed, close=opened.close)
    return None


def _sealed(work: Work, package_id: str, peer: Peer, stack: ExitStack) -> Handed | None:
    """A waiting package sealed to its peer; None when it ends instead."""
    package = packages.outgoing_by_id(work.db, package_id)
    if package is None:
        raise NotFound("package", package_id)
    if not delivery.basis_holds(work, package):
        delivery.lapse(work, package)
        return None
    try:
        opened = outgoing.sealed_package(work.node, package, peer.card)
        sealed, size_bytes, content = stack.enter_context(opened)
        if package.content_sha256 not in {None, content}:
            raise IntegrityFailure("A queued package changed.", id=package.package_id)
    except (NotFound, IntegrityFailure):
        delivery.settle(work, package, OutboxState.LAPSED, "content-gone")
        return None
    packages.note_content(work.db, package.package_id, content)
    return Handed(
        package_id=package.package_id, sealed=sealed, size_bytes=size_bytes, close=stack.close
    )
