"""Verbs on how long a referral is kept: review it, list what is due; for police rooms, end it."""

from tipbridge.foundation.access.store import staff_by_id
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.referral import store as referral_store
from tipbridge.sharing.referral.keeping import proving, store
from tipbridge.sharing.referral.keeping.model import KeptReferral, Need, Owed
from tipbridge.sharing.referral.life.model import Word
from tipbridge.sharing.referral.model import Direction, Referral, Source, SourceKind

READERS = (Role.ANALYST, Role.LIAISON, Role.INVESTIGATOR)
RECEIVERS = (Role.LIAISON, Role.INVESTIGATOR)
_LISTED = 500
_AT_ONCE = 100


@action("referral.keeping.reviewed", roles=RECEIVERS)
def review_kept(work: Work, referral_id: str, *, finding: Need) -> KeptReferral:
    """Say whether what came is still needed; what is not ends at once, unless a case keeps it.

    Errors: NotFound where no agreement sets days for it; Conflict when it was reviewed or has
    ended; Invalid for who is no member of staff.
    """
    kept = store.kept_of(work.db, referral_id, hold=True)
    if kept is None or kept.direction is not Direction.IN:
        raise NotFound("received referral with days of keeping", referral_id)
    if kept.deleted_at is not None:
        raise Conflict("This was deleted already.", id=referral_id)
    if kept.finding is not None:
        raise Conflict(f"This was reviewed: {kept.finding}.", id=referral_id)
    if staff_by_id(work.db, work.actor.id) is None:
        raise Invalid("Only a named member of staff can review what is kept.")
    store.keep_finding(work.db, referral_id, finding, by=work.actor.id, at=work.now)
    work.record(referral_id, finding=finding.value, late=kept.is_review_due(work.now))
    found = store.kept_of(work.db, referral_id)
    assert found is not None
    return found


@action("referral.keeping.listed", roles=READERS)
def list_owed(work: Work) -> Owed:
    """Received referrals whose review is due, and sent ones whose deletion is not proved in time."""
    found = owed(work)
    work.record("all", reviews=len(found.reviews), proofs=len(found.proofs))
    return found


def owed(work: Work) -> Owed:
    """What is due, for the page of referrals, whose action leaves the audit record."""
    return Owed(
        reviews=tuple(store.reviews_due(work.db, work.now, limit=_LISTED)),
        proofs=tuple(store.proofs_owed(work.db, work.now, limit=_LISTED)),
    )


def count_due(work: Work) -> int:
    """How many reviews and proofs are due, for the start page."""
    return store.count_due(work.db, work.now)


def kept_of(work: Work, referral_id: str) -> KeptReferral | None:
    """The days of a referral that an action has read."""
    return store.kept_of(work.db, referral_id)


# Offered to the room that knows whether a case keeps a referral by its own law.


def lapsed(work: Work) -> list[KeptReferral]:
    """Received referrals whose time is over; so many at once."""
    return store.lapsed(work.db, work.now, limit=_AT_ONCE)


def delete_kept(work: Work, referral_id: str) -> bool:
    """End what a received referral brought, and what of it waits to go on; false while a case keeps it.

    Shape: where a case does, its law wins: that is kept, and the sender is told.
    """
    kept = store.kept_of(work.db, referral_id, hold=True)
    referral = referral_store.referral_by_id(work.db, referral_id, hold=True)
    if kept is None or referral is None or kept.deleted_at is not None:
        return False
    if store.erase_parts(work.db, referral_id) is None:
        if kept.held_at is None:
            store.mark_held(work.db, referral_id, work.now)
            proving.tell(work, referral_id, Word.KEPT_BY_LAW)
        return False
    for package_id in _packages(work, referral):
        exchange.stop_package(work, package_id)
        exchange.erase_package(work, package_id)
    store.mark_deleted(work.db, referral_id, work.now)
    return True


def prove_deleted(work: Work) -> int:
    """Note of each deleted referral whose keys are gone that it is, and say so once all to whom it
    went on did; end keys that a crash left.
    """
    proved = 0
    for kept in store.ending(work.db, limit=_AT_ONCE):
        referral = referral_store.referral_by_id(work.db, kept.referral_id, hold=True)
        if referral is None:
            continue
        packages = _packages(work, referral)
        if any(exchange.is_readable(work, each) for each in packages):
            for package_id in packages:
                exchange.erase_package(work, package_id)
            continue
        store.mark_ended(work.db, kept.referral_id, work.now)
        proving.tell_end(work, kept.referral_id)
        proved += 1
    return proved


def _packages(work: Work, referral: Referral) -> list[str]:
    """The package that brought a referral, and those that took it on from here."""
    source = Source(kind=SourceKind.REFERRAL, id=referral.id)
    every = [referral, *referral_store.referrals_of_source(work.db, source)]
    return [each.package_id for each in every if each.package_id is not None]
