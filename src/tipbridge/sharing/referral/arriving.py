"""What the exchange brings: referrals, receipts, feedback, requests, answers, sayings."""

from tipbridge.foundation.base.errors import IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.sharing.exchange.model import PackageKind
from tipbridge.sharing.exchange.parking import actions as parking
from tipbridge.sharing.referral import asking, store, taking
from tipbridge.sharing.referral.consent import actions as consent
from tipbridge.sharing.referral.errors import LeaveNotProven
from tipbridge.sharing.referral.keeping import proving
from tipbridge.sharing.referral.life import actions as life
from tipbridge.sharing.referral.life import spreading, taking_back
from tipbridge.sharing.referral.pausing import actions as pausing


@action("referral.package.taken", system=True)
def take_package(work: Work, *, package_id: str, kind: str) -> None:
    """Do what follows from a received package; a repeated event changes nothing."""
    steps = {
        PackageKind.REFERRAL: receive_referral,
        PackageKind.RECEIPT: receive_receipt,
        PackageKind.FEEDBACK: receive_feedback,
        PackageKind.REQUEST: receive_request,
        PackageKind.ANSWER: receive_answer,
        PackageKind.STATUS: life.receive_saying,
        PackageKind.RECALL: life.receive_withdrawal,
        PackageKind.SUSPENSION: pausing.receive_suspension,
        PackageKind.CONSENT_REQUEST: consent.receive_ask,
        PackageKind.CONSENT_ANSWER: consent.receive_answer,
    }
    step = steps.get(PackageKind(kind))
    outcome = "no-such-step" if step is None else "followed"
    if step is not None:
        try:
            with work.part():
                parking.followed(work, package_id)
                step(work, package_id=package_id)
        except LeaveNotProven as error:
            parking.park(work, package_id, error, reason=parking.LEAVE_NOT_PROVEN)
            outcome = "parked"
        except (Invalid, NotFound, IntegrityFailure) as error:
            # Staff see it with the reason, and can have it followed again; it must not hold
            # up what comes after it.
            parking.park(work, package_id, error)
            outcome = "parked"
    work.record(package_id, kind=kind, outcome=outcome)


@action("referral.referral.received", system=True)
def receive_referral(work: Work, *, package_id: str) -> str:
    """Make a received package a referral of the root unit; its id.

    Shape: what its sender took back before it came is held as taken back from the start.
    """
    referral, fresh = taking.keep_referral(work, package_id)
    overtaken = 0
    if fresh:
        work.emit("referral.referral.received", referral_id=referral.id)
        overtaken = taking_back.hold_what_came_first(work, referral)
    work.record(
        referral.id,
        package=package_id,
        fresh=fresh,
        sender=referral.peer_id,
        overtaken=overtaken,
    )
    return referral.id


@action("referral.receipt.kept", system=True)
def receive_receipt(work: Work, *, package_id: str) -> None:
    """Keep the final receiver's receipt and pass it on unchanged.

    Shape: one whose signer is not pinned here acknowledges nothing and waits for staff, parked.
    """
    referral, verified = taking.keep_receipt(work, package_id)
    if not verified:
        parking.park_unverified(work, package_id)
    work.record(referral.id if referral else "none", package=package_id, verified=verified)


@action("referral.feedback.received", system=True)
def receive_feedback(work: Work, *, package_id: str) -> None:
    """Keep what became of a referral; it goes on to the report or to the sender before."""
    found = taking.keep_feedback(work, package_id)
    if found is None:
        work.record("none", package=package_id, fresh=False)
        return
    referral, feedback = found
    work.record(referral.id, package=package_id, fresh=True, outcome=feedback.outcome)


@action("referral.request.received", system=True)
def receive_request(work: Work, *, package_id: str) -> str:
    """Put a peer's case-by-case request before staff; its id."""
    request_id, fresh = asking.keep_request(work, package_id)
    work.record(request_id, package=package_id, fresh=fresh)
    return request_id


@action("referral.answer.received", system=True)
def receive_answer(work: Work, *, package_id: str) -> None:
    """Keep a peer's answer to a request of this node."""
    request = asking.keep_answer(work, package_id)
    if request is None:
        work.record("none", package=package_id, fresh=False)
        return
    work.record(request.id, package=package_id, fresh=True, state=request.state.value)


@action("referral.package.settled", system=True)
def note_settled(work: Work, *, package_id: str) -> None:
    """Bring the end of a package's journey to its referral; again changes nothing more."""
    referral = taking.note_settled(work, package_id)
    if referral is None:
        spreading.note_failed(work, package_id)
    elif (settled := store.referral_by_id(work.db, referral.id)) is not None:
        proving.note_settled(work, settled)
    work.record(referral.id if referral else "none", package=package_id)
