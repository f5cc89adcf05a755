"""A number that another agency gives a case."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongNumber:
    """A number that turned out to be another case's, and why; nothing finds the case by it."""

    agency: str
    number: str
    because: str = field(repr=False)
    by: str
    at: datetime
