"""One attempt to hand a package to its peer, and what follows from how it went."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from tipbridge.foundation.base.clock import machine_now, monotonic_seconds
from tipbridge.foundation.base.errors import IntegrityFailure, NotFound
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.actions import agreement_held, held_up
from tipbridge.knowledge.agreements.rules import in_force
from tipbridge.sharing.exchange import client, outgoing, rules, store
from tipbridge.sharing.exchange.client import Answer
from tipbridge.sharing.exchange.convoying import takers
from tipbridge.sharing.exchange.model import (
    RECALLED,
    BasisKind,
    OutboxState,
    Outgoing,
    PackageKind,
    Peer,
    Receipt,
)
from tipbridge.sharing.exchange.standing import keeping
from tipbridge.sharing.exchange.standing.rules import is_slow
from tipbridge.sharing.exchange.statement import read_receipt
from tipbridge.sharing.exchange.trusting import checking, gate
from tipbridge.sharing.exchange.trusting.model import PeerKey

log = structlog.get_logger("tipbridge")
_FOLLOWED = frozenset({PackageKind.REFERRAL, PackageKind.NOTICE, PackageKind.RECALL})
Outcome = tuple[OutboxState, str]
"""Where the package stands now, and a closed word for the log that says why."""


def attempt(work: Work, package: Outgoing) -> Outcome:
    """Build the package and offer it to its peer; a failure is counted, never raised."""
    if not basis_holds(work, package):
        return lapse(work, package)
    peer = store.peer_by_id(work.db, package.recipient)
    if peer is not None and peer.waits_for_its_fetch:
        return OutboxState.QUEUED, keeping.leave(work, package, "to-be-collected")
    if peer is None or peer.url is None:
        return wait(work, package, "no-address")
    held = _held_back(work, package, peer)
    if held is not None:
        return OutboxState.QUEUED, held
    began = monotonic_seconds()
    try:
        answer, content = _offer(work, package, peer, peer.url)
    except (NotFound, IntegrityFailure):
        return settle(work, package, OutboxState.LAPSED, "content-gone")
    took = timedelta(seconds=monotonic_seconds() - began)
    return _follow(work, package, peer, answer, ours=(work.node.id, content), took=took)


def _held_back(work: Work, package: Outgoing, peer: Peer) -> str | None:
    """Why a package waits although it could be sent; None when it goes."""
    if not checking.may_seal_to(work, peer.card):
        return keeping.leave(work, package, "key-revoked")
    return keeping.hold_back(work, package)


def _follow(
    work: Work,
    package: Outgoing,
    peer: Peer,
    answer: Answer,
    *,
    ours: tuple[str, str],
    took: timedelta,
) -> Outcome:
    """What an answer means for the package, and what it says of the peer."""
    receipt = None if answer.receipt is None else fitting(work, package, answer.receipt, ours)
    if receipt is None and not answer.refused:
        keeping.note_failure(work, peer.card.node_id)
        return wait(work, package, answer.problem or "unfit-receipt")
    slow = is_slow(took.total_seconds(), answer.size_bytes, client.SLOWEST_BYTES_PER_SECOND)
    keeping.note_answer(work, peer.card.node_id, slow=slow)
    if receipt is None:
        return _refused(work, package, answer)
    takers.note(peer.card.node_id, peer.url or "", takes=answer.takes_convoys)
    # One that was tried before may have arrived at any time since it was queued.
    earliest = package.queued_at if package.attempts else work.now
    keeping.note_clock(
        work,
        peer.card.node_id,
        receipt.received_at,
        earliest=min(earliest, work.now),
        latest=work.now + took,
    )
    return settle(work, package, OutboxState.DELIVERED, "delivered", receipt=answer.receipt)


def _refused(work: Work, package: Outgoing, answer: Answer) -> Outcome:
    """End a package that its peer does not let in; a limit of its length is said in the log."""
    if answer.problem == client.TOO_LONG:
        log.warning(
            "a package is longer than its receiver takes",
            package=package.package_id,
            peer=package.recipient,
            size_bytes=answer.size_bytes,
            reason=answer.problem,
            **{client.LIMIT_SETTING: answer.most_bytes},
        )
    return settle(work, package, OutboxState.REFUSED, answer.problem)


def lapse(work: Work, package: Outgoing) -> Outcome:
    """End a package whose basis ended, and say whether it may have arrived before."""
    asked = package.content_sha256 is not None
    outcome = "lapsed-unanswered" if asked else "basis-lapsed"
    return settle(work, package, OutboxState.LAPSED, outcome)


def stop(work: Work, package: Outgoing) -> None:
    """End a queued package unsent."""
    settle(work, package, OutboxState.LAPSED, RECALLED)


def why_not_again(work: Work, package: Outgoing) -> str | None:
    """Why a package can't be sent again, in words; None when it can."""
    if package.state not in {OutboxState.REFUSED, OutboxState.LAPSED}:
        return f"This package is {package.state}, not refused or lapsed."
    if package.last_outcome == RECALLED:
        return "This package was recalled before it left; nothing is sent again."
    if not basis_holds(work, package):
        return "The agreement or request by which this package travels is not in force."
    if not all(work.node.vault.has_key(each.key_id) for each in (package.header, *package.files)):
        return "The content of this package was destroyed."
    return None


def _offer(work: Work, package: Outgoing, peer: Peer, url: str) -> tuple[Answer, str]:
    """The peer's answer, and the digest of the content it was offered.

    Errors: NotFound when a file was purged; IntegrityFailure when the content is not as before.
    """
    with outgoing.sealed_package(work.node, package, peer.card) as (sealed, size_bytes, content):
        if package.content_sha256 not in (None, content):
            raise IntegrityFailure("A queued package changed.", id=package.package_id)
        store.note_content(work.db, package.package_id, content)
        return client.post_package(
            url,
            sealed,
            size_bytes,
            patience_seconds=work.node.settings.send_patience_seconds,
            trust=gate.context_to(work, peer.card.node_id) if peer.mutual else None,
        ), content


def basis_holds(work: Work, package: Outgoing) -> bool:
    """Asked again at dispatch: what was allowed when it was queued may have ended since."""
    return bool(whose_basis_holds(work, [package]))


def whose_basis_holds(work: Work, packages: Sequence[Outgoing]) -> list[Outgoing]:
    """Those of these packages that may still go; each agreement is looked at once."""
    under: dict[str, bool] = {}
    for package in packages:
        named = package.basis.id
        if package.basis.kind is BasisKind.AGREEMENT and named not in under:
            agreement = agreement_held(work, named)
            under[named] = agreement is not None and in_force(agreement, work.now)
        elif package.basis.kind is BasisKind.REQUEST and named not in under:
            parties = {"sender": work.node.id, "receiver": package.recipient}
            under[named] = not held_up(work, **parties, purpose=package.purpose)
    return [
        each
        for each in packages
        if (each.ends_at is None or work.now < each.ends_at) and under.get(each.basis.id, True)
    ]


def fitting(
    work: Work, package: Outgoing, envelope: bytes, ours: tuple[str, str]
) -> Receipt | None:
    """The receipt in an answer, if it is this peer's for exactly this content."""
    keys = checking.keys_that_count(work, package.recipient)
    return receipt_among(keys, package, envelope, ours)


def receipt_among(
    keys: Sequence[PeerKey], package: Outgoing, envelope: bytes, ours: tuple[str, str]
) -> Receipt | None:
    """The same, with the peer's keys as they were read."""
    sender, content_sha256 = ours
    card = checking.card_among(keys, envelope)
    try:
        if card is None:
            return None
        receipt = read_receipt(card, envelope)
    except IntegrityFailure:
        return None
    return receipt if rules.receipt_fits(receipt, package, sender, content_sha256) else None


def wait(work: Work, package: Outgoing, outcome: str) -> Outcome:
    """Count an attempt, and leave the package for its next time."""
    delay = rules.retry_delay(package.attempts + 1, work.node.settings.retry_base_seconds)
    next_attempt_at = machine_now() + delay
    store.note_attempt(
        work.db, package.package_id, outcome=outcome, next_attempt_at=next_attempt_at
    )
    return OutboxState.QUEUED, outcome


def settle(
    work: Work,
    package: Outgoing,
    state: OutboxState,
    outcome: str,
    *,
    receipt: bytes | None = None,
) -> Outcome:
    """End a package's journey, and let follow what follows from that."""
    store.settle(
        work.db, package.package_id, state=state, outcome=outcome, at=work.now, receipt=receipt
    )
    follow_end(work, package)
    return state, outcome


def follow_end(work: Work, package: Outgoing) -> None:
    """Let follow what follows from the end of a package's journey."""
    if package.kind in _FOLLOWED:  # nothing follows the end of another message
        work.emit("exchange.package.settled", package_id=package.package_id)
