"""The whole of one case, as its page shows it."""

from dataclasses import dataclass

from tipbridge.police.cases.asking.model import AskingView
from tipbridge.police.cases.detached.model import Detachment
from tipbridge.police.cases.joining.model import Joined, RelationLine
from tipbridge.police.cases.model import Case, KnownPerson, Link, Notice, TakenReferral, Task
from tipbridge.police.cases.numbers.model import WrongNumber
from tipbridge.police.cases.struck.model import StruckPerson


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """Everything a case room knows of one case; who is struck out is no one of its people.

    Shape: `going_along` are the numbers of the merged cases that the reader would give away with it.
    """

    case: Case
    unit: str
    foreign_numbers: tuple[tuple[str, str], ...]
    wrong_numbers: tuple[WrongNumber, ...]
    referrals: tuple[TakenReferral, ...]
    people: tuple[KnownPerson, ...]
    item_count: int
    links: tuple[Link, ...]
    notices: tuple[Notice, ...]
    tasks: tuple[Task, ...]
    overdue: frozenset[str]
    relations: tuple[RelationLine, ...] = ()
    joined: tuple[Joined, ...] = ()
    askings: tuple[AskingView, ...] = ()
    agency: str | None = None
    struck: tuple[StruckPerson, ...] = ()
    detached: tuple[Detachment, ...] = ()
    going_along: tuple[str, ...] = ()
