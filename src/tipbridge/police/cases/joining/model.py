"""How cases stand to each other."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tipbridge.police.cases.model import Case, Person


class Relation(StrEnum):
    """How one case stands to another. Closed.

    Shape: of `parent`, the first is the parent; of `merged`, the first holds the second; of
    `split`, the second came out of the first; `together` has no first.
    """

    PARENT = "parent"
    TOGETHER = "together"
    MERGED = "merged"
    SPLIT = "split"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRelation:
    """That two cases stand to each other so, who said it, and who took it back.

    Shape: `people` are those who went from the first case to the second in a split, and
    `referrals` those that were carried along with them.
    """

    id: str
    relation: Relation
    case_id: str
    other_id: str
    grounds: str = field(repr=False)
    people: tuple[str, ...] = ()
    referrals: tuple[str, ...] = ()
    made_by: str
    made_at: datetime
    undone_by: str | None = None
    undone_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether it was not taken back."""
        return self.undone_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationLine:
    """A relation as one of its cases shows it.

    Shape: `role` says what this case is in it: parent, child, whole, part, source, offshoot
    or together; `number` is the other case's own.
    """

    relation: CaseRelation
    role: str
    other_id: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A case that was merged into another: kept whole, shown inside it."""

    case: Case
    people: tuple[Person, ...]
