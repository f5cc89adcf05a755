"""Which unit is asked to take a left list over: a pure decision."""

from collections.abc import Collection, Sequence

from tipbridge.foundation.access.model import Unit


def supervising_unit(units: Sequence[Unit], unit_id: int, working: Collection[int]) -> int:
    """The nearest unit above in which an investigator works, else the unit itself, else the root.

    Shape: `working` are the units in which one works now. Colleagues of a restricted case come
    after the unit above them: what a case is restricted for may be they.
    """
    parents = {unit.id: unit.parent_id for unit in units}
    above: list[int] = []
    at = parents[unit_id]
    while at is not None:
        above.append(at)
        at = parents[at]
    found = next((each for each in above if each in working), None)
    if found is not None:
        return found
    return unit_id if unit_id in working or not above else above[-1]
