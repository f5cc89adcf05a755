"""Since when something can be so of a place that staff or a host tell later: pure."""

from collections.abc import Iterable
from datetime import datetime

from tipbridge.police.removals.model import (
    Check,
    Comparison,
    ComparisonOutcome,
    Removal,
    RemovalState,
)
from tipbridge.police.removals.rules import SEEN


def known_until(
    removal: Removal, state: RemovalState, checks: Iterable[Check], compared: Iterable[Comparison]
) -> datetime:
    """The last moment at which the place was known to be otherwise: the state holds from it on.

    Shape: when its last state came to be, or a later look that saw anything else.
    """
    looks = [(each.at, SEEN.get(each.outcome)) for each in checks if each.mistake is None]
    looks += [
        (each.at, RemovalState.LIVE if each.outcome is ComparisonOutcome.SAME else None)
        for each in compared
    ]
    shown = RemovalState.LIVE if state is RemovalState.REAPPEARED else state
    against = [at for at, seen in looks if seen not in {None, shown}]
    return max([removal.changed_at, *against])


def answered_at(dated: datetime | None, asked_at: datetime, arrived_at: datetime) -> datetime:
    """When a host wrote an answer: as the answer says, where that lies after it was asked.

    Shape: a date that cannot be, or none, is that of the arrival. E-mails count in seconds.
    """
    if dated is None or not asked_at.replace(microsecond=0) <= dated <= arrived_at:
        return arrived_at
    return max(dated, asked_at)
