"""One human who stands in several cases."""

from dataclasses import dataclass, field
from datetime import datetime

from tipbridge.police.cases.model import Case, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanRecord:
    """That somebody in a case is one human with others, who said so and why.

    Shape: the records of one human share `human_id`; with `ended_at` it was taken back.
    """

    id: str
    human_id: str
    case_id: str
    person_id: str
    because: str = field(repr=False)
    said_by: str
    said_at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None
    ended_because: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Somebody in another case, by its own number: the same human, or one with an identifier of theirs.

    Shape: `said` is what was said of it; None: nothing is, and an identifier is shared.
    """

    person: Person
    case_number: str
    said: HumanRecord | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Separated:
    """The case that was opened for some acts of somebody, and their record in it."""

    case: Case
    person_id: str
