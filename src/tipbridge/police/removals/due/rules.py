"""When somebody has to look at a place themselves, since no check tells anything of it: pure."""

from collections.abc import Iterable
from datetime import datetime

from tipbridge.police.removals.due.model import (
    LOOK_AFTER_GONE,
    LOOK_GRACE,
    LOOK_WHILE_UP,
    TOLD_BY_CHECK,
    TOLD_BY_FILE,
)
from tipbridge.police.removals.model import GONE, Check, Comparison, Removal


def told_until(
    removal: Removal, checks: Iterable[Check], compared: Iterable[Comparison]
) -> datetime:
    """When anything was last told of a place: by a change, a check, a comparison or a look."""
    looks = [
        each.at
        for each in checks
        if each.mistake is None and (each.by is not None or each.outcome in TOLD_BY_CHECK)
    ]
    looks += [each.at for each in compared if each.outcome in TOLD_BY_FILE]
    return max([removal.noted_at, removal.changed_at, *looks])


def look_from(
    removal: Removal, checks: Iterable[Check], compared: Iterable[Comparison], now: datetime
) -> datetime | None:
    """Since when somebody has to look at a place; None where nobody has to, or not yet.

    Shape: weekly while material may be up, after it went ever more seldom; a day after the
    checker would have, so that it is nobody's where a check tells.
    """
    if removal.held_by is not None or removal.mistake is not None:
        return None
    told = told_until(removal, checks, compared)
    marks = [removal.changed_at + each for each in LOOK_AFTER_GONE]
    if removal.state not in GONE:
        marks = [told + LOOK_WHILE_UP]
    mark = next((each for each in marks if each > told), None)
    return None if mark is None or mark + LOOK_GRACE > now else mark + LOOK_GRACE
