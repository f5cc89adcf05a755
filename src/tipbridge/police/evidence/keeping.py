"""Verbs on how an exhibit is kept: sealed, destroyed, photographed."""

import re
from datetime import datetime

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.work import Work, action
from tipbridge.police.evidence import store
from tipbridge.police.evidence.chain import add_event, exhibit_seen, said
from tipbridge.police.evidence.model import CustodyEvent, CustodyKind, Photograph

_WORKING = (Role.INVESTIGATOR, Role.EXAMINER)
_SHA256 = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{64}(?![0-9A-Fa-f])")
_MOST_PHOTOGRAPHS = 200


@action("evidence.custody.sealed", roles=_WORKING)
def seal_exhibit(
    work: Work, exhibit_id: str, *, seal: str, at: datetime | None = None, reason: str | None = None
) -> CustodyEvent:
    """The actor, who holds the exhibit, seals it; the seal's number stands in the chain.

    Errors: NotFound; Invalid; CustodyBroken when the actor does not hold it and no reason is stated.
    """
    exhibit_seen(work, exhibit_id)
    event = add_event(
        work,
        exhibit_id,
        kind=CustodyKind.SEALED,
        giver=work.actor.name,
        at=at,
        reason=reason,
        detail=said("seal number", seal),
    )
    work.record(exhibit_id, position=event.position, faults=len(event.faults), custody=event.digest)
    return event


@action("evidence.custody.destroyed", roles=_WORKING)
def destroy_exhibit(
    work: Work,
    exhibit_id: str,
    *,
    witness: str,
    how: str,
    at: datetime | None = None,
    reason: str | None = None,
) -> CustodyEvent:
    """The actor, who holds the exhibit, says before a witness that it is destroyed; its chain ends.

    Shape: `how` says by what means and on whose order.
    Errors: NotFound; Invalid; CustodyBroken when the actor does not hold it, or is the witness, and
    no reason is stated.
    """
    exhibit_seen(work, exhibit_id)
    event = add_event(
        work,
        exhibit_id,
        kind=CustodyKind.DESTROYED,
        giver=work.actor.name,
        taker=said("witness", witness),
        at=at,
        reason=reason,
        detail=said("means of destruction", how),
    )
    work.record(exhibit_id, position=event.position, faults=len(event.faults), custody=event.digest)
    return event


@action("evidence.photographs.added", roles=_WORKING)
def add_photographs(
    work: Work, exhibit_id: str, *, digests: str, shows: str
) -> tuple[Photograph, ...]:
    """Keep the SHA-256 of photographs of an exhibit, never the pictures; those known stay as they are.

    Shape: `digests` is typed, or what `tipbridge hash` prints: each SHA-256 in it counts.
    Errors: NotFound; Invalid for a text with none, or too many.
    """
    exhibit_seen(work, exhibit_id)
    found = list(dict.fromkeys(text.lower() for text in _SHA256.findall(digests)))
    if not 0 < len(found) <= _MOST_PHOTOGRAPHS:
        raise Invalid(
            f"There are {len(found)} SHA-256 digests (64 hexadecimal digits) in this;"
            f" give 1 to {_MOST_PHOTOGRAPHS}."
        )
    shown = said("word on what the photographs show", shows)
    photographs = tuple(
        Photograph(sha256=each, shows=shown, added_by=work.actor.name, added_at=work.now)
        for each in found
    )
    new = store.add_photographs(work.db, exhibit_id, photographs)
    work.record(exhibit_id, photographs=len(found), new=new)
    return photographs
