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
class ChildChange:
    """What a file said before it said otherwise, and who changed it.

    Shape: `fact` is a field of `ChildFacts`; what changed together has one `id`; a `before` of
    None: nothing was known.
    """

    id: str
    file_id: str
    fact: str
    before: str | None = field(repr=False)
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFile:
    """The own file of a child in a case.

    Shape: `members` are ids of staff, who must see the case as well; there is always one.
    `changes`, the last first, are filled in where the file is read.
    """

    id: str
    case_id: str
    person_id: str
    members: tuple[str, ...]
    facts: ChildFacts = field(repr=False)
    opened_by: str
    opened_at: datetime
    changes: tuple[ChildChange, ...] = field(default=(), repr=False)
