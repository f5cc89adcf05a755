"""A child's own file: what only those who need it may know."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFacts:
    """What is written into a child's own file; None leaves what is there as it is."""

    name: str | None = field(default=None, repr=False)
    guardian: str | None = field(default=None, repr=False)
    guardian_contact: str | None = field(default=None, repr=False)
    school: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    statement: str | None = field(default=None, repr=False)
    needs: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFile:
    """The own file of a child in a case.

    Shape: `members` are ids of staff, who must see the case as well; there is always one.
    """

    id: str
    case_id: str
    person_id: str
    members: tuple[str, ...]
    facts: ChildFacts = field(repr=False)
    opened_by: str
    opened_at: datetime
