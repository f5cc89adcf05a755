"""A referral as staff and the police rooms read it."""

from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import Outgoing
from tipbridge.sharing.exchange.statement import claimed_receipt
from tipbridge.sharing.referral import store
from tipbridge.sharing.referral.keeping import store as keeping
from tipbridge.sharing.referral.life import store as sayings
from tipbridge.sharing.referral.model import (
    Direction,
    ReceiptLine,
    ReceivedReferral,
    Referral,
    ReferralView,
    State,
    StepName,
)


def view_of(work: Work, referral: Referral) -> ReferralView:
    """Everything about one referral that staff may see."""
    return ReferralView(
        referral=referral,
        unit=store.unit_codes(work.db)[referral.unit_id],
        parts=tuple(store.parts_of(work.db, referral.id)),
        senders=store.senders_of(work.db, referral.id),
        steps=tuple(store.steps_of(work.db, referral.id)),
        receipts=_receipts(work, referral),
        feedback=tuple(store.feedback_of(work.db, referral.id)),
        requests=tuple(store.requests_of(work.db, referral.id)),
        alike=tuple(store.alike(work.db, referral.id)),
    )


def told_back(work: Work, referral_id: str, feedback_id: str) -> Outgoing | None:
    """The package in which a feedback went back along a referral; its receipt acknowledges it."""
    for feedback in store.feedback_of(work.db, referral_id):
        if feedback.feedback_id == feedback_id and feedback.direction is Direction.OUT:
            return exchange.sent_package(work, feedback.package_id)
    return None


def received(work: Work, referral: Referral) -> ReceivedReferral:
    """A received referral's road.

    Errors: NotFound for one that this node sent.
    """
    if referral.direction is not Direction.IN or referral.basis is None:
        raise NotFound("received referral", referral.id)
    steps = tuple(store.steps_of(work.db, referral.id))
    sent = [step.at for step in steps if step.name is StepName.RELEASED]
    own = [step.at for step in steps if step.name is StepName.RECEIVED]
    kept = keeping.kept_of(work.db, referral.id)
    return ReceivedReferral(
        referral_id=referral.id,
        origin=referral.origin,
        purpose=referral.purpose,
        channel=referral.channel or "",
        basis=f"{referral.basis.kind}:{referral.basis.id}",
        sender=referral.peer_id,
        unit_id=referral.unit_id,
        restricted=referral.restricted,
        members=referral.members,
        name_withheld=referral.name_withheld,
        first_sent_at=min(sent),
        sent_at=max(sent),
        received_at=own[0],
        steps=steps,
        recalled=referral.state is State.RECALLED,
        corrected=sayings.was_corrected(work.db, referral.id),
        deleted=kept is not None and kept.deleted_at is not None,
    )


def _receipts(work: Work, referral: Referral) -> tuple[ReceiptLine, ...]:
    """The peer's own receipt first, then those of the receivers after it."""
    if referral.package_id is None or referral.direction is not Direction.OUT:
        return ()
    package = exchange.sent_package(work, referral.package_id)
    found: list[ReceiptLine] = []
    if package is not None and package.receipt is not None:
        found.append(_line(package.receipt, verified=True, final=False))
    found.extend(
        _line(relayed.envelope, verified=relayed.verified, final=True)
        for relayed in exchange.relayed_receipts(work, referral.package_id)
    )
    return tuple(found)


def _line(envelope: bytes, *, verified: bool, final: bool) -> ReceiptLine:
    receipt = claimed_receipt(envelope)
    return ReceiptLine(
        signer=receipt.recipient,
        received_at=receipt.received_at,
        content_sha256=receipt.content_sha256,
        verified=verified,
        final=final,
    )
