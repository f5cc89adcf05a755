"""Verbs on agreements, and the look-ups that other rooms' actions use."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.identity.signing import envelope_key_id
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements import adding, store
from tipbridge.knowledge.agreements.clauses import Extent
from tipbridge.knowledge.agreements.document import load_agreement
from tipbridge.knowledge.agreements.model import Agreement, Purpose, Suspension
from tipbridge.knowledge.agreements.purposes import together
from tipbridge.knowledge.agreements.rules import in_force, is_pending, is_suspended, nearest

AGREEMENT_TYPE = "application/vnd.tipbridge.agreement+json"
CHANGED = "agreements.suspension.changed"
REASON_MAX = 1000


@action("agreements.agreement.added", roles=(Role.ADMINISTRATOR,))
def add_agreement(work: Work, *, document: bytes, confirmed: bool = False) -> Agreement:
    """Take an agreement into force on this node; the other party does the same on its own.

    Shape: `confirmed` says that what it changes in the version that it replaces was read.
    Errors: NotAnAgreement; Invalid when this node is no party; Conflict when it is held already,
    replaces another and is not confirmed, or needs no signatures where both parties signed one of
    its kind; Overlaps when another one speaks of the same releases and is not replaced by it.
    """
    agreement, canonical = load_agreement(document)
    if work.node.id not in (agreement.terms.sender, agreement.terms.receiver):
        raise Invalid("This node is neither sender nor receiver of the agreement.")
    store.lock_adding(work.db)
    if store.by_sha256(work.db, agreement.sha256) is not None:
        raise Conflict("This agreement is already held.")
    replaced = adding.replaced(work, agreement)
    terms = agreement.terms
    adding.check_alone(work, agreement)
    adding.check_signed_before(work, agreement)
    if replaced is not None:
        adding.check_compared(replaced, agreement, confirmed=confirmed)
    store.insert(work.db, agreement, canonical, at=work.now, by=work.actor.id)
    # What needs signatures takes the earlier one's place only once both parties signed it.
    if replaced is not None and not agreement.needs_signatures:
        store.mark_replaced(work.db, replaced.sha256, by=agreement.sha256, at=terms.starts_at())
    work.record(agreement.sha256, channel=agreement.channel, version=agreement.version)
    return agreement


@action("agreements.agreement.signed", roles=(Role.ADMINISTRATOR,))
def sign_agreement(work: Work, sha256: str) -> bytes:
    """Sign an agreement for this node; the envelope is for the other party to keep.

    Errors: NotFound; Conflict when it was withdrawn.
    """
    canonical = store.canonical_of(work.db, sha256)
    if canonical is None:
        raise NotFound("agreement", sha256)
    envelope = work.node.keys.sign(AGREEMENT_TYPE, canonical)
    keep_signature(work, sha256, work.node.id, envelope)
    work.record(sha256, signed_by=work.node.id)
    return envelope


@action("agreements.agreement.withdrawn", roles=(Role.ADMINISTRATOR,))
def withdraw_agreement(work: Work, sha256: str) -> None:
    """Withdraw a draft that not both parties signed: here it never comes into force.

    Shape: it stays to be read; another text is another draft.
    Errors: NotFound; Conflict when it needs no signatures, has both, or was withdrawn.
    """
    store.lock_adding(work.db)
    found = store.by_sha256(work.db, sha256)
    if found is None:
        raise NotFound("agreement", sha256)
    if found.withdrawn_at is not None:
        raise Conflict("This draft was withdrawn already.", id=sha256)
    if not is_pending(found):
        raise Conflict(
            "Only a draft that waits for a signature is withdrawn; what is in force is suspended"
            " ('agreements suspend') or replaced by a later version.",
            id=sha256,
        )
    store.mark_withdrawn(work.db, sha256, by=work.actor.id, at=work.now)
    work.record(sha256, channel=found.channel, version=found.version)


def _check_not_withdrawn(agreement: Agreement) -> None:
    if agreement.withdrawn_at is not None:
        raise Conflict(
            "This draft was withdrawn and is not signed any more; add a new version of it.",
            id=agreement.sha256,
        )


def keep_signature(work: Work, sha256: str, node_id: str, envelope: bytes) -> Agreement:
    """Keep a party's verified signature, for another room's action; the last one puts it in force.

    Shape: an amendment takes the earlier version's place at its first day, or now if that is past.
    Errors: NotFound; Invalid for a node that is no party; Conflict when another took its place or
    it was withdrawn;
    Overlaps when it would come into force beside another that speaks of the same releases.
    """
    store.lock_adding(work.db)
    found = store.by_sha256(work.db, sha256)
    if found is None:
        raise NotFound("agreement", sha256)
    _check_not_withdrawn(found)
    parties = {found.terms.sender, found.terms.receiver}
    if node_id not in parties:
        raise Invalid(f"{node_id} is no party of this agreement.")
    signed = replace(found, signed_by=found.signed_by | {node_id})
    if is_pending(found) and not is_pending(signed):
        adding.check_alone(work, found)
    store.insert_signature(work.db, sha256, node_id, envelope, at=work.now, by=work.actor.id)
    if found.needs_signatures and found.replaces and parties == {*found.signed_by, node_id}:
        _take_place(work, found, found.replaces)
    return found


def drop_signatures(work: Work, node_id: str, key_id: str, since: datetime) -> list[str]:
    """Let no signature count that was kept since a party's key was in other hands; which agreements.

    Shape: for another room's action; such an agreement holds again once the party signs it anew.
    Until then the version whose place it took stands again, as the party knows it.
    """
    store.lock_adding(work.db)
    dropped: list[str] = []
    for sha256, envelope in store.signatures_since(work.db, node_id, since):
        if envelope_key_id(envelope) == key_id:
            store.end_signature(work.db, sha256, node_id, at=work.now)
            dropped.append(sha256)
    for sha256 in dropped:
        _give_back_place(work, sha256)
    return dropped


def _give_back_place(work: Work, sha256: str) -> None:
    """Let the version stand again whose place was taken, unless another speaks of the same by now."""
    found = store.by_sha256(work.db, sha256)
    if found is None or found.replaces is None or not is_pending(found):
        return
    earlier = store.by_sha256(work.db, found.replaces)
    if earlier is None or store.replaced_by(work.db, earlier.sha256) != sha256:
        return
    if adding.beside(work, replace(earlier, replaced_at=None)) is None:
        store.mark_standing(work.db, earlier.sha256)


def _take_place(work: Work, agreement: Agreement, earlier: str) -> None:
    if store.replaced_by(work.db, earlier) == agreement.sha256:
        return  # its place was not given back when its signature was dropped
    replaced = store.by_sha256(work.db, earlier)
    if replaced is None or (replaced.replaced_at is not None and replaced.replaced_at <= work.now):
        raise Conflict("Another version has taken the earlier one's place.", id=earlier)
    at = max(agreement.terms.starts_at(), work.now)
    store.mark_replaced(work.db, earlier, by=agreement.sha256, at=at)


@action("agreements.agreement.suspended", roles=(Role.ADMINISTRATOR,))
def suspend_agreement(work: Work, sha256: str, *, reason: str) -> Suspension:
    """Let an agreement allow nothing, after its notice, until it is resumed; holds in flight.

    Shape: the other party is told, with the reason.
    Errors: NotFound; Invalid without a reason, or when this side may not; Conflict when it is.
    """
    found = store.by_sha256(work.db, sha256)
    if found is None:
        raise NotFound("agreement", sha256)
    side = "sender" if found.terms.sender == work.node.id else "receiver"
    pause = _pause(work, found, side, reason.strip())
    store.insert_suspension(work.db, sha256, pause)
    work.emit(CHANGED, sha256=sha256, starts_at=pause.starts_at.isoformat())
    work.record(sha256, side=side, starts_at=pause.starts_at.isoformat())
    return pause


def _pause(work: Work, agreement: Agreement, side: str, reason: str) -> Suspension:
    """A suspension by this node, as it may be."""
    suspending = agreement.terms.clauses.suspending
    if side not in suspending.by or not reason:
        raise Invalid(f"A suspension has a reason, and is for: {', '.join(sorted(suspending.by))}.")
    if len(reason) > REASON_MAX or "\0" in reason:
        raise Invalid(f"The reason of a suspension has at most {REASON_MAX} characters.")
    if any(each.ends_at is None for each in agreement.suspensions):
        raise Conflict("This agreement is suspended already.", id=agreement.sha256)
    starts_at = work.now + timedelta(days=suspending.notice_days)
    if any(starts_at <= each.starts_at for each in agreement.suspensions):
        raise Conflict(
            "This agreement was suspended from this moment on before; try again later.",
            id=agreement.sha256,
        )
    return Suspension(starts_at=starts_at, ends_at=None, by=work.actor.id, reason=reason)


@action("agreements.agreement.resumed", roles=(Role.ADMINISTRATOR,))
def resume_agreement(work: Work, sha256: str) -> None:
    """Lift this node's own suspension; the other party is told.

    Errors: NotFound; Conflict when this node does not suspend it.
    """
    found = store.by_sha256(work.db, sha256)
    if found is None:
        raise NotFound("agreement", sha256)
    open_ = [pause for pause in found.suspensions if pause.ends_at is None]
    if not open_:
        raise Conflict(
            "This node does not suspend this agreement; what the other party suspends it resumes.",
            id=sha256,
        )
    starts_at = open_[0].starts_at
    store.lift_suspension(work.db, sha256, starts_at, at=work.now, by=work.actor.id)
    work.emit(CHANGED, sha256=sha256, starts_at=starts_at.isoformat())
    work.record(sha256)


@action("agreements.list.read", roles=tuple(Role))
def list_agreements(work: Work) -> list[Agreement]:
    """All agreements this node holds."""
    found = store.everything(work.db)
    work.record("all", count=len(found))
    return found


@action("agreements.agreement.read", roles=tuple(Role))
def read_agreement(work: Work, sha256: str) -> Agreement:
    """One agreement by its name.

    Errors: NotFound.
    """
    found = store.by_sha256(work.db, sha256)
    if found is None:
        raise NotFound("agreement", sha256)
    work.record(sha256)
    return found


def agreement_held(work: Work, sha256: str) -> Agreement | None:
    """The agreement of this name, for another room's action; None when it is not held."""
    return store.by_sha256(work.db, sha256)


def version_before(work: Work, later: Agreement) -> Agreement | None:
    """The held version that a new one is compared with, for another room's action.

    Shape: the one whose place it is to take; where it names none, the one beside which it could not
    stand, as it speaks of the same releases in its days; None for a first draft.
    Errors: NotFound when the one that it names is not held.
    """
    if later.replaces is None:
        return adding.beside(work, later)
    earlier = store.by_sha256(work.db, later.replaces)
    if earlier is None:
        raise NotFound("agreement", later.replaces)
    return earlier


def agreements_between(
    work: Work, *, sender: str, receiver: str, purpose: Purpose, at: datetime
) -> list[Agreement]:
    """The agreements in force at `at` in one direction for one purpose; they do not overlap."""
    found = store.between(work.db, sender, receiver, purpose)
    return [agreement for agreement in found if in_force(agreement, at)]


def agreements_standing(
    work: Work, *, sender: str, receiver: str, purpose: Purpose, at: datetime
) -> list[Agreement]:
    """Those in force at `at`, and those that would be but for a suspension."""
    found = store.between(work.db, sender, receiver, purpose)
    return [each for each in found if in_force(replace(each, suspensions=(), told=()), at)]


def suspended(work: Work, *, sender: str, receiver: str, purpose: Purpose) -> Agreement | None:
    """A releasing agreement of these parties that is suspended now: no grant goes round it.

    Shape: for this purpose, or one that comes to the same at the receiver.
    """
    found = [
        agreement
        for each in together(purpose)
        for agreement in agreements_standing(
            work, sender=sender, receiver=receiver, purpose=each, at=work.now
        )
    ]
    releasing = (each for each in found if each.terms.clauses.mode.extent is not Extent.HIT_NO_HIT)
    return next((each for each in releasing if is_suspended(each, work.now)), None)


def held_up(work: Work, *, sender: str, receiver: str, purpose: Purpose) -> bool:
    """Whether there is one."""
    return suspended(work, sender=sender, receiver=receiver, purpose=purpose) is not None


def agreement_missed(
    work: Work, *, sender: str, receiver: str, purpose: Purpose, at: datetime
) -> Agreement | None:
    """Where none is in force, the releasing agreement that came nearest to it; None without any."""
    found = store.between(work.db, sender, receiver, purpose)
    releasing = [each for each in found if each.terms.clauses.mode.extent is not Extent.HIT_NO_HIT]
    return nearest(releasing, at)


def known_keys(work: Work, key_ids: Collection[str]) -> set[str]:
    """Those of these vault groups that hold the key of an agreement's hashes."""
    return store.known_keys(work.db, key_ids)
