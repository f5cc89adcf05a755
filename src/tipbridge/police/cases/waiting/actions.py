"""Verbs on referrals that wait: show them, and let one come into a case."""

from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements.model import Purpose
from tipbridge.police.cases import store as cases
from tipbridge.police.cases.seeing import WORKING
from tipbridge.police.cases.waiting import rules, store
from tipbridge.police.cases.waiting.model import UnfitLine
from tipbridge.sharing.referral import actions as referrals
from tipbridge.sharing.referral.model import Referral

_WAITING = tuple(each for each in Purpose if rules.waits(each))


@action("cases.referral.wanted", roles=WORKING)
def take_waiting(work: Work, referral_id: str) -> None:
    """Let a referral that waits come into a case; the worker then opens it, or attaches it.

    Shape: one that no case could take before is tried again.
    Errors: NotFound; Conflict when it does not wait: for what it was sent for, as a case has it
    already, or since it was recalled or deleted.
    """
    source = referrals.read_received(work, referral_id)
    if not rules.waits(source.purpose) and not store.is_unfit(work.db, referral_id):
        raise Conflict(f"A referral for {source.purpose} comes into a case by itself.")
    if source.recalled or source.deleted:
        raise Conflict("This referral was recalled or deleted: it opens no case.", id=referral_id)
    if cases.case_of_referral(work.db, referral_id) is not None:
        raise Conflict("A case has this referral already.", id=referral_id)
    work.record(referral_id, purpose=source.purpose)
    work.emit("cases.referral.wanted", referral_id=referral_id)


def waiting_seen(work: Work) -> list[Referral]:
    """The referrals that wait and that the actor sees, oldest first, for a page that was read.

    Shape: one that a case has which is closed to the actor stands here as if none had it.
    """
    found = referrals.received_for(work, _WAITING)
    taken = store.taken_of(work.db, [each.id for each in found])
    unfit = {each.referral_id for each in store.unfit(work.db)}
    return [each for each in found if each.id not in taken | unfit]


@action("cases.unfit.listed", roles=WORKING)
def list_unfit(work: Work) -> list[UnfitLine]:
    """The referrals that no case could take, why, and how often that was tried, oldest first."""
    found = unfit_seen(work)
    work.record("all", count=len(found))
    return found


def unfit_seen(work: Work) -> list[UnfitLine]:
    """The same, for a page that was read. Shape: none that was recalled or deleted meanwhile."""
    found = [
        (each, referrals.read_received(work, each.referral_id)) for each in store.unfit(work.db)
    ]
    return [
        UnfitLine(
            unfit=each,
            sender=source.sender,
            purpose=source.purpose,
            received_at=source.received_at,
        )
        for each, source in found
        if not source.recalled and not source.deleted
    ]


def count_waiting(work: Work) -> int:
    """How many referrals wait for staff, for the start page."""
    return len(waiting_seen(work)) + len(unfit_seen(work))
