"""What whoever asks is told of the cases that hold the same."""

from collections.abc import Iterable

from tipbridge.police.cases.asking.model import Hit
from tipbridge.police.cases.referred import Match


def hits_of(matches: Iterable[Match]) -> tuple[Hit, ...]:
    """One hit for each kind and unit; of restricted cases only that there is one, by kind."""
    found = {(each.kind, None if each.restricted else each.unit_id) for each in matches}
    ordered = sorted(found, key=lambda hit: (hit[0], hit[1] is None, hit[1] or 0))
    return tuple(Hit(kind=kind, unit_id=unit_id) for kind, unit_id in ordered)
