"""Who stays on a list when a case goes to another unit: a pure decision."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """That a case went to another unit.

    Shape: `heir` took it over; `accepted` says that the unit before gave it to them by a
    hand-over, and else somebody above both units assigned it.
    """

    from_unit: int
    to_unit: int
    heir: str
    accepted: bool


def list_after(
    members: Sequence[str], given: Given, reach: Mapping[str, Collection[int]]
) -> tuple[str, ...]:
    """Who is on a list then: whoever lost the case leaves it, whoever accepted the case joins it.

    Shape: `reach` are the units of each member of staff and those below, none for who left.
    Whoever never saw the case by their unit stays; without anybody left it is the heir's.
    """
    left = {each for each in members if each not in reach or _stays(reach[each], given)}
    return tuple(sorted(left | {given.heir} if given.accepted or not left else left))


def _stays(reach: Collection[int], given: Given) -> bool:
    return given.to_unit in reach or (bool(reach) and given.from_unit not in reach)
