"""A list that was left: of what, for whom it waits, and what became of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ListKind(StrEnum):
    """What the list is of. Closed."""

    CASE = "case"
    CHILD_FILE = "child-file"
    WELFARE_RECORD = "welfare-record"
    REFERRAL = "referral"


class LeftEnd(StrEnum):
    """How a list came to be kept again. Closed."""

    TAKEN_OVER = "taken-over"
    KEPT_AGAIN = "kept-again"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftList:
    """A list that nobody keeps.

    Shape: whoever it waits for sees the case's number and what it is of, and of the case nothing
    until they took it over; `for_unit` is theirs. `list_id` is the id of what it is of. A
    referral's is of no case: its number is its id, and `case_unit` the unit that has it.
    """

    id: str
    case_id: str | None
    number: str
    kind: ListKind
    list_id: str
    case_unit: int
    for_unit: int
    noted_at: datetime
    ended: LeftEnd | None = None
    ended_at: datetime | None = None
    taken_by: str | None = None
    grounds: str | None = field(default=None, repr=False)

    @property
    def subject(self) -> str:
        """The id under which the record tells of it: its case's, or the referral's own."""
        return self.list_id if self.case_id is None else self.case_id


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftLine:
    """A list that was left, with the names of the units and of whoever took it over."""

    left: LeftList
    unit: str
    waits_for: str
    taken_by: str | None
