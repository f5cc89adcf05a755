"""People struck out of a case, and who said so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tipbridge.police.cases.model import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonStrike:
    """That somebody was brought into a case by mistake, and why.

    Shape: what is known of them stays readable; with `restored_at` the strike no longer stands.
    With `same_as` they are the same human as that person, who has since what was said of either;
    `given` names the rows that went there, by table.
    """

    id: str
    case_id: str
    person_id: str
    because: str = field(repr=False)
    struck_by: str
    struck_at: datetime
    restored_by: str | None = None
    restored_at: datetime | None = None
    restored_because: str | None = field(default=None, repr=False)
    same_as: str | None = None
    given: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]], repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StruckPerson:
    """Somebody who is struck out of a case, and the strike that stands."""

    person: Person
    strike: PersonStrike
