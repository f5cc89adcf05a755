"""What may be taken back, and what is known of a place without it: pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tipbridge.foundation.base.errors import Conflict
from tipbridge.police.removals.mistaken.model import Entry
from tipbridge.police.removals.model import Check, Offer, Removal, RemovalState, RemovalStep, Reply


def standing(steps: Iterable[RemovalStep]) -> list[RemovalStep]:
    """The changes of state that count, oldest first."""
    return [each for each in steps if each.mistake is None]


def step_of(steps: Iterable[RemovalStep], entry_id: str) -> RemovalStep | None:
    """The change of state that an entry is, or that a check, reply or comparison showed."""
    return next((each for each in steps if entry_id in {each.id, each.cause_id}), None)


def check_newest(steps: Sequence[RemovalStep], step: RemovalStep) -> None:
    """Refuse to take back what later changes rest on.

    Errors: Conflict naming the one that has to be taken back first.
    """
    last = standing(steps)[-1]
    if last.id != step.id:
        raise Conflict(
            f"After it, {last.state} was recorded ({last.at:%Y-%m-%d %H:%M} UTC): take that back first."
        )


NOTED = "noted"
"""The entry that is the place itself."""


def entries(
    removal: Removal,
    steps: Sequence[RemovalStep],
    checks: Iterable[Check],
    replies: Iterable[Reply],
) -> tuple[Entry, ...]:
    """What may be taken back now, newest first: the last state, what showed no state, the place.

    Shape: nothing of a place that was itself noted by mistake.
    """
    if removal.mistake is not None:
        return ()
    found = [Entry(id=each.id, at=each.at, what=each.state) for each in standing(steps)[-1:]]
    causes = {each.cause_id for each in steps}
    found += [
        Entry(id=each.id, at=each.at, what=each.outcome)
        for each in checks
        if each.mistake is None and each.id not in causes
    ]
    found += [
        Entry(id=each.id, at=each.at, what=each.kind)
        for each in replies
        if each.mistake is None and each.id not in causes
    ]
    place = Entry(id=removal.id, at=removal.noted_at, what=NOTED)
    return (*sorted(found, key=lambda each: (each.at, each.id), reverse=True), place)


def state_without(
    removal: Removal, steps: Iterable[RemovalStep], step: RemovalStep
) -> tuple[RemovalState, datetime]:
    """What is known of a place, and since when, without one change of its state."""
    left = [each for each in standing(steps) if each.id != step.id]
    if not left:
        return RemovalState.UNKNOWN, removal.noted_at
    return left[-1].state, left[-1].at


def offered_by_mistake(offer: Offer, steps: Iterable[RemovalStep]) -> bool:
    """Whether the digest of an item was offered while it was called removed by mistake alone."""
    return not any(
        each.state is RemovalState.REMOVED and each.at <= offer.at for each in standing(steps)
    )
