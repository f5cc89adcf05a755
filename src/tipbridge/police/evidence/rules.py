"""What follows in a chain of custody, and what does not."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.police.evidence.model import CustodyEvent, CustodyFault, CustodyKind, Keeping


def keeping_after(events: Iterable[CustodyEvent]) -> Keeping:
    """Who holds an exhibit after these events, in their order."""
    keeping = Keeping()
    for event in events:
        keeping = _after(keeping, event)
    return keeping


def _after(keeping: Keeping, event: CustodyEvent) -> Keeping:
    last = event.at if keeping.last_at is None else max(keeping.last_at, event.at)
    match event.kind:
        case CustodyKind.SEIZED | CustodyKind.RECEIVED:
            return Keeping(holder=event.taker, last_at=last)
        case CustodyKind.HANDED_OVER:
            return Keeping(
                holder=None, on_its_way_to=event.taker, handed_over_by=event.giver, last_at=last
            )
        case CustodyKind.RETURNED:
            return Keeping(holder=event.taker, returned=True, last_at=last)
        case CustodyKind.DESTROYED:
            return Keeping(destroyed=True, last_at=last)
        case CustodyKind.SEALED | CustodyKind.IMAGED | CustodyKind.EXAMINED:
            return replace(keeping, last_at=last)


def custody_faults(
    keeping: Keeping, event: CustodyEvent, *, now: datetime
) -> tuple[CustodyFault, ...]:
    """Everything that would leave a gap or an overlap in the chain; empty when it follows."""
    faults = [
        *_faults_of_time(keeping, event, now),
        *_faults_of_holding(keeping, event),
    ]
    return tuple(dict.fromkeys(faults))


def _faults_of_time(keeping: Keeping, event: CustodyEvent, now: datetime) -> Iterable[CustodyFault]:
    if keeping.last_at is not None and event.at < keeping.last_at:
        yield CustodyFault.BEFORE_THE_LAST
    if event.at > now:
        yield CustodyFault.IN_THE_FUTURE


def _faults_of_holding(keeping: Keeping, event: CustodyEvent) -> Iterable[CustodyFault]:
    begun = keeping.last_at is not None
    if event.kind is CustodyKind.SEIZED:
        if begun:
            yield CustodyFault.SEIZED_BEFORE
        return
    if not begun:
        yield CustodyFault.NOT_SEIZED
    if keeping.returned:
        yield CustodyFault.ALREADY_RETURNED
    if keeping.destroyed:
        yield CustodyFault.ALREADY_DESTROYED
    if event.kind is CustodyKind.RECEIVED:
        yield from _faults_of_receiving(keeping, event)
        return
    if keeping.on_its_way_to is not None:
        yield CustodyFault.NOT_RECEIVED
    elif event.giver != keeping.holder:
        yield CustodyFault.NOT_THE_HOLDER
    if event.giver == event.taker:
        yield CustodyFault.SAME_SIDE


def _faults_of_receiving(keeping: Keeping, event: CustodyEvent) -> Iterable[CustodyFault]:
    if keeping.on_its_way_to is None:
        yield CustodyFault.NOTHING_TO_RECEIVE
    elif event.taker != keeping.on_its_way_to:
        yield CustodyFault.NOT_THE_RECEIVER
    if event.giver == event.taker:
        yield CustodyFault.SAME_SIDE


def custody_digest(exhibit_id: str, event: CustodyEvent, before: str | None) -> str:
    """The digest of an event that follows the one with the digest `before`.

    Shape: SHA-256 of canonical JSON, times in UTC; docs/disclosure.md says of what.
    """
    said = {
        "before": before,
        "exhibit_id": exhibit_id,
        "position": event.position,
        "kind": event.kind.value,
        "at": event.at.astimezone(UTC).isoformat(),
        "giver": event.giver,
        "taker": event.taker,
        "recorded_by": event.recorded_by,
        "recorded_at": event.recorded_at.astimezone(UTC).isoformat(),
        "reason": event.reason,
        "faults": [fault.value for fault in event.faults],
        "salt": event.salt,
    }
    if event.detail is not None:  # events that say nothing of themselves keep the digest they had
        said["detail"] = event.detail
    return hashlib.sha256(canonical_json(said)).hexdigest()


def changed_since(exhibit_id: str, events: Iterable[CustodyEvent]) -> tuple[int, ...]:
    """Positions of events that are not what their digest was made of."""
    before: str | None = None
    found: list[int] = []
    for event in events:
        if event.digest is not None and event.digest != custody_digest(exhibit_id, event, before):
            found.append(event.position)
        before = event.digest
    return tuple(found)


def both_sides(events: Iterable[CustodyEvent]) -> dict[int, int]:
    """By the position of each arrival that of the giving which it answers, said by another account.

    Shape: an arrival that answers none, or that the giver's own account said, is not among them:
    one side alone stands behind it.
    """
    given: CustodyEvent | None = None
    found: dict[int, int] = {}
    for event in events:
        if event.kind is CustodyKind.HANDED_OVER:
            given = event
        elif event.kind is CustodyKind.RECEIVED:
            if given is not None and given.recorded_by != event.recorded_by:
                found[event.position] = given.position
            given = None
    return found


def unsaid(faults: Iterable[CustodyFault], reason: str | None) -> bool:
    """Whether the chain would break without anybody saying why."""
    return any(faults) and not (reason or "").strip()
