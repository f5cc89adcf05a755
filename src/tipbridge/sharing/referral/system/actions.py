"""Verbs of the agency's own system: what waits, all of one referral, and that it was taken over."""

from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.sharing.referral import reading
from tipbridge.sharing.referral import store as referrals
from tipbridge.sharing.referral.actions import READERS
from tipbridge.sharing.referral.life.actions import life_of
from tipbridge.sharing.referral.model import Direction, Referral
from tipbridge.sharing.referral.system import store
from tipbridge.sharing.referral.system.model import Fetched, Waiting

MOST = 100


@action("referral.waiting.listed", roles=READERS)
def list_waiting(work: Work, *, limit: int = MOST, after: str | None = None) -> list[Waiting]:
    """The received referrals that are new to this account or changed, oldest first.

    Shape: each is listed until `take_over` says that it is safe elsewhere; `after` is the id of
    the last one of the page before.
    Errors: NotFound for an `after` that is no received referral of the actor's.
    """
    found: list[Waiting] = []
    if after is not None:
        _received(work, after)
    waiting = store.waiting_for(work.db, work.actor.id, limit=limit, after=after)
    for referral_id, version in waiting:
        found.append(Waiting(referral=_received(work, referral_id), version=version))
    work.record("all", count=len(found))
    return found


@action("referral.referral.fetched", roles=READERS)
def fetch_referral(work: Work, referral_id: str) -> Fetched:
    """All of a received referral, and what was said of it since. Errors: NotFound."""
    referral = _received(work, referral_id)
    version = store.version_of(work.db, referral_id)
    work.record(referral_id, version=version)
    return Fetched(
        view=reading.view_of(work, referral), life=life_of(work, referral), version=version
    )


@action("referral.referral.taken-over", roles=READERS)
def take_over(work: Work, referral_id: str, *, version: int) -> None:
    """Note that this account's system keeps a referral, as it was at a version; again is nothing.

    Errors: NotFound; Invalid for a version that it never had.
    """
    _received(work, referral_id)
    newest = store.version_of(work.db, referral_id)
    if not 1 <= version <= newest:
        raise Invalid(f"version: this referral has had the versions 1 to {newest}.")
    store.note_taken(work.db, referral_id, work.actor.id, version=version, at=work.now)
    work.record(referral_id, version=version)


def _received(work: Work, referral_id: str) -> Referral:
    referral = referrals.referral_by_id(work.db, referral_id)
    if referral is None or referral.direction is not Direction.IN:
        raise NotFound("received referral", referral_id)
    return referral
