"""An exhibit and the chain that a verb adds to."""

from dataclasses import replace
from datetime import datetime

from tipbridge.foundation.base.defanging import defang_text
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.work import Work
from tipbridge.police.evidence import store
from tipbridge.police.evidence.errors import CustodyBroken
from tipbridge.police.evidence.model import CustodyEvent, CustodyFault, CustodyKind, Exhibit
from tipbridge.police.evidence.rules import custody_digest, custody_faults, keeping_after, unsaid

TEXT_CHARACTERS = 2000


def said(name: str, value: str) -> str:
    """What somebody typed of an exhibit, as it is kept. Errors: Invalid."""
    kept = value.strip()
    if not kept or len(kept) > TEXT_CHARACTERS or not kept.isprintable():
        raise Invalid(f"An exhibit needs a {name} of 1 to {TEXT_CHARACTERS} printable characters.")
    return kept


def said_if(name: str, value: str | None) -> str | None:
    """The same of what need not be said; None where nothing is. Errors: Invalid."""
    return said(name, value) if value and value.strip() else None


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

    Shape: web addresses in its texts are kept defanged, since its digest covers what is shown of it.
    Errors: Invalid for a reason that can't be kept; CustodyBroken when it leaves a gap or an overlap
    and no reason is stated.
    """
    reason = said_if("reason", reason)
    store.lock_exhibit(work.db, exhibit_id)
    chain = _chain_of(work, exhibit_id)
    event = CustodyEvent(
        position=len(chain) + 1,
        kind=kind,
        at=at or work.now,
        giver=_defanged(giver),
        taker=_defanged(taker),
        recorded_by=work.actor.id,
        recorded_at=work.now,
        reason=_defanged(reason),
        detail=_defanged(detail),
    )
    event = replace(event, faults=_faults(work, exhibit_id, chain, event), salt=work.ids.new())
    before = chain[-1].digest if chain else None
    event = replace(event, digest=custody_digest(exhibit_id, event, before))
    store.insert_custody(work.db, exhibit_id, event)
    return event


def check_imaged(
    work: Work, exhibit_id: str, *, giver: str, at: datetime, reason: str | None
) -> None:
    """Whether the event of an image made then can follow; nothing is added.

    Errors: those of `add_event`.
    """
    reason = said_if("reason", reason)
    chain = _chain_of(work, exhibit_id)
    event = CustodyEvent(
        position=len(chain) + 1,
        kind=CustodyKind.IMAGED,
        at=at,
        giver=giver,
        taker=None,
        recorded_by=work.actor.id,
        recorded_at=work.now,
        reason=reason,
    )
    _faults(work, exhibit_id, chain, event)


def _chain_of(work: Work, exhibit_id: str) -> list[CustodyEvent]:
    return store.custody_of(work.db, [exhibit_id]).get(exhibit_id, [])


def _faults(
    work: Work, exhibit_id: str, chain: list[CustodyEvent], event: CustodyEvent
) -> tuple[CustodyFault, ...]:
    """What an event breaks, with a reason that says why. Errors: CustodyBroken without one."""
    faults = custody_faults(keeping_after(chain), event, now=work.now)
    if unsaid(faults, event.reason):
        raise CustodyBroken(exhibit_id, faults)
    return faults


def _defanged(text: str | None) -> str | None:
    return None if text is None else defang_text(text)


def exhibit_seen(work: Work, exhibit_id: str) -> tuple[Exhibit, str]:
    """An exhibit that the actor sees, and its case's number. Errors: NotFound."""
    found = store.exhibit_by_id(work.db, exhibit_id)
    if found is None:
        raise NotFound("exhibit", exhibit_id)
    return found
