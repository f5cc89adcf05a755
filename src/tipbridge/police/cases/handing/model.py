"""Handing a case over: offered by one unit, accepted or refused by the other."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class HandOverGround(StrEnum):
    """Why another unit should have the case. Closed; the first three move jurisdiction."""

    RESIDENCE_OF_SUSPECT = "residence-of-suspect"
    RESIDENCE_OF_CHILD = "residence-of-child"
    PLACE_OF_ACT = "place-of-act"
    SPECIALITY = "speciality"
    WORKLOAD = "workload"


class HandOverState(StrEnum):
    """Where a hand-over stands. Closed."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DONE = "handed-over"
    REFUSED = "refused-by-unit"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """One offer of a case to another unit.

    Shape: the other unit sees number, ground and words, and of the case itself nothing until
    it has it.
    """

    id: str
    case_id: str
    number: str
    from_unit: int
    to_unit: int
    ground: HandOverGround
    words: str = field(repr=False)
    state: HandOverState
    offered_by: str
    offered_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    answer: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverLine:
    """A hand-over in a list, with the names of both units and who is on duty at the other."""

    offer: HandOver
    from_name: str
    to_name: str
    mine_to_answer: bool
    on_duty: tuple[str, ...]
