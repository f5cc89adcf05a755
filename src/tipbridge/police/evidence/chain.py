"""An exhibit and the chain that a verb adds to."""

from dataclasses import replace
from datetime import datetime

from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.work import Work
from tipbridge.police.evidence import store
from tipbridge.police.evidence.errors import CustodyBroken
from tipbridge.police.evidence.model import CustodyEvent, CustodyKind, Exhibit
from tipbridge.police.evidence.rules import custody_digest, custody_faults, keeping_after, unsaid

TEXT_CHARACTERS = 2000


def said(name: str, value: str) -> str:
    """What somebody typed of an exhibit, as it is kept. Errors: Invalid."""
    kept = value.strip()
    if not kept or len(kept) > TEXT_CHARACTERS or not kept.isprintable():
        raise Invalid(f"An exhibit needs a {name} of 1 to {TEXT_CHARACTERS} printable characters.")
    return kept


def add_event(
    work: Work,
    exhibit_id: str,
    *,
    kind: CustodyKind,
    giver: str | None = None,
    taker: str | None = None,
    at: datetime | None = None,
    reason: str | None = None,
    detail: str | None = None,
) -> CustodyEvent:
    """Add an event to an exhibit's chain, within the caller's own action.

    Errors: CustodyBroken when it leaves a gap or an overlap and no reason is stated.
    """
    store.lock_exhibit(work.db, exhibit_id)
    chain = store.custody_of(work.db, [exhibit_id]).get(exhibit_id, [])
    event = CustodyEvent(
        position=len(chain) + 1,
        kind=kind,
        at=at or work.now,
        giver=giver,
        taker=taker,
        recorded_by=work.actor.id,
        recorded_at=work.now,
        reason=reason,
        detail=detail,
    )
    faults = custody_faults(keeping_after(chain), event, now=work.now)
    if unsaid(faults, reason):
        raise CustodyBroken(exhibit_id, faults)
    event = replace(event, faults=faults, salt=work.ids.new())
    before = chain[-1].digest if chain else None
    event = replace(event, digest=custody_digest(exhibit_id, event, before))
    store.insert_custody(work.db, exhibit_id, event)
    return event


def exhibit_seen(work: Work, exhibit_id: str) -> tuple[Exhibit, str]:
    """An exhibit that the actor sees, and its case's number. Errors: NotFound."""
    found = store.exhibit_by_id(work.db, exhibit_id)
    if found is None:
        raise NotFound("exhibit", exhibit_id)
    return found
